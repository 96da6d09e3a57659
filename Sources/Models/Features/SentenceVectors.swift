import Compute
import Tasks
import Text

/// From texts to one vector each by a pretrained encoder that stays as it is: the mean of its token vectors, of length 1
/// (Reimers and Gurevych 2019). As plain values.
public struct SentenceVectors: Sendable, Equatable {
  let configuration: TransformerConfiguration
  public let pipeline: TextPipeline
  /// Of the encoder alone.
  let weights: WeightSnapshot

  private init(_ configuration: TransformerConfiguration, _ pipeline: TextPipeline, _ weights: WeightSnapshot) {
    (self.configuration, self.pipeline, self.weights) = (configuration, pipeline, weights)
  }

  /// Reads a checkpoint's encoder. Its tokenizer gets texts as they are, but for what `text` hides.
  ///
  /// - Throws: `CheckpointError` where a file cannot be read or lacks a tensor.
  package init(_ checkpoint: BERTCheckpoint, text: TextSettings) throws(CheckpointError) {
    var own = TextSettings()
    (own.clean, own.lowercase, own.anonymise) = (false, false, text.anonymise)
    var configuration = checkpoint.configuration
    configuration.pooling = .mean
    own.maximumTokens = min(text.maximumTokens, configuration.maximumPositions)
    own.controlTokens = text.controlTokens
    let pipeline = try checkpoint.pipeline(own)
    let network = Self.network(configuration, vocabulary: pipeline.embeddingRows, in: Workspace())
    try checkpoint.load(into: network)
    self.init(configuration, pipeline, network.weights(ofClassifier: false))
  }

  /// Numbers of a vector.
  public var width: Int { configuration.hidden }
  public var byteCount: Int {
    weights.tensors.reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.size }
      + pipeline.vocabularyTokens.reduce(0) { $0 + $1.utf8.count }
  }

  /// The encoder, ready to run.
  package func network(in workspace: Workspace) -> SentenceClassifier {
    let network = Self.network(configuration, vocabulary: pipeline.embeddingRows, in: workspace)
    do { try network.loadPretrained(weights) } catch { preconditionFailure("an encoder's own weights: \(error)") }
    return network
  }

  private static func network(
    _ configuration: TransformerConfiguration, vocabulary: Int, in workspace: Workspace
  ) -> SentenceClassifier {
    SentenceClassifier(
      configuration, hasUnitLength: true, vocabulary: vocabulary, classes: 1,
      random: Random(seed: 0, stream: "replaced by the checkpoint's weights"), workspace: workspace)
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.configuration == b.configuration && a.pipeline.settings == b.pipeline.settings && a.weights == b.weights
  }
}

/// What is stored of it.
extension SentenceVectors {
  /// The small part; the tensors are the large one.
  package struct Outline: Sendable, Codable {
    var configuration: TransformerConfiguration
    var pipeline: TextPipeline
  }

  var outline: Outline { Outline(configuration: configuration, pipeline: pipeline) }

  private static let prefix = "vectors."

  /// `vectors.NAME`, F32.
  var tensors: [Safetensors.Tensor] {
    weights.tensors.map { Safetensors.Tensor(Self.prefix + $0.name, $0.shape, .floats($0.values)) }
  }

  /// Held against the sizes before a network is made, and against the network's own names and shapes.
  ///
  /// - Throws: `CheckpointError` where a tensor is missing, too many, or has another shape.
  init(outline: Outline, stored file: Safetensors) throws(CheckpointError) {
    let own = file.entries.filter { $0.name.hasPrefix(Self.prefix) }
    let stored = own.reduce(0) { $0 + $1.range.count / MemoryLayout<Float>.size }
    let vocabulary = outline.pipeline.embeddingRows
    guard outline.configuration.parameterCount(vocabulary: Double(vocabulary)) == Double(stored),
      outline.pipeline.settings.maximumTokens <= outline.configuration.maximumPositions
    else { throw .malformed("an encoder of \(stored) numbers, which its sizes do not ask for") }
    var tensors: [NamedTensor] = []
    for entry in own {
      let name = String(entry.name.dropFirst(Self.prefix.count))
      tensors.append(NamedTensor(name: name, shape: entry.shape, values: try file.floats(entry.name)))
    }
    self.init(outline.configuration, outline.pipeline, WeightSnapshot(tensors))
    let network = Self.network(configuration, vocabulary: vocabulary, in: Workspace())
    try network.load(WeightSnapshot(tensors + network.weights(ofClassifier: true).tensors))
  }
}

extension SentenceClassifier {
  /// The classifier's weights, or those of the encoder.
  fileprivate func weights(ofClassifier: Bool) -> WeightSnapshot {
    let own = Set(classifier.parameters.map(\.name))
    return WeightSnapshot(snapshot().tensors.filter { own.contains($0.name) == ofClassifier })
  }
}

extension SparseRows {
  /// Each row with a vector's numbers behind its own.
  ///
  /// - Parameter vectors: `[rows, width]`.
  package func beside(vectors: [Float], width: Int) -> SparseRows {
    precondition(
      vectors.count == count * width, "SparseRows: \(vectors.count) numbers for \(count) vectors of \(width)")
    var dense = SparseRows(columns: width)
    let places = (0..<Int32(width)).map(\.self)
    for row in 0..<count { dense.append(indices: places, values: Array(vectors[row * width..<(row + 1) * width])) }
    return columns == 0 ? dense : beside(dense)
  }
}

extension TableColumns {
  /// The same with a column for each number of a vector behind its own.
  ///
  /// - Parameter vectors: `[rows, width]`.
  package func beside(vectors: [Float], width: Int) -> TableColumns {
    precondition(
      vectors.count == rows * width, "TableColumns: \(vectors.count) numbers for \(rows) vectors of \(width)")
    return TableColumns(
      columns + (0..<width).map { column in .numbers((0..<rows).map { vectors[$0 * width + column] }) }, rows: rows)
  }
}
