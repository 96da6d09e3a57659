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
}
