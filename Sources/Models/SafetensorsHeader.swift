/// The JSON at the start of a safetensors file, read strictly.
///
/// The format allows only two levels (tensor → three fields), so the reader has no recursion that a hostile file could
/// drive deep, and takes no memory beyond the header's own size.
struct SafetensorsHeader {
  var metadata = [String: String]()
  /// In the order of the header.
  var entries = [Safetensors.Entry]()

  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) throws(CheckpointError) {
    self.bytes = bytes
    try members { (reader, key) throws(CheckpointError) in
      if key == "__metadata__" {
        try reader.members { (reader, key) throws(CheckpointError) in
          reader.metadata[key] = try reader.string()
        }
      } else {
        try reader.entry(named: key)
      }
    }
    skipSpace()
    guard at == bytes.count else { throw malformed("something after the closing brace") }
  }

  private mutating func entry(named name: String) throws(CheckpointError) {
    var kind: String?
    var shape: [Int]?
    var offsets: [Int]?
    try members { (reader, key) throws(CheckpointError) in
      switch key {
      case "dtype" where kind == nil: kind = try reader.string()
      case "shape" where shape == nil: shape = try reader.integers()
      case "data_offsets" where offsets == nil: offsets = try reader.integers()
      default: throw CheckpointError.malformed("tensor \(name): the key \(key) is unknown or stands twice")
      }
    }
    guard let kind, let shape, let offsets else {
      throw .malformed("tensor \(name): dtype, shape or data_offsets is missing")
    }
    guard let element = Safetensors.Element(rawValue: kind) else {
      throw .kind(tensor: name, got: kind, expected: "one of \(Safetensors.Element.allCases.map(\.rawValue))")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .malformed("tensor \(name): data_offsets \(offsets) are no range")
    }
    var size = element.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      if overflow { throw .malformed("tensor \(name): the shape \(shape) is too large") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw .malformed(
        "tensor \(name): \(kind) of the shape \(shape) takes \(size) bytes, its data_offsets \(offsets) "
          + "hold \(offsets[1] - offsets[0])")
    }
    entries.append(Safetensors.Entry(name: name, element: element, shape: shape, range: offsets[0]..<offsets[1]))
  }

  /// Reads `{ "key": value, … }`, calling `value` at each value.
  private mutating func members(
    _ value: (inout SafetensorsHeader, String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect(UInt8(ascii: "{"), "an object")
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      try expect(UInt8(ascii: ":"), "a colon after \(key)")
      try value(&self, key)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "a comma or a closing brace")
  }

  private mutating func integers() throws(CheckpointError) -> [Int] {
    try expect(UInt8(ascii: "["), "a list of integers")
    if take(UInt8(ascii: "]")) { return [] }
    var values = [Int]()
    repeat { values.append(try integer()) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "a comma or a closing bracket")
    return values
  }

  private mutating func integer() throws(CheckpointError) -> Int {
    skipSpace()
    let start = at
    var value = 0
    while at < bytes.count, case let digit = bytes[at] &- UInt8(ascii: "0"), digit < 10 {
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = tens.addingReportingOverflow(Int(digit))
      if tooLarge || overflow { throw malformed("a number too large") }
      value = sum
      at += 1
    }
    guard at > start else { throw malformed("something that is no whole number from 0") }
    return value
  }

  private mutating func string() throws(CheckpointError) -> String {
    try expect(UInt8(ascii: "\""), "a string")
    var text = [UInt8]()
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw malformed("invalid UTF-8") }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw malformed("a control character in a string")
      default: text.append(byte)
      }
    }
    throw malformed("a string without an end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(CheckpointError) {
    guard at < bytes.count else { throw malformed("a string without an end") }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if 0xD800..<0xDC00 ~= code, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
        bytes[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        let low = try codeUnit()
        guard 0xDC00..<0xE000 ~= low else { throw malformed("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw malformed("half a surrogate pair") }
      text += Array(String(scalar).utf8)
    default: throw malformed("an unknown escape in a string")
    }
  }

  private mutating func codeUnit() throws(CheckpointError) -> UInt32 {
    guard at + 4 <= bytes.count else { throw malformed("a string without an end") }
    var code: UInt32 = 0
    for byte in bytes[at..<at + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw malformed("an unknown escape") }
      code = code << 4 | UInt32(digit)
    }
    at += 4
    return code
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws(CheckpointError) {
    guard take(byte) else { throw malformed("no \(what)") }
  }

  private func malformed(_ what: String) -> CheckpointError {
    .malformed("the header has \(what) at byte \(at) of \(bytes.count)")
  }
}
