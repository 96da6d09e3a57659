import Testing

@testable import Corpora

/// What looks like something else, and what nothing can be made of.
extension CorpusSurveyTests {
  private static func lines(_ line: (Int) -> String) -> String { (0..<60).map { line($0) + "\n" }.joined() }

  private static func plain(_ row: Int) -> String { text(row).replacing(",", with: "") }

  // MARK: Somebody's words

  @Test("a short message above long ones is no header, and no cell or key of a message is said")
  func firstMessage() throws {
    let rows = "card blocked,Anna Schmidt\n" + Self.lines { "\(Self.plain($0)),and \(Self.plain($0 + 100)) once more" }
    let keys = Self.lines { "{\"Anna Schmidt\": \"\(Self.plain($0))\"}" }
    for (name, text) in [("a.csv", rows), ("a.jsonl", keys)] {
      let refusal = try refusal([(name, text)])
      #expect(refusal.contains(") without a label") && refusal.contains("(column "), "\(refusal)")
      #expect(!refusal.contains("Schmidt") && !refusal.contains("blocked"), "\(refusal)")
    }
  }

  @Test("names that people seldom give are a header above ids and few values, and stand for themselves in numbers")
  func unusualNames() throws {
    let rows =
      "Vorgang,Freitext,Zuordnung,Kanalwahl\n"
      + Self.lines { "T\(100 + $0),\"\(Self.text($0))\",\(Self.label($0)),\($0 % 2 == 0 ? "mail" : "web")" }
    let survey = try survey("a.csv", rows)
    #expect(source(survey).hasHeader && source(survey).text == ["Freitext"] && source(survey).label == "Zuordnung")
    #expect(survey.otherLabels == [.init(name: nil, number: 4)])
    let none = try refusal([("a.csv", "Vorgang,Freitext\n" + Self.lines { "T\(100 + $0),\(Self.plain($0))" })])
    #expect(none.contains("texts (column 2) without a label"), "\(none)")
  }

  // MARK: Columns

  @Test("a table of one column is no file of lines")
  func oneColumn() throws {
    let column = "text\n" + Self.lines { "\"\(Self.text($0))\"" }
    let table = try refusal([("billing.csv", column), ("refund.csv", column)])
    #expect(table.contains("billing.csv: a table of one column;") && table.contains("refund.csv: "), "\(table)")
    let lines = try refusal([("billing.txt", column), ("refund.txt", column)])
    #expect(lines.contains("billing.txt: a table of one column, whose name is line 1;"), "\(lines)")
  }

  @Test("one column is not text and label at once, and a name that two columns have asks for neither")
  func wantedColumns() throws {
    let table = Self.table(",", header: "body,queue")
    let both = try refusal([("a.csv", table)], text: "body", label: "body")
    #expect(both.contains("`body` for --label is the column for --text"))
    let twice = "dup,dup,label\n" + Self.lines { "\(Self.plain($0)),\(Self.plain($0 + 1)),\(Self.label($0))" }
    #expect(try refusal([("a.csv", twice)], text: "dup").contains("2 columns called `dup` (--text)"))
  }

  @Test("a table of thousands of columns is refused before they are looked at")
  func wide() throws {
    let row = Array(repeating: "x", count: 2_001).joined(separator: ",") + "\n"
    #expect(try refusal([("a.csv", row + row)]).contains("a table of 2001 columns"))
  }

  @Test("where quotes of one file mean nothing, they enclose nothing in another")
  func mixedQuotes() throws {
    let stray = Array(
      Self.lines { "\($0 % 5 == 0 ? "\"stop\" said we," : "said") \(Self.text($0))\t\(Self.label($0))" }.utf8)
    let plain = Array(Self.lines { "said \(Self.text($0))\t\(Self.label($0))" }.utf8)
    let enclosed = Self.lines { "\"said \(Self.text($0))\"\t\(Self.label($0))" }
    #expect(try source(survey([("d/a.tsv", stray), ("d/b.tsv", plain)])).quoting == .none)
    let refusal = try refusal([("d/a.tsv", String(decoding: stray, as: UTF8.self)), ("d/b.tsv", enclosed)])
    #expect(refusal.contains("b.tsv: quotes enclose its fields, where those of "), "\(refusal)")
  }

  // MARK: Several files

  @Test("labels belong to the texts of their name, and texts have one file of them")
  func pairs() throws {
    let texts = Self.lines { Self.text($0) }, labels = Self.lines { Self.label($0) }
    for names in [["a.txt", "b.txt", "a.lab", "b.lab"], ["text-a", "text-b", "label-b", "label-a"]] {
      let survey = try survey(names.map { ("d/\($0)", Array(($0.contains("lab") ? labels : texts).utf8)) })
      let files = source(survey).files
      #expect(files.count == 2 && Set(files.map(\.path)).count == 2)
      for file in files {
        let isA = file.path.hasSuffix("a.txt") || file.path.hasSuffix("text-a")
        let label = file.labels?.path ?? ""
        #expect(label.hasSuffix(isA ? "a.lab" : "b.lab") || label.hasSuffix(isA ? "label-a" : "label-b"), "\(label)")
      }
    }
    let refusal = try refusal([("d/text.txt", texts), ("d/one.lab", labels), ("d/two.lab", labels)])
    #expect(refusal.contains("two.lab` are both labels, one a line, of the same texts"), "\(refusal)")
  }

  @Test("names of files and folders become names of a manifest, of at most 100 bytes")
  func longNames() throws {
    let table = Array(Self.table(",", header: "text,label").utf8), long = String(repeating: "é", count: 70)
    #expect(try survey([("\(long).csv", table)]).declaration.name == String(repeating: "é", count: 50))
    let folders = try survey([("d/\(long)1/rows.csv", table), ("d/\(long)2/rows.csv", table)])
    #expect(
      folders.declaration.domains.map(\.name)
        == [String(repeating: "é", count: 50), String(repeating: "é", count: 49) + "-2"])
  }
}
