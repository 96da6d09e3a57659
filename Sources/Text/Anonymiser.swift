/// Puts placeholders in place of e-mail addresses, phone numbers, payment cards, IBANs, links, handles and long
/// identifiers.
///
/// What counts as each:
/// - link: `http://`, `https://`, `ftp://` or `www.` and what follows it
/// - e-mail: local part, `@`, a domain with a dot
/// - IBAN: a country's letters and length (spaces between groups of four allowed), with the check digits right (mod 97)
/// - card: 13 to 19 digits, plain or in groups parted by single spaces or hyphens, with a right Luhn digit; a number of
///   that shape whose Luhn digit is wrong stays as it is
/// - phone: `+` and 8 to 15 digits; 9 to 12 digits that start with 0 (00: 10 to 15), a first group of at most 5 digits;
///   the North American 3-3-4, with or without a leading 1. Dates are none
/// - identifier: at least 8 letters and digits, hyphens and underscores between them, at least 5 of them digits; plain
///   numbers of 9 to 12 digits and of 20 or more; 3-2-4 digits. Amounts (after a currency sign, or with decimals) are none
/// - handle: `@` and a name
///
/// The rules are ASCII's and see no context: names and postal addresses stay. The cost is linear in the text.
public enum Anonymiser {
  public static func anonymise(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    scan(bytes) { range, token in
      if let token { output.append(contentsOf: token.rawValue.utf8) } else { output.append(contentsOf: bytes[range]) }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// What `anonymise` would replace, in the order of the text; placeholders that stand there already are not counted.
  public static func findings(in text: String) -> [PlaceholderToken] {
    var found: [PlaceholderToken] = []
    scan(Array(text.utf8)) { _, token in if let token { found.append(token) } }
    return found
  }

  /// A value of a data file as a message may quote it: anonymised, on one line; of more than 40 characters, which may be
  /// somebody's message in the wrong place, the first word and the length.
  public static func excerpt(_ text: String) -> String {
    let line = String(anonymise(text).map { $0.isNewline ? " " : $0 })
    return line.count <= 40 ? line : "\(line.prefix { $0 != " " }.prefix(20))… (\(line.count) characters)"
  }

  /// Cuts the text into parts that stay, without a token, and parts that a token stands for.
  private static func scan(_ bytes: [UInt8], _ body: (_ range: Range<Int>, _ token: PlaceholderToken?) -> Void) {
    var position = 0, kept = 0
    // Runs that were looked at as identifiers already are not looked at again from their middle.
    var identifierRunEnd = 0
    while position < bytes.count {
      let isBoundary = position == 0 || !ScalarClass.isASCIIAlphanumeric(bytes[position - 1])
      guard isBoundary, mayStart(bytes[position]) else {
        position += 1
        continue
      }
      if let length = PlaceholderToken.length(in: bytes, at: position) {
        position += length
      } else if let match = match(in: bytes, at: position, identifierRunEnd: &identifierRunEnd) {
        if let token = match.token {
          body(kept..<position, nil)
          body(position..<match.end, token)
          kept = match.end
        }
        position = match.end
      } else {
        position += 1
      }
    }
    body(kept..<bytes.count, nil)
  }

  private static func mayStart(_ byte: UInt8) -> Bool {
    if ScalarClass.isASCIIAlphanumeric(byte) { return true }
    switch byte {
    case UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "("), UInt8(ascii: "<"): return true
    default: return false
    }
  }

  /// What starts at `position`; without a token, what must stay as it is.
  private static func match(
    in bytes: [UInt8], at position: Int, identifierRunEnd: inout Int
  ) -> (end: Int, token: PlaceholderToken?)? {
    let first = bytes[position]
    if first == UInt8(ascii: "@") { return handle(in: bytes, at: position).map { ($0, .handle) } }
    if ScalarClass.isASCIIAlphanumeric(first) {
      if let end = Links.end(in: bytes, at: position) { return (end, .url) }
      if let end = email(in: bytes, at: position) { return (end, .email) }
    }
    if ScalarClass.isASCIILetter(first), let end = IBAN.end(in: bytes, at: position) { return (end, .iban) }
    let isDigit = ScalarClass.isASCIIDigit(first)
    if isDigit || first == UInt8(ascii: "+") || first == UInt8(ascii: "(") {
      let groups = DigitGroups(in: bytes, at: position)
      if isDigit, let card = PaymentCard.match(groups) { return (card.end, card.isValid ? .card : nil) }
      if let end = PhoneNumber.end(groups) { return (end, .phone) }
    }
    if ScalarClass.isASCIIAlphanumeric(first), position >= identifierRunEnd {
      let run = IdentifierRun(in: bytes, at: position)
      identifierRunEnd = run.end
      if run.isIdentifier { return (run.end, .identifier) }
    }
    return nil
  }

  private static func handle(in bytes: [UInt8], at position: Int) -> Int? {
    var end = position + 1
    guard end < bytes.count, ScalarClass.isASCIILetter(bytes[end]) || bytes[end] == UInt8(ascii: "_") else {
      return nil
    }
    while end < bytes.count, ScalarClass.isASCIIAlphanumeric(bytes[end]) || bytes[end] == UInt8(ascii: "_") { end += 1 }
    return end - position > 2 ? end : nil
  }

  /// RFC 5321 allows 64 bytes before the `@` and 255 after it; the bounds also keep the cost linear.
  private static func email(in bytes: [UInt8], at position: Int) -> Int? {
    var index = position
    while index < bytes.count, index - position <= 64 {
      let length = localLength(bytes, at: index)
      if length == 0 { break }
      index += length
    }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "@") else { return nil }
    index += 1
    let domain = index
    var labelStart = index, labels = 0, digits = 0, end: Int?
    while index < bytes.count, index - domain <= 255 {
      let byte = bytes[index]
      if ScalarClass.isASCIIAlphanumeric(byte) || (byte == UInt8(ascii: "-") && index > labelStart) {
        index += 1
        if ScalarClass.isASCIIDigit(byte) { digits += 1 }
      } else if byte == UInt8(ascii: "."), index > labelStart {
        labels += 1
        digits = 0
        index += 1
        labelStart = index
        continue
      } else {
        break
      }
      // The last label has two letters or more and no digit: "me@example.com." ends after "com", "rate@2.99" is none.
      if labels > 0, digits == 0, index - labelStart >= 2, bytes[index - 1] != UInt8(ascii: "-") { end = index }
    }
    return end
  }

