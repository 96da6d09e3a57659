import Compute
import Models
import Settings
import Text

/// Word vectors, filters over windows, their maxima, classifier (Kim 2014).
package struct CNNFamily: NetworkFamily {
  package var sizes: ConvolutionalConfiguration

  package init(_ sizes: ConvolutionalConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("cnn")
  package static let role = ModelRole.other
  package static let pretraining: PretrainingMethod? = .wordVectors
  package static let keys = FamilyKeys(
    start: WordVectorKeys.start, sizes: binding.section.fields, training: SharedKeys.training, isSeeded: true,
    others: TeacherKeys.others)

  private static let binding = Binding<ConvolutionalConfiguration>(
    "a convolutional network", ConvolutionalConfiguration(),
    [
      .integer("embedding", \.embedding, 1...16_384, "Width of a word vector."),
      .integer("filters", \.filters, 1...16_384, "Filters of each width of window."),
      .integers("windows", \.windows, 1...64, count: 1...16, "Words in a window; each width has filters of its own."),
      .number("dropout", \.dropout, .from(0, below: 1), "Dropout before the classifier."),
    ])

  package init(_ checked: Checked) { sizes = Self.binding.value(checked) }
  package func with(_ changes: Checked) -> Self { Self(Self.binding.value(changes, from: sizes)) }

  /// The same width twice.
  package static func mistakes(in model: Checked.Entry, at path: KeyPathText) -> [ManifestError] {
    guard let windows = model.value["windows"] else { return [] }
    var seen = Set<Int>()
    return windows.list.compactMap { item in
      guard let width = item.integer, !seen.insert(width).inserted, let position = item.position else { return nil }
      return ManifestError(
        at: position, keyPath: path["windows"].text, got: "\(width) twice", expected: "widths that differ")
    }
  }

  // MARK: Its size

  package var wordVectorWidth: Int? { sizes.embedding }
  package var leastActivations: Double { sizes.leastActivations }

  package func parameterCount(vocabulary: Int, classes: Int) -> Double? {
    guard Extent.isPossible([vocabulary, classes]) else { return nil }
    return sizes.parameterCount(vocabulary: Double(vocabulary), classes: Double(classes))
  }

  package func forwardOperations(tokens: Double, classes: Int) -> Double {
    sizes.operations(tokens: tokens, classes: classes)
  }

  // MARK: The network

  package func withNetwork<Result>(
    vocabulary: Int, classes: Int, random: Random, workspace: Workspace, _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    try body(
      ConvolutionalClassifier(sizes, vocabulary: vocabulary, classes: classes, random: random, workspace: workspace))
  }

  package func export(
    _ weights: WeightSnapshot, _ pipeline: TextPipeline, labels: [String]
  ) throws(CheckpointError) -> ModelExport {
    .numPy(
      try NumPyFolder(
        Self.kind, sizes: [("windows", .list(sizes.windows.map { .integer($0) }))], weights, pipeline, labels: labels))
  }

  package func title(of model: ModelDeclaration) -> String {
    "Convolutional network\(model.wordVectorsInWords)"
  }
}
