import Compute
import Models
import Settings
import Text

/// Embedding, LSTM layers, pooling, classifier (Hochreiter and Schmidhuber 1997).
package struct LSTMFamily: NetworkFamily {
  package var sizes: LSTMConfiguration

  package init(_ sizes: LSTMConfiguration) { self.sizes = sizes }

  private enum CodingKeys: String, CodingKey { case sizes = "_0" }

  // MARK: In a manifest

  package static let kind = ModelKind("lstm")
  package static let role = ModelRole.recurrent
  package static let pretraining: PretrainingMethod? = .wordVectors
  package static let keys = FamilyKeys(
    start: [
      Field(
        "vectors", .optional(.path), "Word vectors to start from, as GloVe's and word2vec's text files have them.",
        .value(.none)),
      PretrainingMethod.wordVectors.field,
    ],
    sizes: binding.section.fields, training: SharedKeys.training, isSeeded: true)

  private static let binding = Binding<LSTMConfiguration>(
    "an LSTM", LSTMConfiguration(),
    [.integer("embedding", \.embedding, 1...16_384, "Width of a word vector.")] + layers)

  /// Of what reads vectors, whosever they are.
  static let layers: [Member<LSTMConfiguration>] = [
    .integer("hidden", \.hidden, 1...16_384, "Width of a hidden state, per direction."),
    .integer("layers", \.layers, 1...64, "LSTM layers."),
    .flag("bidirectional", \.bidirectional, "Reads in both directions."),
    .number(
      "dropout", \.dropout, .from(0, below: 1), "Dropout on embeddings, between layers and before the classifier."),
    .choice("pooling", \.pooling, "How the hidden states become one vector."),
  ]

  package init(_ checked: Checked) { sizes = Self.binding.value(checked) }
  package func with(_ changes: Checked) -> Self { Self(Self.binding.value(changes, from: sizes)) }

  // MARK: Its size

  package var wordVectorWidth: Int? { sizes.embedding }
  package var leastActivations: Double { Double(sizes.embedding) + sizes.leastActivations }

  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Extent.isPossible([vocabulary, classes, sizes.embedding]) else { return nil }
    return sizes.parameterCount(inputs: Double(sizes.embedding), classes: Double(classes))
      .map { $0 + Double(vocabulary) * Double(sizes.embedding) }
  }

  package func forwardOperations(tokens: Double, classes: Int) -> Double {
    sizes.operations(tokens: tokens, inputs: sizes.embedding, classes: classes)
  }

  // MARK: The network

  package func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    try body(LSTMClassifier(sizes, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace))
  }

  package func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    guard pipeline.wordPiece == nil else {
      throw .unsupported(
        "got an LSTM that reads word pieces (tokenizer: wordpiece), expected one that reads whole words")
    }
    return .numPy(NumPyFolder(sizes, weights, words: pipeline, labels: labels))
  }

  package func title(of model: ModelDeclaration) -> String {
    if model.vectors != nil { return "LSTM, word vectors from a file" }
    return model.pretraining != nil ? "LSTM, word vectors pre-trained here" : "LSTM"
  }
}

extension ModelKind { package static let lstm = LSTMFamily.kind }

extension ModelConfiguration {
  package static func lstm(_ sizes: LSTMConfiguration) -> Self { Self(LSTMFamily(sizes)) }
}
