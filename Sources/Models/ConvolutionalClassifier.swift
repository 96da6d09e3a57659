import Autograd
import Compute
import Layers

/// Word vectors, filters over windows of words, the maximum of each over the text, classifier (Kim 2014, CNN-rand and
/// CNN-non-static).
///
/// Departures: no bound on the norm of the last layer's weights, AdamW in place of Adadelta.
public final class ConvolutionalClassifier: Network {
  public let configuration: ConvolutionalConfiguration
  public let classes: Int
  public let workspace: Workspace
  /// `[vocabulary, embedding]`.
  public let embedding: Embedding
  /// One for each width of window.
  public let convolutions: [WindowConvolution]
  public let classifier: Linear
  public let parameters: [Parameter]

  public init(
    _ configuration: ConvolutionalConfiguration, vocabulary: Int, classes: Int, random: Random, workspace: Workspace
  ) {
    let source = ParameterSource(random: random, workspace: workspace)
    (self.configuration, self.classes, self.workspace) = (configuration, classes, workspace)
    embedding = Embedding("embedding", vocabulary: vocabulary, width: configuration.embedding, from: source)
    convolutions = configuration.windows.map {
      WindowConvolution(
        "convolution.\($0)", inputs: configuration.embedding, width: $0, filters: configuration.filters, from: source)
    }
    classifier = Linear(
      "classifier", inputs: configuration.windows.count * configuration.filters, outputs: classes, from: source)
    parameters = embedding.parameters + convolutions.flatMap(\.parameters) + classifier.parameters
    Parameter.number(parameters)
  }

  public func words(_ batch: TokenBatch, on tape: Tape) -> Tensor { embedding(batch.ids, on: tape) }

  public func logits(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor {
    let dropout = Float(configuration.dropout)
    let vectors = words ?? self.words(batch, on: tape)  // [n, embedding]
    let answers = convolutions.map { $0(vectors, offsets: batch.offsets, on: tape) }  // [b, filters] each
    let features = answers.dropFirst().reduce(answers[0]) { tape.concatenate($0, $1) }  // [b, windows × filters]
    return classifier(tape.dropout(features, probability: dropout), on: tape)  // [b, classes]
  }

  public func count(lengths: [Int], in count: inout OperationCount) {
    count.read(embedding.parameters)
    for convolution in convolutions { convolution.count(lengths: lengths, in: &count) }
    classifier.count(rows: lengths.count, in: &count)
  }
}

/// Sizes of a convolutional classifier.
public struct ConvolutionalConfiguration: Sendable, Equatable, Codable {
  /// Width of a word vector.
  public var embedding = 128
  /// Filters of each width.
  public var filters = 100
  /// Words in a window; each width has its own filters.
  public var windows = [3, 4, 5]
  /// Dropout before the classifier, a probability.
  public var dropout = 0.5

  public init() {}
}

/// What can be said of a convolutional network before it is made.
extension ConvolutionalConfiguration {
  /// The word vector, and the answers to a window that begins at the token.
  package var leastActivations: Double { Double(embedding) }

  /// nil where it has impossible sizes.
  package func parameterCount(vocabulary: Double, classes: Double) -> Double? {
    guard !windows.isEmpty, windows.count <= 64, Extent.isPossible([embedding, filters] + windows), 0..<1 ~= dropout
    else { return nil }
    let filters = Double(filters)
    let read = windows.reduce(0) { $0 + filters * (Double($1) * Double(embedding) + 1) }
    return vocabulary * Double(embedding) + read + Double(windows.count) * filters * classes + classes
  }

  package func operations(tokens: Double, classes: Int) -> Double {
    let read = windows.reduce(0.0) {
      $0 + (tokens + Double($1 - 1)) * 2 * Double(filters) * Double($1) * Double(embedding)
    }
    return read + 2 * Double(windows.count) * Double(filters) * Double(classes)
  }
}
