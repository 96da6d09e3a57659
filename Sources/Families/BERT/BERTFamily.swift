import Compute
import Models
import Settings
import Text

/// Transformer encoder with pooler and classifier (Devlin et al. 2019).
package struct BERTFamily: NetworkFamily {
  package var sizes: TransformerConfiguration

  package init(_ sizes: TransformerConfiguration) { self.sizes = sizes }

  private enum CodingKeys: String, CodingKey { case sizes = "_0" }

  // MARK: In a manifest

  package static let kind = ModelKind("bert")
  package static let role = ModelRole.transformer
  private static let encoder = EncoderKeys(path: [], hasPooling: true)
  package static let encoderKeys: EncoderKeys? = encoder
  package static let pretraining: PretrainingMethod? = .maskedTokens
  package static let keys = FamilyKeys(
    start: EncoderKeys.start + [KeptHead.field, TeacherKeys.field], sizes: encoder.binding.section.fields,
    text: SharedKeys.wordPieceText,
    training: EncoderKeys.training, isSeeded: true, withoutEffect: encoder.withoutEffect, related: encoder.related,
    others: TeacherKeys.others)

  package init(_ checked: Checked) { sizes = Self.encoder.value(checked) }
  package func with(_ changes: Checked) -> Self { Self(Self.encoder.changed(sizes, by: changes)) }
  package static func derive(_ model: inout Checked) { encoder.derive(&model) }
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    encoder.mistakes(in: model, at: path) + KeptHead.mistakes(in: model, at: path)
  }

  // MARK: Its size

  package var encoder: TransformerConfiguration? { sizes }
  package func adopting(_ variant: EncoderVariant) -> Self {
    var copy = self
    copy.sizes.variant = variant
    return copy
  }
  package var leastActivations: Double { sizes.leastActivations }
  package static let shareOfPeak = EncoderKeys.shareOfPeak

  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Extent.isPossible([vocabulary, classes]),
      let encoder = sizes.parameterCount(vocabulary: Double(vocabulary))
    else { return nil }
    let (hidden, c) = (Double(sizes.hidden), Double(classes))
    return encoder + sizes.headParameterCount + hidden * c + c
  }

  package func forwardOperations(tokens: Double, classes: Int) -> Double {
    let dense = sizes.hasDenseHead ? sizes.hidden * sizes.hidden : 0
    return sizes.operations(tokens: tokens) + 2 * Double(dense + sizes.hidden * classes)
  }

  // MARK: The network

  package func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    try body(BERTClassifier(sizes, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace))
  }

  package func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    try .checkpoint(of: sizes, head: nil, pipeline, weights, labels: labels)
  }

  package func title(of model: ModelDeclaration) -> String { model.encoderTitle }
}

extension ModelKind { package static let bert = BERTFamily.kind }

extension ModelConfiguration {
  package static func bert(_ sizes: TransformerConfiguration) -> Self { Self(BERTFamily(sizes)) }
}
