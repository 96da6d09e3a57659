import Compute
import Models
import Tasks
import Training

/// What makes vectors of texts, with what it needs to run.
final class SentenceReader: Sendable {
  let vectors: SentenceVectors
  private let sessions: InferenceSessions<SentenceClassifier>

  init(_ vectors: SentenceVectors, in workspace: Workspace = Workspace(), batchSize: Int = 32) {
    self.vectors = vectors
    sessions = InferenceSessions(vectors.network(in: workspace), batchSize: batchSize)
  }

  func tokens(_ inputs: [Input]) -> [[Int32]] { inputs.map { vectors.pipeline.encode($0.text).ids } }

  /// `[texts, width]`.
  func callAsFunction(_ tokens: [[Int32]], pool: WorkerPool) -> [Float] {
    sessions.lend(pool) { session in
      session.outputs(tokens, width: vectors.width) { self.sessions.network.vectors($0, on: $1) }
    }
  }

  func flops(_ tokens: [[Int32]]) -> Double { sessions.network.forwardFLOPs(lengths: tokens.map(\.count)) }
  var parameterCount: Int { sessions.network.encoder.parameters.reduce(0) { $0 + $1.count } }
}

/// A model over features where some of these are numbers of a text's vector: it is asked once the encoder has made them.
final class SentenceVectorClassifier: TextClassifier {
  private let inner: any TextClassifier
  private let reader: SentenceReader

  init(_ inner: any TextClassifier, _ reader: SentenceReader) { (self.inner, self.reader) = (inner, reader) }

  var classes: Int { inner.classes }
  var parameterCount: Int { inner.parameterCount + reader.parameterCount }
  var byteCount: Int { inner.byteCount }
  var vocabularyCount: Int? { inner.vocabularyCount }

  func encode(_ inputs: [Input]) -> EncodedTexts { .beside(inner.encode(inputs), tokens: reader.tokens(inputs)) }

  func answers(_ encoded: EncodedTexts, pool: WorkerPool) -> [Float] {
    guard case .beside(let other, let tokens) = encoded else { return inner.answers(encoded, pool: pool) }
    return inner.answers(other.completed(reader(tokens, pool: pool), width: reader.vectors.width), pool: pool)
  }

  func flops(_ encoded: EncodedTexts) -> Double {
    guard case .beside(let other, let tokens) = encoded else { return inner.flops(encoded) }
    let width = reader.vectors.width
    return reader.flops(tokens)
      + inner.flops(other.completed([Float](repeating: 1, count: tokens.count * width), width: width))
  }
}

extension EncodedTexts {
  /// With the numbers of each text's vector, `[texts, width]`.
  fileprivate func completed(_ vectors: [Float], width: Int) -> EncodedTexts {
    switch self {
    case .features(let rows): .features(rows.beside(vectors: vectors, width: width))
    case .table(let table): .table(table.beside(vectors: vectors, width: width))
    default: preconditionFailure("vectors beside \(form)")
    }
  }
}

extension FitJob {
  /// What makes vectors of texts where the model reads them.
  ///
  /// - Throws: `CheckpointError` where the checkpoint cannot be read.
  func sentenceReader(_ sizes: some NGramFeatures) throws -> SentenceReader? {
    guard sizes.readsVectors, let source = model.pretrained else { return nil }
    return SentenceReader(try SentenceVectors(source.checkpoint(), text: model.text))
  }

  /// All columns of these rows, by an encoder that was made here.
  func table(_ inputs: [Input], by input: BoostingInput) -> TableColumns {
    let table = input.table(inputs)
    guard let vectors = input.encoder.vectors else { return table }
    return table.beside(vectors: values(inputs, vectors), width: vectors.width)
  }

  /// All features of these rows, by an encoder that was made here: `[rows, features]`.
  func features(_ inputs: [Input], by encoder: FeatureEncoder) -> SparseRows {
    let rows = encoder.features(inputs)
    guard let vectors = encoder.vectors else { return rows }
    return rows.beside(vectors: values(inputs, vectors), width: vectors.width)
  }

  /// `[inputs, width]`.
  private func values(_ inputs: [Input], _ vectors: SentenceVectors) -> [Float] {
    let reader = SentenceReader(vectors)
    return reader(reader.tokens(inputs), pool: pool)
  }
}
