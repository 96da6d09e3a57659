import Models

extension SemanticChecks {
  /// Rates that were stated, or may be drawn in a search, and are far from any that is known to work: larger ones lose what
  /// a checkpoint has learned, or diverge; smaller ones learn nothing.
  static let rates = 1e-6...0.1
  static let ratesOfCheckpoints = 1e-6...5e-4

  /// A warning for each rate far off.
  mutating func warn(ratesOf model: Checked.Entry) {
    guard let kind = model.value["kind"]?.text.flatMap({ ModelKind(rawValue: $0) }), kind.isNeural else { return }
    let path = KeyPathText("models")[model.key], key = "training.learning_rate"
    let isTuned = model.value["pretrained"]?.text != nil && !trainsHeadAlone(model.value, kind)
    let (limits, what) = isTuned ? (Self.ratesOfCheckpoints, "a pretrained encoder") : (Self.rates, "AdamW")
    if let dimension = model.value["space"]?[key] {
      var values = dimension.list
      if case .map(let ranges) = dimension.content { values = ranges.flatMap(\.value.list) }
      for value in values { warn(value, limits, what, path["space"][key]) }
    } else if let rate = model.value["training"]?["learning_rate"] {
      warn(rate, limits, what, path["training"]["learning_rate"])
    }
    // Skip-gram steps by another rule.
    if kind != .lstm, let rate = model.value["pretrain"]?["learning_rate"] {
      warn(rate, Self.rates, "AdamW", path["pretrain"]["learning_rate"])
    }
  }

  /// All of the encoder keeps its weights.
  private func trainsHeadAlone(_ model: Checked, _ kind: ModelKind) -> Bool {
    let sizes = kind == .bertLSTM ? model["encoder"] : model
    guard let layers = sizes?["layers"], layers.position != nil || layers.origin != nil, let count = layers.integer,
      model["space"]?["training.frozen_layers"] == nil, let frozen = model["training"]?["frozen_layers"]?.integer
    else { return false }
    return frozen >= count
  }

  private mutating func warn(_ rate: Checked, _ limits: ClosedRange<Double>, _ what: String, _ path: KeyPathText) {
    guard let position = rate.position, let value = rate.number, !limits.contains(value) else { return }
    warnings.append(
      ManifestError(
        at: position, keyPath: path.text, got: "a learning rate of \(SettingValue(rate).text)",
        expected: "from \(limits.lowerBound) to \(limits.upperBound) for \(what)"))
  }
}
