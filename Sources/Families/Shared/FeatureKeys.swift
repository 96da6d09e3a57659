import Models
import Settings
import Text

/// Keys of models over features.
package enum FeatureKeys {
  /// It cuts its own n-grams, whatever the tokenizer.
  static let withoutEffect = ["tokenizer", "vocabulary_size", "minimum_frequency", "maximum_tokens"]
    .map { "text." + $0 }

  package static let ofNGrams = [
    "word_ngrams", "character_ngrams", "minimum_documents", "maximum_features", "sublinear",
  ]

  /// Whether a model reads such features: n-grams where it says nothing.
  package static func reads(_ input: FeatureInput, _ model: Checked) -> Bool {
    guard let inputs = model["inputs"]?.texts, !inputs.isEmpty else { return input == .ngrams }
    return inputs.contains(input.rawValue)
  }

  /// One of the two must be there.
  static let related = [["word_ngrams", "character_ngrams"]]

  static func members<Sizes: NGramFeatures>() -> [Member<Sizes>] {
    [
      member("word_ngrams", \.wordNGrams, "Smallest and largest word n-gram."),
      member("character_ngrams", \.characterNGrams, "Smallest and largest character n-gram."),
      .integer("minimum_documents", \.minimumDocuments, 1...1_000_000, "n-grams in fewer training texts are left out."),
      .optionalInteger("maximum_features", \.maximumFeatures, 1...100_000_000, "Largest number of features."),
      .flag("sublinear", \.sublinear, "1 + log(tf) in place of tf."),
    ]
  }

  /// The same for models that may read columns too.
  static func withColumns<Sizes: ColumnFeatures>() -> [Member<Sizes>] {
    [
      .unfilled(
        .choices(
          "inputs", \.read,
          "What it reads of a row: n-grams of its text, the columns that the corpus declares, the vector that `pretrained` makes of its text."
        ),
        "ngrams")
    ] + members()
  }

  static func member<Sizes>(
    _ key: String, _ path: WritableKeyPath<Sizes, NGramRange?> & Sendable, isOptional: Bool = true, _ doc: String
  ) -> Member<Sizes> {
    Member(
      field: { prototype in
        let fallback: Checked.Content =
          prototype[keyPath: path].map { .list([Checked(.integer($0.low)), Checked(.integer($0.high))]) } ?? .none
        let shape = Shape.list(.integer(Bounds(NGramRange.allowed)), count: 2...2, single: false)
        return Field(key, isOptional ? .optional(shape) : shape, doc, .value(fallback))
      },
      assign: { root, value in
        guard let found = value[key] else { return }
        let range = found.list.compactMap(\.integer)
        root[keyPath: path] = range.count == 2 ? NGramRange(range[0], range[1]) : nil
      })
  }

  /// A checkpoint that is missing or not read, ranges that begin with the larger size, and no n-grams at all.
  static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    var errors = checkpoint(model, path)
    if !reads(.ngrams, model.value) {
      // A resolved manifest writes the defaults.
      let fields = model.value.family?.keys.sizes ?? []
      return errors
        + ofNGrams.compactMap { key in
          guard let value = model.value[key], let position = value.position else { return nil }
          if case .value(let usual)? = fields.first(where: { $0.key == key })?.fallback,
            SettingValue(Checked(usual)) == SettingValue(value)
          {
            return nil
          }
          return ManifestError(
            at: position, keyPath: path[key].text, got: "`\(key)` of a model that reads no n-grams",
            expected: "no such key, or `inputs` with ngrams")
        }
    }
    var blocks = 0
    for key in ["word_ngrams", "character_ngrams"] {
      guard let range = model.value[key] else { continue }
      if case .none = range.content, range.isValid { continue }
      blocks += 1
      if let error = reversedRange(key, in: model, at: path) { errors.append(error) }
    }
    if blocks == 0, let position = model.keyPosition {
      errors.append(
        ManifestError(
          at: position, keyPath: path.text, got: "neither word nor character n-grams",
          expected: "word_ngrams, character_ngrams, or both"))
    }
    return errors
  }

  /// Vectors are made by a checkpoint, which makes nothing else.
  private static func checkpoint(_ model: Checked.Entry, _ path: KeyPathText) -> [ManifestError] {
    let isRead = reads(.vectors, model.value)
    let source = model.value["pretrained"], isThere = source?.text != nil
    guard isRead != isThere else { return [] }
    if isRead, let position = model.value["inputs"]?.position {
      return [
        ManifestError(
          at: position, keyPath: path["inputs"].text, got: "vectors, and no checkpoint that makes them",
          expected: "`pretrained:` beside it, with the folder of one")
      ]
    }
    guard let position = source?.position, isThere else { return [] }
    return [
      ManifestError(
        at: position, keyPath: path["pretrained"].text, got: "a checkpoint that is not read",
        expected: "`inputs` with vectors, or no such key")
    ]
  }

  /// A range that begins with the larger size.
  static func reversedRange(_ key: String, in model: Checked.Entry, at path: KeyPathText) -> ManifestError? {
    guard let range = model.value[key], let position = range.position else { return nil }
    let sizes = range.list.compactMap(\.integer)
    guard sizes.count == 2, sizes[0] > sizes[1] else { return nil }
    return ManifestError(
      at: position, keyPath: path[key].text, got: "[\(sizes[0]), \(sizes[1])]", expected: "the smaller size first")
  }

  // MARK: In words

  /// `TF-IDF and logistic regression`: what it reads, before what it learns.
  static func title(_ model: ModelDeclaration, _ features: some NGramFeatures, and learner: String) -> String {
    var read = (features.readsNGrams ? ["TF-IDF"] : []) + (features.readsColumns ? ["columns"] : [])
    if features.readsVectors { read.append("vectors of \(model.pretrained?.display ?? "an encoder")") }
    return "\(read.joined(separator: ", ")) and \(learner)"
  }

  static func reading(_ model: ModelDeclaration, _ features: some NGramFeatures) -> String {
    var read: [String] = []
    if features.readsNGrams { read.append(readingOfText(model, features)) }
    if features.readsColumns {
      read.append("the corpus' columns, numbers by mean and deviation, categories one by one")
    }
    if features.readsVectors {
      read.append(
        "the mean of the token vectors that \(model.pretrained?.display ?? "an encoder") gives, of length 1, of at most "
          + "\(NumberFormat.grouped(model.text.maximumTokens)) tokens of a text, or as many as it has positions for")
    }
    return read.joined(separator: "; ")
  }

  private static func readingOfText(_ model: ModelDeclaration, _ features: some NGramFeatures) -> String {
    let ranges = [("word", features.wordNGrams), ("character", features.characterNGrams)].compactMap { name, range in
      range.map { "\(name) n-grams of \($0.low) to \($0.high)" }
    }
    return "\(model.stepsInWords); \(ranges.joined(separator: " and ")) that stand in at least "
      + "\(features.minimumDocuments) training texts"
  }

  static func keeping(_ features: some NGramFeatures) -> String {
    var kept: [String] = []
    if features.readsNGrams {
      kept.append(
        "those n-grams, so words of training texts and parts of them: names too that stand in at least "
          + "\(features.minimumDocuments) of them")
    }
    if features.readsColumns {
      kept.append("means and deviations of columns, and every value that training rows have in a column of categories")
    }
    if features.readsVectors { kept.append("the checkpoint's encoder as it was") }
    return kept.joined(separator: "; ")
  }
}
