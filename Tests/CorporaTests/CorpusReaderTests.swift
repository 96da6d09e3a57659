import Foundation
import Testing

@testable import Corpora

@Suite("CorpusReader")
struct CorpusReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func corpus(
    _ files: [FileSource.File], seed: UInt64 = 1, _ change: (inout FileSource) -> Void = { _ in }
  ) throws -> Corpus {
    var source = FileSource()
    source.files = files
    change(&source)
    let declaration = CorpusDeclaration(
      name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .files(source))])
    return try CorpusReader.read(declaration, seed: seed)
  }

  private func csv(_ text: String, part: FileSource.Part = .all, name: String = "rows.csv") throws -> FileSource.File {
    FileSource.File(path: try folder.write(name, text), declaredPath: "${data}/\(name)", part: part)
  }

  @Test("Reads text, label, group and slice; classes are sorted by scalars; ids are file:record")
  func columns() throws {
    let file = try csv("text,label,talk,channel\nhello,b,7,web\n\"a, b\",B,8,\nx,é,7,app\n")
    let corpus = try corpus([file]) {
      $0.group = "talk"
      $0.slice = "channel"
    }
    #expect(corpus.classes == ["B", "b", "é"])
    #expect(
      corpus.domains[0].examples == [
        Example(id: "rows.csv:1", text: "hello", label: 1, group: "7", slice: "web", line: 2),
        Example(id: "rows.csv:2", text: "a, b", label: 0, group: "8", slice: nil, line: 3),
        Example(id: "rows.csv:3", text: "x", label: 2, group: "7", slice: "app", line: 4),
      ])
    #expect(!corpus.isGenerated)
  }

  @Test("The report names files as declared, with their SHA-256 and size")
  func report() throws {
    let reading = try corpus([csv("text,label\na,x\nb,y\n")]).domains[0].reading
    // sha256sum of these bytes.
    let sum = "aa5c4c36e41149f509999197529caea001f8344c8fbe1478e39c9da8b19549a9"
    #expect(reading.files.map(\.declaredPath) == ["${data}/rows.csv"])
    #expect(reading.files[0].bytes == 19)
    #expect(reading.files[0].sha256 == sum)
    #expect(reading.records == 2)
  }

  @Test("TSV, JSON Lines and plain lines give the same rows as CSV")
  func formats() throws {
    let csvRows = try corpus([csv("text,label\none two,x\nthree,y\n")]).domains[0].examples
    let tsv = FileSource.File(path: try folder.write("rows.tsv", "label\ttext\nx\tone two\ny\tthree\n"))
    let json = FileSource.File(
      path: try folder.write(
        "rows.jsonl", "{\"text\":\"one two\",\"label\":\"x\"}\n{\"label\":\"y\",\"text\":\"three\"}\n"))
    let lines = [
      FileSource.File(path: try folder.write("x.txt", "one two\n"), label: "x"),
      FileSource.File(path: try folder.write("y.txt", "three"), label: "y"),
    ]
    func pairs(_ examples: [Example]) -> [String] { examples.map { "\($0.text)/\($0.label)" } }
    #expect(try pairs(corpus([tsv]) { $0.format = .tsv }.domains[0].examples) == pairs(csvRows))
    #expect(try pairs(corpus([json]) { $0.format = .jsonl }.domains[0].examples) == pairs(csvRows))
    #expect(try pairs(corpus(lines) { $0.format = .lines }.domains[0].examples) == pairs(csvRows))
  }

  @Test("CLINC150: parts come from the keys; a file declared as one part gives only that part")
  func clinc() throws {
    let text = "{\"train\": [[\"a\",\"x\"],[\"b\",\"y\"]], \"test\": [[\"c\",\"x\"]], \"oos_test\": [[\"d\",\"oos\"]]}"
    let path = try folder.write("data.json", text)
    let all = try corpus([FileSource.File(path: path)]) { $0.format = .clinc }
    #expect(all.domains[0].examples.map(\.part) == [.train, .train, .test, .test])
    #expect(all.classes == ["oos", "x", "y"])
    let kept = try corpus([FileSource.File(path: path)]) {
      $0.format = .clinc
      $0.keepLabels = ["x", "y"]
    }
    #expect(kept.classes == ["x", "y"])
    #expect(kept.domains[0].reading.droppedByLabel == 1)
    let train = try corpus([FileSource.File(path: path, part: .train)]) { $0.format = .clinc }
    #expect(train.domains[0].examples.map(\.id) == ["data.json:1", "data.json:2"])
  }

  @Test("Labels are mapped first, then dropped or kept; several text columns are joined by a space")
  func labels() throws {
    let file = try csv("title,body,stars\nGood,very,5\n,fine,4\nMeh,so,3\nBad,,1\n")
    let corpus = try corpus([file]) {
      $0.text = ["title", "body"]
      $0.label = "stars"
      $0.labelMap = ["1": "negative", "4": "positive", "5": "positive"]
      $0.dropLabels = ["3"]
    }
    #expect(corpus.classes == ["negative", "positive"])
    #expect(corpus.domains[0].examples.map(\.text) == ["Good very", "fine", "Bad"])
    #expect(corpus.domains[0].reading.droppedByLabel == 1)
  }

  @Test("Filters by column value and by words are applied and counted")
  func filters() throws {
    let file = try csv(
      "text,label,source\none two three,x,a\none two,y,a\none two three,x,d\nfour five six,y, d\none two  three,y,b\n")
    let corpus = try corpus([file]) {
      $0.dropWhere = ["source": ["d"]]
      $0.minimumWords = 3
    }
    #expect(corpus.domains[0].examples.map(\.id) == ["rows.csv:1", "rows.csv:5"])
    #expect(corpus.domains[0].reading.droppedByFilter == 2)
    #expect(corpus.domains[0].reading.droppedByLength == 1)
  }

  @Test(
    "Missing text or label: dropped, replaced or an error, and counted",
    arguments: [FileSource.MissingPolicy.drop, .placeholder, .error])
  func missing(policy: FileSource.MissingPolicy) throws {
    let file = try csv("text,label\na,x\n  ,x\nb,\nc,y\n")
    func read() throws -> Corpus {
      try corpus([file]) {
        $0.missingText = policy
        $0.missingLabel = policy
      }
    }
    switch policy {
    case .drop:
      let data = try read().domains[0]
      #expect(data.examples.map(\.text) == ["a", "c"])
      #expect(data.reading.missingText == 1 && data.reading.missingLabel == 1)
    case .placeholder:
      let read = try read()
      #expect(read.domains[0].examples.map(\.text) == ["a", "[MISSING]", "b", "c"])
      #expect(read.classes == ["[MISSING]", "x", "y"])
      #expect(read.domains[0].reading.missingText == 1 && read.domains[0].reading.missingLabel == 1)
    case .error:
      let error = #expect(throws: CorpusErrors.self) { try read() }
      #expect(error?.errors.map(\.line) == [3, 4])
      #expect(error?.errors.map(\.column) == ["text", "label"])
      #expect(error?.errors.allSatisfy { $0.kind == .missingValue } == true)
    case .keep: Issue.record("there is no such policy where a row has one class")
    }
  }

  @Test("A cap keeps the shares of the classes, the same rows for the same seed, and all official test rows")
  func cap() throws {
    let train = (0..<900).map { "text \($0),\($0 % 9 < 6 ? "x" : $0 % 9 < 8 ? "y" : "z")" }
    let test = (0..<300).map { "other \($0),\($0 % 2 == 0 ? "x" : "y")" }
    let files = [
      try csv("text,label\n" + train.joined(separator: "\n"), part: .train, name: "train.csv"),
      try csv("text,label\n" + test.joined(separator: "\n"), part: .test, name: "test.csv"),
    ]
    func read(_ seed: UInt64) throws -> Corpus { try corpus(files, seed: seed) { $0.cap = 90 } }
    let capped = try read(1)
    let rows = capped.domains[0].examples
    #expect(rows.count { $0.part == .test } == 300)
    #expect(capped.domains[0].reading.droppedByCap == 810)
    let counts = (0..<3).map { label in rows.count { $0.part == .train && $0.label == label } }
    #expect(counts == [60, 20, 10])
    #expect(try read(1).domains[0].examples == rows)
    #expect(try read(2).domains[0].examples != rows)
    let records = rows.prefix { $0.part == .train }.compactMap { Int($0.id.split(separator: ":")[1]) }
    #expect(records == records.sorted(), "the file's order stays")
  }

  @Test("Equal file names get as many parent folders as tell them apart")
  func names() {
    #expect(FileNames.short(["d/books/pos", "d/dvd/pos", "d/dvd/neg"]) == ["books/pos", "dvd/pos", "neg"])
    #expect(FileNames.short(["/a/x/r.csv", "/b/x/r.csv", "r.csv"]) == ["a/x/r.csv", "b/x/r.csv", "r.csv"])
    #expect(FileNames.short(["./a.csv", "a.csv"]) == ["a.csv", "a.csv"])
    #expect(FileNames.short(["x/r.csv", "r.csv", "x/r.csv"]) == ["x/r.csv", "r.csv", "x/r.csv"])
  }

  @Test("A row's key is its file's hash and place, whatever the file is called; its labels' file is part of it")
  func keys() throws {
    func keys(_ files: [FileSource.File], _ change: (inout FileSource) -> Void = { _ in }) throws -> [String] {
      let domain = try corpus(files, change).domains[0]
      return domain.examples.indices.map { domain.key(of: $0) }
    }
    func lines(_ labels: String) throws -> [FileSource.File] {
      let labels = FileSource.LabelFile(path: try folder.write("labels", labels), declaredPath: "labels")
      var file = FileSource.File(path: try folder.write("texts", "a\nb\n"))
      file.labels = labels
      return [file]
    }
    // The first digits of sha256sum of these bytes.
    let rows = "text,label\na,x\nb,y\n"
    #expect(try keys([csv(rows)]) == ["aa5c4c36:1", "aa5c4c36:2"])
    #expect(try keys([csv(rows, name: "other:1.csv")]) == ["aa5c4c36:1", "aa5c4c36:2"])
    #expect(try keys([csv(rows + "c,x\n")])[0] != "aa5c4c36:1")
    let one = try keys(lines("x\ny\n")) { $0.format = .lines }, two = try keys(lines("y\nx\n")) { $0.format = .lines }
    #expect(one[0].count == 18 && one[0].prefix(8) == two[0].prefix(8) && one[0] != two[0])
    let generated = CorpusDeclaration(
      name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .generated(GeneratorSettings()))])
    #expect(try CorpusReader.read(generated, seed: 1).domains[0].key(of: 2) == "generated:3")
  }

  @Test("Domains share one list of classes, and their ids differ")
  func domains() throws {
    func domain(_ name: String, _ text: String) throws -> DomainDeclaration {
      var source = FileSource()
      source.files = [FileSource.File(path: try folder.write("\(name)/rows.csv", text))]
      return DomainDeclaration(name: name, source: .files(source))
    }
    let declaration = CorpusDeclaration(
      name: "c", task: "t",
      domains: [try domain("one", "text,label\na,x\nb,z\n"), try domain("two", "text,label\nc,y\nd,z\n")])
    let corpus = try CorpusReader.read(declaration, seed: 1)
    #expect(corpus.classes == ["x", "y", "z"])
    #expect(corpus.domains.map { $0.examples.map(\.label) } == [[0, 2], [1, 2]])
    #expect(
      corpus.domains.flatMap { $0.examples.map(\.id) } == [
        "one/rows.csv:1", "one/rows.csv:2", "two/rows.csv:1", "two/rows.csv:2",
      ])
  }

  @Test("Blanks at the ends of a label make no class, nor of what the manifest says of labels")
  func trimmedLabels() throws {
    let file = try csv(
      "text,label\n1,billing\n2, billing\n3,billing \n4,billing\u{A0}\n5,\u{2009}lost\t\n6,odd\n7,even\n")
    let corpus = try corpus([file]) {
      $0.labelMap = [" odd": "even "]
      $0.dropLabels = ["lost "]
    }
    #expect(corpus.classes == ["billing", "even"])
    #expect(corpus.domains[0].examples.map(\.label) == [0, 0, 0, 0, 1, 1])
    #expect(corpus.domains[0].reading.droppedByLabel == 1)
  }

  @Test("minimum_rows leaves classes with fewer rows out, or makes them one; official test rows do not count")
  func rareClasses() throws {
    let labels = ["a", "a", "a", "b", "b", "b", "b", "c", "d", "d"]
    let rows = labels.enumerated().map { "text \($0.offset),\($0.element)" }
    let file = try csv("text,label\n" + rows.joined(separator: "\n"))
    let dropped = try corpus([file]) { $0.minimumRows = 3 }
    #expect(dropped.classes == ["a", "b"] && dropped.domains[0].examples.count == 7)
    #expect(dropped.domains[0].reading.rareClasses == [.init(name: "c", rows: 1), .init(name: "d", rows: 2)])
    #expect(dropped.domains[0].reading.rareLabel == nil)
    let merged = try corpus([file]) { ($0.minimumRows, $0.rareLabel) = (3, "other") }
    #expect(merged.classes == ["a", "b", "other"])
    #expect(merged.domains[0].examples.count { merged.classes[$0.label] == "other" } == 3)
    #expect(try corpus([file]).domains[0].reading.rareClasses.isEmpty)

    let test = try csv("text,label\nx,a\ny,d\nz,d\nw,d\n", part: .test, name: "test.csv")
    let train = FileSource.File(path: file.path, declaredPath: file.declaredPath, part: .train)
    let official = try corpus([train, test]) { $0.minimumRows = 3 }
    #expect(official.classes == ["a", "b"])
    #expect(official.domains[0].examples.count { $0.part == .test } == 1)
    #expect(official.domains[0].reading.rareClasses == [.init(name: "c", rows: 1), .init(name: "d", rows: 5)])
    #expect(throws: CorpusErrors.self) { try corpus([file]) { $0.minimumRows = 4 } }
  }

  @Test("A column that a header names twice and nobody asks for is counted")
  func repeatedColumns() throws {
    let file = try csv("text,note,label,note,,\n1,x,a,y,,\n2,x,b,y,,\n")
    #expect(
      try corpus([file]).domains[0].reading.repeatedColumns == [
        .init(file: "${data}/rows.csv", name: "note", count: 2)
      ])
    let asked = #expect(throws: CorpusErrors.self) { try self.corpus([file]) { $0.group = "note" } }
    #expect(asked?.errors.map(\.found) == ["2 columns of that name"])
  }

  @Test("Generated domains are read like files, and marked")
  func generated() throws {
    var settings = GeneratorSettings()
    settings.rows = 30
    var telecom = settings
    telecom.domain = .telecom
    let declaration = CorpusDeclaration(
      name: "c", task: "sentiment",
      domains: [
        DomainDeclaration(name: "shop", source: .generated(settings)),
        DomainDeclaration(name: "phone", source: .generated(telecom)),
      ])
    let corpus = try CorpusReader.read(declaration, seed: 9)
    #expect(corpus.isGenerated)
    #expect(corpus.classes == MessageGenerator.classes(.sentiment))
    #expect(corpus.domains[0].examples.map(\.text) == MessageGenerator.generate(settings).map(\.text))
    #expect(corpus.domains[0].examples[16].id == "shop/generated:17")
    #expect(Set(corpus.domains.flatMap { $0.examples.map(\.id) }).count == 60)
  }
}
