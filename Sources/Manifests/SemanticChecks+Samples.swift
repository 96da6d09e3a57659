import Settings

extension SemanticChecks {
  /// Trials of one protocol and domain are one sample, so all of them must divide rows the same way: of two protocols
  /// with the same name in the results, over a common domain, the keys that say how to divide must be equal.
  mutating func protocolsOfOneKind() {
    let items = root["protocols"]?.list ?? []
    for (index, item) in items.enumerated() {
      guard let kind = item["kind"], let position = kind.position, kind.text != nil else { continue }
      let path = KeyPathText("protocols")[index]
      earlier: for other in items[..<index] {
        guard let name = Self.commonName(item, other), let corpus = commonCorpus(item, other) else { continue }
        // Cross-domain trials share the fits of their base; two of them share their name as well.
        let keys = kind.text == other["kind"]?.text ? ["base", "folds"] : []
        for key in keys + ["validation", "validation_share"] {
          guard Self.value(key, of: item) != Self.value(key, of: other) else { continue }
          errors.append(
            ManifestError(
              at: item[key]?.position ?? position, keyPath: path[item[key]?.position == nil ? "kind" : key].text,
              got: "a second \(name) over `\(corpus)` with other \(key)",
              expected: "one of each kind for a corpus, or two manifests"))
          break earlier
        }
      }
    }
  }

  /// The kind under which results of both stand; a cross-domain protocol's fits stand under that of its base too.
  private static func commonName(_ a: Checked, _ b: Checked) -> String? {
    guard let first = a["kind"]?.text, let second = b["kind"]?.text else { return nil }
    if first == second { return first }
    guard let division = a["base"]?.text ?? a["kind"]?.text else { return nil }
    return division == b["base"]?.text ?? b["kind"]?.text ? division : nil
  }

  /// What a key has to do with how rows are divided; nil where it has nothing.
  private static func value(_ key: String, of item: Checked) -> SettingValue? {
    guard let value = item[key], value.isValid else { return nil }
    switch key {
    case "base", "folds": return SettingValue(value)
    case "validation": return isOfficial(item) ? SettingValue(value) : nil
    default:
      let carves = isOfficial(item) && item["validation"]?.text != ProtocolDeclaration.Validation.none.rawValue
      return carves || item["kind"]?.text == "kfold" ? SettingValue(value) : nil
    }
  }

  private static func isOfficial(_ item: Checked) -> Bool {
    (item["base"]?.text ?? item["kind"]?.text) == ProtocolDeclaration.Kind.official.rawValue
  }

  /// The first corpus of which both divide the same domain.
  private func commonCorpus(_ a: Checked, _ b: Checked) -> String? {
    func isChosen(_ name: String, _ key: String, _ item: Checked) -> Bool {
      let names = item[key]?.texts ?? []
      return names.isEmpty || names.contains(name)
    }
    return (root["corpora"]?.entries ?? []).first { corpus in
      isChosen(corpus.key, "corpora", a) && isChosen(corpus.key, "corpora", b)
        && (corpus.value["domains"]?.entries ?? []).contains {
          isChosen($0.key, "domains", a) && isChosen($0.key, "domains", b)
        }
    }?.key
  }

  /// `corpus.domain` names fits, so that no two of them may read the same.
  mutating func namesOfDomains() {
    var known: [String: String] = [:]
    for corpus in root["corpora"]?.entries ?? [] {
      for domain in corpus.value["domains"]?.entries ?? [] {
        let name = "\(corpus.key).\(domain.key)"
        if let earlier = known[name], let position = domain.keyPosition ?? corpus.keyPosition {
          errors.append(
            ManifestError(
              at: position, keyPath: paths.path(corpus.key, domain.key).text,
              got:
                "the domain `\(domain.key)` of `\(corpus.key)`, which reads as `\(name)`, as one of `\(earlier)` does",
              expected: "names that differ when joined by a dot"))
        }
        known[name] = known[name] ?? corpus.key
      }
    }
  }
}
