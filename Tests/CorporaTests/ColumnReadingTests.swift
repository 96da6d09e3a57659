import Tasks
import Testing

@testable import Corpora

/// Columns that models may read beside the text.
@Suite("Columns of rows")
struct ColumnReadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let columns = [
    InputColumn(name: "months", kind: .number), InputColumn(name: "plan", kind: .category),
  ]

  private func read(
    _ text: String, name: String = "rows.csv", _ change: (inout FileSource) -> Void = { _ in }
  ) throws -> Corpus {
    var source = FileSource()
    source.files = [FileSource.File(path: try folder.write(name, text))]
    (source.text, source.columns) = ([], Self.columns)
    change(&source)
    return try CorpusReader.read(
      CorpusDeclaration(name: "c", task: "t", domains: [.init(name: "d", source: .files(source))]), seed: 1)
  }

  @Test("cells are numbers and categories, blank ones missing; the text is written from them where there is none")
  func cells() throws {
    let corpus = try read("plan,label,months\n two year ,yes,12\n,no, -1.5\nmonthly,no,\n,yes,\n")
    #expect(corpus.columns == Self.columns && !corpus.hasTexts)
    let rows = corpus.domains[0].examples
    #expect(
      rows.map(\.cells) == [
        [.number(12), .category("two year")], [.number(-1.5), .missing], [.missing, .category("monthly")],
        [.missing, .missing],
      ])
    #expect(
      rows.map(\.text) == ["months 12, plan two year", "months -1.5", "plan monthly", FileSource().placeholder])
  }

  @Test("a text beside columns stays as it is, and a row without one is missing")
  func beside() throws {
    let corpus = try read("text,label,months,plan\nlate,yes,1,a\n,no,2,b\nwrong,no,3,a\n") { $0.text = ["text"] }
    #expect(corpus.hasTexts && corpus.domains[0].examples.map(\.text) == ["late", "wrong"])
    #expect(corpus.domains[0].examples[1].cells == [.number(3), .category("a")])
    #expect(corpus.domains[0].reading.missingText == 1)
  }

  @Test("JSON Lines have columns too, and what stands for nothing is missing")
  func objects() throws {
    let corpus = try read(
      "{\"label\":\"yes\",\"months\":3,\"plan\":\"NA\"}\n{\"label\":\"no\",\"months\":\"?\",\"plan\":\"x\"}\n",
      name: "rows.jsonl"
    ) { ($0.format, $0.missingCells) = (.jsonl, ["NA", " ? "]) }
    #expect(corpus.domains[0].examples.map(\.cells) == [[.number(3), .missing], [.missing, .category("x")]])
  }

  @Test(
    "other than a number in a column of numbers is an error at its line and column", arguments: ["few", "1e99", "nan"])
  func noNumber(cell: String) throws {
    let found = errors { try self.read("months,plan,label\n1,a,yes\n\(cell),a,no\n") }
    #expect(found.map(\.line) == [3] && found.first?.column == "months")
    let message =
      "got `\(cell)`, expected a number or nothing; or `months: category`, or such a value among the missing (`missing.cells`, `--missing`)"
    #expect(found.first?.description.hasSuffix(message) == true, "\(found)")
  }

  @Test("a column that is not there is an error")
  func missingColumn() throws {
    let found = errors { try self.read("months,label\n1,yes\n2,no\n") }
    #expect(found.map(\.kind) == [.missingColumn] && found.first?.column == "plan")
  }

  @Test("texts that are written from columns are near to none; equal ones are one")
  func nearness() throws {
    let corpus = try read(
      "months,plan,label\n1,a long name of a plan,yes\n2,a long name of a plan,no\n1,a long name of a plan,yes\n")
    let index = TextIndex(corpus)
    let novelty = index.novelty(of: .init([1, 2], of: 0), trainedOn: .init([0], of: 0))
    #expect(novelty == [.novel, .seen])
  }

  private func errors(_ read: () throws -> Corpus) -> [CorpusError] {
    do {
      _ = try read()
      return []
    } catch { return (error as? CorpusErrors)?.errors ?? [] }
  }
}
