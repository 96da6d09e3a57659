import Foundation

/// The numbers and words of a binary file of word vectors, one after another, little-endian.
struct BinaryReader {
  let path: String
  private let data: Data
  private var position: Int

  init(_ path: String) throws(WordVectors.Failure) {
    do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
      throw WordVectors.Failure(file: path, line: nil, what: "cannot be read")
    }
    (self.path, position) = (path, data.startIndex)
  }

  /// Bytes that are left.
  var remaining: Int { data.endIndex - position }
  /// The next byte, where there is one.
  var next: UInt8? { remaining > 0 ? data[position] : nil }

  func failure(_ what: String) -> WordVectors.Failure { WordVectors.Failure(file: path, line: nil, what: what) }

  mutating func skip(_ count: Int) { position += min(count, remaining) }

  /// - Parameter name: what it is, for the error where the file ends before.
  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type, _ name: String) throws(WordVectors.Failure)
    -> Number
  {
    let size = MemoryLayout<Number>.size
    guard remaining >= size else { throw failure("got the end of the file, expected \(name)") }
    var value: Number = 0
    for byte in data[position..<position + size].reversed() { value = value << 8 | Number(truncatingIfNeeded: byte) }
    position += size
    return value
  }

  /// Finite numbers of at most 1e9.
  mutating func floats(_ count: Int, _ name: String) throws(WordVectors.Failure) -> [Float] {
    guard remaining >= 4 * count else { throw failure("got the end of the file, expected \(name)") }
    let bytes = [UInt8](data[position..<position + 4 * count])
    let values = (0..<count).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[4 * place + $1]) << UInt32(8 * $1) })
    }
    guard let wrong = values.first(where: { !$0.isFinite || $0.magnitude > WordVectors.largest }) else {
      position += 4 * count
      return values
    }
    throw failure("\(name): got \(wrong), expected numbers up to 1e9")
  }

  /// The bytes up to an end mark, which is passed over; nil where there is none in the first `limit`.
  mutating func bytes(upTo end: UInt8, limit: Int) -> Data? {
    guard let place = data[position...].prefix(limit).firstIndex(of: end) else { return nil }
    defer { position = place + 1 }
    return data[position..<place]
  }

  /// A word that ends with `end`.
  mutating func word(upTo end: UInt8, _ name: String) throws(WordVectors.Failure) -> String {
    guard let bytes = bytes(upTo: end, limit: 1 << 16) else { throw failure("\(name): got no end of a word") }
    guard let word = String(validating: bytes, as: UTF8.self) else {
      throw failure("\(name): got a word that is not UTF-8, expected UTF-8 text")
    }
    return word
  }
}
