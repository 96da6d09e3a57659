import Models

extension ManifestSchema {
  static let tuning = Binding<TuningSettings>(
    "tuning settings", TuningSettings(),
    [
      .choice("search", \.search, "`random` draws from each model's space; `grid` tries every combination of it."),
      .integer("trials", \.trials, 1...10_000, "Trials of one model in one fit at most."),
      .optionalNumber(
        "budget", \.budget, .above(0),
        "Nominal core-seconds for the trials of one model in one fit; the same for every model."),
      .number(
        "rate", \.rate, .above(0, to: 1e6),
        "Floating-point operations of a nominal core-second, in thousands of millions."),
    ])

  /// Values listed for one key at most.
  static let longestList = 64

  /// The keys of a model that a search may change: every value that is no file, no seed, no guard against what customers
  /// type and no early stopping, which is to be the same for all, and that changes what is learned.
  static func space(_ kind: ModelKind, of fields: [Field]) -> [Field] {
    guard kind != .majority && kind != .lookup else { return [] }
    let omitted = withoutEffect(kind) + ["seed_offset", "text.control_tokens"]
    let dimensions = fields.flatMap { Self.dimensions(of: $0, below: "") }.filter { !omitted.contains($0.key) }
    return [
      Field(
        "space", .section(Section("the search space of a model of kind \(kind.rawValue)", dimensions)),
        "What `tuning` may try for this model: key to a list of values, or to a range.")
    ]
  }

  /// Keys that no fit of the kind depends on: TF-IDF cuts its own n-grams, and of a transformer's tables only the rows
  /// that texts reach are read. `SemanticChecks.effects` has those without effect beside others.
  private static func withoutEffect(_ kind: ModelKind) -> [String] {
    switch kind {
    case .tfidfLogistic: ["tokenizer", "vocabulary_size", "minimum_frequency", "maximum_tokens"].map { "text." + $0 }
    case .bert: ["maximum_positions", "type_vocabulary"]
    case .bertLSTM: ["encoder.maximum_positions", "encoder.type_vocabulary"]
    case .lstm, .majority, .lookup: []
    }
  }

  private static func dimensions(of field: Field, below prefix: String) -> [Field] {
    let key = prefix + field.key
    switch field.shape {
    case .section(let section):
      return section.fields.flatMap { dimensions(of: $0, below: key + ".") }
    case .flag, .choice: return [dimension(key, field, list: field.shape, range: nil)]
    case .integer, .number: return [dimension(key, field, list: field.shape, range: field.shape)]
    case .optional(.integer), .optional(.number):
      guard case .optional(let inner) = field.shape else { return [] }
      return [dimension(key, field, list: field.shape, range: inner)]
    case .optional(.list): return [dimension(key, field, list: field.shape, range: nil)]
    default: return []
    }
  }

  private static func dimension(_ key: String, _ field: Field, list item: Shape, range number: Shape?) -> Field {
    let list = Shape.list(item, count: 1...longestList, single: false)
    guard let number else { return Field(key, list, field.doc) }
    let ends = Shape.list(number, count: 2...2, single: false)
    let range = Section(
      "a range",
      [
        Field("uniform", ends, "Every number from the first to the second is as likely."),
        Field("log_uniform", ends, "The same of the number's logarithm."),
      ])
    return Field(key, .union([list, .section(range)]), field.doc)
  }
}
