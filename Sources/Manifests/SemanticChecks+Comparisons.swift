import Settings
import Tasks

extension SemanticChecks {
  /// Declared pairs are of two models each, none of them a floor, and no two of them the same; the deciding protocol is
  /// there.
  mutating func comparisons() {
    pairs()
    decidingProtocol()
    primary()
  }

  /// The deciding metric has a value of every model.
  private mutating func primary() {
    guard let primary = root["comparisons"]?["primary"],
      let metric = primary.text.flatMap({ MetricName(rawValue: $0) }),
      metric.needsProbabilities, let position = primary.position,
      let model = root["models"]?.entries.first(where: { $0.value.family?.init($0.value).givesProbabilities == false })
    else { return }
    let others = MetricName.deciding.filter { !$0.needsProbabilities }.map(\.rawValue)
    errors.append(
      ManifestError(
        at: position, keyPath: KeyPathText("comparisons")["primary"].text,
        got: "\(metric.rawValue), and `\(model.key)`, which gives no probabilities",
        expected: Shape.choice(others).expectation))
  }

  private mutating func pairs() {
    let models = root["models"]?.entries ?? []
    let names = models.map(\.key)
    let floors = models.filter { $0.value.family?.role == .floor }.map(\.key)
    var known: [Set<String>] = []
    for (index, pair) in (root["comparisons"]?["pairs"]?.list ?? []).enumerated() {
      let path = KeyPathText("comparisons")["pairs"][index].text
      func report(_ position: SourcePosition?, _ got: String, _ expected: String) {
        guard let position else { return }
        errors.append(ManifestError(at: position, keyPath: path, got: got, expected: expected))
      }
      for name in pair.list { require(name, among: names, what: "a model", path: path) }
      guard pair.texts.count == 2 else { continue }
      let own = Set(pair.texts)
      if own.count < 2 {
        report(pair.position, "`\(pair.texts[0])` twice", "two different models")
      } else if known.contains(own) {
        report(pair.position, "a pair that stands above", "each pair once, in one direction")
      } else if let floor = pair.list.first(where: { $0.text.map(floors.contains) ?? false }) {
        report(
          floor.position, "`\(floor.text ?? "")`, a floor",
          "two models that are none: every model is held against the floors as it is")
      }
      known.append(own)
    }
  }

  /// `first` is always there.
  private mutating func decidingProtocol() {
    guard let named = root["comparisons"]?["protocol"], let word = named.text, let position = named.position,
      word != ComparisonSettings.Deciding.first.rawValue
    else { return }
    let protocols = root["protocols"]?.list ?? []
    guard !protocols.isEmpty, protocols.allSatisfy(\.isValid) else { return }
    let crossDomain = ProtocolDeclaration.Kind.crossDomain.rawValue
    let dividing = protocols.filter {
      ($0["kind"]?.text == crossDomain ? $0["base"]?.text : $0["kind"]?.text) == word
    }
    let path = KeyPathText("comparisons")["protocol"].text
    guard !dividing.isEmpty else {
      let kinds = ProtocolDeclaration.Kind.allCases.map(\.rawValue).filter { kind in
        kind != crossDomain && protocols.contains { $0["kind"]?.text == kind }
      }
      errors.append(
        ManifestError(
          at: position, keyPath: path, got: "\(word), which `protocols` does not have",
          expected: Shape.choice([ComparisonSettings.Deciding.first.rawValue] + kinds).expectation))
      return
    }
    let corpora = (root["corpora"]?.entries ?? []).map(\.key)
    let without = corpora.filter { corpus in
      !dividing.contains { $0["corpora"]?.list.isEmpty ?? true || $0["corpora"]?.texts.contains(corpus) ?? true }
    }
    guard let first = without.first else { return }
    warnings.append(
      ManifestError(
        at: position, keyPath: path,
        got:
          "\(word), which does not divide \(without.count == 1 ? "`\(first)`" : "\(without.count) corpora, `\(first)` among them")",
        expected: "a protocol of every corpus: one without it has no words"))
  }
}
