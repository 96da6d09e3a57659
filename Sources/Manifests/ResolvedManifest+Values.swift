extension ResolvedManifest {
  /// The scalar values of a resolved manifest's text, in its order, each with its key path (`models.lstm.hidden`).
  ///
  /// A data file's hash stands as a value of its own below the file: `corpora.messages.files.0.sha256`. nil where the
  /// text is no YAML map.
  public static func values(of text: String) -> [(path: String, value: String)]? {
    let source = ManifestSource(name: "manifest.resolved.yaml", order: 0, text: text)
    guard let root = try? YAMLReader.read(text, source: source), root.entries != nil else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var values: [(path: String, value: String)] = []
    // A path has a line of its own, where its hash may stand.
    func isOnOwnLine(_ item: YAMLValue) -> Bool {
      let line = item.position.line - 1
      return lines.indices.contains(line) && lines[line].drop { $0 == " " }.hasPrefix("- ")
    }
    func walk(_ value: YAMLValue, _ path: String) {
      func below(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
      if let entries = value.entries {
        for entry in entries { walk(entry.value, below(entry.key)) }
      } else if let list = value.list, !list.allSatisfy(\.isScalar) || list.contains(where: isOnOwnLine) {
        for (index, item) in list.enumerated() { walk(item, below("\(index)")) }
      } else if let list = value.list {
        values.append((path, "[" + list.map(\.text).joined(separator: ", ") + "]"))
      } else {
        values.append((path, value.text))
        let line = value.position.line - 1
        if lines.indices.contains(line), let hash = lines[line].range(of: "sha256 ") {
          values.append((below("sha256"), String(lines[line][hash.upperBound...])))
        }
      }
    }
    walk(root, "")
    return values
  }

  /// SHA-256 of the data files by key path (`corpora.messages.files.0.sha256`), in hexadecimal digits.
  public static func hashes(of text: String) -> [String: String] {
    let found = (values(of: text) ?? []).filter { $0.path.hasSuffix(".sha256") }
    return Dictionary(found.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
