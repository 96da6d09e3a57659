import Tasks
import Testing

@testable import Corpora

/// Rows that have a number.
extension TargetReadingTests {
  @Test("Numbers are read as they are usually written, blanks at their ends aside; there are no classes")
  func numbers() throws {
    let cells = ["-1.5", "3", "1e2", " +0.25 ", "\u{A0}7.", "-0"]
    let corpus = try read(.regression, [table(cells)])
    #expect(numbers(corpus) == [-1.5, 3, 100, 0.25, 7, 0])
    #expect(corpus.classes.isEmpty && corpus.problem == .regression)
    #expect(corpus.shape == TaskShape(.regression, classes: 0))
    let lines = try file("{\"text\":\"one\",\"label\":-1.5}\n{\"text\":\"two\",\"label\":\"3\"}\n", name: "rows.jsonl")
    #expect(try numbers(read(.regression, [lines]) { $0.format = .jsonl }) == [-1.5, 3])
  }

  @Test(
    "What is no finite number is an error at its line and column",
    arguments: ["abc", "inf", "-infinity", "nan", "1e999"])
  func noNumber(cell: String) throws {
    let path = try file("text,stars\none,1\ntwo,\(cell)\nthree,2\n")
    let found = errors { try self.read(.regression, [path]) { $0.label = "stars" } }
    #expect(found.count == 1 && found.first?.kind == .malformed)
    #expect(found.first?.file == path.path && found.first?.line == 3 && found.first?.column == "stars")
    #expect(
      found.first?.description
        == "\(path.path):3: `stars`: got `\(cell)`, expected a number, or `drop_labels` to leave such rows out")
  }

  @Test("drop_labels leaves rows without a number out, and a map gives them one")
  func droppedNumbers() throws {
    let file = try table(["1", "n/a", "2", "none", "n/a"])
    let corpus = try read(.regression, [file]) { $0.dropLabels = ["n/a", "none "] }
    #expect(numbers(corpus) == [1, 2] && corpus.domains[0].reading.droppedByLabel == 3)
    let mapped = try read(.regression, [file]) { ($0.labelMap, $0.dropLabels) = (["n/a": "-1"], ["none"]) }
    #expect(numbers(mapped) == [1, -1, 2, -1])
  }

  @Test("At most five rows without a number are listed for a file")
  func listed() throws {
    let files = [
      try table(["1"] + (0..<8).map { "bad \($0)" }),
      try table(["worse", "2"], name: "more.csv"),
    ]
    let found = errors { try self.read(.regression, files) }
    #expect(found.map(\.line) == [3, 4, 5, 6, 7, 2])
    #expect(found.allSatisfy { $0.column == "label" } && found.last?.file == files[1].path)
  }

  @Test("Rows without a number at all are missing ones: dropped, errors, or the placeholder's number")
  func missingNumbers() throws {
    let file = try table(["1", "", "2", " "])
    let dropped = try read(.regression, [file])
    #expect(numbers(dropped) == [1, 2] && dropped.domains[0].reading.missingLabel == 2)
    let refused = errors { try self.read(.regression, [file]) { $0.missingLabel = .error } }
    #expect(refused.map(\.line) == [3, 5] && refused.allSatisfy { $0.kind == .missingValue && $0.column == "label" })
    let placed = try read(.regression, [file]) { ($0.missingLabel, $0.placeholder) = (.placeholder, "0") }
    #expect(numbers(placed) == [1, 0, 2, 0] && placed.domains[0].reading.missingLabel == 2)
    let words = errors { try self.read(.regression, [file]) { $0.missingLabel = .placeholder } }
    #expect(words.map(\.line) == [3, 5] && words.allSatisfy { $0.found == "`[MISSING]`" })
  }

  @Test("Lines of numbers beside lines of texts, and a table without a header")
  func formsOfNumbers() throws {
    var lines = FileSource.File(path: try folder.write("texts", "one\ntwo\nthree\n"))
    lines.labels = .init(path: try folder.write("numbers", "0.5\n\n-2\n"))
    #expect(try numbers(read(.regression, [lines]) { $0.format = .lines }) == [0.5, -2])
    let tsv = try file("4.25\tone\n-1\ttwo\n", name: "rows.tsv")
    let table = try read(.regression, [tsv]) {
      ($0.format, $0.hasHeader, $0.text, $0.label) = (.tsv, false, ["2"], "1")
    }
    #expect(numbers(table) == [4.25, -1])
  }

  @Test("A cap of rows with numbers keeps the shares of the parts")
  func capOfNumbers() throws {
    let train = try table((0..<80).map { "\($0 % 7)" }, part: .train, name: "train.csv")
    let validation = try table((0..<40).map { "\($0 % 5)" }, part: .validation, name: "validation.csv")
    let corpus = try read(.regression, [train, validation]) { $0.cap = 30 }
    let rows = corpus.domains[0].examples
    #expect(rows.count { $0.part == .train } == 20 && rows.count { $0.part == .validation } == 10)
    // Each keeps its own number: of row n of a part it is the rest of n − 1 by 7, or by 5.
    let isOwn = rows.allSatisfy { row in
      let record = Double(row.id.split(separator: ":")[1]) ?? .nan
      return row.target == .number((record - 1).truncatingRemainder(dividingBy: row.part == .train ? 7 : 5))
    }
    #expect(isOwn)
  }
}
