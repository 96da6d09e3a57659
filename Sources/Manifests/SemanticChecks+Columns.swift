import Families
import Models
import Settings

extension SemanticChecks {
  /// Columns that models may read, and models that read them.
  mutating func columns() {
    for corpus in root["corpora"]?.entries ?? [] {
      let domains = corpus.value["domains"]?.entries ?? []
      for domain in domains { check(columnsOf: domain.value, paths.path(corpus.key, domain.key)) }
      guard let first = domains.first else { continue }
      let names = Self.names(first.value)
      for other in domains.dropFirst() where Self.names(other.value) != names && other.value["columns"]?.isValid ?? true
      {
        guard let position = other.value.entry("columns")?.keyPosition ?? other.keyPosition else { continue }
        errors.append(
          ManifestError(
            at: position, keyPath: paths.path(corpus.key, other.key)["columns"].text,
            got: "other columns than those of `\(first.key)`", expected: "the same columns in all domains, in one order"
          ))
      }
      if names.isEmpty {
        refuse(
          inputsOf: corpus.key, got: "columns, of which the corpus `\(corpus.key)` declares none",
          expected: "`columns` of that corpus, or `inputs: ngrams`"
        ) { $0.contains(FeatureInput.columns.rawValue) }
      } else if domains.contains(where: { $0.value["text"]?.list.isEmpty ?? false }) {
        refuse(
          inputsOf: corpus.key, got: "more than columns, of the corpus `\(corpus.key)`, whose rows have no text",
          expected: "`inputs: columns`"
        ) { $0.contains(FeatureInput.columns.rawValue) && $0.count > 1 }
      }
    }
  }

  /// Of the models that read a corpus those whose `inputs` it cannot give.
  private mutating func refuse(
    inputsOf corpus: String, got: String, expected: String, where isWrong: ([String]) -> Bool
  ) {
    for model in root["models"]?.entries ?? [] where reads(model.key, corpus) {
      guard let inputs = model.value["inputs"], isWrong(inputs.texts),
        let position = inputs.position ?? inputs.list.first?.position
      else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: KeyPathText("models")[model.key]["inputs"].text, got: got, expected: expected))
    }
  }

  private static func names(_ domain: Checked) -> [String] {
    (domain["columns"]?.entries ?? []).map { "\($0.key): \($0.value.text ?? "")" }
  }

  /// Whether a protocol fits a model to a corpus.
  private func reads(_ model: String, _ corpus: String) -> Bool {
    (root["protocols"]?.list ?? []).contains { item in
      [("models", model), ("corpora", corpus)].allSatisfy { key, name in
        let named = item[key]?.texts ?? []
        return named.isEmpty || named.contains(name)
      }
    }
  }

  private mutating func check(columnsOf domain: Checked, _ path: KeyPathText) {
    let columns = domain["columns"]?.entries ?? []
    if columns.isEmpty, let text = domain["text"], text.isValid, text.list.isEmpty, let position = text.position {
      errors.append(
        ManifestError(
          at: position, keyPath: path["text"].text, got: "no column", expected: "at least one, or `columns` beside it"))
    }
    let label = domain["label"]?.text
    for column in columns where column.key == label {
      guard let position = column.keyPosition else { continue }
      errors.append(
        ManifestError(
          at: position, keyPath: path["columns"][column.key].text, got: "the column of the label",
          expected: "columns that are known before it"))
    }
    if columns.isEmpty, let cells = domain["missing"]?["cells"], !cells.texts.isEmpty, let position = cells.position {
      errors.append(
        ManifestError(
          at: position, keyPath: path["missing"]["cells"].text, got: "`cells` without `columns`",
          expected: "`columns`, or no such key"))
    }
  }
}
