import Compute
import Foundation
import Testing

@testable import Corpora

@Suite("JSON parsers")
struct JSONParserTests {
  private func lines(_ text: String, _ columns: [String] = ["text", "label"]) -> RawRecords {
    RawRecords(JSONLinesParser(Array(text.utf8), columns: columns))
  }

  @Test("JSON Lines: strings with escapes, numbers as written, booleans, null and absent keys")
  func jsonLines() {
    let raw = lines(
      #"{"text": "a \"b\" \u00e9 \ud83d\ude00\n", "label": 5.0, "x": {"y": [1, {}]}}"# + "\r\n\n"
        + #"{"label": true, "text": null}"# + "\n" + #"{"text": "z"}"#)
    #expect(raw.records.map(\.values) == [["a \"b\" é 😀\n", "5.0"], [nil, "true"], ["z", nil]])
    #expect(raw.records.map(\.line) == [1, 3, 4])
    #expect(raw.records.map(\.number) == [1, 2, 3])
    #expect(raw.malformed.isEmpty && raw.failures.isEmpty)
  }

  @Test("A broken line is malformed with the place in it; the others stand")
  func malformedLines() {
    let raw = lines(
      #"{"text": "a", "label": "b"}"# + "\n" + #"{"text": "a" "label"}"# + "\n" + #"{"text": [1], "label": 2}"#
        + "\n[1]\n")
    #expect(raw.records.count == 1)
    #expect(
      raw.malformed == [
        .init(number: 2, line: 2, reason: "got `\"`, expected `,` or `}` at byte 14"),
        .init(number: 3, line: 3, reason: "`text` is an array"),
        .init(number: 4, line: 4, reason: "got `[`, expected `{` at byte 1"),
      ])
  }

  @Test("A key that no record has is a missing column, with the keys that exist")
  func missingKey() {
    let raw = lines(#"{"text": "a", "lable": "b"}"#)
    #expect(raw.failures == [.missingColumn("label", candidates: ["text", "lable"])])
  }

  @Test("Deep nesting is refused, not followed")
  func depth() {
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    let raw = lines("{\"text\": \"a\", \"label\": \"b\", \"x\": \(deep)}")
    #expect(raw.malformed.first?.reason.contains("nesting of at most 64") == true)
  }

  @Test("Accepts and refuses what Foundation's JSON reader does, on random documents")
  func againstFoundation() throws {
    var random = Random(seed: 5, stream: "json")
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"a\"", "\"k\\u0041\\n\"", "1", "-2.5e3", "0", "true", "null", " ",
      "\"\\ud83d\\ude00\"",
    ]
    func document(_ depth: Int) -> String {
      switch random.below(depth > 3 ? 4 : 6) {
      case 0: return "\"\(["a", "é\\t", "\\u20ac"][random.below(3)])\""
      case 1: return ["0", "-1", "12.50", "3e-2", "1E5"][random.below(5)]
      case 2: return ["true", "false", "null"][random.below(3)]
      case 3: return "[]"
      case 4: return "[" + (0..<random.below(4)).map { _ in document(depth + 1) }.joined(separator: ", ") + "]"
      default:
        return "{" + (0..<random.below(4)).map { "\"k\($0)\": \(document(depth + 1))" }.joined(separator: ",") + "}"
      }
    }
    for round in 0..<1_000 {
      var text = document(0)
      if round % 2 == 1 {
        var scalars = Array(text)
        let piece = pieces[random.below(pieces.count)]
        scalars.insert(contentsOf: piece, at: random.below(scalars.count + 1))
        if random.below(2) == 0 { scalars.remove(at: random.below(scalars.count)) }
        text = String(scalars)
      }
      // Foundation lets a comma stand before a closing brace; RFC 8259 does not.
      let packed = text.filter { $0 != " " }
      if packed.contains(",}") || packed.contains(",]") { continue }
      let expected = (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
      var scanner = JSONScanner(Array(text.utf8), in: 0..<text.utf8.count)
      var accepted = false
      var value = JSONScanner.Value.null
      do {
        value = try scanner.value()
        scanner.skipSpace()
        accepted = scanner.isAtEnd
      } catch {}
      #expect(accepted == expected, "\(text)")
      if accepted, case .string(let string) = value {
        let reference = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? String
        #expect(string == reference, "\(text)")
      }
    }
  }

  @Test("CLINC150: keys name the parts, pairs give text and intent, records are numbered through the file")
  func clinc() {
    let text = """
      {"oos_test": [["o", "oos"]],
       "val": [["v", "x"]], "train": [["t", "x"],
       ["u", "y"]], "test": []}
      """
    let raw = RawRecords(CLINCParser(Array(text.utf8)))
    #expect(raw.records.map(\.values) == [["o", "oos"], ["v", "x"], ["t", "x"], ["u", "y"]])
    #expect(raw.records.map(\.part) == [.test, .validation, .train, .train])
    #expect(raw.records.map(\.line) == [1, 2, 2, 3])
    #expect(raw.records.map(\.number) == [1, 2, 3, 4])
    #expect(raw.failures.isEmpty)
  }

  @Test("CLINC150: other keys, other shapes and broken documents are located")
  func clincFailures() {
    func failures(_ text: String) -> [FileFindings.Failure] { RawRecords(CLINCParser(Array(text.utf8))).failures }
    let keys = "one of train, val, test, oos_train, oos_val, oos_test"
    #expect(failures("{\n\"topic\": []}") == [.wrongFormat(line: 2, found: "the key `topic`", expected: keys)])
    // It may be a text.
    #expect(failures("{\"Anna\": []}") == [.wrongFormat(line: 1, found: "another key", expected: keys)])
    #expect(failures("[]") == [.wrongFormat(line: 1, found: "`[`", expected: "`{`")])
    #expect(!failures("{\"train\": [[\"a\", \"b\"]").isEmpty)
    let raw = RawRecords(CLINCParser(Array("{\"train\": [[\"a\"], [\"b\", \"c\"], [[], \"d\"]]}".utf8)))
    #expect(raw.malformed.map(\.number) == [1, 3])
    #expect(raw.records.map(\.values) == [["b", "c"]])
  }

  @Test("No bytes make the JSON parsers trap")
  func randomBytes() {
    var random = Random(seed: 6, stream: "noise")
    let alphabet: [UInt8] = Array("{}[],:\"\\u0ad8nt1.e- \n".utf8) + [0, 0xFF, 0xC3]
    for _ in 0..<1_000 {
      let noise = (0..<random.below(50)).map { _ in alphabet[random.below(alphabet.count)] }
      for start in ["", "{\"train\":[[\"", "{\"text\":"] {
        _ = RawRecords(CLINCParser(Array(start.utf8) + noise))
        _ = RawRecords(JSONLinesParser(Array(start.utf8) + noise, columns: ["text"]))
        _ = RawRecords(LinesParser(noise))
      }
    }
  }
}
