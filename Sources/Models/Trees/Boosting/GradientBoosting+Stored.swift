extension GradientBoosting {
  /// `trees.starts` I64 `[trees + 1]`; `nodes.columns` I32, `nodes.values` F32, `nodes.links` I32 and `nodes.rules` I32
  /// `[nodes]`; `sets` I32 `[8 · sets]`; `start` F32 `[scores]`; `codes.starts` I64 `[columns + 1]` and `codes` I32;
  /// `columns.kinds` U8 `[columns]`, 0 for numbers and 1 for categories.
  public var tensors: [Safetensors.Tensor] {
    let all = nodes.nodes
    return [
      Safetensors.Tensor("trees.starts", [nodes.starts.count], .integers(nodes.starts)),
      Safetensors.Tensor("codes.starts", [codeStarts.count], .integers(codeStarts)),
      Safetensors.Tensor("nodes.columns", [all.count], .indices(all.map(\.column))),
      Safetensors.Tensor("nodes.values", [all.count], .floats(all.map(\.value))),
      Safetensors.Tensor("nodes.links", [all.count], .indices(all.map(\.link))),
      Safetensors.Tensor("nodes.rules", [all.count], .indices(all.map(\.rule))),
      Safetensors.Tensor("sets", [nodes.sets.count], .indices(nodes.sets.map { Int32(bitPattern: $0) })),
      Safetensors.Tensor("start", [start.count], .floats(start)),
      Safetensors.Tensor("codes", [codes.count], .indices(codes)),
      Safetensors.Tensor("columns.kinds", [kinds.count], .bytes(kinds.map(\.rawValue))),
    ]
  }

  /// `outputs` is the number of classes, or 1 where `isNumber`.
  ///
  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  public init(stored file: Safetensors, columns: Int, outputs: Int, isNumber: Bool) throws(CheckpointError) {
    guard outputs >= 1, !isNumber || outputs == 1 else { throw .malformed("\(outputs) outputs") }
    let width = try file.count("columns.kinds")
    guard width == columns else { throw .shape(tensor: "columns.kinds", got: [width], expected: [columns]) }
    var kinds: [TableColumns.Kind] = []
    for byte in try file.bytes("columns.kinds") {
      guard let kind = TableColumns.Kind(rawValue: byte) else { throw .malformed("a column of the kind \(byte)") }
      kinds.append(kind)
    }
    let codes = try file.indices("codes", in: 0...Int(Int32.max))
    let codeStarts = try file.starts("codes.starts", count: columns, end: codes.count)
    for column in 0..<columns {
      let held = codes[codeStarts[column]..<codeStarts[column + 1]]
      guard kinds[column] == .categories ? held.count < 256 : held.isEmpty,
        zip(held, held.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw .malformed("tensor codes: those of column \(column) do not ascend or are too many") }
    }
    let scores = isNumber || outputs == 2 ? 1 : outputs == 1 ? 0 : outputs
    let nodes = try BoostedNodes(stored: file, kinds: kinds)
    guard scores == 0 ? nodes.trees == 0 : nodes.trees % scores == 0 else {
      throw .malformed("\(nodes.trees) trees for \(scores) scores")
    }
    self.init(
      outputs: outputs, isNumber: isNumber, nodes: nodes, start: try file.numbers("start", count: scores), kinds: kinds,
      codeStarts: codeStarts, codes: codes)
  }
}

extension BoostedNodes {
  /// Every way from a root goes on to later nodes of its own tree and ends at a leaf, or the arrays are not accepted.
  fileprivate init(stored file: Safetensors, kinds: [TableColumns.Kind]) throws(CheckpointError) {
    let words = try file.indices("sets", in: Int(Int32.min)...Int(Int32.max))
    guard words.count % Self.setWords == 0 else { throw .malformed("tensor sets has \(words.count) words") }
    sets = words.map { UInt32(bitPattern: $0) }
    let columns = try file.indices("nodes.columns", in: -1...max(kinds.count - 1, -1))
    let values = try file.numbers("nodes.values", infinite: true, count: columns.count)
    let links = try file.indices("nodes.links", in: 0...columns.count, count: columns.count)
    let lastRule = Int(Self.firstSet) + words.count / Self.setWords - 1
    let rules = try file.indices("nodes.rules", in: 0...lastRule, count: columns.count)
    nodes = columns.indices.map { Node(column: columns[$0], value: values[$0], link: links[$0], rule: rules[$0]) }
    let trees = try file.count("trees.starts") - 1
    guard trees >= 0 else { throw .malformed("tensor trees.starts is empty") }
    starts = try file.starts("trees.starts", count: trees, end: nodes.count)
    for tree in 0..<trees {
      guard starts[tree] < starts[tree + 1] else { throw .malformed("tree \(tree) has no nodes") }
      for place in starts[tree]..<starts[tree + 1] {
        let node = nodes[place]
        if node.column < 0 {
          guard node.value.isFinite else { throw .malformed("a leaf of tree \(tree) answers \(node.value)") }
          continue
        }
        // The left part is the next node, and the right one begins after it.
        guard node.link > place + 1, node.link < starts[tree + 1] else {
          throw .malformed("node \(place) of tree \(tree) leads to \(node.link)")
        }
        guard (node.rule >= Self.firstSet) == (kinds[Int(node.column)] == .categories) else {
          throw .malformed("node \(place) has the rule \(node.rule) for a column of \(kinds[Int(node.column)])")
        }
      }
    }
  }
}
