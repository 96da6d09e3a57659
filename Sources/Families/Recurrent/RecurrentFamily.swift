import Autograd
import Compute
import Models
import Settings
import Text

/// Embedding, recurrent layers, pooling, classifier; the families differ in the cell.
package protocol RecurrentFamily: NetworkFamily {
  static var cell: RecurrentCell { get }
  /// For tables: `LSTM`.
  static var name: String { get }
  static var binding: Binding<RecurrentConfiguration> { get }
  var sizes: RecurrentConfiguration { get }
  init(_ sizes: RecurrentConfiguration)
}

extension RecurrentFamily {
  // MARK: In a manifest

  package static var kind: ModelKind { ModelKind(cell.rawValue) }
  package static var role: ModelRole { .recurrent }
  package static var pretraining: PretrainingMethod? { .wordVectors }
  package static var keys: FamilyKeys {
    FamilyKeys(
      start: WordVectorKeys.start,
      sizes: binding.section.fields, training: SharedKeys.training, isSeeded: true,
      others: TeacherKeys.others)
  }

  package init(_ checked: Checked) { self.init(Self.binding.value(checked)) }
  package func with(_ changes: Checked) -> Self { Self(Self.binding.value(changes, from: sizes)) }

  // MARK: Its size

  package var wordVectorWidth: Int? { sizes.embedding }
  package var leastActivations: Double { Double(sizes.embedding) + sizes.leastActivations(Self.cell) }

  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Extent.isPossible([vocabulary, classes, sizes.embedding]) else { return nil }
    return sizes.parameterCount(Self.cell, inputs: Double(sizes.embedding), classes: Double(classes))
      .map { $0 + Double(vocabulary) * Double(sizes.embedding) + sizes.letterParameters }
  }

  package func forwardOperations(tokens: Double, classes: Int) -> Double {
    sizes.operations(Self.cell, tokens: tokens, inputs: sizes.embedding, classes: classes)
  }

  // MARK: The network

  package func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    try body(
      RecurrentClassifier(
        Self.cell, sizes, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace))
  }

  package func sequence(_ text: String, _ pipeline: TextPipeline) -> [Int32] {
    sizes.letters?.sequence(text, pipeline) ?? pipeline.encode(text).ids
  }

  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    RecurrentKeys.letterMistakes(in: model, at: path)
  }

  package func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    guard sizes.letters == nil else {
      throw .unsupported("got a model of kind \(Self.kind) with character_ngrams, expected one that reads words alone")
    }
    return .numPy(
      try NumPyFolder(
        Self.kind,
        sizes: [
          ("hidden", .integer(sizes.hidden)), ("layers", .integer(sizes.layers)),
          ("bidirectional", .flag(sizes.bidirectional)), ("pooling", .text(sizes.pooling.rawValue)),
        ], weights, pipeline, labels: labels))
  }

  package func title(of model: ModelDeclaration) -> String {
    Self.name + (sizes.letters == nil ? "" : " with n-grams of letters") + model.wordVectorsInWords
  }
}

/// Keys of what reads vectors step by step, whosever they are.
enum RecurrentKeys {
  static func binding(_ noun: String) -> Binding<RecurrentConfiguration> {
    Binding(
      noun, RecurrentConfiguration(),
      [.integer("embedding", \.embedding, 1...16_384, "Width of a word vector.")] + layers + [
        .optional(
          "character_ngrams", \.letters, letters,
          "n-grams of each word's letters, hashed, whose vectors' mean is added to the word's; `none` leaves them out.")
      ])
  }

  private static let letters = Binding<HashedWords>(
    "n-grams of letters", HashedWords(wordNGrams: 1, characterNGrams: NGramRange(3, 6), buckets: 20_000),
    [
      FeatureKeys.member("lengths", \.characterNGrams, isOptional: false, "Shortest and longest n-gram."),
      .integer("buckets", \.buckets, 1...100_000_000, "Numbers that n-grams are hashed to."),
    ])

  /// n-grams of the letters of what is no word, and a range that begins with the larger size.
  static func letterMistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    guard let letters = model.value["character_ngrams"], case .map = letters.content else { return [] }
    var errors: [ManifestError] = []
    if let position = letters.position, model.value["text"]?["tokenizer"]?.text == "wordpiece" {
      errors.append(
        ManifestError(
          at: position, keyPath: path["character_ngrams"].text,
          got: "n-grams of letters with text.tokenizer: wordpiece",
          expected: "tokenizer: words, or character_ngrams: none"))
    }
    let entry = Checked.Entry(key: "character_ngrams", keyPosition: model.keyPosition, value: letters)
    if let error = FeatureKeys.reversedRange("lengths", in: entry, at: path["character_ngrams"]) {
      errors.append(error)
    }
    return errors
  }

  static let layers: [Member<RecurrentConfiguration>] = [
    .integer("hidden", \.hidden, 1...16_384, "Width of a hidden state, per direction."),
    .integer("layers", \.layers, 1...64, "Recurrent layers."),
    .flag("bidirectional", \.bidirectional, "Reads in both directions."),
    .number(
      "dropout", \.dropout, .from(0, below: 1), "Dropout on embeddings, between layers and before the classifier."),
    .choice("pooling", \.pooling, "How the hidden states become one vector."),
  ]
}
