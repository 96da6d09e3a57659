import Foundation
import Text

/// The lines of a file, one after another, without their ends.
struct LineReader {
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
