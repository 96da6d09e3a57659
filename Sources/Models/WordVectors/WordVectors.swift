import Foundation
import Text

/// Word vectors from a file: GloVe's text (a word and its numbers on each line), word2vec's (the same below a first line with
/// the number of words and the width) or its binary form, or a binary model of fastText.
///
/// A text is read piece by piece, and only the words that are wanted are kept: published files have millions.
public struct WordVectors: Sendable {
  /// What is wrong with a file, and on which line, from 1.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public var file: String
    public var line: Int?
    public var what: String
    public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(what)" }
  }

  /// Numbers of a vector.
  public let width: Int
  /// Words in the file, each as often as it stands there.
  public let count: Int
  /// Lines whose word stands further up already: the first counts.
  public let repetitions: Int
  /// Of the words that were wanted and are there; of a word that stands there twice the first.
  public let vectors: [String: [Float]]

  /// Longest line, in bytes: a file that is no text has no line end.
  private static let longestLine = 1 << 20
  /// In size; published vectors are below a hundred.
  static let largest: Float = 1e9

  init(width: Int, count: Int, repetitions: Int, vectors: [String: [Float]]) {
    (self.width, self.count, self.repetitions, self.vectors) = (width, count, repetitions, vectors)
  }

  /// - Parameters:
  ///   - path: the file.
  ///   - unseen: words that a model of fastText gives vectors to by their letters although it does not have them.
  ///   - isWanted: asked for each word, in its bytes.
  /// - Throws: `Failure` where the file cannot be read or is none of these, a line has another number of fields than the
  ///   others or a number that is none, or a first line or head does not say what follows.
  public init(contentsOf path: String, unseen: [String] = [], isWanted: (String) -> Bool) throws(Failure) {
    if FastTextFile.isOne(path) {
      self = try FastTextFile(path).vectors(unseen: unseen, isWanted: isWanted)
      return
    }
    var reader = try LineReader(path, longestLine: Self.longestLine)
    if let foreign = try reader.foreign() { throw Failure(file: path, line: nil, what: foreign) }
    var width: Int?, stated: Int?, count = 0, line = 0
    var vectors = [String: [Float]](), seen = Set<UInt64>()
    while let bytes = try reader.next() {
      line += 1
      func failure(_ what: String) -> Failure { Failure(file: path, line: line, what: what) }
      let fields = Self.fields(bytes)
      if line == 1, fields.count == 2, let words = Self.integer(fields[0]), let size = Self.integer(fields[1]) {
        guard 1...65_536 ~= size else { throw failure("got a width of \(size), expected from 1 to 65536") }
        (stated, width) = (words, size)
        continue
      }
      if fields.isEmpty { throw failure("got an empty line, expected a word and its numbers") }
      if line == 2, stated != nil, let width, Self.isBinary(bytes),
        fields.count <= width
          || fields.suffix(width).contains(where: { Float(String(decoding: $0, as: UTF8.self)) == nil })
      {
        self = try Word2VecFile(path).vectors(isWanted: isWanted)
        return
      }
      let size = width ?? fields.count - 1
      width = size
      if size > 0, fields.count == size, bytes.first == 0x20 || bytes.first == 0x09 {
        throw failure("got \(size) numbers and no word, expected a word and its numbers")
      }
      guard size > 0, fields.count > size else {
        throw failure("got \(max(0, fields.count - 1)) numbers, expected \(max(1, size))")
      }
      count += 1
      // Some published words have spaces in them: the numbers are the last fields.
      let end = fields[fields.count - size - 1].endIndex
      guard let word = String(validating: bytes[fields[0].startIndex..<end], as: UTF8.self) else {
        throw failure("got a word that is not UTF-8, expected UTF-8 text")
      }
      seen.insert(Self.digest(word))
      let isKept = isWanted(word) && vectors[word] == nil
      if !isKept, fields.suffix(size).allSatisfy(Self.isPlainNumber) { continue }
      var values = [Float]()
      for field in fields.suffix(size) {
        let text = String(decoding: field, as: UTF8.self)
        guard let value = Float(text), value.isFinite else {
          let what = text.contains(",") ? "a number with a decimal point" : "a number"
          throw failure("got `\(Anonymiser.excerpt(text))`, expected \(what)")
        }
        guard value.magnitude <= Self.largest else {
          throw failure("got \(value), expected numbers up to 1e9: sums of larger ones overflow")
        }
        values.append(value)
      }
      if isKept { vectors[word] = values }
    }
    guard let width, count > 0 else { throw Failure(file: path, line: nil, what: "got no word, expected word vectors") }
    // Whoever wrote the file may have counted the words, not the lines.
    if let stated, stated != count, stated != seen.count {
      throw Failure(file: path, line: 1, what: "got \(stated) words on the first line, the file has \(count)")
    }
    (self.width, self.count, self.vectors) = (width, count, vectors)
    repetitions = count - seen.count
  }

  /// Whether the first word's line is other than text: control characters, or bytes that are no UTF-8.
  private static func isBinary(_ line: ArraySlice<UInt8>) -> Bool {
    line.contains { $0 < 0x20 && $0 != 0x09 } || String(validating: line, as: UTF8.self) == nil
  }

  /// FNV-1a of 64 bits (Fowler, Noll, Vo): which words were seen takes eight bytes a word.
  private static func digest(_ word: String) -> UInt64 {
    word.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// What stands between spaces and tabs.
  private static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    line.split { $0 == 0x20 || $0 == 0x09 }
  }

  /// Whether it surely is a number: a sign, at most 30 digits and a point among them. Of what is not kept all else is
  /// read in full.
  private static func isPlainNumber(_ field: ArraySlice<UInt8>) -> Bool {
    var digits = 0, points = 0
    for (offset, byte) in field.enumerated() {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x2E: points += 1
      case 0x2B, 0x2D: if offset > 0 { return false }
      default: return false
      }
    }
    return 1...30 ~= digits && points <= 1
  }

  private static func integer(_ field: ArraySlice<UInt8>) -> Int? { Int(String(decoding: field, as: UTF8.self)) }
}
