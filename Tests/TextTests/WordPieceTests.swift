import Foundation
import TestSupport
import Testing

@testable import Text

@Suite("WordPiece")
struct WordPieceTests {
  struct Case: Decodable {
    var text: String
    var ids: [Int32]
    var tokens: [String]
  }
  struct TruncationCase: Decodable {
    var a: String
    var b: String
    var max_length: Int
    var single_ids: [Int32]
    var pair_ids: [Int32]
    var pair_type_ids: [Int32]
  }

  static func small() throws -> WordPiece {
    try WordPiece(contentsOfFile: Fixtures.golden.appendingPathComponent("vocab.txt").path)
  }

  /// The published checkpoint's tokenizer with the folder of its reference values; nil, with a word, where there is none.
  static func checkpoint() throws -> (wordPiece: WordPiece, golden: URL)? {
    guard let golden = Fixtures.checkpointGolden, let models = Fixtures.models else {
      print("WordPiece: the checkpoint's reference values are skipped: set BENCH_CHECKPOINT_GOLDEN and BENCH_MODELS")
      return nil
    }
    let vocabulary = models.appendingPathComponent("all-MiniLM-L6-v2/vocab.txt")
    return (try WordPiece(contentsOfFile: vocabulary.path), golden)
  }

  static func checkTexts(_ wordPiece: WordPiece, in folder: URL) throws {
    let file = folder.appendingPathComponent("wordpiece.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(!cases.isEmpty, "\(file.path) has no cases")
    for (index, item) in cases.enumerated() {
      let ids = wordPiece.encode(item.text)
      #expect(ids == item.ids, "\(file.path), case \(index): \(item.text.debugDescription)")
      #expect(wordPiece.tokens(of: ids) == item.tokens, "\(file.path), case \(index): tokens")
      let encoding = wordPiece.encoding(item.text)
      #expect(encoding.ids == item.ids, "\(file.path), case \(index): with offsets")
      #expect(encoding.offsets.count == item.ids.count, "\(file.path), case \(index): offsets")
    }
  }

  static func checkTruncation(_ wordPiece: WordPiece, in folder: URL) throws {
    let file = folder.appendingPathComponent("wordpiece-truncation.json")
    let cases = try JSONDecoder().decode([TruncationCase].self, from: Data(contentsOf: file))
    #expect(!cases.isEmpty, "\(file.path) has no cases")
    for (index, item) in cases.enumerated() {
      let single = wordPiece.encode(item.a, maximumLength: item.max_length)
      #expect(single == item.single_ids, "\(file.path), case \(index): single text")
      let pair = wordPiece.encoding(item.a, item.b, maximumLength: item.max_length)
      #expect(pair.ids == item.pair_ids, "\(file.path), case \(index): pair")
      #expect(pair.types == item.pair_type_ids, "\(file.path), case \(index): type ids")
      #expect(pair.offsets.count == pair.ids.count, "\(file.path), case \(index): offsets")
    }
  }

  @Test("encodes texts as the reference implementation does")
  func golden() throws { try Self.checkTexts(Self.small(), in: Fixtures.golden) }

  @Test("cuts texts and pairs as the reference implementation does")
  func goldenTruncation() throws { try Self.checkTruncation(Self.small(), in: Fixtures.golden) }

  @Test("agrees with the reference values of the published 30,522-piece vocabulary")
  func goldenCheckpoint() throws {
    guard let (wordPiece, golden) = try Self.checkpoint() else { return }
    try Self.checkTexts(wordPiece, in: golden)
    try Self.checkTruncation(wordPiece, in: golden)
  }
}
