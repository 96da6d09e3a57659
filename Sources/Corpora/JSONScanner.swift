/// A small JSON reader over bytes (RFC 8259) that keeps what a corpus needs: strings, numbers as written, and places.
struct JSONScanner {
  enum Value: Equatable {
    case string(String)
    /// The digits as they stand in the file.
    case number(String)
    case bool(Bool)
    case null
    /// An array, with its elements as `text` has them where all of them have such.
    case array([String]?)
    /// An object, read over.
    case object

    /// As a column's value: nil for `null`; nil with `isScalar` false for arrays and objects.
    var text: String? {
      switch self {
      case .string(let text), .number(let text): text
      case .bool(let value): value ? "true" : "false"
      case .null, .array, .object: nil
      }
    }
    var isScalar: Bool {
      switch self {
      case .array, .object: false
      default: true
      }
    }
  }

  struct Failure: Error, Equatable {
    var position: Int
    var found: String
    var expected: String
  }

  /// Deeper nesting than this is refused.
  static let maximumDepth = 64

  let bytes: [UInt8]
  var position: Int
  let end: Int

  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func skipSpace() {
    while position < end, Byte.isSpace(bytes[position]) { position += 1 }
  }

  var isAtEnd: Bool { position >= end }

  func failure(_ expected: String) -> Failure {
    guard position < end else { return Failure(position: position, found: "the end", expected: expected) }
    // A character of a text is somebody's; those of the grammar are not.
    let byte = bytes[position], grammar = Array("{}[]:,\"\\".utf8)
    let found = grammar.contains(byte) ? "`\(Character(Unicode.Scalar(byte)))`" : "another character"
    return Failure(position: position, found: found, expected: expected)
  }

  /// Consumes `byte` after white space, if it is there.
  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: UInt8, _ what: String) throws(Failure) {
    guard take(byte) else { throw failure(what) }
  }

  /// An object's keys and values in order; nested arrays and objects are checked and read over.
  mutating func object() throws(Failure) -> [(key: String, value: Value)] {
    try expect(UInt8(ascii: "{"), "`{`")
    var members: [(key: String, value: Value)] = []
    if take(UInt8(ascii: "}")) { return members }
    while true {
      skipSpace()
      let key = try string("a key in quotes")
      try expect(Byte.colon, "`:`")
      members.append((key, try value(depth: 1)))
      if take(UInt8(ascii: "}")) { return members }
      try expect(Byte.comma, "`,` or `}`")
    }
  }

  mutating func value(depth: Int = 0) throws(Failure) -> Value {
    skipSpace()
    guard position < end else { throw failure("a value") }
    switch bytes[position] {
    case Byte.quote: return .string(try string("a string"))
    case UInt8(ascii: "{"):
      guard depth < Self.maximumDepth else { throw failure("nesting of at most \(Self.maximumDepth)") }
      position += 1
      if take(UInt8(ascii: "}")) { return .object }
      while true {
        skipSpace()
        _ = try string("a key in quotes")
        try expect(Byte.colon, "`:`")
        _ = try value(depth: depth + 1)
        if take(UInt8(ascii: "}")) { return .object }
        try expect(Byte.comma, "`,` or `}`")
      }
    case UInt8(ascii: "["):
      guard depth < Self.maximumDepth else { throw failure("nesting of at most \(Self.maximumDepth)") }
      position += 1
      if take(UInt8(ascii: "]")) { return .array([]) }
      var texts: [String]? = []
      while true {
        if let text = try value(depth: depth + 1).text { texts?.append(text) } else { texts = nil }
        if take(UInt8(ascii: "]")) { return .array(texts) }
        try expect(Byte.comma, "`,` or `]`")
      }
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func word(_ word: String, _ value: Value) throws(Failure) -> Value {
    for byte in word.utf8 {
      guard position < end, bytes[position] == byte else { throw failure("`\(word)`") }
      position += 1
    }
    return value
  }

  private mutating func number() throws(Failure) -> String {
    let start = position
    if position < end, bytes[position] == UInt8(ascii: "-") { position += 1 }
    let integerStart = position
    try digits()
    if bytes[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 {
      position = integerStart
      throw failure("a number without leading zeros")
    }
    if position < end, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < end, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(Failure) {
    let start = position
    while position < end, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") { position += 1 }
    if position == start { throw failure("a value") }
  }

  /// A string in quotes, with its escapes resolved.
  mutating func string(_ what: String) throws(Failure) -> String {
    guard position < end, bytes[position] == Byte.quote else { throw failure(what) }
    let open = position
    position += 1
    let start = position
    while position < end, bytes[position] != Byte.quote, bytes[position] != Byte.backslash, bytes[position] >= 0x20 {
      position += 1
    }
    var content: [UInt8]?
    if position < end, bytes[position] == Byte.backslash {
      var unescaped = Array(bytes[start..<position])
      while position < end, bytes[position] != Byte.quote, bytes[position] >= 0x20 {
        if bytes[position] == Byte.backslash {
          try escape(into: &unescaped)
        } else {
          unescaped.append(bytes[position])
          position += 1
        }
      }
      content = unescaped
    }
    guard position < end else { throw failure("a closing quote") }
    guard bytes[position] == Byte.quote else { throw failure("no control character inside a string") }
    let text =
      if let content { String(validating: content, as: UTF8.self) } else {
        String(validating: bytes[start..<position], as: UTF8.self)
      }
    guard let text else { throw Failure(position: open, found: "a string that is not UTF-8", expected: "UTF-8") }
    position += 1
    return text
  }

  private mutating func escape(into content: inout [UInt8]) throws(Failure) {
    position += 1
    guard position < end else { throw failure("an escape") }
    let byte = bytes[position]
    switch byte {
    case Byte.quote, Byte.backslash, UInt8(ascii: "/"): content.append(byte)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(Byte.lineFeed)
    case UInt8(ascii: "r"): content.append(Byte.carriageReturn)
    case UInt8(ascii: "t"): content.append(Byte.tab)
    case UInt8(ascii: "u"):
      position += 1
      content.append(contentsOf: String(try codePoint()).utf8)
      return
    default: throw failure("an escape")
    }
    position += 1
  }

  /// The scalar of `\uXXXX`, with a second half where the first is a surrogate; lone halves become U+FFFD.
  private mutating func codePoint() throws(Failure) -> Character {
    let first = try hexadecimal()
    if first >= 0xD800, first < 0xDC00, position + 1 < end, bytes[position] == Byte.backslash,
      bytes[position + 1] == UInt8(ascii: "u")
    {
      let before = position
      position += 2
      let second = try hexadecimal()
      if second >= 0xDC00, second < 0xE000,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return Character(scalar)
      }
      position = before
    }
    return Character(Unicode.Scalar(first) ?? "\u{FFFD}")
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < end, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw failure("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
