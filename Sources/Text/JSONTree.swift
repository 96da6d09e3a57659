/// A JSON document as it stands in a file (RFC 8259): entries in their order, keys to the letter, every value with its
/// place.
///
/// Foundation's decoders make dictionaries of objects, in which two spellings of an accented letter are one key; the
/// vocabulary of a byte-level tokenizer has both.
struct JSONTree {
  enum Value {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([Entry])
  }
  struct Entry {
    var key: String
    var value: JSONTree
  }

  var value: Value
  /// The byte at which the value begins.
  var offset: Int
}

/// Reads a document from its bytes.
struct JSONParser {
  /// What is wrong, and at which byte.
  struct Mistake: Error {
    var offset: Int
    var what: String
  }

  /// Deeper documents are refused: the parser calls itself once a level.
  private static let deepest = 100

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Throws: `Mistake` where the bytes are no JSON document in UTF-8.
  static func parse(_ bytes: [UInt8]) throws(Mistake) -> JSONTree {
    var parser = JSONParser(bytes)
    let tree = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.position < bytes.count { throw parser.mistake("expected the end of the file") }
    return tree
  }

  private func mistake(_ what: String, at offset: Int? = nil) -> Mistake {
    Mistake(offset: offset ?? position, what: what)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func value(depth: Int) throws(Mistake) -> JSONTree {
    skipSpace()
    let start = position
    guard position < bytes.count else { throw mistake("the file ends where a value is expected") }
    if depth > Self.deepest { throw mistake("more than \(Self.deepest) levels of lists and objects") }
    let value: JSONTree.Value
    switch bytes[position] {
    case UInt8(ascii: "{"): value = .object(try entries(depth: depth))
    case UInt8(ascii: "["): value = .list(try items(depth: depth))
    case UInt8(ascii: "\""): value = .text(try text())
    case UInt8(ascii: "t"):
      try word("true")
      value = .flag(true)
    case UInt8(ascii: "f"):
      try word("false")
      value = .flag(false)
    case UInt8(ascii: "n"):
      try word("null")
      value = .null
    default: value = .number(try number())
    }
    return JSONTree(value: value, offset: start)
  }

  private mutating func word(_ word: String) throws(Mistake) {
    guard bytes[position...].starts(with: word.utf8) else { throw mistake("expected a value") }
    position += word.utf8.count
  }

  /// Takes the byte where it stands next, white space passed over.
  private mutating func take(_ byte: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func entries(depth: Int) throws(Mistake) -> [JSONTree.Entry] {
    position += 1
    var entries = [JSONTree.Entry]()
    if take("}") { return entries }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw mistake("expected a key") }
      let key = try text()
      guard take(":") else { throw mistake("expected a colon") }
      entries.append(JSONTree.Entry(key: key, value: try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw mistake("expected a comma or }") }
    return entries
  }

  private mutating func items(depth: Int) throws(Mistake) -> [JSONTree] {
    position += 1
    var items = [JSONTree]()
    if take("]") { return items }
    repeat { items.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw mistake("expected a comma or ]") }
    return items
  }

  /// Powers of ten, each the nearest double.
  private static let powers = (0...308).map { Double("1e\($0)") ?? .infinity }

  /// As serde_json reads it, which the `tokenizers` package does: the first nineteen digits or so as an integer, times or
  /// by a power of ten. That is up to one unit in the last place from the nearest double; where two ways to cut a word have
  /// the same scores in another order, such units decide between them.
  private mutating func number() throws(Mistake) -> Double {
    let start = position
    let isNegative = takeByte(UInt8(ascii: "-"))
    let first = position
    var significand: UInt64 = 0, exponent = 0, isFull = false
    func digits(_ parser: inout JSONParser, isFraction: Bool) -> Int {
      let start = parser.position
      while parser.position < parser.bytes.count, ScalarClass.isASCIIDigit(parser.bytes[parser.position]) {
        let digit = UInt64(parser.bytes[parser.position] - 0x30)
        let (times, overflows) = significand.multipliedReportingOverflow(by: 10)
        let (sum, overflowsToo) = times.addingReportingOverflow(digit)
        isFull = isFull || overflows || overflowsToo
        if !isFull { significand = sum }
        if isFull != isFraction { exponent += isFull ? 1 : -1 }
        parser.position += 1
      }
      return parser.position - start
    }
    let whole = digits(&self, isFraction: false)
    var isNumber = whole > 0 && (whole == 1 || bytes[first] != 0x30)
    if isNumber, takeByte(UInt8(ascii: ".")) { isNumber = digits(&self, isFraction: true) > 0 }
    if isNumber, takeByte(UInt8(ascii: "e")) || takeByte(UInt8(ascii: "E")) {
      let isSmall = takeByte(UInt8(ascii: "-"))
      if !isSmall { _ = takeByte(UInt8(ascii: "+")) }
      let place = position
      var power = 0
      while position < bytes.count, ScalarClass.isASCIIDigit(bytes[position]) {
        power = min(power * 10 + Int(bytes[position] - 0x30), 100_000)
        position += 1
      }
      isNumber = position > place
      exponent += isSmall ? -power : power
    }
    var number = Double(significand)
    while exponent < -308, number != 0 {
      number /= Self.powers[308]
      exponent += 308
    }
    if exponent < 0, number != 0 { number /= Self.powers[-exponent] }
    if exponent > 0, number != 0 { number *= exponent > 308 ? .infinity : Self.powers[exponent] }
    guard isNumber, number.isFinite else {
      throw mistake(position == start ? "expected a value" : "is no number", at: start)
    }
    return isNegative ? -number : number
  }

  private mutating func takeByte(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func text() throws(Mistake) -> String {
    let start = position
    position += 1
    var plain = position, decoded = [UInt8]()
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        decoded += bytes[plain..<position]
        position += 1
        guard let text = String(validating: decoded, as: UTF8.self) else {
          throw mistake("is not valid UTF-8", at: start)
        }
        return text
      case UInt8(ascii: "\\"):
        decoded += bytes[plain..<position]
        ScalarClass.append(try escape(), to: &decoded)
        plain = position
      case 0..<0x20: throw mistake("a control character inside a text")
      default: position += 1
      }
    }
    throw mistake("a text without its end", at: start)
  }

  private mutating func escape() throws(Mistake) -> UInt32 {
    let start = position
    position += 2
    guard position <= bytes.count else { throw mistake("a text without its end", at: start) }
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return 0x22
    case UInt8(ascii: "\\"): return 0x5C
    case UInt8(ascii: "/"): return 0x2F
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"): break
    default: throw mistake("an unknown escape", at: start)
    }
    guard let unit = hexadecimal() else { throw mistake("an unknown escape", at: start) }
    guard 0xD800..<0xE000 ~= unit else { return unit }
    // Two halves are one scalar; half of one is none.
    if unit < 0xDC00, bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      if let low = hexadecimal(), 0xDC00..<0xE000 ~= low { return 0x10000 + (unit - 0xD800) << 10 + low - 0xDC00 }
    }
    throw mistake("half of a surrogate pair", at: start)
  }

  private mutating func hexadecimal() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
