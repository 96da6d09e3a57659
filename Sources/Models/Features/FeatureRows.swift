import Compute
import Tasks
import Text

/// Training rows as a model over features learns from them.
package struct FeatureRows {
  package let encoder: FeatureEncoder
  package let features: SparseRows
  /// One for each row of `features`.
  package let targets: Targets
  /// The class of each; empty where the task is another one.
  package var labels: [Int] { targets.classes }

  /// Learns the encoder from all rows; the features are those of `rows`, in which a row may stand more than once or not
  /// at all, or of every row once where nil.
  ///
  /// - Parameters:
  ///   - columns: those of the rows' cells.
  ///   - vectors: what makes vectors of texts, and those of `rows`, `[rows, width]`; nil where they are not read.
  ///   - isStopped: asked every few hundred texts; true ends it.
  /// - Throws: `FitStopped` where it was ended so.
  package init(
    _ inputs: [Input], columns: [InputColumn] = [], vectors: (source: SentenceVectors, values: [Float])? = nil,
    targets: Targets, configuration: some NGramFeatures, text: TextSettings, rows: [Int]? = nil,
    isStopped: () -> Bool = { false }
  ) throws(FitStopped) {
    precondition(inputs.count == targets.count, "FeatureRows: \(inputs.count) rows for \(targets.count) targets")
    let table = configuration.readsColumns ? ColumnEncoder(fitting: inputs, columns: columns) : nil
    var learnt = SparseRows(columns: 0, rows: rows?.count ?? inputs.count)
    var vectorizer = TFIDFVectorizer(blocks: [], sublinear: configuration.sublinear)
    if configuration.readsNGrams {
      let prepared = try Self.prepare(inputs, text, isStopped)
      vectorizer = try TFIDFVectorizer(fitting: prepared, configuration: configuration, isStopped: isStopped)
      learnt = try vectorizer.transform(
        rows.map { rows in rows.map { prepared[$0] } } ?? prepared, isStopped: isStopped)
    }
    if let table {
      learnt = learnt.beside(table.features(rows.map { rows in rows.map { inputs[$0] } } ?? inputs))
    }
    if let (source, values) = vectors {
      learnt = learnt.beside(vectors: values, width: source.width)
    }
    self.init(
      encoder: FeatureEncoder(text: text, vectorizer: vectorizer, columns: table, vectors: vectors?.source),
      features: learnt,
      targets: rows.map { targets.rows($0) } ?? targets)
  }

  /// Texts and no more.
  package init(
    _ texts: [String], targets: Targets, configuration: some NGramFeatures, text: TextSettings, rows: [Int]? = nil,
    isStopped: () -> Bool = { false }
  ) throws(FitStopped) {
    try self.init(
      texts.map { Input(text: $0) }, targets: targets, configuration: configuration, text: text, rows: rows,
      isStopped: isStopped)
  }

  package init(encoder: FeatureEncoder, features: SparseRows, targets: Targets) {
    (self.encoder, self.features, self.targets) = (encoder, features, targets)
  }

  private static func prepare(
    _ inputs: [Input], _ text: TextSettings, _ isStopped: () -> Bool
  ) throws(FitStopped) -> [String] {
    let preparation = TextPreparation(text)
    var prepared: [String] = []
    prepared.reserveCapacity(inputs.count)
    for (number, input) in inputs.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { throw FitStopped() }
      prepared.append(preparation.prepare(input.text))
    }
    return prepared
  }

  /// The rows of these numbers, by the same features.
  package func rows(_ numbers: [Int]) -> FeatureRows {
    FeatureRows(encoder: encoder, features: features.rows(numbers), targets: targets.rows(numbers))
  }
}
