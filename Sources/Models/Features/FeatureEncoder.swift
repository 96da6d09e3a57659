import Compute
import Tasks
import Text

/// From a row to its features, as plain values: weights of its text's n-grams, then its columns, then its text's vector.
/// What every model over features stores of its input.
public struct FeatureEncoder: Sendable, Equatable {
  /// How texts are prepared before they are cut into n-grams; its tokenizer and vocabulary settings are not used.
  public let text: TextSettings
  /// Of no n-grams where texts are not read.
  public let vectorizer: TFIDFVectorizer
  /// nil where columns are not read.
  public let columns: ColumnEncoder?
  /// nil where texts' vectors are not read.
  public let vectors: SentenceVectors?

  package init(
    text: TextSettings, vectorizer: TFIDFVectorizer, columns: ColumnEncoder? = nil, vectors: SentenceVectors? = nil
  ) {
    (self.text, self.vectorizer, self.columns, self.vectors) = (text, vectorizer, columns, vectors)
  }

  /// Features of a row.
  public var count: Int { vectorizer.count + (columns?.count ?? 0) + (vectors?.width ?? 0) }
  public var byteCount: Int { vectorizer.byteCount + (columns?.byteCount ?? 0) + (vectors?.byteCount ?? 0) }
  public var readsText: Bool { !vectorizer.blocks.isEmpty || vectors != nil }
  /// The columns that a row's cells must be; none where they are not read.
  public var declaredColumns: [InputColumn] { columns?.declared ?? [] }

  /// All features but those of vectors, which an encoder has to be run for: `[rows, features]`.
  package func features(_ inputs: [Input]) -> SparseRows {
    let weights = weights(inputs)
    return columns.map { weights.beside($0.features(inputs)) } ?? weights
  }

  /// The same, every n-gram a column of numbers, and the columns as they are.
  package func table(_ inputs: [Input]) -> TableColumns {
    TableColumns(
      TableColumns(weights(inputs)).columns + (columns?.table(inputs) ?? []), rows: inputs.count)
  }

  /// Of the n-grams.
  private func weights(_ inputs: [Input]) -> SparseRows {
    guard vectorizer.count > 0 else { return SparseRows(columns: 0, rows: inputs.count) }
    let preparation = TextPreparation(text)
    return vectorizer.transform(inputs.map { preparation.prepare($0.text) })
  }
}

/// What is stored of it.
extension FeatureEncoder {
  /// The small part; the tensors are the large one.
  package struct Outline: Sendable, Codable {
    struct Block: Sendable, Codable, Equatable {
      var unit: NGramScanner.Unit
      var range: NGramRange
    }
    var text: TextSettings
    var sublinear: Bool
    var blocks: [Block]
    var columns: ColumnEncoder?
    var vectors: SentenceVectors.Outline?
  }

  package var outline: Outline {
    Outline(
      text: text, sublinear: vectorizer.sublinear,
      blocks: vectorizer.blocks.map { Outline.Block(unit: $0.unit, range: $0.range) }, columns: columns,
      vectors: vectors?.outline)
  }

  /// For each unit (`word`, `character`) `UNIT.starts` I64 `[n-grams + 1]`, `UNIT.idf` F32 `[n-grams]` and
  /// `UNIT.grams` U8, the n-grams one after another, and those of `SentenceVectors`; with them those of the model,
  /// `inner`. Wider elements stand first, so
  /// that each tensor begins at a multiple of its own.
  package func tensors(with inner: [Safetensors.Tensor]) -> [Safetensors.Tensor] {
    let own = vectorizer.blocks.flatMap { block in
      let unit = block.unit.rawValue
      return [
        Safetensors.Tensor("\(unit).starts", [block.table.starts.count], .integers(block.table.starts)),
        Safetensors.Tensor("\(unit).idf", [block.count], .floats(block.idf)),
        Safetensors.Tensor("\(unit).grams", [block.table.bytes.count], .bytes(block.table.bytes)),
      ]
    }
    return [8, 4, 1].flatMap { size in (own + (vectors?.tensors ?? []) + inner).filter { $0.element.size == size } }
  }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  package init(outline: Outline, stored file: Safetensors) throws(CheckpointError) {
    var blocks = [NGramVocabulary]()
    for block in outline.blocks {
      let allowed = NGramRange.allowed
      guard allowed ~= block.range.low, allowed ~= block.range.high, block.range.low <= block.range.high else {
        throw .malformed("n-grams from \(block.range.low) to \(block.range.high)")
      }
      let name = block.unit.rawValue
      let table = try NGramTable(bytes: file.bytes("\(name).grams"), starts: file.integers("\(name).starts"))
      let idf = try file.floats("\(name).idf")
      guard idf.count == table.count else {
        throw .shape(tensor: "\(name).idf", got: [idf.count], expected: [table.count])
      }
      blocks.append(NGramVocabulary(unit: block.unit, range: block.range, table: table, idf: idf))
    }
    guard outline.columns?.isSound ?? true else { throw .malformed("a column's mean or deviation is no such number") }
    let vectors = try outline.vectors.map { outline throws(CheckpointError) in
      try SentenceVectors(outline: outline, stored: file)
    }
    self.init(
      text: outline.text, vectorizer: TFIDFVectorizer(blocks: blocks, sublinear: outline.sublinear),
      columns: outline.columns, vectors: vectors)
  }
}
