import Models

extension ModelDeclaration {
  /// Bytes that each trained number takes at least: weight, gradient and AdamW's two moments, four each.
  public static let bytesPerParameter = 16.0

  /// Trained numbers that the network has at least, whatever it is trained on: with a vocabulary of one token and one
  /// class. Of a search space, with the largest size of every key; nil for a model that is no network.
  public var leastParameters: Double? { leastParameters(vocabulary: 1) }

  /// The same with a vocabulary that is known.
  public func leastParameters(vocabulary: Int) -> Double? {
    let largest = space.largestSizes
    var changed = with(largest)
    // Attention heads change no size, and one divides every width.
    switch changed.configuration {
    case .bert(var sizes):
      sizes.heads = 1
      changed.configuration = .bert(sizes)
    case .bertLSTM(var sizes, let head):
      sizes.heads = 1
      changed.configuration = .bertLSTM(sizes, head)
    default: break
    }
    return changed.configuration.parameterCount(vocabulary: vocabulary, classes: 1)
  }
}

extension SearchSpace {
  /// The largest whole number of every key that may have one.
  fileprivate var largestSizes: [Setting] {
    dimensions.compactMap { dimension in
      switch dimension.values {
      case .list(let values):
        let numbers = values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
        return numbers.max().map { Setting(dimension.key, .integer($0)) }
      case .uniform(_, let high, isInteger: true), .logUniform(_, let high, isInteger: true):
        return Setting(dimension.key, .integer(Int(high)))
      default: return nil
      }
    }
  }
}

extension SemanticChecks {
  /// Trained numbers of a network at most, its vocabulary left out: 32 GB while it trains. The same on every machine, so
  /// that a manifest is valid everywhere or nowhere; a run also asks how much memory there is.
  static let mostParameters = 2e9

  mutating func checkSize(of model: Checked.Entry) {
    guard var declared = ManifestBuilder.model(model.key, model.value), let position = model.keyPosition else { return }
    let path = KeyPathText("models")[model.key]
    func report(_ count: Double, _ path: KeyPathText, at position: SourcePosition, _ what: String) {
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: "\(Int(count / 1e6)) million parameters\(what)",
          expected: "at most \(Int(Self.mostParameters / 1e6)) million, the vocabulary's left out"))
    }
    let space = declared.space
    declared.space = SearchSpace()
    if let count = declared.leastParameters, count > Self.mostParameters {
      return report(count, path, at: position, "")
    }
    declared.space = space
    if !space.isEmpty, let count = declared.leastParameters, count > Self.mostParameters {
      let place = model.value.entry("space")?.keyPosition ?? position
      report(count, path["space"], at: place, " with the largest values of the space")
    }
  }
}
