/// The fields of a message of Protocol Buffers, one after another (the wire format's encoding guide).
struct ProtobufReader {
  enum Value {
    case integer(UInt64)
    case float(Float)
    case bytes(Range<Int>)
    /// Of eight bytes; no field that is read here has it.
    case other
  }

  /// Where the bytes are no message.
  struct Mistake: Error { var offset: Int }

  private let bytes: [UInt8]
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    (self.bytes, position, end) = (bytes, range.lowerBound, range.upperBound)
  }

  /// The next field: its number and its value; nil at the end.
  mutating func next() throws(Mistake) -> (field: UInt64, value: Value)? {
    if position == end { return nil }
    let start = position, key = try integer()
    switch key & 7 {
    case 0: return (key >> 3, .integer(try integer()))
    case 1:
      _ = try take(8)
      return (key >> 3, .other)
    case 2:
      let length = try integer()
      guard length <= UInt64(end - position) else { throw Mistake(offset: start) }
      return (key >> 3, .bytes(try take(Int(length))))
    case 5:
      let range = try take(4)
      let pattern = range.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[$1]) }
      return (key >> 3, .float(Float(bitPattern: pattern)))
    default: throw Mistake(offset: start)
    }
  }

  private mutating func take(_ count: Int) throws(Mistake) -> Range<Int> {
    guard count <= end - position else { throw Mistake(offset: position) }
    position += count
    return position - count..<position
  }

  private mutating func integer() throws(Mistake) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { break }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Mistake(offset: start)
  }
}
