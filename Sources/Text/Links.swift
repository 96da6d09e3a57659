/// Where links stand: what starts with `http://`, `https://`, `ftp://` or `www.`, in any case.
enum Links {
  private static let schemes = ["http://", "https://", "ftp://", "www."].map { Array($0.utf8) }
  private static let closing = Set(".,;:!?)]}'*".utf8)

  /// The end of the link that starts at `position`; nil where none does. Punctuation that closes a sentence is not part.
  static func end(in bytes: [UInt8], at position: Int) -> Int? {
    switch bytes[position] | 0x20 {
    case UInt8(ascii: "h"), UInt8(ascii: "f"), UInt8(ascii: "w"): break
    default: return nil
    }
    if position > 0, ScalarClass.isASCIIAlphanumeric(bytes[position - 1]) { return nil }
    guard let scheme = schemes.first(where: { starts(bytes, at: position, with: $0) }) else { return nil }
    let body = position + scheme.count
    var end = body
    while end < bytes.count {
      let (value, length) = ScalarClass.decode(bytes, at: end)
      if value <= 0x20 || value == 0x22 || value == 0x3C || value == 0x3E { break }
      if value >= 0x80, Unicode.Scalar(value)!.properties.isWhitespace { break }
      end += length
    }
    while end > body, closing.contains(bytes[end - 1]) { end -= 1 }
    return end > body ? end : nil
  }

  private static func starts(_ bytes: [UInt8], at position: Int, with prefix: [UInt8]) -> Bool {
    guard position + prefix.count <= bytes.count else { return false }
    for index in prefix.indices {
      let byte = bytes[position + index]
      if (ScalarClass.isASCIILetter(byte) ? byte | 0x20 : byte) != prefix[index] { return false }
    }
    return true
  }
}
