extension ResolvedManifest {
  /// The scalar values of a resolved manifest's text, in its order, each with its key path (`models.lstm.hidden`).
  ///
  /// A data file's hash stands as a value of its own below the file: `corpora.messages.files.0.sha256`. nil where the
  /// text is no YAML map.
  public static func values(of text: String) -> [(path: String, value: String)]? {
    settings(of: text).map { found in found.compactMap { one in one.value.map { (one.name, $0) } } }
  }

  /// SHA-256 of the data files by key path (`corpora.messages.files.0.sha256`), in hexadecimal digits.
  public static func hashes(of text: String) -> [String: String] {
    let found = (values(of: text) ?? []).filter { $0.path.hasSuffix(".sha256") }
    return Dictionary(found.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
