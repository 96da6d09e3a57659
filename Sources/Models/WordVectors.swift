import Foundation
import Text

/// Word vectors from a text file: GloVe's form (a word and its numbers on each line) or word2vec's (the same below a first
/// line with the number of words and the width).
///
/// The file is read piece by piece, and only the words that are wanted are kept: published files have millions.
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
  private static let largest: Float = 1e9

  /// - Parameters:
  ///   - path: the file.
  ///   - isWanted: asked for each word, in its bytes.
  /// - Throws: `Failure` where the file cannot be read or is no text, a line has another number of fields than the
  ///   others or a number that is none, or the first line of word2vec's form does not say what follows.
  public init(contentsOf path: String, isWanted: (String) -> Bool) throws(Failure) {
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
      if line == 2, let stated, let width, Self.isBinary(bytes),
        fields.count <= width
          || fields.suffix(width).contains(where: { Float(String(decoding: $0, as: UTF8.self)) == nil })
      {
        let converted = "gensim: load_word2vec_format(FILE, binary=True).save_word2vec_format(FILE)"
        throw failure("got word2vec's binary form (\(stated) words), expected its text form (\(converted))")
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

/// The lines of a file, one after another, without their ends.
private struct LineReader {
  private let path: String
  private let handle: FileHandle
  private let longestLine: Int
  private var buffer = [UInt8]()
  private var position = 0
  private var isAtEnd = false
  private var line = 0

  init(_ path: String, longestLine: Int) throws(WordVectors.Failure) {
    (self.path, self.longestLine) = (path, longestLine)
    do { handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) } catch {
      throw WordVectors.Failure(file: path, line: nil, what: "cannot be read")
    }
  }

  mutating func next() throws(WordVectors.Failure) -> ArraySlice<UInt8>? {
    line += 1
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        defer { position = end + 1 }
        return trimmed(position..<end)
      }
      searched = buffer.count
      if isAtEnd {
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return trimmed(position..<buffer.count)
      }
      guard buffer.count - position <= longestLine else {
        throw WordVectors.Failure(
          file: path, line: line, what: "got a line of more than \(longestLine) bytes, expected a word and its numbers")
      }
      searched -= position
      try fill()
    }
  }

  /// Reads the next piece; what was taken of the one before goes.
  private mutating func fill() throws(WordVectors.Failure) {
    let piece: Data?
    do { piece = try handle.read(upToCount: 1 << 20) } catch {
      throw WordVectors.Failure(file: path, line: nil, what: "cannot be read")
    }
    buffer.removeFirst(position)
    position = 0
    if let piece, !piece.isEmpty { buffer += piece } else { isAtEnd = true }
  }

  /// What stands at the file's beginning instead of text, and what to do; a byte order mark of UTF-8 is passed over.
  mutating func foreign() throws(WordVectors.Failure) -> String? {
    try fill()
    if let file = ForeignFile(head: buffer) { return "got \(file.name), expected text: \(file.remedy)" }
    if let encoding = Self.encoding(buffer.prefix(ForeignFile.headBytes)) {
      let (name, code) = encoding
      return "got \(name), expected UTF-8: convert it (iconv -f \(code) -t UTF-8 FILE)"
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if buffer.starts(with: mark + mark) { return "got two byte order marks, expected one or none" }
    if buffer.prefix(ForeignFile.headBytes).contains(0), !Self.isWord2vec(buffer) {
      let old = Self.isOldFastText(buffer) ? " (fastText's of before 2017, by its first numbers)" : ""
      return "got binary data\(old), expected text: a word and its numbers on each line"
    }
    if buffer.starts(with: mark) { position = 3 }
    return nil
  }

  /// Text in units of two or four bytes: by its mark, or because a unit's upper bytes are zero in nearly all.
  private static func encoding(_ head: ArraySlice<UInt8>) -> (name: String, code: String)? {
    if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return ("UTF-32", "UTF-32") }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return ("UTF-16", "UTF-16") }
    let units = head.count / 4
    guard units >= 2 else { return nil }
    // How often each of four bytes is zero.
    let zeros = (0..<4).map { place in (0..<units).count { head[head.startIndex + 4 * $0 + place] == 0 } }
    let most = units - units / 8
    switch zeros.map({ $0 >= most }) {
    case [false, true, true, true]: return ("UTF-32 without a byte order mark", "UTF-32LE")
    case [true, true, true, false]: return ("UTF-32 without a byte order mark", "UTF-32BE")
    case [false, true, false, true]: return ("UTF-16 without a byte order mark", "UTF-16LE")
    case [true, false, true, false]: return ("UTF-16 without a byte order mark", "UTF-16BE")
    default: return nil
    }
  }

  /// A first line of two whole numbers, as word2vec's binary form has it too: its own message names that form.
  private static func isWord2vec(_ head: [UInt8]) -> Bool {
    let numbers = head.prefix { $0 != 0x0A }.split(separator: 0x20)
    return numbers.count == 2 && numbers.allSatisfy { $0.allSatisfy { 0x30...0x39 ~= $0 } }
  }

  /// Settings as whole numbers of four bytes, all small: width, window, epochs, least count and so on.
  private static func isOldFastText(_ head: [UInt8]) -> Bool {
    guard head.count >= 40 else { return false }
    return (0..<5).allSatisfy { head[4 * $0 + 2] == 0 && head[4 * $0 + 3] == 0 } && head[0] | head[1] != 0
  }

  /// Without a carriage return at its end.
  private func trimmed(_ range: Range<Int>) -> ArraySlice<UInt8> {
    let line = buffer[range]
    return line.last == 0x0D ? line.dropLast() : line
  }
}
