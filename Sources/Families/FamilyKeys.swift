import Settings
import Text
import Training

/// A family's part of the manifest format.
package struct FamilyKeys: Sendable {
  /// What it starts from.
  package var start: [Field]
  package var sizes: [Field]
  package var text: Binding<TextSettings>
  /// nil where nothing of its fitting can be set.
  package var training: Binding<TrainingSettings>?
  /// Chance has a part in how it is fitted, so that it has a key for another seed.
  package var isSeeded: Bool
  /// Keys, inner ones after dots, that no fit depends on.
  package var withoutEffect: [String]
  /// Groups of keys whose values must agree with each other.
  package var related: [[String]]
  /// Keys whose values name other models of the manifest, which it asks.
  package var others: [String]
  /// Whether `tuning` may try values of its keys.
  package var isSearchable: Bool

  package init(
    start: [Field] = [], sizes: [Field] = [], text: Binding<TextSettings> = SharedKeys.wordText,
    training: Binding<TrainingSettings>? = nil, isSeeded: Bool = false, withoutEffect: [String] = [],
    related: [[String]] = [], others: [String] = [], isSearchable: Bool = true
  ) {
    (self.start, self.sizes, self.text, self.training) = (start, sizes, text, training)
    (self.isSeeded, self.withoutEffect, self.related) = (isSeeded, withoutEffect, related)
    (self.others, self.isSearchable) = (others, isSearchable)
  }

  /// The section of a model of this kind, `kind` its first key.
  package func section(_ kind: ModelKind) -> Section {
    let head = Field("kind", .choice(ModelFamilies.kinds.map(\.rawValue)), "What the model is.", .required)
    var settings = sizes
    settings.append(Field("text", .section(text.section), "Text preparation of this model.", .value(.map([]))))
    if let training {
      settings.append(
        Field("training", .section(training.section), "Training of this model.", .value(.map([]))))
    }
    if isSeeded {
      settings.append(
        Field(
          "seed_offset", .integer(.from(0)),
          "Added to the seed of initialisation and shuffling, never to that of the split.", .value(.integer(0))))
    }
    return Section("a model of kind \(kind.rawValue)", [head] + start + settings + space(kind, of: settings))
  }

  // MARK: What a search may change

  /// Values listed for one key at most.
  static let longestList = 64

  /// The keys of a model that a search may change: every value that is no file, no seed, no guard against what customers
  /// type and no early stopping or number of shots, which are to be the same for all, and that changes what is learned from
  /// training rows.
  private func space(_ kind: ModelKind, of fields: [Field]) -> [Field] {
    guard isSearchable else { return [] }
    let omitted =
      withoutEffect + ["seed_offset", "text.control_tokens"]
      + ["shots", "leak_meter", "calibration", "thresholds", "teacher_temperature"].map { "training." + $0 }
    let dimensions = fields.flatMap { Self.dimensions(of: $0, below: "") }.filter { !omitted.contains($0.key) }
    return [
      Field(
        "space", .section(Section("the search space of a model of kind \(kind.rawValue)", dimensions)),
        "What `tuning` may try for this model: key to a list of values, or to a range.")
    ]
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
    case .optional(.list), .optional(.choice): return [dimension(key, field, list: field.shape, range: nil)]
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
