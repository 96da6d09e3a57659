import Settings

extension SemanticChecks {
  /// What is to be refitted is declared, and trained by some protocol.
  mutating func refits() {
    let names = (root["models"]?.entries ?? []).map(\.key)
    let protocols = (root["protocols"]?.list ?? []).map { $0["models"]?.texts ?? [] }
    let path = KeyPathText("outputs")["refit"], listed = root["outputs"]?["refit"]?.list ?? []
    for (index, name) in listed.enumerated() {
      require(name, among: names, what: "a model", path: path[index].text)
      guard !protocols.isEmpty, let model = name.text, let position = name.position, names.contains(model),
        !protocols.contains(where: { $0.isEmpty || $0.contains(model) })
      else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: path[index].text, got: "`\(model)`, which no protocol trains",
          expected: "a model that is evaluated"))
    }
    reportTwice(listed, path: path)
  }
}
