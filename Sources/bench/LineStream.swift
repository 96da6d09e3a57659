import Files
import Foundation

/// The lines of a file or of standard input as they arrive.
///
/// Lines end in LF or CRLF; the last one needs no end. A byte order mark at the beginning is left out.
struct LineStream {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// A line that is longer is refused, in bytes.
  static let longestLine = 1 << 24
  private static let piece = 1 << 16

  private let name: String
  private let descriptor: Int32
  private var bytes: [UInt8] = []
  /// Where the next line begins in `bytes`, and from where no line's end has been looked for.
  private var start = 0, unseen = 0
  /// Lines given so far.
  private var count = 0
  private var isAtEnd = false

  /// - Parameter path: `-` for standard input.
  init(path: String) throws(Failure) {
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure(description: "\(name): cannot be read: \(FileSystem.reason()); expected a file with a text a line")
    }
  }

  /// The next lines, at most `limit`: waits for the first of them, not for more. None at the end.
  mutating func next(_ limit: Int) throws(Failure) -> [String] {
    var lines: [String] = []
    while lines.count < limit {
      if let end = lineEnd() {
        guard let line = String(validating: bytes[content(before: end)], as: UTF8.self) else {
          // What stands before it comes first.
          if !lines.isEmpty { break }
          throw Failure(description: "\(name):\(count + 1): got bytes that are not UTF-8, expected UTF-8 text")
        }
        lines.append(line)
        count += 1
        start = min(end + 1, bytes.count)
        unseen = start
      } else if isAtEnd || !lines.isEmpty && !hasMore {
        break
      } else {
        try read()
      }
    }
    return lines
  }

  /// Where the next line's LF stands, or where the bytes end with it; nil where it has not arrived whole.
  private mutating func lineEnd() -> Int? {
    while unseen < bytes.count, bytes[unseen] != UInt8(ascii: "\n") { unseen += 1 }
    return unseen < bytes.count || isAtEnd && start < bytes.count ? unseen : nil
  }

  /// The next line without a CR at its end and, if it is the first, without a byte order mark.
  private func content(before end: Int) -> Range<Int> {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let first = count == 0 && bytes[start..<end].starts(with: mark) ? start + mark.count : start
    return first..<(end > first && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
  }

  /// Whether reading would not wait.
  private var hasMore: Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, 0) > 0
  }

  private mutating func read() throws(Failure) {
    bytes.removeFirst(start)
    (start, unseen) = (0, unseen - start)
    guard bytes.count <= Self.longestLine else {
      throw Failure(
        description: "\(name):\(count + 1): got a line of more than \(Self.longestLine) bytes, expected a text a line")
    }
    var piece = [UInt8](repeating: 0, count: Self.piece)
    let received = unsafe piece.withUnsafeMutableBytes { unsafe Foundation.read(descriptor, $0.baseAddress, $0.count) }
    if received < 0, errno == EINTR { return }
    guard received >= 0 else { throw Failure(description: "\(name): cannot be read: \(FileSystem.reason())") }
    isAtEnd = received == 0
    bytes += piece[..<received]
  }
}
