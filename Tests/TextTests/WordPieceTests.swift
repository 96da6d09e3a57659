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

  @Test(
    "agrees with the reference values of the published 30,522-piece vocabulary",
    .enabled(if: Fixtures.checkpoint != nil, Fixtures.checkpointIsMissing))
  func goldenCheckpoint() throws {
    let published = try #require(Fixtures.checkpoint)
    let wordPiece = try WordPiece(contentsOfFile: published.model.appendingPathComponent("vocab.txt").path)
    try Self.checkTexts(wordPiece, in: published.golden)
    try Self.checkTruncation(wordPiece, in: published.golden)
  }

  private static let pieces =
    WordPiece.specialTokens + ["the", "cafe", "##s", "!", "i", "##i", "我", "a", "##b", "<email>"]

  @Test("says which bytes of the text each piece stands for")
  func offsets() throws {
    let wordPiece = try WordPiece(tokens: Self.pieces)
    let text = "THE cafe\u{301}s! Café\u{0}s我[SEP] zz <email>"
    let encoding = wordPiece.encoding(text)
    let bytes = Array(text.utf8)
    let sources = encoding.offsets.map { String(decoding: bytes[$0], as: UTF8.self).unicodeScalars.map { $0 } }
    let expected = ["", "THE", "cafe", "s", "!", "Café", "s", "我", "[SEP]", "zz", "<email>", ""]
    #expect(sources == expected.map { Array($0.unicodeScalars) })
    let tokens = [
      "[CLS]", "the", "cafe", "##s", "!", "cafe", "##s", "我", "[SEP]", "[UNK]", "<email>", "[SEP]",
    ]
    #expect(wordPiece.tokens(of: encoding.ids) == tokens)
  }

  @Test("gives offsets whose text folds to the piece, for every reference text")
  func offsetsFold() throws {
    let wordPiece = try Self.small()
    let file = Fixtures.golden.appendingPathComponent("wordpiece.json")
    for (index, item) in try JSONDecoder().decode([Case].self, from: Data(contentsOf: file)).enumerated() {
      let bytes = Array(item.text.utf8)
      var end = 0
      for (range, token) in zip(wordPiece.encoding(item.text).offsets, item.tokens) where !range.isEmpty {
        // Only where one character makes several pieces (Hangul) may they share their bytes.
        let isPlain = bytes[range].allSatisfy { $0 < 0x80 }
        if isPlain { #expect(range.lowerBound >= end, "\(file.path), case \(index): \(token) overlaps") }
        end = range.upperBound
        guard !WordPiece.specialTokens.contains(token) else { continue }
        var scanner = BertWordScanner(String(decoding: bytes[range], as: UTF8.self), folding: .uncased, specials: [])
        let found = scanner.next()
        let piece = Array(
          (token.hasPrefix("##") ? token.unicodeScalars.dropFirst(2) : token.unicodeScalars[...]).map(\.value))
        let source = String(decoding: scanner.word, as: UTF8.self).unicodeScalars.map(\.value)
        #expect(
          found && (isPlain ? source == piece : Self.holds(source, piece)), "\(file.path), case \(index): \(token)")
      }
    }
  }

  private static func holds(_ whole: [UInt32], _ part: [UInt32]) -> Bool {
    whole.indices.contains { whole[$0...].starts(with: part) }
  }

  @Test("reads a cased vocabulary with case and accents in place")
  func cased() throws {
    let wordPiece = try WordPiece(tokens: WordPiece.specialTokens + ["The", "the", "é", "e", "."], casing: .cased)
    let ids = wordPiece.encode("The the É é e\u{301}.")
    #expect(wordPiece.tokens(of: ids) == ["[CLS]", "The", "the", "[UNK]", "é", "[UNK]", ".", "[SEP]"])
  }

  @Test("splits the room for a pair as removing one piece at a time from the longer text does")
  func longestFirst() {
    for first in 1..<9 {
      for second in 1..<9 {
        for room in 0..<18 {
          let kept = WordPiece.longestFirst(first, second, room: room)
          #expect(kept.first + kept.second == min(room, first + second), "\(first), \(second), \(room)")
          #expect(kept.first <= first && kept.second <= second, "\(first), \(second), \(room)")
          if first + second > room {
            #expect(abs(kept.first - kept.second) <= 1 || min(kept.first, kept.second) == min(first, second))
          }
        }
      }
    }
  }

  @Test("takes any Unicode without a trap, and gives ids inside the vocabulary")
  func anyText() throws {
    let wordPiece = try Self.small()
    var random = RandomText(seed: 9)
    for _ in 0..<800 {
      let text = random.fragments(
        ["[CLS]", "[", "the", "\u{302E}", "\u{1D16D}", "≠", "각", "\u{0}"], count: random.below(20))
      let encoding = wordPiece.encoding(text)
      #expect(encoding.ids.allSatisfy { $0 >= 0 && $0 < wordPiece.count })
      #expect(encoding.offsets.allSatisfy { $0.upperBound <= text.utf8.count })
    }
  }

  @Test("folding a whole text before it is cut changes no id", arguments: [BertCasing.uncased, .cased])
  func foldedFirst(casing: BertCasing) throws {
    var trainer = WordPieceTrainer()
    (trainer.minimumFrequency, trainer.casing, trainer.maximumAlphabet) = (1, casing, 10_000)
    var random = RandomText(seed: 12)
    let texts = (0..<600).map { _ in
      random.fragments(
        ["가나", "각", "e\u{301}", "é", "\u{302E}", "\u{315}\u{300}", "\u{F900}", "\u{1D16D}", "≠", "\u{0}", "İ", "ẞ"],
        count: random.below(20))
    }
    let plain = try trainer.train(texts)
    // A token that no text has sends every text the long way.
    let long = try WordPiece(
      tokens: plain.tokens, casing: casing,
      added: plain.added + [
        AddedToken("no such word", id: Int32(plain.count), isControl: false, isNormalized: true, isSingleWord: true)
      ])
    for text in texts {
      let one = plain.encoding(text, controls: .escape), other = long.encoding(text, controls: .escape)
      #expect(one == other, "\(text.debugDescription)")
    }
  }

  @Test("says where a vocabulary is wrong")
  func errors() throws {
    #expect(throws: TextError.vocabulary(file: "vocabulary", line: 7, what: "the piece \"a\" stands there twice")) {
      try WordPiece(tokens: WordPiece.specialTokens + ["a", "a"])
    }
    #expect(throws: TextError.vocabulary(file: "vocabulary", line: 6, what: "an empty piece")) {
      try WordPiece(tokens: WordPiece.specialTokens + [""])
    }
    #expect(throws: TextError.vocabulary(file: "vocabulary", line: nil, what: "has no line [UNK]")) {
      try WordPiece(tokens: ["[PAD]", "[CLS]", "[SEP]"])
    }
    let missing = Fixtures.golden.appendingPathComponent("no-such-vocab.txt").path
    #expect(throws: TextError.vocabulary(file: missing, line: nil, what: "cannot be read")) {
      try WordPiece(contentsOfFile: missing)
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("bench-vocab-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("[PAD]\r\n[UNK]\n\u{FF}".utf8.dropLast(2) + [0xFF, 0x0A]).write(to: file)
    #expect(throws: TextError.vocabulary(file: file.path, line: 3, what: "is not valid UTF-8")) {
      try WordPiece(contentsOfFile: file.path)
    }
    try Data("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nx\r\n".utf8).write(to: file)
    #expect(try WordPiece(contentsOfFile: file.path).tokens == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "x"])
  }
}
