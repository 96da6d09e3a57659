import Compute
import Text

/// From a text to weights of n-grams, as plain values: what every model over n-grams stores of its input.
public struct NGramEncoder: Sendable, Equatable {
  /// How texts are prepared before they are cut into n-grams; its tokenizer and vocabulary settings are not used.
  public let text: TextSettings
  public let vectorizer: TFIDFVectorizer

  package init(text: TextSettings, vectorizer: TFIDFVectorizer) { (self.text, self.vectorizer) = (text, vectorizer) }

  /// A row of weights for each text.
  package func features(_ texts: [String]) -> SparseRows {
    let preparation = TextPreparation(text)
    return vectorizer.transform(texts.map { preparation.prepare($0) })
  }
}

/// What is stored of it.
extension NGramEncoder {
  /// The small part; the tensors are the large one.
  package struct Outline: Sendable, Codable, Equatable {
    struct Block: Sendable, Codable, Equatable {
      var unit: NGramScanner.Unit
      var range: NGramRange
    }
    var text: TextSettings
    var sublinear: Bool
    var blocks: [Block]
  }

  package var outline: Outline {
    Outline(
      text: text, sublinear: vectorizer.sublinear,
      blocks: vectorizer.blocks.map { Outline.Block(unit: $0.unit, range: $0.range) })
  }

  /// For each unit (`word`, `character`) `UNIT.starts` I64 `[n-grams + 1]`, `UNIT.idf` F32 `[n-grams]` and
  /// `UNIT.grams` U8, the n-grams one after another; with them those of the model, `inner`. Wider elements stand first, so
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
    return [8, 4, 1].flatMap { size in (own + inner).filter { $0.element.size == size } }
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
    self.init(text: outline.text, vectorizer: TFIDFVectorizer(blocks: blocks, sublinear: outline.sublinear))
  }
}
