/// What stands for personal data in an anonymised text. Both tokenizers keep each of these as one token.
public enum PlaceholderToken: String, Sendable, CaseIterable, Codable {
  case email = "<email>"
  case phone = "<phone>"
  case card = "<card>"
  case iban = "<iban>"
  case url = "<url>"
  case handle = "<handle>"
  case identifier = "<id>"

  /// What it stands for, in the plural.
  public var title: String {
    switch self {
    case .email: "e-mail addresses"
    case .phone: "phone numbers"
    case .card: "payment cards"
    case .iban: "IBANs"
    case .url: "links"
    case .handle: "handles"
    case .identifier: "long identifiers"
    }
  }

  static let spellings: [[UInt8]] = allCases.map { Array($0.rawValue.utf8) }

  /// Bytes of the placeholder that starts at `position`; nil where none does.
  static func length(in bytes: [UInt8], at position: Int) -> Int? {
    guard bytes[position] == UInt8(ascii: "<") else { return nil }
    for spelling in spellings where position + spelling.count <= bytes.count {
      if bytes[position..<position + spelling.count].elementsEqual(spelling) { return spelling.count }
    }
    return nil
  }
}
