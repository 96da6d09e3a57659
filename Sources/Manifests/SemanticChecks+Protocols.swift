import Settings

extension SemanticChecks {
  /// Corpora, domains and models of a protocol exist, and hold what it needs.
  mutating func check(protocol item: Checked, path: KeyPathText) {
    guard let kind = item["kind"], let kindName = kind.text, let kindPosition = kind.position else { return }
    let corpora = root["corpora"]?.entries ?? [], models = (root["models"]?.entries ?? []).map(\.key)
    let corpusNames = corpora.map(\.key)
    for (key, names, what) in [("corpora", corpusNames, "a corpus"), ("models", models, "a model")] {
      for (index, name) in (item[key]?.list ?? []).enumerated() {
        require(name, among: names, what: what, path: path[key][index].text)
      }
      reportTwice(item[key]?.list ?? [], path: path[key])
    }
    let named = item["corpora"]?.texts ?? []
    let listed = corpora.filter { named.isEmpty || named.contains($0.key) }
    let listedDomains = listed.flatMap { ($0.value["domains"]?.entries ?? []).map(\.key) }
    for (index, name) in (item["domains"]?.list ?? []).enumerated() {
      require(name, among: listedDomains, what: "a domain of its corpora", path: path["domains"][index].text)
    }
    reportTwice(item["domains"]?.list ?? [], path: path["domains"])

    check(sizes: item["sizes"]?.list ?? [], path: path["sizes"])

    let wanted = item["domains"]?.texts ?? []
    let tested = wanted.isEmpty ? listedDomains : wanted
    for (index, name) in (item["sources"]?.list ?? []).enumerated() {
      require(name, among: tested, what: "one of its domains", path: path["sources"][index].text)
    }
    reportTwice(item["sources"]?.list ?? [], path: path["sources"])
    func domains(_ corpus: Checked.Entry) -> [Checked.Entry] {
      (corpus.value["domains"]?.entries ?? []).filter { wanted.isEmpty || wanted.contains($0.key) }
    }
    let selected = listed.filter { !domains($0).isEmpty }
    let isKnown = wanted.allSatisfy(listedDomains.contains) && named.allSatisfy(corpusNames.contains)
    if kindName == "cross-domain", isKnown {
      for corpus in selected where domains(corpus).count < 2 {
        errors.append(
          ManifestError(
            at: kindPosition, keyPath: path["kind"].text,
            got: "cross-domain over `\(corpus.key)`, with one domain (\(domains(corpus)[0].key))",
            expected: "at least two domains in every corpus it names"))
      }
      let sources = item["sources"]?.texts ?? []
      for corpus in selected where !sources.isEmpty && sources.allSatisfy(tested.contains) {
        guard !domains(corpus).contains(where: { sources.contains($0.key) }), let list = item["sources"] else {
          continue
        }
        errors.append(
          ManifestError(
            at: list.position ?? kindPosition, keyPath: path["sources"].text,
            got: "no domain of `\(corpus.key)`", expected: "one or more of every corpus it names"))
      }
    }
    guard kindName == "official" || item["base"]?.text == "official" else { return }
    let position = item["base"]?.position ?? kindPosition
    let key = kindName == "official" ? "kind" : "base"
    for corpus in selected {
      let without = domains(corpus).filter { !hasOfficialParts($0.value) }.map(\.key)
      guard !without.isEmpty else { continue }
      let list = without.joined(separator: ", ")
      errors.append(
        ManifestError(
          at: position, keyPath: path[key].text,
          got: "official over `\(corpus.key)`, which has no official test files in \(list)",
          expected: "`train` and `test` files in every domain it names"))
    }
  }

  /// Each is a share or a number of rows, and stands once.
  private mutating func check(sizes: [Checked], path: KeyPathText) {
    var seen: Set<TrainingSize> = []
    for (index, item) in sizes.enumerated() {
      guard let position = item.position, item.isValid else { continue }
      let text = item.text ?? item.integer.map { "\($0)" } ?? ""
      let size = TrainingSize(text)
      if let size, seen.insert(size).inserted { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: path[index].text, got: size == nil ? "`\(text)`" : "`\(text)` a second time",
          expected: size == nil
            ? "a share above 0 % and below 100 % (`10%`), or a number of rows of each class; all rows are always there"
            : "each size once"))
    }
  }

  private func hasOfficialParts(_ domain: Checked) -> Bool {
    if domain["generated"] != nil { return false }
    if domain["train"] != nil, domain["test"] != nil { return true }
    // CLINC150's own form holds its parts in one file.
    return domain["format"]?.text == "clinc" && domain["files"] != nil
  }

  mutating func reportTwice(_ names: [Checked], path: KeyPathText) {
    var seen = Set<String>()
    for (index, name) in names.enumerated() {
      guard let word = name.text, let position = name.position, !seen.insert(word).inserted else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: path[index].text, got: "`\(word)` a second time", expected: "each name once"))
    }
  }
}
