import Compute
import Foundation
import Testing

@testable import Corpora

@Suite("CoNLLParser")
struct CoNLLParserTests {
  private func parse(
    _ text: String, _ columns: [String], joined: [String] = ["1"], list: String? = nil
  ) -> RawRecords {
    RawRecords(CoNLLParser(Array(text.utf8), columns: columns, joined: joined, list: list))
  }

  private func values(_ raw: RawRecords) -> [[String?]] { raw.records.map(\.values) }

  @Test(
    "A sentence is a record: its tokens joined, its tags as a list, its line that of its first", arguments: [" ", "\t"])
  func sentences(separator: String) {
    let rows = ["My|B-x", "card|O", "#late|O", "", "", "No|O", "", "-DOCSTART-|O", "", "Bye|O"]
    let text = rows.map { $0.replacing("|", with: separator) }.joined(separator: "\n")
    let raw = parse(text, ["1", "2"], list: "2")
    let (tag, other) = (RawRecord.list(["B-x", "O"]), RawRecord.list(["O"]))
    #expect(values(raw) == [["My card #late", tag], ["No", other], ["Bye", other]])
    #expect(raw.records.map(\.line) == [1, 6, 10] && raw.records.map(\.number) == [1, 2, 3])
    #expect(raw.malformed.isEmpty && raw.failures.isEmpty)
  }

  @Test("Comments are columns by their key, of the sentence behind them alone")
  func comments() {
    let raw = parse(
      "# text = Where is it?\n# intent = track\nWhere O\nis O\n# O\n\n# text = Hello\nHello O\n",
      ["text", "intent", "1"])
    #expect(values(raw) == [["Where is it?", "track", "Where is #"], ["Hello", nil, "Hello"]])
  }

  @Test("Neither -DOCSTART- nor a comment decides how the file is written")
  func form() {
    let tabs = parse(
      "-DOCSTART- (1 x)\n\n# newpar\n# intent = a\nhello you\tB-x\nbye\tO\n", ["1", "2", "intent"], list: "2")
    #expect(values(tabs) == [["hello you bye", RawRecord.list(["B-x", "O"]), "a"]])
    let blanks = parse("# newdoc\n\n# = equals\n# O\nx =\n\n# = # =\n\n# x y\nb O\n", ["1"])
    #expect(values(blanks) == [["# x"], ["b"]] && blanks.malformed.isEmpty, "a `#` with the file's fields is a token")
    let marks = parse("x \u{0301}y\n", ["1", "2"])
    #expect(values(marks) == [["x", "\u{0301}y"]], "a blank is one, whatever stands behind it")
    let other = parse("# O\n# B\n", ["1", "2"], list: "2")
    #expect(values(other) == [["# #", RawRecord.list(["O", "B"])]], "a file of such tokens alone")
  }

  @Test("CoNLL-U's words of several tokens and empty nodes are not read twice; documents hold until the next")
  func universal() {
    func word(_ id: String, _ form: String) -> String {
      ([id, form] + Array(repeating: "_", count: 8)).joined(separator: "\t")
    }
    let text = [
      "# newdoc id = d1", word("1-2", "zum"), word("1", "zu"), word("2", "dem"), word("2.1", "gone"), "",
      word("1", "Amt"),
      "", "# newdoc id = d2", "# newpar id = p", word("1", "Ja"), "", "# newdoc id = d3", word("1", "Nein"),
    ].joined(separator: "\n")
    let raw = parse(text, ["2", "newdoc id", "newpar id"], joined: ["2"])
    #expect(values(raw) == [["zu dem", "d1", nil], ["Amt", "d1", nil], ["Ja", "d2", "p"], ["Nein", "d3", nil]])
  }

  @Test("A label has one value a sentence, and every token as many fields as the first: others are malformed")
  func malformed() {
    let raw = parse("a x\nb x\n\na x\nb y\n\na x\nb\n\nc x\n", ["1", "2"])
    #expect(values(raw) == [["a b", "x"], ["c", "x"]])
    #expect(
      raw.malformed == [
        .init(number: 2, line: 4, reason: "2 values in column 2 where one belongs"),
        .init(number: 3, line: 7, reason: "line 8 has 1 columns where the first token has 2"),
      ])
    let bytes = Array("a x\n".utf8) + [0xFF, 0x20, 0x78] + Array("\n\nb x\n".utf8)
    let broken = RawRecords(CoNLLParser(bytes, columns: ["1"], joined: ["1"]))
    #expect(broken.malformed.map(\.line) == [1] && values(broken) == [["b"]])
  }

  @Test("A column that no sentence has is a failure that names those there are")
  func missing() {
    let raw = parse("# intent = x\na O\n", ["1", "3", "Intent"])
    let existing = ["1", "2", "intent"]
    #expect(
      raw.failures == [
        .missingColumn("3", candidates: existing), .missingColumn("Intent", candidates: existing),
      ])
  }

  private func source(_ lines: String, _ change: (inout FileSource) -> Void) throws -> FileSource {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).conll")
    try lines.write(to: url, atomically: true, encoding: .utf8)
    var source = FileSource()
    (source.files, source.format, source.text) = ([.init(path: url.path)], .conll, ["1"])
    change(&source)
    return source
  }

  @Test("A corpus reads classes from comments, and labels from tags")
  func corpora() throws {
    let lines =
      "# intent = pay\nmy B-card\nbill O\n\n# intent = call\nring O\n\n# intent = pay\npay B-card\nnow B-day\n"
    let classes = try source(lines) { $0.label = "intent" }
    var declaration = CorpusDeclaration(
      name: "calls", task: "intent", domains: [.init(name: "calls", source: .files(classes))])
    let corpus = try CorpusReader.read(declaration, seed: 1)
    #expect(corpus.classes == ["call", "pay"])
    #expect(corpus.domains[0].examples.map(\.text) == ["my bill", "ring", "pay now"])
    #expect(corpus.domains[0].examples.map(\.target) == [.label(1), .label(0), .label(1)])

    let tags = try source(lines) { ($0.label, $0.dropLabels, $0.missingLabel) = ("2", ["O"], .keep) }
    declaration.domains = [.init(name: "calls", source: .files(tags))]
    declaration.problem = .multiLabel
    let several = try CorpusReader.read(declaration, seed: 1)
    #expect(several.classes == ["B-card", "B-day"])
    #expect(several.domains[0].examples.map(\.target) == [.labels([0]), .labels([]), .labels([0, 1])])
  }

  @Test("An error of a corpus says which columns there are, and forgets what rows alone would have said")
  func errors() throws {
    let wrong = try source("a O\n\nb O\n") { ($0.label, $0.missingLabel) = ("3", .error) }
    let declaration = CorpusDeclaration(
      name: "calls", task: "intent", domains: [.init(name: "calls", source: .files(wrong))])
    let errors = CorpusReader.outcome(of: declaration, seed: 1).errors
    #expect(errors.count == 1)
    #expect(errors[0].expected == "a column by number, from \"1\" to \"2\"")
  }
}
