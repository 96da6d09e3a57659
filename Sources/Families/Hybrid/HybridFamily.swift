import Compute
import Models
import Settings
import Text

/// The encoder's token vectors into an LSTM: the study's hybrid.
package struct HybridFamily: NetworkFamily {
  package var sizes: TransformerConfiguration
  package var head: RecurrentConfiguration

  package init(_ sizes: TransformerConfiguration, _ head: RecurrentConfiguration) {
    (self.sizes, self.head) = (sizes, head)
  }

  private enum CodingKeys: String, CodingKey { case sizes = "_0", head = "_1" }

  // MARK: In a manifest

  package static let kind = ModelKind("bert-lstm")
  package static let role = ModelRole.other
  package static let storedName = "bertLSTM"
  private static let encoder = EncoderKeys(path: ["encoder"], hasPooling: false)
  package static let encoderKeys: EncoderKeys? = encoder
  package static let pretraining: PretrainingMethod? = .maskedTokens
  private static let lstm = Binding<RecurrentConfiguration>("an LSTM", RecurrentConfiguration(), RecurrentKeys.layers)
  package static let keys = FamilyKeys(
    start: EncoderKeys.start + [TeacherKeys.field],
    sizes: [
      Field(
        "encoder", .section(encoder.binding.section), "The transformer that makes token vectors.", .value(.map([]))),
      Field("lstm", .section(lstm.section), "The LSTM that reads them.", .value(.map([]))),
    ],
    text: SharedKeys.wordPieceText, training: EncoderKeys.training, isSeeded: true,
    withoutEffect: encoder.withoutEffect, related: encoder.related, others: TeacherKeys.others)

  package init(_ checked: Checked) {
    (sizes, head) = (Self.encoder.value(checked), Self.lstm.value(checked["lstm"] ?? Checked(.map([]))))
  }
  package func with(_ changes: Checked) -> Self {
    Self(
      Self.encoder.changed(sizes, by: changes),
      Self.lstm.value(changes["lstm"] ?? Checked(.map([])), from: head))
  }
  package static func derive(_ model: inout Checked) { encoder.derive(&model) }
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    encoder.mistakes(in: model, at: path)
  }

  // MARK: Its size

  package var encoder: TransformerConfiguration? { sizes }
  package func adopting(_ variant: EncoderVariant) -> Self {
    var copy = self
    copy.sizes.variant = variant
    return copy
  }
  package var leastActivations: Double { sizes.leastActivations + head.leastActivations(.lstm) }
  package static let shareOfPeak = EncoderKeys.shareOfPeak

  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Extent.isPossible([vocabulary, classes]),
      let encoder = sizes.parameterCount(vocabulary: Double(vocabulary))
    else { return nil }
    return head.parameterCount(.lstm, inputs: Double(sizes.hidden), classes: Double(classes)).map { $0 + encoder }
  }

  package func forwardOperations(tokens: Double, classes: Int) -> Double {
    sizes.operations(tokens: tokens) + head.operations(.lstm, tokens: tokens, inputs: sizes.hidden, classes: classes)
  }

  // MARK: The network

  package func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    try body(
      HybridClassifier(sizes, head, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace))
  }

  package func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    try .checkpoint(of: sizes, head: head, pipeline, weights, labels: labels)
  }

  package func title(of model: ModelDeclaration) -> String { "\(model.encoderTitle), into an LSTM" }
}

extension ModelKind { package static let bertLSTM = HybridFamily.kind }

extension ModelConfiguration {
  package static func bertLSTM(_ sizes: TransformerConfiguration, _ head: RecurrentConfiguration) -> Self {
    Self(HybridFamily(sizes, head))
  }
}
