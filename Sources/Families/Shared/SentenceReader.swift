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

/// What a frozen encoder did for the rows of one fit.
package final class SentencePasses {
  fileprivate var reader: SentenceReader?
  /// Floating-point operations.
  package fileprivate(set) var flops = 0.0

  package init() {}
}

extension FitJob {
  /// Vectors of the texts of these rows where the model reads them, and what made them: `[inputs, width]`.
  ///
  /// - Throws: `CheckpointError` where the checkpoint cannot be read, `FitStopped` where the session was stopped.
  func vectors(
    _ inputs: [Input], _ sizes: some NGramFeatures
  ) throws -> (source: SentenceVectors, values: [Float])? {
    guard sizes.readsVectors, let source = model.pretrained else { return nil }
    let reader =
      try passes.reader ?? SentenceReader(try SentenceVectors(source.checkpoint(), text: model.text))
    passes.reader = reader
    return (reader.vectors, try values(inputs, reader))
  }

  /// All features of these rows, by an encoder that was made here: `[rows, features]`.
  ///
  /// - Throws: `FitStopped` where the session was stopped.
  func features(_ inputs: [Input], by encoder: FeatureEncoder) throws(FitStopped) -> SparseRows {
    let rows = encoder.features(inputs)
    guard let vectors = encoder.vectors else { return rows }
    return rows.beside(vectors: try values(inputs, passes.reader ?? SentenceReader(vectors)), width: vectors.width)
  }

  /// All columns of these rows, by an encoder that was made here.
  ///
  /// - Throws: `FitStopped` where the session was stopped.
  func table(_ inputs: [Input], by input: BoostingInput) throws(FitStopped) -> TableColumns {
    let table = input.table(inputs)
    guard let vectors = input.encoder.vectors else { return table }
    return table.beside(vectors: try values(inputs, passes.reader ?? SentenceReader(vectors)), width: vectors.width)
  }

  /// `[inputs, width]`; a text that stands there twice is read once.
  private func values(_ inputs: [Input], _ reader: SentenceReader) throws(FitStopped) -> [Float] {
    var places: [String: Int] = [:], distinct: [Input] = []
    let rows = inputs.map { input in
      if let place = places[input.text] { return place }
      places[input.text] = distinct.count
      distinct.append(input)
      return distinct.count - 1
    }
    let tokens = reader.tokens(distinct), width = reader.vectors.width
    var found: [Float] = []
    found.reserveCapacity(distinct.count * width)
    for start in stride(from: 0, to: tokens.count, by: Self.readAtOnce) {
      if session.isStopped() { throw FitStopped() }
      found += reader(Array(tokens[start..<min(start + Self.readAtOnce, tokens.count)]), pool: pool)
    }
    passes.flops += reader.flops(tokens)
    if distinct.count == inputs.count { return found }
    return rows.flatMap { found[$0 * width..<($0 + 1) * width] }
  }

  /// Texts between two looks at whether the fit is to stop.
  private static let readAtOnce = 512
}
