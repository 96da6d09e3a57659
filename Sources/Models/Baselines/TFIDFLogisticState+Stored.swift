import Text

extension TFIDFLogisticState {
  /// The small part of a stored state; the tensors are the large one.
  public struct Outline: Sendable, Codable, Equatable {
    struct Block: Sendable, Codable, Equatable {
      var unit: NGramScanner.Unit
      var range: NGramRange
    }
    var text: TextSettings
    var sublinear: Bool
    var blocks: [Block]
    var fit: Fit
  }

  public var outline: Outline {
    Outline(
      text: text, sublinear: vectorizer.sublinear,
      blocks: vectorizer.blocks.map { Outline.Block(unit: $0.unit, range: $0.range) }, fit: fit)
  }

  /// For each unit (`word`, `character`) `UNIT.starts` I64 `[n-grams + 1]`, `UNIT.idf` F32 `[n-grams]` and
  /// `UNIT.grams` U8, the n-grams one after another; `weights` F32 `[features, classes]` and `biases` F32 `[classes]`.
  public var tensors: [Safetensors.Tensor] {
    let blocks = vectorizer.blocks
    return blocks.map {
      Safetensors.Tensor("\($0.unit.rawValue).starts", [$0.table.starts.count], .integers($0.table.starts))
    } + blocks.map { Safetensors.Tensor("\($0.unit.rawValue).idf", [$0.count], .floats($0.idf)) } + [
      Safetensors.Tensor("weights", [vectorizer.count, classes], .floats(weights)),
      Safetensors.Tensor("biases", [classes], .floats(biases)),
    ]
      + blocks.map {
        Safetensors.Tensor("\($0.unit.rawValue).grams", [$0.table.bytes.count], .bytes($0.table.bytes))
      }
  }

  /// - Throws: `CheckpointError` where a tensor is missing, has another shape, or does not fit the others.
  public init(outline: Outline, classes: Int, stored file: Safetensors) throws(CheckpointError) {
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
    let vectorizer = TFIDFVectorizer(blocks: blocks, sublinear: outline.sublinear)
    for (name, expected) in [("weights", [vectorizer.count, classes]), ("biases", [classes])] {
      guard let shape = file[name]?.shape else { throw .missing(tensor: name) }
      guard shape == expected else { throw .shape(tensor: name, got: shape, expected: expected) }
    }
    self.init(
      text: outline.text, vectorizer: vectorizer, classes: classes, weights: try file.floats("weights"),
      biases: try file.floats("biases"), fit: outline.fit)
  }
}
