import Autograd
import Compute

/// One tensor of a checkpoint and where it stands inside a parameter.
struct CheckpointPart {
  let name: String
  let shape: [Int]
  /// Elements of the parameter.
  let range: Range<Int>
}

extension Parameter {
  /// The tensors that this parameter is at the checkpoint boundary: itself, or for a joined projection of q, k and v
  /// the three of Hugging Face's BERT.
  var checkpointParts: [CheckpointPart] {
    let pieces = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let joint = pieces.firstIndex(of: "qkv") else {
      return [CheckpointPart(name: DistilBERTNames.own(name), shape: shape, range: 0..<value.count)]
    }
    var partShape = shape
    partShape[0] /= 3
    let size = value.count / 3
    return ["query", "key", "value"].enumerated().map { index, part in
      var named = pieces
      named[joint] = part[...]
      return CheckpointPart(
        name: DistilBERTNames.own(named.joined(separator: ".")), shape: partShape,
        range: index * size..<(index + 1) * size)
    }
  }
}

extension Parameterised {
  /// A copy of all weights, under Hugging Face's and PyTorch's names.
  public func snapshot() -> WeightSnapshot {
    WeightSnapshot(
      parameters.flatMap { parameter in
        let values = parameter.value.array
        return parameter.checkpointParts.map {
          NamedTensor(name: $0.name, shape: $0.shape, values: Array(values[$0.range]))
        }
      })
  }

  /// Takes all weights from a snapshot; nothing is changed where it does not fit.
  ///
  /// - Throws: `CheckpointError` naming the first tensor that is missing, too many, or of another shape.
  public func load(_ snapshot: WeightSnapshot) throws(CheckpointError) {
    var named = [String: NamedTensor]()
    for tensor in snapshot.tensors where named.updateValue(tensor, forKey: tensor.name) != nil {
      throw .duplicate(tensor: tensor.name)
    }
    let found = try parameters.assembled { (part) throws(CheckpointError) in
      guard let tensor = named[part.name] else { throw .missing(tensor: part.name) }
      guard tensor.shape == part.shape else {
        throw .shape(tensor: part.name, got: tensor.shape, expected: part.shape)
      }
      return tensor.values
    }
    let known = Set(parameters.flatMap { $0.checkpointParts.map(\.name) })
    if let extra = snapshot.tensors.first(where: { !known.contains($0.name) }) {
      throw .unexpected(tensor: extra.name)
    }
    for (parameter, values) in zip(parameters, found) { parameter.value.copy(from: values) }
  }
}

extension Network {
  /// Takes the weights that a snapshot holds, as an encoder's or word vectors that were trained on text alone; nothing is
  /// changed where it does not fit. What the snapshot lacks keeps its values.
  ///
  /// - Throws: `CheckpointError` naming the first tensor that has another shape.
  public func loadPretrained(_ snapshot: WeightSnapshot) throws(CheckpointError) {
    let named = Dictionary(snapshot.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let present = parameters.filter { parameter in
      parameter.checkpointParts.allSatisfy { named[$0.name] != nil }
    }
    let values = try present.assembled { (part) throws(CheckpointError) in
      guard let tensor = named[part.name], tensor.shape == part.shape else {
        throw .shape(tensor: part.name, got: named[part.name]?.shape ?? [], expected: part.shape)
      }
      return tensor.values
    }
    for (parameter, values) in zip(present, values) { parameter.value.copy(from: values) }
  }
}

extension [Parameter] {
  /// The values of each parameter, joined from the parts that `values` finds.
  func assembled(
    _ values: (CheckpointPart) throws(CheckpointError) -> [Float]
  ) throws(CheckpointError) -> [[Float]] {
    var all = [[Float]]()
    for parameter in self {
      var joined = [Float]()
      for part in parameter.checkpointParts { joined += try values(part) }
      all.append(joined)
    }
    return all
  }
}