  /// Bytes of the local part's character at `position`: ASCII's, and letters of any script; 0 where there is none.
  private static func localLength(_ bytes: [UInt8], at position: Int) -> Int {
    let byte = bytes[position]
    if ScalarClass.isASCIIAlphanumeric(byte) { return 1 }
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "'"):
      return 1
    case 0..<0x80: return 0
    default:
      let (value, length) = ScalarClass.decode(bytes, at: position)
      return ScalarClass.isAlphanumeric(Unicode.Scalar(value)!) ? length : 0
    }
  }
}

/// A run of letters and digits with single hyphens or underscores between them.
private struct IdentifierRun {
  let end: Int
  let isIdentifier: Bool

  init(in bytes: [UInt8], at position: Int) {
    var index = position, alphanumerics = 0, digits = 0
    var groups = [0]
    while index < bytes.count {
      let byte = bytes[index]
      if ScalarClass.isASCIIAlphanumeric(byte) {
        alphanumerics += 1
        if ScalarClass.isASCIIDigit(byte) { digits += 1 }
        groups[groups.count - 1] += 1
      } else if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_"), index + 1 < bytes.count,
        ScalarClass.isASCIIAlphanumeric(bytes[index + 1])
      {
        groups.append(0)
      } else {
        break
      }
      index += 1
    }
    end = index
    if digits < alphanumerics {
      isIdentifier = alphanumerics >= 8 && digits >= 5
    } else if groups.count > 1 {
      isIdentifier = groups == [3, 2, 4]
    } else {
      isIdentifier =
        ((9...12).contains(digits) || digits >= 20) && !Self.isAmount(bytes, from: position, to: index)
    }
  }

  private static func isAmount(_ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
    func isPoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") }
    if end + 1 < bytes.count, isPoint(bytes[end]), ScalarClass.isASCIIDigit(bytes[end + 1]) { return true }
    if start > 1, isPoint(bytes[start - 1]), ScalarClass.isASCIIDigit(bytes[start - 2]) { return true }
    let before = String(decoding: bytes[max(0, start - 3)..<start], as: UTF8.self).unicodeScalars.last
    return before?.properties.generalCategory == .currencySymbol
  }
}
