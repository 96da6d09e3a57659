import Families
import Models
import Settings

extension SemanticChecks {
  /// Rates that were stated, or may be drawn in a search, and are far from any that is known to work: larger ones lose what
  /// a checkpoint has learned, or diverge; smaller ones learn nothing.
  static let rates = 1e-6...0.1
  static let ratesOfCheckpoints = 1e-6...5e-4
  static let ratesOfLowRank = 1e-5...1e-2

  /// A warning for each rate far off.
  mutating func warn(ratesOf model: Checked.Entry) {
    guard let kind = model.value.family?.kind, kind.isNeural else { return }
    let path = KeyPathText("models")[model.key], key = "training.learning_rate"
    let isTuned = model.value["pretrained"]?.text != nil && !trainsHeadAlone(model.value, kind.encoderKeys)
    var (limits, what) = isTuned ? (Self.ratesOfCheckpoints, "a pretrained encoder") : (Self.rates, "AdamW")
    if isTuned, model.value.hasLowRankChanges {
      (limits, what) = (Self.ratesOfLowRank, "low-rank changes of an encoder")
    }
    let rates = values(of: key, in: model.value, path)
    for (rate, place) in rates { warn(rate, limits, what, place) }
    warn(headFactorsOf: model.value, rates.map { $0.value }, path)
    if let rate = model.value["pretrain"]?["learning_rate"], let sound = kind.pretraining?.rates {
      warn(rate, sound.limits, sound.what, path["pretrain"]["learning_rate"])
    }
  }

  /// What a key of `training` may be, with its place: the values that a space draws from, or the one that is set.
  private func values(of key: String, in model: Checked, _ path: KeyPathText) -> [(value: Checked, path: KeyPathText)] {
    if let dimension = model["space"]?[key] {
      var values = dimension.list
      if case .map(let ranges) = dimension.content { values = ranges.flatMap(\.value.list) }
      return values.map { ($0, path["space"][key]) }
    }
    let name = String(key.drop { $0 != "." }.dropFirst())
    return model["training"]?[name].map { [($0, path["training"][name])] } ?? []
  }

  /// What stands above the encoder steps by the product of rate and factor: a warning where the rate alone is sound and
  /// the product is not.
  private mutating func warn(headFactorsOf model: Checked, _ rates: [Checked], _ path: KeyPathText) {
    let sound = rates.filter { $0.number.map { Self.rates.contains($0) } ?? false }
    guard let rate = sound.max(by: { ($0.number ?? 0) < ($1.number ?? 0) }), let largest = rate.number else { return }
    for (factor, place) in values(of: "training.head_factor", in: model, path) {
      guard let number = factor.number, !Self.rates.contains(largest * number),
        let position = factor.position ?? rate.position
      else { continue }
      let product = "\(SettingValue(rate).text) × \(SettingValue(factor).text)"
      add(
        ManifestError(
          at: position, keyPath: place.text,
          got: "a learning rate of \(product) for what stands above the encoder",
          expected: Self.expected(Self.rates, "AdamW")))
    }
  }

  /// All of the encoder keeps its weights.
  private func trainsHeadAlone(_ model: Checked, _ encoder: EncoderKeys?) -> Bool {
    guard let layers = encoder?.sizes(in: model)?["layers"], layers.position != nil || layers.origin != nil,
      let count = layers.integer,
      model["space"]?["training.frozen_layers"] == nil, let frozen = model["training"]?["frozen_layers"]?.integer
    else { return false }
    return frozen >= count
  }

  private mutating func warn(_ rate: Checked, _ limits: ClosedRange<Double>, _ what: String, _ path: KeyPathText) {
    guard let position = rate.position, let value = rate.number, !limits.contains(value) else { return }
    add(
      ManifestError(
        at: position, keyPath: path.text, got: "a learning rate of \(SettingValue(rate).text)",
        expected: Self.expected(limits, what)))
  }

  private static func expected(_ limits: ClosedRange<Double>, _ what: String) -> String {
    "from \(limits.lowerBound) to \(limits.upperBound) for \(what)"
  }

  /// A rate that stands once for several models, in the manifest's own `training`, is one warning that names them all.
  private mutating func add(_ warning: ManifestError) {
    let same = warnings.firstIndex {
      ($0.order, $0.line, $0.column) == (warning.order, warning.line, warning.column)
        && ($0.got, $0.expected) == (warning.got, warning.expected)
    }
    guard let same else { return warnings.append(warning) }
    if warnings[same].keyPath != warning.keyPath { warnings[same].keyPath += ", \(warning.keyPath)" }
  }
}
