import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct WordVectorsTests {
  private func withFile<T>(_ bytes: [UInt8], _ body: (String) throws -> T) throws -> T {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("vectors-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(bytes).write(to: url)
    return try body(url.path)
  }

  private func withFile<T>(_ text: String, _ body: (String) throws -> T) throws -> T {
    try withFile(Array(text.utf8), body)
  }

  @Test("GloVe's form and word2vec's are read, wanted words alone, the first of two; words may hold spaces")
  func forms() throws {
    let glove = "the 0.5 -1e-2 3\r\ncafé 1 2 3\n. . . 4 5 6\nthe 9 9 9\n123 7 8 9"
    let expected: [String: [Float]] = ["the": [0.5, -0.01, 3], ". . .": [4, 5, 6], "123": [7, 8, 9]]
    for text in [
      glove, glove + "\n", "5 3\n" + glove, "5 3 \n" + glove.replacingOccurrences(of: " 9 9", with: "\t9 9 "),
    ] {
      try withFile(text) { path in
        let read = try WordVectors(contentsOf: path) { $0 != "café" }
        #expect(read.width == 3 && read.count == 5 && read.vectors == expected, "\(text)")
      }
    }
    // Longer than a piece of the reader's.
    let lines = (0..<60_000).map { "word\($0) \($0).5 \(-$0) 0.125 1 2 3 4" }.joined(separator: "\n")
    try withFile(lines) { path in
      let read = try WordVectors(contentsOf: path) { ["word0", "word31234", "word59999", "none"].contains($0) }
      #expect(read.count == 60_000 && read.vectors.count == 3)
      #expect(read.vectors["word31234"] == [31234.5, -31234, 0.125, 1, 2, 3, 4])
    }
  }

  @Test(
    "a mistake names the file and the line",
    arguments: [
      ("a 1 2\nb 1\n", ":2: got 1 numbers, expected 2"), ("a 1 2\n\nb 1 2\n", ":2: got an empty line"),
      ("a 1 2\nb 1 x\n", ":2: got `x`, expected a number"), ("a 1 nan\n", ":1: got `nan`, expected a number"),
      ("a 1 1e99\n", ":1: got `1e99`, expected a number"), ("", ": got no word"), ("3 2\n", ": got no word"),
      ("a\n", ":1: got 0 numbers, expected 1"), ("3 2\na 1 2\n", ":1: got 3 words on the first line, the file has 1"),
      ("3 999999999999\na 1 2\n", ":1: got a width of 999999999999, expected from 1 to 65536"),
      ("3 0\na\n", ":1: got a width of 0"), (String(repeating: "a", count: 3_000_000), ":1: got a line of more than"),
    ])
  func mistakes(text: String, says: String) throws {
    try withFile(text) { path in
      let failure = #expect(throws: WordVectors.Failure.self) { try WordVectors(contentsOf: path) { _ in true } }
      #expect(failure?.description.hasPrefix(path + says) == true, "\(failure?.description ?? "")")
    }
  }

  /// Word vectors of width 2, as other programs write them, and the same in forms that are no text.
  private static let plain = "a 0.5 -1\nb 1 2\n"

  private static let spelt: [String] = [
    "\u{FEFF}" + plain, "\u{FEFF}2 2\n" + plain, "2 2\r\na 0.5 -1\r\nb 1 2\r\n", "2 2\na 0.5 -1 \nb 1 2 \n",
    "a\t0.5\t-1\nb\t1\t2\n", "a 5e-1 -1.\nb +1 0.2E1\n", "a .5 -1\nb 1 2",
    // The first of equal words counts, and either number of words may stand on the first line.
    plain + "a 7 7\n", "2 2\n" + plain + "a 7 7\n", "3 2\n" + plain + "a 7 7\n",
  ]

  @Test("the same vectors are read whatever marks, ends, blanks and numbers the file has", arguments: spelt)
  func spellings(text: String) throws {
    try withFile(text) { path in
      let read = try WordVectors(contentsOf: path) { _ in true }
      #expect(read.width == 2 && read.vectors == ["a": [0.5, -1], "b": [1, 2]])
      #expect(read.repetitions == (text.contains("a 7 7") ? 1 : 0))
    }
  }

  private static let foreign: [(bytes: [UInt8], says: String)] = [
    ([0x1F, 0x8B, 8, 0], ": got a gzip file, expected text: unpack it (gunzip FILE)"),
    (Array("PK\u{3}\u{4}glove.txt".utf8), ": got a zip archive, expected text: unpack it"),
    ([0xBA, 0x16, 0x4F, 0x2F, 12, 0, 0, 0], ": got the end of the file, expected fastText's settings"),
    ([0xBA, 0x16, 0x4F, 0x2F, 99, 0, 0, 0], ": got fastText's format 99, expected 11 or 12"),
    (
      [0x33, 0x37, 0x20, 0x32, 0x0A, 0x61, 0x20, 0xE9, 0x4E, 0x11, 0xBF, 0xCC, 0x02, 0x27, 0x0A],
      ": got 1 words in word2vec's binary form, expected the 37 of its first line"
    ),
    ([0xFF, 0xFE, 0x61, 0], ": got UTF-16, expected UTF-8: convert it"),
    ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], ": got UTF-32, expected UTF-8: convert it (iconv -f UTF-32 -t"),
    (wide(plain, 2, 0), ": got UTF-16 without a byte order mark, expected UTF-8: convert it (iconv -f UTF-16LE -t"),
    (wide(plain, 2, 1), ": got UTF-16 without a byte order mark, expected UTF-8: convert it (iconv -f UTF-16BE -t"),
    (wide(plain, 4, 0), ": got UTF-32 without a byte order mark, expected UTF-8: convert it (iconv -f UTF-32LE -t"),
    (wide(plain, 4, 3), ": got UTF-32 without a byte order mark, expected UTF-8: convert it (iconv -f UTF-32BE -t"),
    ([0x80, 4, 0x95, 0x0A], ": got a pickle of Python, expected text: load it in Python"),
    ([0x5D, 0, 0, 0x80, 0], ": got an LZMA file, expected text: unpack it (unlzma FILE)"),
    (
      [100, 5, 5, 5, 1, 5, 3, 0, 3, 6].flatMap { [$0, 0, 0, 0] } + Array("</s> a bb ccc dddd eeeee ffffff".utf8),
      ": got binary data (fastText's of before 2017, by its first numbers), expected text"
    ),
    (Array("a 1\nb".utf8) + [0x20, 0], ": got binary data, expected text"),
    // A word and a number of four bytes.
    (
      Array("2 1\na ".utf8) + [0x9A, 0x99, 0x99, 0x3E, 0x0A], ": got 1 words in word2vec's binary form, expected the 2"
    ),
    (Array("1 1\na ".utf8) + [0x9A, 0x99, 0x99, 0x3E, 0x0A, 1], ": got 1 bytes after the last of 1 words"),
    (Array("1 1\na ".utf8) + [0x00, 0x00, 0xC0, 0x7F, 0x0A], ": word 1 of 1: got nan, expected numbers up to 1e9"),
    ([0x61, 0x20, 0x31, 0x65, 0x2D, 0x33, 0x0A, 0xE9, 0x20, 0x31, 0x0A], ":2: got a word that is not UTF-8"),
    (Array("\u{FEFF}\u{FEFF}a 1\n".utf8), ": got two byte order marks, expected one or none"),
    (Array("a 1 2\nb 1 -3e38\n".utf8), ":2: got -3e+38, expected numbers up to 1e9"),
    ([0x61, 0x20, 0x31, 0x0A, 0xE9, 0x20, 0x31, 0x0A], ":2: got a word that is not UTF-8"),
    (Array("a -0,79983 0,2\n".utf8), ":1: got `-0,79983`, expected a number with a decimal point"),
    (Array("2 2\na 1 2\n  1 2\n".utf8), ":3: got 2 numbers and no word"),
    (Array("2 2\na 1 2\n\t 1 2\n".utf8), ":3: got 2 numbers and no word"),
    (Array("a 1 2\nb nan nan\n".utf8), ":2: got `nan`, expected a number"),
    (Array("a 1 2\nb 1 -inf\n".utf8), ":2: got `-inf`, expected a number"),
    (Array("44 2\na 1 2\nb 1 2\n".utf8), ":1: got 44 words on the first line, the file has 2"),
  ]

  /// ASCII in units of so many bytes, the letter's own at `place`.
  private static func wide(_ text: String, _ width: Int, _ place: Int) -> [UInt8] {
    text.utf8.flatMap { letter in (0..<width).map { $0 == place ? letter : 0 } }
  }

  @Test("what is no text is refused by name, with what to do", arguments: foreign)
  func refused(bytes: [UInt8], says: String) throws {
    try withFile(bytes) { path in
      let failure = #expect(throws: WordVectors.Failure.self) { try WordVectors(contentsOf: path) { _ in true } }
      #expect(failure?.description.hasPrefix(path + says) == true, "\(failure?.description ?? "")")
    }
  }

  @Test("word2vec's binary form is read, with and without line ends after the words", arguments: [true, false])
  func word2vec(hasEnds: Bool) throws {
    var bytes = Array("3 2\n".utf8)
    for (word, values) in [("the", [0.5, -1] as [Float]), ("café", [2, 3]), ("the", [9, 9])] {
      bytes +=
        Array("\(word) ".utf8)
        + values.flatMap { value in
          withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        }
      if hasEnds { bytes.append(0x0A) }
    }
    try withFile(bytes) { path in
      let read = try WordVectors(contentsOf: path) { $0 != "café" }
      #expect(read.width == 2 && read.count == 3 && read.repetitions == 1 && read.vectors == ["the": [0.5, -1]])
    }
  }

  @Test(
    "a binary model of fastText gives its words' vectors, and by their letters those of words that it does not have")
  func fastText() throws {
    struct Reference: Decodable { var vectors: [String: [Float]] }
    let folder = Fixtures.root.appendingPathComponent("networks")
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: folder.appendingPathComponent("fasttext.json")))
    let file = folder.appendingPathComponent("fasttext.bin")
    let read = try WordVectors(contentsOf: file.path, unseen: Array(reference.vectors.keys)) {
      $0 != "my" && reference.vectors[$0] != nil
    }
    #expect(read.width == 3 && read.vectors.count == 4 && read.vectors["my"] == nil)
    for (word, expected) in reference.vectors where word != "my" {
      expectClose(read.vectors[word] ?? [], expected.map(Double.init), absolute: 1e-6, word)
    }
    // Every file that ends before its last word vector is an error, and none a crash: behind them stand those of the
    // outputs, which nobody asks for.
    let bytes = Array(try Data(contentsOf: file)), outputs = 1 + 16 + 4 * 3 * 8
    for length in stride(from: 0, to: bytes.count - outputs, by: 13) {
      _ = try withFile(Array(bytes.prefix(length))) { path in
        #expect(throws: WordVectors.Failure.self, "\(length)") { try WordVectors(contentsOf: path) { _ in true } }
      }
    }
  }

  @Test("a word of several parts that is no ASCII does not make a text binary")
  func accents() throws {
    try withFile("1 2\nNew caf\u{E9} 1 2\n") { path in
      let read = try WordVectors(contentsOf: path) { _ in true }
      #expect(read.vectors["New caf\u{E9}"] == [1, 2])
    }
  }

  @Test("bytes that are no text, and a file that is not there, are errors")
  func unreadable() throws {
    try withFile([0x61, 0x20, 0x31, 0x0A, 0xFF, 0x20, 0x31]) { path in
      let failure = #expect(throws: WordVectors.Failure.self) { try WordVectors(contentsOf: path) { _ in true } }
      #expect(failure?.line == 2 && failure?.what.contains("not UTF-8") == true)
    }
    #expect(throws: WordVectors.Failure.self) { try WordVectors(contentsOf: "no/such/file") { _ in true } }
    #expect(throws: WordVectors.Failure.self) { try WordVectors(contentsOf: "/") { _ in true } }
  }
}
