import Testing

@testable import Text

@Suite("Anonymiser")
struct AnonymiserTests {
  private func anonymise(_ text: String) -> String { Anonymiser.anonymise(text) }

  @Test(
    "replaces e-mail addresses, links and handles",
    arguments: [
      ("write to Jo.Bloggs+x@mail.example.co.uk.", "write to <email>."),
      ("josé@example.com, o'neil@example.ie", "<email>, <email>"),
      ("(me@example.com)", "(<email>)"),
      ("see https://bank.example/a?b=c, please", "see <url>, please"),
      ("HTTP://X.EXAMPLE or www.example.org!", "<url> or <url>!"),
      ("thanks @bank_help.", "thanks <handle>."),
    ])
  func addresses(text: String, expected: String) { #expect(anonymise(text) == expected) }

  @Test(
    "replaces card numbers whose Luhn digit is right",
    arguments: [
      "4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004", "3400 000000 00009", "30000000000004",
      "6011000000000004", "4222222222222",
    ])
  func cards(number: String) { #expect(anonymise("card \(number), please") == "card <card>, please") }

  @Test(
    "leaves card-like numbers alone whose Luhn digit is wrong",
    arguments: [
      "4111111111111112", "4111 1111 1111 1112", "5500-0000-0000-0005", "3400 000000 00008", "4000 0000 0000 0001",
    ])
  func wrongCards(number: String) { #expect(anonymise("card \(number), please") == "card \(number), please") }

  @Test(
    "replaces IBANs with right check digits",
    arguments: [
      "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", "DE89 3704 0044 0532 0130 00", "be68 5390 0754 7034",
      "NO9386011117947", "FR1420041010050500013M02606", "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    ])
  func ibans(number: String) { #expect(anonymise("to \(number) is mine") == "to <iban> is mine") }

  @Test(
    "takes no IBAN whose check digits, length or country are wrong",
    arguments: [
      "GB83 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 3", "DE89370400440532013001",
      "XX82 WEST 1234 5698 7654 32",
    ])
  func wrongIBANs(number: String) { #expect(!anonymise("to \(number) is mine").contains("<iban>")) }

  @Test(
    "replaces phone numbers",
    arguments: [
      "+44 20 7946 0958", "+1 (800) 555-0199", "+251911234567", "(800) 555-0199", "800-555-0199", "1-800-555-0199",
      "020 7946 0958", "06 12 34 56 78", "0044 20 7946 0958", "0911234567",
    ])
  func phones(number: String) { #expect(anonymise("call \(number) now") == "call <phone> now") }

  @Test(
    "replaces long identifiers",
    arguments: [
      "ORD-2023-88121", "123456789", "AB12345678", "123-45-6789", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
      "12345678901234567890123",
    ])
  func identifiers(number: String) { #expect(anonymise("order \(number).") == "order <id>.") }

  @Test(
    "leaves ordinary numbers and words alone",
    arguments: [
      "order 77-4191", "05252018 1522", "061218 0645", "loan@2.99", "on 12-05-2023 at 14:30", "2023-05-12 14:30",
      "I paid $1234567890", "€1,234,567,890.50",
      "1234567890.50", "24-hour service", "iphone-15-pro", "covid-19", "5 @ 3", "a@b", "@ home", "room 101", "3.14159",
      "0.123456789", "version 1.2.3", "100 000", "x@y. z", "www. example", "http:// none", "IBAN GB82",
    ])
  func ordinary(text: String) { #expect(anonymise(text) == text) }

  @Test("knows Luhn's and the IBAN's check digits by their definition")
  func checkDigits() {
    #expect(PaymentCard.isLuhn([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]))
    for last in UInt8(0)...9 where last != 3 { #expect(!PaymentCard.isLuhn([7, 9, 9, 2, 7, 3, 9, 8, 7, 1, last])) }
    // The remainder of a hundred-digit number is not needed: 3214 2829 1234 5698 7654 3216 1182 for the example of GB.
    #expect(IBAN.hasRightCheckDigits(Array("GB82WEST12345698765432".utf8)))
    #expect(!IBAN.hasRightCheckDigits(Array("GB28WEST12345698765432".utf8)))
  }

  @Test("changes nothing the second time, takes any text without a trap, and finds as many as it replaces")
  func idempotent() {
    let fragments = [
      "@", "+", "(", ")", "1", "0", "4111", "111", " ", "-", ".", "a", "GB82", "WEST", "x.com", "http://", "www.", "_",
      "<id>", "<", "€", "é", "5555555555", ",",
    ]
    var random = RandomText(seed: 4)
    func placeholders(_ text: String) -> Int {
      let bytes = Array(text.utf8)
      var count = 0, position = 0
      while position < bytes.count {
        let length = PlaceholderToken.length(in: bytes, at: position)
        if length != nil { count += 1 }
        position += length ?? 1
      }
      return count
    }
    for _ in 0..<4_000 {
      let text = random.fragments(fragments, count: 1 + random.below(16))
      let count = Anonymiser.findings(in: text).count
      #expect(placeholders(anonymise(text)) == placeholders(text) + count, "\(text)")
    }
    for text in ["a@b.example and +44 20 7946 0958", "<card> <iban>"] {
      #expect(anonymise(anonymise(text)) == anonymise(text))
    }
  }

  @Test("finds what it would replace, and nothing that is replaced already")
  func findings() {
    let text = "<email> wrote from jo@example.com, +44 20 7946 0958; see www.example.org and @bank_help"
    #expect(Anonymiser.findings(in: text) == [.email, .phone, .url, .handle])
    #expect(Anonymiser.findings(in: anonymise(text)).isEmpty)
    #expect(Anonymiser.findings(in: "My card is late, again.").isEmpty && Anonymiser.findings(in: "").isEmpty)
  }

  @Test("an excerpt is anonymised, on one line, and short")
  func excerpt() {
    #expect(Anonymiser.excerpt("jo@example.com\nlost a card") == "<email> lost a card")
    #expect(Anonymiser.excerpt("My card was stolen yesterday at the station") == "My… (43 characters)")
    #expect(
      Anonymiser.excerpt(String(repeating: "a", count: 50)) == String(repeating: "a", count: 20) + "… (50 characters)")
  }
}
