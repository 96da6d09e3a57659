import Models
import Text

/// Word vectors of a file, given to a network that begins with a table of them.
struct WordVectorMatch {
  /// Share of the vocabulary's words that the file has.
  var coverage: Double
  /// Lines of the file whose word stands further up already.
  var repetitions: Int

  /// Words that the file does not have keep their random vectors, scaled to the size of those that it has.
  init(loading path: String, into network: some Network, _ pipeline: TextPipeline) throws {
    let tokens = pipeline.vocabularyTokens, known = Set(tokens)
    let words = tokens.indices.filter { $0 != Int(pipeline.paddingID) && $0 != Int(pipeline.unknownID) }
    let found = try WordVectors(contentsOf: path, unseen: words.map { tokens[$0] }) { known.contains($0) }
    guard var table = network.snapshot().tensors.first(where: { $0.name == "embedding.weight" }),
      table.shape == [tokens.count, found.width]
    else {
      throw CheckpointError.malformed("\(path): got a width of \(found.width), expected that of `embedding`")
    }
    let rows = tokens.map { found.vectors[$0] }
    let values = rows.compactMap { $0 }.joined()
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    let scale = squares > 0 ? Float((squares / Double(values.count)).squareRoot()) : 1
    for (row, vector) in rows.enumerated() {
      for column in 0..<found.width {
        let place = row * found.width + column
        table.values[place] = vector?[column] ?? scale * table.values[place]
      }
    }
    try network.loadPretrained(WeightSnapshot([table]))
    coverage = words.isEmpty ? 0 : Double(words.count { rows[$0] != nil }) / Double(words.count)
    repetitions = found.repetitions
  }
}
