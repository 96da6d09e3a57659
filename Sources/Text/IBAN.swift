/// International bank account numbers (ISO 13616): country letters, two check digits, the country's own length.
enum IBAN {
  /// Characters of an IBAN by country, as SWIFT's registry lists them.
  private static let lengths: [String: Int] = {
    let list = """
      AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22\
      GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20\
      MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26\
      UA29VA22VG24XK20YE30
      """
    var lengths = [String: Int]()
    var rest = Substring(list)
    while !rest.isEmpty {
      lengths[String(rest.prefix(2))] = Int(rest.dropFirst(2).prefix(2))
      rest = rest.dropFirst(4)
    }
    return lengths
  }()

  /// The end of the IBAN that starts at `position`, in any case, plain or in groups of four parted by single spaces.
  static func end(in bytes: [UInt8], at position: Int) -> Int? {
    guard position + 4 <= bytes.count, ScalarClass.isASCIILetter(bytes[position + 1]),
      ScalarClass.isASCIIDigit(bytes[position + 2]), ScalarClass.isASCIIDigit(bytes[position + 3])
    else { return nil }
    let country = String(decoding: [bytes[position] & 0xDF, bytes[position + 1] & 0xDF], as: UTF8.self)
    guard let length = lengths[country] else { return nil }
    var characters = [UInt8]()
    var index = position
    let isGrouped = position + 4 < bytes.count && bytes[position + 4] == 0x20
    while characters.count < length, index < bytes.count {
      if isGrouped, !characters.isEmpty, characters.count.isMultiple(of: 4) {
        guard bytes[index] == 0x20 else { return nil }
        index += 1
        guard index < bytes.count else { return nil }
      }
      guard ScalarClass.isASCIIAlphanumeric(bytes[index]) else { return nil }
      characters.append(bytes[index])
      index += 1
    }
    guard characters.count == length, index == bytes.count || !ScalarClass.isASCIIAlphanumeric(bytes[index]) else {
      return nil
    }
    return hasRightCheckDigits(characters) ? index : nil
  }

  /// The first four characters go to the end, letters count 10 to 35, and the number's remainder by 97 is 1.
  static func hasRightCheckDigits(_ characters: [UInt8]) -> Bool {
    var remainder = 0
    for character in characters.dropFirst(4) + characters.prefix(4) {
      if ScalarClass.isASCIIDigit(character) {
        remainder = (remainder * 10 + Int(character) - 0x30) % 97
      } else {
        remainder = (remainder * 100 + Int(character & 0xDF) - 0x41 + 10) % 97
      }
    }
    return remainder == 1
  }
}
