import Compute
import Testing

@testable import Corpora

@Suite("DelimitedParser")
struct DelimitedParserTests {
  private static let comma = DelimitedParser.Form(delimiter: Byte.comma)

  private func parse(_ text: String, _ columns: [String] = ["a", "b"]) -> RawRecords {
    RawRecords(DelimitedParser(Array(text.utf8), Self.comma, columns: columns))
  }

  private func values(_ raw: RawRecords) -> [[String]] { raw.records.map { $0.values.map { $0 ?? "nil" } } }

  @Test("Quotes, doubled quotes and newlines inside fields are read as RFC 4180 has them")
  func quotes() {
    let raw = parse("a,b\n\"x, y\",\"he said \"\"no\"\"\"\n\"two\nlines\",\"\"\nplain,5\" screen\n")
    #expect(values(raw) == [["x, y", "he said \"no\""], ["two\nlines", ""], ["plain", "5\" screen"]])
    #expect(raw.records.map(\.line) == [2, 3, 5])
    #expect(raw.records.map(\.number) == [1, 2, 3])
    #expect(raw.malformed.isEmpty && raw.failures.isEmpty)
  }

  @Test(
    "Lines may end in LF, CRLF or CR, with or without a last one, after a byte order mark",
    arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) {
    for last in ["", end] {
      let raw = parse("\u{FEFF}a,b\(end)1,2\(end)\(end)\"3\(end)\",4\(last)")
      #expect(values(raw) == [["1", "2"], ["3\(end)", "4"]])
      #expect(raw.records.map(\.line) == [2, 4], "blank lines are no records but count as lines")
    }
  }

  @Test("Columns are found by name in any order, each record keeping its number")
  func columns() {
    let raw = parse("x,b, a \n1,2,3\n4,5,6\n", ["a", "b"])
    #expect(values(raw) == [["3", "2"], ["6", "5"]])
  }

