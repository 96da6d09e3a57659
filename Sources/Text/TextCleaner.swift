/// Removes what a scraper or a form left in a message: HTML, links, control characters, repeated white space.
///
/// Cleaning twice gives what cleaning once gave. Every pass is linear in the length of the text.
enum TextCleaner {
  static func clean(_ text: String, keepsLinks: Bool) -> String {
    if isClean(text) { return text }
    var bytes = CanonicalForm.composed(withoutControls(Array(text.utf8)))
    if bytes.contains(UInt8(ascii: "&")) {
      let decoded = HTMLEntities.decode(bytes)
      if decoded != bytes { bytes = CanonicalForm.composed(decoded) }
    }
    if bytes.contains(UInt8(ascii: "<")) { bytes = withoutMarkup(bytes) }
    if !keepsLinks { bytes = withoutLinks(bytes) }
    return String(decoding: collapsed(bytes), as: UTF8.self)
  }

  /// Whether a look at each byte shows that there is nothing to do: most messages are plain ASCII in good order.
  private static func isClean(_ text: String) -> Bool {
    var last: UInt8 = 0x20
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"), UInt8(ascii: "&"): return false
      // "://" and "www." may be links.
      case UInt8(ascii: "/"): if last == byte { return false }
      case UInt8(ascii: "w"), UInt8(ascii: "W"): if last | 0x20 == UInt8(ascii: "w") { return false }
      case 0x20: if last == 0x20 { return false }
      case 0..<0x20, 0x7F...: return false
      default: break
      }
      last = byte
    }
    return last != 0x20 || text.isEmpty
  }

  /// Drops control characters; all white space becomes a plain space.
  private static func withoutControls(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return bytes }
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      let (value, length) = ScalarClass.decode(bytes, at: position)
      let scalar = Unicode.Scalar(value)!
      if value > 0x20, value < 0x7F {
        output.append(bytes[position])
      } else if scalar.properties.isWhitespace {
        output.append(0x20)
      } else if !ScalarClass.isControl(scalar) {
        output.append(contentsOf: bytes[position..<position + length])
      }
      position += length
    }
    return output
  }

  /// Puts a space in place of each tag, comment, script and style sheet. Text such as "a < b" and
  /// "<john@example.com>" is no tag; an anonymiser's placeholder is none either.
  private static func withoutMarkup(_ bytes: [UInt8]) -> [UInt8] {
    // Looked up once, so that unclosed comments and tags cost no search each.
    let lastClose = bytes.lastIndex(of: UInt8(ascii: ">")) ?? -1
    let lastComment = last("-->", in: bytes)
    let elements = ["script", "style"].map { (name: Array($0.utf8), last: last("</" + $0, in: bytes)) }
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "<") {
        if let length = PlaceholderToken.length(in: bytes, at: position) {
          output.append(contentsOf: bytes[position..<position + length])
          position += length
          continue
        }
        if position < lastClose, let nameEnd = tagName(in: bytes, at: position) {
          var end = position
          if position < lastComment, matches("<!--", in: bytes, at: position) {
            end = find("-->", in: bytes, from: position) + 2
          } else {
            let name = bytes[position + 1..<nameEnd].map { $0 | 0x20 }
            if let element = elements.first(where: { $0.name == name }), position < element.last {
              end = find("</" + String(decoding: name, as: UTF8.self), in: bytes, from: position)
            }
            while end < bytes.count, bytes[end] != UInt8(ascii: ">") { end += 1 }
          }
          output.append(0x20)
          position = end + 1
          continue
        }
      }
      output.append(bytes[position])
      position += 1
    }
    return output
  }

  /// The end of the name of what looks like a tag at `position`: `<name`, `</name`, `<!` or `<?`.
  private static func tagName(in bytes: [UInt8], at position: Int) -> Int? {
    var index = position + 1
    guard index < bytes.count else { return nil }
    if bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "?") { return index }
    if bytes[index] == UInt8(ascii: "/") { index += 1 }
    guard index < bytes.count, ScalarClass.isASCIILetter(bytes[index]) else { return nil }
    while index < bytes.count {
      let byte = bytes[index]
      let isColon = byte == UInt8(ascii: ":") && index + 1 < bytes.count && ScalarClass.isASCIILetter(bytes[index + 1])
      guard ScalarClass.isASCIIAlphanumeric(byte) || isColon else { break }
      index += 1
    }
    guard index < bytes.count else { return nil }
    // `<` counts as an end: what follows it may become a space, and then this would be a tag the second time.
    switch bytes[index] {
    case 0x20, UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "<"): return index
    default: return nil
    }
  }

  private static func matches(_ word: String, in bytes: [UInt8], at position: Int) -> Bool {
    var index = position
    for byte in word.utf8 {
      guard index < bytes.count else { return false }
      let own = bytes[index]
      guard own == byte || (ScalarClass.isASCIILetter(own) && own | 0x20 == byte) else { return false }
      index += 1
    }
    return true
  }

  private static func last(_ word: String, in bytes: [UInt8]) -> Int {
    bytes.indices.reversed().first { matches(word, in: bytes, at: $0) } ?? -1
  }

  private static func find(_ word: String, in bytes: [UInt8], from start: Int) -> Int {
    var index = start
    while index < bytes.count, !matches(word, in: bytes, at: index) { index += 1 }
    return index
  }

  private static func withoutLinks(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if let end = Links.end(in: bytes, at: position) {
        output.append(0x20)
        position = end
      } else {
        output.append(bytes[position])
        position += 1
      }
    }
    return output
  }

  private static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    for byte in bytes where byte != 0x20 || (output.last ?? 0x20) != 0x20 { output.append(byte) }
    if output.last == 0x20 { output.removeLast() }
    return output
  }
}
