import Tasks
import Testing

@testable import Corpora

/// What is read as the target of a row: several labels, or a number.
@Suite("Targets of rows")
struct TargetReadingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func read(
    _ problem: Problem, _ files: [FileSource.File], seed: UInt64 = 1, _ change: (inout FileSource) -> Void = { _ in }
  ) throws -> Corpus {
    var source = FileSource()
    source.files = files
    change(&source)
    var declaration = CorpusDeclaration(
      name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .files(source))])
    declaration.problem = problem
    return try CorpusReader.read(declaration, seed: seed)
  }

  func file(
    _ text: String, part: FileSource.Part = .all, name: String = "rows.csv"
  ) throws -> FileSource.File {
    FileSource.File(path: try folder.write(name, text), part: part)
  }

  /// A table of texts "1", "2", … with these cells as their labels; all are quoted.
  func table(
    _ cells: [String], part: FileSource.Part = .all, name: String = "rows.csv"
  ) throws -> FileSource.File {
    let rows = cells.enumerated().map { "\(name) \($0.offset + 1),\"\($0.element)\"\n" }
    return try file("text,label\n" + rows.joined(), part: part, name: name)
  }

  /// The labels of each row by name.
  func names(_ corpus: Corpus) -> [[String]] {
    corpus.domains[0].examples.map { $0.target.classes.map { corpus.classes[$0] } }
  }

  func errors(_ read: () throws -> Corpus) -> [CorpusError] {
    do {
      _ = try read()
      return []
    } catch { return (error as? CorpusErrors)?.errors ?? [] }
  }

  func numbers(_ corpus: Corpus) -> [Double] {
    guard case .numbers(let all) = Targets(corpus.domains[0].examples.map(\.target), of: .regression) else { return [] }
    return all
  }

  // MARK: Several labels

  @Test(
    "A cell holds labels between commas: blanks at their ends and empty ones are nothing, a repeated one counts once")
  func cells() throws {
    let corpus = try read(.multiLabel, [table(["b,a", " a ,\u{A0}c", "a,a, a", ",b,,", "two words,b"])])
    #expect(corpus.problem == .multiLabel && corpus.classes == ["a", "b", "c", "two words"])
    #expect(names(corpus) == [["a", "b"], ["a", "c"], ["a"], ["b"], ["b", "two words"]])
    #expect(corpus.domains[0].examples.map(\.target).first == .labels([0, 1]))
    #expect(corpus.shape == TaskShape(.multiLabel, classes: 4))
  }

  @Test(
    "A separator of one's own, of several characters too, is the only one",
    arguments: [("|", "a, b|c"), ("; ", "a, b; c"), (" ", "a,\u{2009}b c"), ("<->", "a, b<->c")])
  func separator(own: (separator: String, cell: String)) throws {
    let corpus = try read(.multiLabel, [table([own.cell, "c"])]) { $0.labelSeparator = own.separator }
    #expect(names(corpus).map(\.count) == [2, 1])
    #expect(corpus.classes.count == 2 && corpus.classes.contains("c"))
  }

  @Test("Half of a separator parts nothing")
  func partOfSeparator() throws {
    let corpus = try read(.multiLabel, [table(["a;b", "a; b"])]) { $0.labelSeparator = "; " }
    #expect(names(corpus) == [["a;b"], ["a", "b"]])
  }

  @Test("Where a row has one class or a number, a separator is part of the label")
  func oneClass() throws {
    let corpus = try read(.classification, [table(["a,b", "a", "a,b"])])
    #expect(corpus.classes == ["a", "a,b"])
    #expect(corpus.domains[0].examples.map(\.target) == [.label(1), .label(0), .label(1)])
    #expect(errors { try self.read(.regression, [self.table(["1,5", "2"])]) }.map(\.found) == ["`1,5`"])
  }

  @Test("Each label of a row is mapped; two that become one are one")
  func mapped() throws {
    let corpus = try read(.multiLabel, [table(["glad,joy", "cross", "glad,cross", "joy"])]) {
      $0.labelMap = ["glad": "joy", "cross": "anger"]
    }
    #expect(corpus.classes == ["anger", "joy"])
    #expect(names(corpus) == [["joy"], ["anger"], ["anger", "joy"], ["joy"]])
  }

  @Test("drop_labels and keep_labels take labels out of rows, and rows out where no label is left")
  func removed() throws {
    let file = try table(["a,b", "b", "c,b,a", "c"])
    let dropped = try read(.multiLabel, [file]) { $0.dropLabels = [" b"] }
    #expect(dropped.classes == ["a", "c"] && names(dropped) == [["a"], ["a", "c"], ["c"]])
    #expect(dropped.domains[0].examples.map(\.id) == ["rows.csv:1", "rows.csv:3", "rows.csv:4"])
    #expect(dropped.domains[0].reading.droppedByLabel == 1 && dropped.domains[0].reading.missingLabel == 0)
    let kept = try read(.multiLabel, [file]) { $0.keepLabels = ["a", "b"] }
    #expect(kept.classes == ["a", "b"] && names(kept) == [["a", "b"], ["b"], ["a", "b"]])
    #expect(kept.domains[0].reading.droppedByLabel == 1)
    // Both are of labels after the map.
    let both = try read(.multiLabel, [file]) {
      ($0.labelMap, $0.keepLabels, $0.dropLabels) = (["c": "d"], ["a", "b", "d"], ["b", "c"])
    }
    #expect(names(both) == [["a"], ["a", "d"], ["d"]] && both.domains[0].reading.droppedByLabel == 1)
  }

  @Test("Rows without labels are dropped, kept without any, kept with the placeholder, or errors; all are counted")
  func missing() throws {
    let file = try table(["a", "", "b,a", " , ,", " "])
    let dropped = try read(.multiLabel, [file])
    #expect(names(dropped) == [["a"], ["a", "b"]] && dropped.domains[0].reading.missingLabel == 3)
    let kept = try read(.multiLabel, [file]) { $0.missingLabel = .keep }
    #expect(names(kept) == [["a"], [], ["a", "b"], [], []] && kept.classes == ["a", "b"])
    #expect(kept.domains[0].examples[1].target == .labels([]) && kept.domains[0].reading.missingLabel == 0)
    let placed = try read(.multiLabel, [file]) { ($0.missingLabel, $0.placeholder) = (.placeholder, "neutral") }
    #expect(names(placed) == [["a"], ["neutral"], ["a", "b"], ["neutral"], ["neutral"]])
    #expect(placed.domains[0].reading.missingLabel == 3)
    let refused = errors { try self.read(.multiLabel, [file]) { $0.missingLabel = .error } }
    #expect(
      refused.map(\.line) == [3, 5, 6] && refused.allSatisfy { $0.kind == .missingValue && $0.column == "label" })
  }

  @Test("An array of a JSON object is its labels where a row may have several, and malformed elsewhere")
  func arrays() throws {
    let objects = [#"{"text":"x","label":["b","a, too"]}"#, #"{"text":"y","label":"a"}"#, #"{"text":"z","label":[]}"#]
    let file = try self.file(objects.joined(separator: "\n"), name: "rows.jsonl")
    let corpus = try read(.multiLabel, [file]) { ($0.format, $0.missingLabel) = (.jsonl, .keep) }
    #expect(names(corpus) == [["a, too", "b"], ["a"], []])
    let one = errors { try self.read(.classification, [file]) { $0.format = .jsonl } }
    #expect(one.contains { $0.kind == .malformed && $0.found.contains("an array") }, "\(one)")
  }

  @Test("Kept rows without labels stay whatever labels are dropped, kept or rare")
  func keptWithoutLabels() throws {
    let file = try table(["a", "", "b,a", "b", "c", "a"])
    let corpus = try read(.multiLabel, [file]) {
      ($0.missingLabel, $0.keepLabels, $0.dropLabels) = (.keep, ["a", "b"], ["b"])
    }
    // A row that has none of the labels kept is one without labels.
    #expect(names(corpus) == [["a"], [], ["a"], [], [], ["a"]] && corpus.domains[0].reading.droppedByLabel == 0)
    let rare = try read(.multiLabel, [file]) { ($0.missingLabel, $0.minimumRows) = (.keep, 2) }
    #expect(names(rare) == [["a"], [], ["a", "b"], ["b"], ["a"]])
  }

  @Test("minimum_rows takes rare labels out of rows, and rows that have no other; official test rows do not count")
  func rare() throws {
    let file = try table(["a,b", "a", "b", "a,c", "c,d", "b,d", "b,c"])
    let corpus = try read(.multiLabel, [file]) { $0.minimumRows = 3 }
    #expect(corpus.classes == ["a", "b", "c"])
    #expect(names(corpus) == [["a", "b"], ["a"], ["b"], ["a", "c"], ["c"], ["b"], ["b", "c"]])
    #expect(corpus.domains[0].reading.rareClasses == [.init(name: "d", rows: 2)])
    // Of `b` alone no row would differ from another.
    #expect(errors { try self.read(.multiLabel, [file]) { $0.minimumRows = 4 } }.map(\.kind) == [.tooFewClasses])
    let test = try table(["d", "a,d", "d,b"], part: .test, name: "test.csv")
    let train = FileSource.File(path: file.path, part: .train)
    let official = try read(.multiLabel, [train, test]) { $0.minimumRows = 3 }
    #expect(official.classes == ["a", "b", "c"])
    #expect(names(official).suffix(2) == [["a"], ["b"]])
    #expect(official.domains[0].reading.rareClasses == [.init(name: "d", rows: 5)])
  }

  @Test("rare_label stands for every rare label of a row once, and for none that is not rare")
  func rareLabel() throws {
    let file = try table(["a,b", "a", "b", "a,c", "c,d", "b,d"])
    let corpus = try read(.multiLabel, [file]) { ($0.minimumRows, $0.rareLabel) = (3, " other ") }
    #expect(corpus.classes == ["a", "b", "other"])
    #expect(names(corpus) == [["a", "b"], ["a"], ["b"], ["a", "other"], ["other"], ["b", "other"]])
    #expect(corpus.domains[0].reading.rareClasses == [.init(name: "c", rows: 2), .init(name: "d", rows: 2)])
    // One that stands in the row already is not there twice.
    let own = try read(.multiLabel, [file]) { ($0.minimumRows, $0.rareLabel) = (3, "b") }
    #expect(own.classes == ["a", "b"])
    #expect(names(own) == [["a", "b"], ["a"], ["b"], ["a", "b"], ["b"], ["b"]])
  }

  @Test("A cap keeps the shares of rows with the same labels, the same rows for the same seed, and all test rows")
  func cap() throws {
    let sets = ["x", "x,y", "y,x", "z", ""]
    let train = try table((0..<500).map { sets[$0 % 5] }, part: .train, name: "train.csv")
    let test = try table((0..<30).map { sets[$0 % 4] }, part: .test, name: "test.csv")
    func read(_ seed: UInt64) throws -> Corpus {
      try self.read(.multiLabel, [train, test], seed: seed) { ($0.cap, $0.missingLabel) = (50, .keep) }
    }
    let corpus = try read(1)
    let rows = corpus.domains[0].examples
    #expect(corpus.domains[0].reading.droppedByCap == 450 && rows.count { $0.part == .test } == 30)
    let counts = Dictionary(grouping: rows.filter { $0.part == .train }, by: \.target).mapValues(\.count)
    #expect(counts == [.labels([0]): 10, .labels([0, 1]): 20, .labels([2]): 10, .labels([]): 10])
    #expect(try read(1).domains[0].examples == rows && read(2).domains[0].examples != rows)
  }

  @Test("A cap takes no label before another where there are more sets of labels than rows to keep")
  func capOfManySets() throws {
    // Each row has one of twenty labels and one of its own: no two sets are equal.
    let cells = (0..<400).map { row in
      "label \(String(UnicodeScalar(UInt8(97 + row % 20)))),own \(1000 + row)"
    }
    let corpus = try read(.multiLabel, [table(cells)]) { $0.cap = 100 }
    let common = names(corpus).flatMap { $0 }.filter { $0.hasPrefix("label") }
    #expect(common.count == 100)
    // Five rows of each are expected.
    let counts = Dictionary(grouping: common) { $0 }.mapValues(\.count)
    #expect(counts.count >= 15 && (counts.values.max() ?? 0) <= 16, "\(counts)")
  }

  @Test("A cap keeps the share of rows whose labels stand together in few rows")
  func capOfRareSets() throws {
    // A tenth has two labels of forty: 780 pairs, none of more than a few rows.
    let cells = (0..<4000).map { row in
      row % 10 > 0 ? "often \(row % 3)" : "pair \(row * 7 % 40),pair \((row * 7 + 1 + row / 40 % 39) % 40)"
    }
    let corpus = try read(.multiLabel, [table(cells)]) { $0.cap = 400 }
    // 40 are expected of a draw without regard to labels, with a standard deviation of 5.7: five of them on either side.
    let pairs = names(corpus).count { $0.count == 2 }
    #expect(abs(pairs - 40) <= 28, "\(pairs)")
  }

  @Test("Lines of labels beside lines of texts may hold several; a blank one holds none")
  func parallel() throws {
    var file = FileSource.File(path: try folder.write("texts", "one\ntwo\nthree\nfour\n"))
    file.labels = .init(path: try folder.write("labels", "b, a\na\n\nb\n"))
    let corpus = try read(.multiLabel, [file]) { ($0.format, $0.missingLabel) = (.lines, .keep) }
    #expect(names(corpus) == [["a", "b"], ["a"], [], ["b"]])
    let dropped = try read(.multiLabel, [file]) { $0.format = .lines }
    #expect(dropped.domains[0].examples.map(\.text) == ["one", "two", "four"])
    #expect(dropped.domains[0].reading.missingLabel == 1)
  }

  @Test("Tables without a header, objects and files of lines by class give several labels")
  func forms() throws {
    let tsv = try file("one\tb,a\ntwo\ta\n", name: "rows.tsv")
    let expected = [["a", "b"], ["a"]]
    let table = try read(.multiLabel, [tsv]) {
      ($0.format, $0.hasHeader, $0.text, $0.label) = (.tsv, false, ["1"], "2")
    }
    #expect(names(table) == expected && table.domains[0].examples.map(\.text) == ["one", "two"])
    let objects = try file(
      "{\"text\":\"one\",\"label\":\"a,b\"}\n{\"text\":\"two\",\"label\":\"a\"}\n", name: "rows.jsonl")
    #expect(try names(read(.multiLabel, [objects]) { $0.format = .jsonl }) == expected)
    let lines = [
      FileSource.File(path: try folder.write("both.txt", "one\n"), label: "a,b"),
      FileSource.File(path: try folder.write("a.txt", "two\n"), label: "a"),
    ]
    #expect(try names(read(.multiLabel, lines) { $0.format = .lines }) == expected)
  }

  @Test("Labels are sorted by scalars over all domains, and each row's are ascending")
  func order() throws {
    func domain(_ name: String, _ text: String) throws -> DomainDeclaration {
      var source = FileSource()
      source.files = [try file(text, name: "\(name)/rows.csv")]
      return DomainDeclaration(name: name, source: .files(source))
    }
    var declaration = CorpusDeclaration(
      name: "c", task: "t",
      domains: [
        try domain("one", "text,label\n1,\"é,b,B\"\n2,b\n"), try domain("two", "text,label\n3,\"z,a\"\n4,\"b,a\"\n"),
      ])
    declaration.problem = .multiLabel
    let corpus = try CorpusReader.read(declaration, seed: 1)
    #expect(corpus.classes == ["B", "a", "b", "z", "é"])
    #expect(
      corpus.domains.map { $0.examples.map(\.target) } == [
        [.labels([0, 2, 4]), .labels([2])], [.labels([1, 3]), .labels([1, 2])],
      ])
  }

  // MARK: Contrast

  @Test(
    "A corpus in which every row has the same answer is refused",
    arguments: [
      (Problem.regression, ["1", "1.0", "1e0"], "the same number in every row", "at least two different numbers"),
      (.multiLabel, ["a,b", "b, a", "a,b,a"], "the same labels in every row", "rows that differ in their labels"),
      (.multiLabel, ["", "", ""], "no label", "rows that differ in their labels"),
      (.classification, ["a", "a ", "a"], "only the class `a`", "at least two classes"),
    ])
  func withoutContrast(problem: Problem, cells: [String], found: String, expected: String) throws {
    let file = try table(cells)
    let error = errors { try self.read(problem, [file]) { if problem == .multiLabel { $0.missingLabel = .keep } } }
    #expect(error.map(\.kind) == [.tooFewClasses])
    #expect(error.first?.found == found && error.first?.expected == expected)
  }

  @Test("One label that some rows have is a task")
  func oneLabel() throws {
    let corpus = try read(.multiLabel, [table(["a", "", "a"])]) { $0.missingLabel = .keep }
    #expect(corpus.classes == ["a"] && names(corpus) == [["a"], [], ["a"]])
  }

  // MARK: Audit

  @Test("An audit counts each label of a row, and takes a text for contradictory by all its labels together")
  func audit() {
    let sets: [(text: String, labels: [Int])] = [
      ("Same", [0, 1]), ("same!", [0, 1]), ("other", [0, 1]), ("Other", [0]), ("third", []), ("THIRD", [2]),
      ("lone", [1, 2]),
    ]
    let examples = sets.enumerated().map {
      Example(
        id: "\($0.offset)", text: $0.element.text, target: .labels($0.element.labels),
        part: $0.offset < 4 ? .train : .test)
    }
    let audit = Audit(examples, classes: 3)
    #expect(audit.classCounts == [4, 4, 2] && audit.rows == 7)
    #expect(audit.parts.map(\.classCounts) == [[4, 3, 0], [0, 1, 2]])
    #expect(audit.contradictoryTexts == 2 && audit.contradictoryRows == 4)
  }

  @Test("An audit of numbers has no counts, and a text with two numbers is contradictory")
  func auditOfNumbers() {
    let rows: [(text: String, number: Double)] = [("a b", 1), ("A B", 1), ("c d", 1), ("c d.", 1.5), ("e", 2)]
    let examples = rows.enumerated().map {
      Example(id: "\($0.offset)", text: $0.element.text, target: .number($0.element.number))
    }
    let audit = Audit(examples, classes: 0)
    #expect(audit.classCounts.isEmpty && audit.rows == 5)
    #expect(audit.contradictoryTexts == 1 && audit.contradictoryRows == 2)
  }
}