  @Test("A row with too few or too many fields is malformed, with its line")
  func fieldCount() {
    let raw = parse("a,b\n1,2\n3\n4,5,6\n7,8\n")
    #expect(values(raw) == [["1", "2"], ["7", "8"]])
    #expect(
      raw.malformed == [
        .init(number: 2, line: 3, reason: "1 field where the header has 2"),
        .init(number: 3, line: 4, reason: "3 fields where the header has 2"),
      ])
    #expect(raw.records.map(\.number) == [1, 4])
  }

  @Test("A lost quote costs one row and not the rest of the file")
  func lostQuote() {
    let raw = parse("a,b\n1,2\n\"3,4\n5,6\n7,8\n")
    #expect(values(raw) == [["1", "2"], ["5", "6"], ["7", "8"]])
    #expect(raw.malformed == [.init(number: 2, line: 3, reason: "a quote that is never closed")])
    let stray = parse("a,b\n\"1\"x,2\n3,4\n")
    #expect(values(stray) == [["3", "4"]])
    #expect(stray.malformed == [.init(number: 1, line: 2, reason: "text after a closing quote")])
  }

  @Test("A field that is not UTF-8 makes its row malformed, but only where the column is wanted")
  func notUTF8() {
    let bytes = Array("a,b\nx,".utf8) + [0xFF, 0xFE] + Array("\ny,z\n".utf8)
    let wanted = RawRecords(DelimitedParser(bytes, Self.comma, columns: ["a", "b"]))
    #expect(wanted.malformed == [.init(number: 1, line: 2, reason: "not UTF-8")])
    #expect(values(wanted) == [["y", "z"]])
    #expect(RawRecords(DelimitedParser(bytes, Self.comma, columns: ["a"])).records.count == 2)
  }

  @Test("Missing and repeated columns are failures, all of them together")
  func missingColumns() {
    let raw = parse("x,y,y\n1,2,3\n", ["a", "y", "b"])
    #expect(
      raw.failures == [
        .missingColumn("a", candidates: ["x", "y", "y"]), .repeatedColumn("y", count: 2),
        .missingColumn("b", candidates: ["x", "y", "y"]),
      ])
  }

  @Test("What is written by the rules is read back, for random fields")
  func roundTrip() {
    var random = Random(seed: 3, stream: "csv")
    let pieces = ["a", "é", ",", "\"", "\n", "\r\n", " ", "word", "\t", "😀"]
    for _ in 0..<300 {
      let width = 2 + random.below(3)
      let rows = (0..<random.below(6)).map { _ in
        (0..<width).map { _ in (0..<random.below(5)).map { _ in pieces[random.below(pieces.count)] }.joined() }
      }
      let header = (0..<width).map { "c\($0)" }
      let text = ([header] + rows).map { row in
        row.map { "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" }
          .joined(separator: ",")
      }.joined(separator: "\r\n")
      #expect(values(parse(text, header)) == rows, "\(text)")
    }
  }

  @Test("No bytes make it trap, and every record is counted once")
  func randomBytes() {
    var random = Random(seed: 4, stream: "noise")
    let alphabet: [UInt8] = Array("ab,\"\"\"\n\r\t".utf8) + [0, 0xFF, 0xC3, 0xEF, 0xBB, 0xBF]
    for _ in 0..<1_000 {
      let noise = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
      let raw = RawRecords(DelimitedParser(Array("a,b\n".utf8) + noise, Self.comma, columns: ["a"]))
      let numbers = (raw.records.map(\.number) + raw.malformed.map(\.number)).sorted()
      #expect(numbers == Array(1..<(numbers.count + 1)))
      _ = RawRecords(DelimitedParser(noise, .init(delimiter: Byte.tab), columns: ["a"]))
    }
  }

  /// Lines that each begin a field in quotes which no line closes, and other ways to lose many quotes.
  private static let lost: [(name: String, line: String)] = [
    ("a quote each", "hello\",\"yes\n"), ("opened each", "\"hello,yes\n"), ("opened in the second", "hello,\"yes\n"),
    ("text after", "hello,\"yes\" no\n"), ("text after, a line on", "hello,\"yes\nmore\" no\n"),
    ("doubled", "\"\"\"hello,yes\n"), ("CR alone", "hello\",\"yes\r"), ("CRLF", "hello\",\"yes\r\n"),
  ]

  @Test("The bytes looked at grow as the file, whatever quotes are lost", arguments: lost)
  func linear(name: String, line: String) {
    func steps(_ lines: Int) -> (steps: Int, bytes: Int) {
      let text = "a,b\n1,2\n" + String(repeating: line, count: lines)
      let bytes = Array(text.utf8)
      var parser = DelimitedParser(bytes, Self.comma, columns: ["a", "b"])
      while parser.next() != nil {}
      return (parser.steps, bytes.count)
    }
    for lines in [100, 1_000, 10_000] {
      let found = steps(lines)
      #expect(found.steps <= 5 * found.bytes, "\(lines) lines: \(found)")
    }
  }

  @Test("What becomes of a record does not depend on the records before it")
  func fresh() {
    var random = Random(seed: 6, stream: "lost")
    let pieces = ["a", ",", "\"", "\"", "\n", "\r\n", "\r", "\"\"", ",\""]
    for _ in 0..<600 {
      let text = (0..<random.below(40)).map { _ in pieces[random.below(pieces.count)] }.joined()
      let raw = parse("a,b\n" + text)
      let all = Outcomes(raw)
      // The lines of the text, each with its end.
      var lines: [String] = [""]
      for character in text {
        lines[lines.count - 1].append(character)
        if character.isNewline { lines.append("") }
      }
      for (line, outcome) in all.byLine {
        let rest = lines[(line - 2)...].joined()
        #expect(Outcomes(parse("a,b\n" + rest)).byLine[2] == outcome, "\(text.debugDescription), line \(line)")
      }
    }
  }

  /// What became of the record that begins on a line.
  private struct Outcomes {
    var byLine: [Int: [String]] = [:]
    init(_ raw: RawRecords) {
      for record in raw.records { byLine[record.line] = record.values.map { $0 ?? "" } }
      for row in raw.malformed { byLine[row.line] = [row.reason] }
    }
  }
}
