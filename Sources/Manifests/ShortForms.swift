import Settings

/// Where a domain's keys are written: below the corpus itself where it has only one domain.
struct DomainPaths {
  private let short: Set<String>

  init(_ root: YAMLValue) {
    short = Set((root["corpora"]?.entries ?? []).filter { $0.value.entry("domains") == nil }.map(\.key))
  }

  func path(_ corpus: String, _ domain: String) -> KeyPathText {
    let path = KeyPathText("corpora")[corpus]
    return short.contains(corpus) ? path : path["domains"][domain]
  }
}

/// Mistakes in how short forms are combined, looked for before they are written out.
enum ShortForms {
  static func errors(in root: YAMLValue) -> [ManifestError] {
    (root["corpora"]?.entries ?? []).compactMap { corpus in
      let path = KeyPathText("corpora")[corpus.key]
      if let domain = corpus.value.entry("domain"), corpus.value.entry("domains") != nil {
        return ManifestError(
          at: domain.keyPosition, keyPath: path["domain"].text, got: "`domain` beside `domains`",
          expected: "one of them")
      }
      guard corpus.value.entry("domains") == nil, corpus.value.entry("generated") != nil,
        let other = (corpus.value.entries ?? []).first(where: {
          $0.key != "generated" && ManifestSchema.sourceKeys.contains($0.key)
        })
      else { return nil }
      return ManifestError(
        at: other.keyPosition, keyPath: path[other.key].text, got: "`\(other.key)` beside `generated`",
        expected: "keys of files, or `generated` alone")
    }
  }
}
