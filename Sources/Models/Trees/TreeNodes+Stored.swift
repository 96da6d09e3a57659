extension TreeNodes {
  /// `trees.starts` I64 `[trees + 1]`; `nodes.columns` I32, `nodes.thresholds` F32 and `nodes.links` I32 `[nodes]`;
  /// `leaves.starts` I64 `[leaves + 1]`, `leaves.outputs` I32 and `leaves.values` F32, one after another.
  var tensors: [Safetensors.Tensor] {
    [
      Safetensors.Tensor("trees.starts", [starts.count], .integers(starts)),
      Safetensors.Tensor("leaves.starts", [leafStarts.count], .integers(leafStarts)),
      Safetensors.Tensor("nodes.columns", [count], .indices(nodes.map(\.column))),
      Safetensors.Tensor("nodes.thresholds", [count], .floats(nodes.map(\.threshold))),
      Safetensors.Tensor("nodes.links", [count], .indices(nodes.map(\.link))),
      Safetensors.Tensor("leaves.outputs", [leafOutputs.count], .indices(leafOutputs)),
      Safetensors.Tensor("leaves.values", [leafValues.count], .floats(leafValues)),
    ]
  }

  /// Every way from a root goes on to later nodes of its own tree and ends at a leaf, or the arrays are not accepted.
  ///
  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  init(stored file: Safetensors, columns: Int, outputs: Int) throws(CheckpointError) {
    let splits = try file.indices("nodes.columns", in: -1...max(columns - 1, -1))
    let thresholds = try file.numbers("nodes.thresholds", infinite: true, count: splits.count)
    let links = try file.indices("nodes.links", in: 0...Int(Int32.max), count: splits.count)
    nodes = splits.indices.map { Node(column: splits[$0], threshold: thresholds[$0], link: links[$0]) }
    leafValues = try file.numbers("leaves.values")
    leafOutputs = try file.indices("leaves.outputs", in: 0...max(outputs - 1, 0), count: leafValues.count)
    let trees = try file.count("trees.starts") - 1, leaves = try file.count("leaves.starts") - 1
    guard trees >= 1, leaves >= 1 else { throw .malformed("\(trees) trees with \(leaves) leaves") }
    starts = try file.starts("trees.starts", count: trees, end: nodes.count)
    leafStarts = try file.starts("leaves.starts", count: leaves, end: leafValues.count)
    for tree in 0..<trees {
      guard starts[tree] < starts[tree + 1] else { throw .malformed("tree \(tree) has no nodes") }
      for place in starts[tree]..<starts[tree + 1] {
        let node = nodes[place], link = Int(node.link)
        // The left part is the next node, and the right one begins after it.
        let fits = node.column < 0 ? link < leaves : link > place + 1 && link < starts[tree + 1]
        guard fits else { throw .malformed("node \(place) of tree \(tree) leads to \(link)") }
      }
    }
  }
}
