import Autograd

extension BERTCheckpoint {
  private struct Labels: Decodable { var id2label: [String: String]? }

  /// The names of the classes that the checkpoint's own classifier tells apart, in the order of its outputs.
  ///
  /// - Throws: `CheckpointError` where config.json has none, or their numbers are not 0, 1, 2 …
  public func labels() throws(CheckpointError) -> [String] {
    let url = folder.appendingPathComponent("config.json")
    let named = try CheckpointFile.json(url, as: Labels.self, what: "the configuration of a classifier").id2label
    guard let named, !named.isEmpty else { throw .unsupported("config.json has no id2label, which names the classes") }
    var labels = [String]()
    for index in 0..<named.count {
      guard let label = named["\(index)"] else {
        throw .malformed("config.json: id2label has \(named.count) classes and no \"\(index)\"")
      }
      labels.append(label)
    }
    return labels
  }

  /// - Throws: `CheckpointError` naming the first tensor that the checkpoint's classifier lacks or has in another shape than
  ///   its configuration and this pooling ask for.
  public func checkHead(_ pooling: TransformerConfiguration.Pooling) throws(CheckpointError) {
    var sizes = configuration
    sizes.pooling = pooling
    let classes = try labels().count
    for (name, shape) in sizes.headTensors(classes: classes) {
      guard let entry = headEntry(name) else { throw .missing(tensor: name) }
      guard entry.shape == shape else { throw .shape(tensor: entry.name, got: entry.shape, expected: shape) }
      guard entry.element.isFloat else {
        throw .kind(tensor: entry.name, got: entry.element.rawValue, expected: "F32, F16, BF16 or F64")
      }
    }
  }

  /// Takes all values, those of the checkpoint's classifier too; nothing is changed where a tensor does not fit.
  ///
  /// - Parameters:
  ///   - network: with as many outputs as `classes`.
  ///   - classes: of each output, its place among `labels()`.
  /// - Throws: `CheckpointError` naming the first tensor that is missing or has another shape.
  public func load(into network: BERTClassifier, classes: [Int]) throws(CheckpointError) {
    try checkHead(network.configuration.pooling)
    let last = network.configuration.lastLayer
    let above = network.head.parameters + network.classifier.parameters
    let values = try above.assembled { (part) throws(CheckpointError) in
      guard let entry = headEntry(part.name) else { throw .missing(tensor: part.name) }
      let values = try tensors.floats(entry.name)
      guard part.name.hasPrefix(last + ".") else { return values }
      let width = part.name.hasSuffix(".weight") ? network.configuration.hidden : 1
      return classes.flatMap { values[$0 * width..<($0 + 1) * width] }
    }
    try load(into: network)
    for (parameter, values) in zip(above, values) { parameter.value.copy(from: values) }
  }

  /// BERT's pooler may have its name without `bert.`.
  private func headEntry(_ name: String) -> Safetensors.Entry? {
    tensors[name] ?? (name.hasPrefix("bert.") ? tensors[String(name.dropFirst("bert.".count))] : nil)
  }
}

extension TransformerConfiguration {
  /// Names and shapes of a classifier's tensors above the encoder.
  func headTensors(classes: Int) -> [(name: String, shape: [Int])] {
    var tensors = [(name: String, shape: [Int])]()
    if let dense = denseLayer {
      tensors.append((dense + ".weight", [hidden, hidden]))
      tensors.append(architecture == .modernBERT ? ("head.norm.weight", [hidden]) : (dense + ".bias", [hidden]))
    }
    return tensors + [(lastLayer + ".weight", [classes, hidden]), (lastLayer + ".bias", [classes])]
  }
}
