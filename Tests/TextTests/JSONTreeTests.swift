import Testing

@testable import Text

@Suite("JSONTree")
struct JSONTreeTests {
  @Test("reads JSON to the letter: escapes, numbers, keys that differ by their form alone")
  func json() throws {
    let tree = try JSONParser.parse(
      Array(#" {"\u00e9\ud83d\ude00\n\/": -1.5e3, "e\u0301": [true, false, null, ""], "é": {}} "#.utf8))
    guard case .object(let entries) = tree.value else {
      Issue.record("no object")
      return
    }
    #expect(entries.map { Array($0.key.unicodeScalars) } == [["é", "😀", "\n", "/"], ["e", "\u{301}"], ["é"]])
    guard case .number(let number) = entries[0].value.value else {
      Issue.record("no number")
      return
    }
    #expect(number == -1_500 && entries[0].value.offset == 28)
    for text in ["", "{", "[1,]", "[1 2]", "{\"a\"}", "01x", "-", "1e", "\"\\x\"", "\"\\u12", "\"\n\"", "nul", "[1] 2"]
    {
      #expect(throws: JSONParser.Mistake.self, "\(text)") { try JSONParser.parse(Array(text.utf8)) }
    }
  }

  @Test("reads numbers as serde_json does: within a unit in the last place, and where it is off, off alike")
  func numbers() throws {
    func number(_ text: String) throws -> Double {
      guard case .number(let number) = try JSONParser.parse(Array(text.utf8)).value else { return .nan }
      return number
    }
    let texts = [
      "0", "-0", "1", "250001", "-1.5", "1e3", "1E-3", "0.1", "123456789012345678901234567890", "1.5e300", "2e-310",
      "0.000000000000000000000000000001", "18446744073709551615", "18446744073709551616", "0e999", "12.50e+1",
    ]
    for text in texts {
      let own = try number(text), nearest = try #require(Double(text))
      #expect(abs(own - nearest) <= max(nearest.ulp, own.ulp), "\(text): \(own)")
    }
    // From a file that the package has read and written again.
    for (text, read) in [
      ("-7.2123706657701785", -7.212370665770179), ("-7.3208623375553685", -7.320862337555368),
      ("-7.5327908737757046", -7.532790873775704), ("-7.6567200192502565", -7.656720019250256),
    ] {
      #expect(try number(text) == read, "\(text)")
    }
    for text in ["1e400", "1.", ".5", "+1", "--1", "1e", "1e+", "00", "0x1", "1.e1"] {
      #expect(throws: JSONParser.Mistake.self, "\(text)") { try number(text) }
    }
  }
}
