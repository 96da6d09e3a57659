import Families
import Settings

extension SemanticChecks {
  /// Models that ask others: a student its teacher, a cascade its stages.
  mutating func uses() {
    let models = root["models"]?.entries ?? []
    for model in models {
      let path = KeyPathText("models")[model.key]
      for (name, path) in Self.named(by: model.value, at: path) { check(name, of: model, at: path, among: models) }
    }
    refitsOfUsers(models)
    for model in models {
      guard let family = model.value.family, let use = family.validationUse else { continue }
      let own = protocolsOf(model.key)
      validationRows("on which the \(family.kind) `\(model.key)` \(use)") { own.contains($0) }
    }
  }

  /// The names of other models, each with its key.
  private static func named(by model: Checked, at path: KeyPathText) -> [(Checked, KeyPathText)] {
    (model.family?.keys.others ?? []).flatMap { key -> [(Checked, KeyPathText)] in
      guard let value = model[key] else { return [] }
      if value.text != nil { return [(value, path[key])] }
      return value.list.enumerated().map { ($1, path[key][$0]) }
    }
  }

  private mutating func check(
    _ name: Checked, of model: Checked.Entry, at path: KeyPathText, among models: [Checked.Entry]
  ) {
    guard let word = name.text, let position = name.position else { return }
    require(name, among: models.map(\.key), what: "a model", path: path.text)
    guard let other = models.first(where: { $0.key == word }), let family = other.value.family else { return }
    func report(_ got: String, _ expected: String) {
      errors.append(ManifestError(at: position, keyPath: path.text, got: got, expected: expected))
    }
    if asks(model.key, from: word, models, depth: models.count) {
      report("`\(word)`, which asks `\(model.key)`", "a model that can be fitted before it")
    } else if family.role == .floor || !family.init(other.value).uses.isEmpty {
      report("`\(word)` of kind \(family.kind)", "a model that learns, and no \(ModelKind.cascade)")
    } else if !family.init(other.value).givesProbabilities {
      report("`\(word)`, whose scores are no probabilities", "a model with probabilities: `calibration` beside it")
    } else if ManifestBuilder.problem(root) != .classification {
      report("`\(word)` with `problem: \(ManifestBuilder.problem(root).rawValue)`", "no such key: it needs classes")
    } else if !protocolsOf(model.key).isSubset(of: protocolsOf(word)) {
      report("`\(word)`, which some protocol of `\(model.key)` does not fit", "a model of the same protocols")
    }
  }

  /// Whether a model, or one that it asks, asks `wanted`.
  private func asks(_ wanted: String, from name: String, _ models: [Checked.Entry], depth: Int) -> Bool {
    if name == wanted { return true }
    guard depth > 0, let model = models.first(where: { $0.key == name })?.value else { return false }
    return Self.named(by: model, at: KeyPathText("models")).contains { other, _ in
      other.text.map { asks(wanted, from: $0, models, depth: depth - 1) } ?? false
    }
  }

  /// Numbers of the protocols that fit a model.
  private func protocolsOf(_ model: String) -> Set<Int> {
    Set(
      (root["protocols"]?.list ?? []).enumerated().filter { _, item in
        let named = item["models"]?.texts ?? []
        return named.isEmpty || named.contains(model)
      }.map(\.offset))
  }

  /// What is refitted has no other model's refit to ask.
  private mutating func refitsOfUsers(_ models: [Checked.Entry]) {
    guard let refit = root["outputs"]?["refit"], refit.flag == true || !refit.list.isEmpty else { return }
    for model in models where !Self.named(by: model.value, at: KeyPathText("models")).isEmpty {
      let listed = refit.list.first { $0.text == model.key }
      guard refit.flag == true || listed != nil, let position = listed?.position ?? refit.position else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: "outputs.refit", got: "`\(model.key)`, which asks another model",
          expected: "models that stand alone"))
    }
  }
}
