import Compute
import Corpora
import Foundation
import Models
import Text

/// What the rows work on: texts in batches of 32, their tokenizer, and the encoder's shape.
public struct SpeedTexts: Sendable {
  public let encoder: TransformerConfiguration
  /// Rows of the encoder's word embeddings.
  public let vocabulary: Int
  let tokenizer: WordPiece
  /// The texts in their order, 32 a batch.
  let batches: [[String]]
  /// Token ids of each batch.
  let ids: [[[Int32]]]
  /// Mean tokens of a batch.
  let tokens: Int

  /// Batches that are made: a round takes the next.
  private static let batchCount = 40

  /// - Parameters:
  ///   - checkpoint: a Hugging Face BERT folder, of which config.json and vocab.txt are read. Without it the encoder has
  ///     MiniLM-L6's shape and its tokenizer is trained on the texts.
  ///   - file: a CSV or TSV file with a column `text`, or a text a line. Without it the built-in corpus.
  /// - Throws: `CheckpointError`, `TextError` or `CorpusError`.
  public init(checkpoint: String?, file: String?) throws {
    let wanted = Self.batchCount * SpeedRow.batch
    var texts: [String]
    if let file {
      texts = try TextFile.texts(file, limit: wanted)
    } else {
      var settings = GeneratorSettings()
      settings.rows = wanted
      texts = MessageGenerator.generate(settings).map(\.text)
    }
    texts = (0..<wanted).map { texts[$0 % texts.count] }
    if let checkpoint {
      let folder = URL(fileURLWithPath: checkpoint)
      (encoder, vocabulary) = try TransformerConfiguration.huggingFace(folder.appendingPathComponent("config.json"))
      guard encoder.maximumPositions >= SpeedRow.longest else {
        throw CheckpointError.unsupported(
          "\(checkpoint)/config.json: max_position_embeddings: got \(encoder.maximumPositions), expected at least the \(SpeedRow.longest) tokens of the longest text that is measured"
        )
      }
      tokenizer = try WordPiece(contentsOfFile: folder.appendingPathComponent("vocab.txt").path)
    } else {
      var sizes = TransformerConfiguration()
      (sizes.layers, sizes.hidden, sizes.heads, sizes.intermediate) = (6, 384, 12, 1536)
      (encoder, vocabulary) = (sizes, 30_522)
      tokenizer = try WordPieceTrainer().train(texts)
    }
    let cut = texts.indices.filter { $0 % SpeedRow.batch == 0 }.map { Array(texts[$0..<$0 + SpeedRow.batch]) }
    let tokenizer = tokenizer
    let ids = cut.map { $0.map { tokenizer.encode($0, maximumLength: SpeedRow.longest) } }
    (batches, self.ids) = (cut, ids)
    tokens = ids.joined().reduce(0) { $0 + $1.count } / cut.count
  }

  /// Token ids, within a vocabulary of so many.
  func encode(_ texts: [String], vocabulary: Int) -> [[Int32]] {
    texts.map { tokenizer.encode($0, maximumLength: SpeedRow.longest).map { $0 % Int32(vocabulary) } }
  }

  /// The batches of a row, their ids within its vocabulary.
  func batches(of row: SpeedRow) -> [[[Int32]]] {
    let vocabulary = Int32(row.vocabulary)
    switch row.input {
    case .texts: return ids.map { $0.map { $0.map { $0 % vocabulary } } }
    case .tokens(let length, let sequences):
      var random = Random(seed: 0, stream: "tokens")
      let low = min(1_000, row.vocabulary / 2), high = min(20_000, row.vocabulary)
      return [(0..<sequences).map { _ in (0..<length).map { _ in Int32(low + random.below(high - low)) } }]
    }
  }

  /// Tokens of a row's batch, on average.
  func tokens(of row: SpeedRow) -> Int {
    let copies = row.work == .attribute ? SpeedRow.points : 1
    if case .tokens(let length, let sequences) = row.input { return copies * length * sequences }
    return copies * tokens
  }
}
