import Testing

@testable import Corpora

/// Files as people have them: each is read with the keys that say how, and without them the error names the key.
@Suite("FileForms")
struct FileFormsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let rows = [
    ("my parcel is late, today", "order"), ("the déjà “vu” café €5", "bill"), ("say \"no\" 😀", "order"),
  ]

  /// The rows by the keys, or the message without the folder's random name.
  func read(
    _ name: String, _ bytes: [UInt8], _ change: (inout FileSource) -> Void = { _ in }
  ) throws -> (rows: [[String]], message: String) {
    let path = try folder.write(name, bytes)
    var source = FileSource()
    source.files = [.init(path: path)]
    change(&source)
    let declaration = CorpusDeclaration(
      name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .files(source))])
    do throws(CorpusErrors) {
      let corpus = try CorpusReader.read(declaration, seed: 1)
      return (corpus.domains[0].examples.map { [$0.text, corpus.classes[$0.label]] }, "")
    } catch {
      return ([], error.description.replacing(folder.path + "/", with: ""))
    }
  }

  private var expected: [[String]] { Self.rows.map { [$0.0, $0.1] } }

  func table(_ delimiter: String, header: Bool) -> String {
    (header ? "text\(delimiter)label\r\n" : "") + Self.rows.map { "\($0.0)\(delimiter)\($0.1)\r\n" }.joined()
  }

  /// No message may hold a word of a row.
  func expectNoText(_ message: String) {
    for word in ["parcel", "late", "café", "bill", "order", "today"] { #expect(!message.contains(word), "\(message)") }
  }

  @Test("a delimiter by its name or itself; another one than stated is named")
  func delimiter() throws {
    for (delimiter, key) in [(";", "semicolon"), ("|", "pipe"), ("\t", "tab"), ("@", "\"@\"")] {
      let bytes = Array(table(delimiter, header: true).utf8)
      for key in [delimiter, key] where key.first != "\"" {
        #expect(try read("a.csv", bytes) { ($0.delimiter, $0.quoting) = (key, .none) }.rows == expected)
      }
      let message = try read("a.csv", bytes).message
      #expect(message.contains("a.csv:1: `text`: got no such column"))
      #expect(message.contains("`delimiter: \(key)`"))
      expectNoText(message)
    }
    let odd = try read("a.csv", Array("text,label\n".utf8)) { $0.delimiter = ";;" }.message
    #expect(odd.contains("`delimiter`: got other than one character, expected one ASCII character"))
  }

  @Test("without a header columns have numbers; the first row is nobody's list of columns")
  func header() throws {
    let bytes = Array(table("\t", header: false).utf8)
    func numbered(_ source: inout FileSource) {
      (source.format, source.hasHeader, source.text, source.label) = (.tsv, false, ["1"], "2")
      source.quoting = .none
    }
    #expect(try read("a.tsv", bytes, numbered).rows == expected)
    let message = try read("a.tsv", bytes) { $0.format = .tsv }.message
    #expect(message.contains("the first line has 2 columns") && message.contains("`header: false`"))
    expectNoText(message)
    let beyond = try read("a.tsv", bytes) {
      numbered(&$0)
      $0.label = "3"
    }.message
    #expect(beyond.contains("`3`: got no such column, expected one of the 2 columns, by number: from \"1\" to \"2\""))
    // A message of few words is no header either, nor what a misspelt column was meant to be.
    let short = try read("b.csv", Array("test\nbill\n".utf8)).message
    #expect(!short.contains("`test`") && !short.contains("bill"))
  }

  @Test("a malformed first row does not number the columns, and costs one look")
  func numbered() {
    let lost = String(repeating: "hello\",\"yes\n", count: 5_000)
    let bytes = Array("\"a\"b,c\n1,2\n3,4\n".utf8)
    let form = DelimitedParser.Form(delimiter: Byte.comma, hasHeader: false)
    let raw = RawRecords(DelimitedParser(bytes, form, columns: ["2"]))
    #expect(raw.records.map(\.values) == [["2"], ["4"]] && raw.malformed.map(\.line) == [1])
    var parser = DelimitedParser(Array(lost.utf8), form, columns: ["1"])
    while parser.next() != nil {}
    #expect(parser.steps <= 10 * lost.utf8.count)
  }

  func units(_ text: String, bigEndian: Bool) -> [UInt8] {
    text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
  }

  @Test("UTF-16 with and without its mark, in both orders; lone halves of pairs are malformed rows with their line")
  func utf16() throws {
    let text = table(",", header: true).replacing("late, today", with: "late today")
    let rows = [["my parcel is late today", "order"]] + expected.dropFirst()
    for big in [false, true] {
      let mark: [UInt8] = big ? [0xFE, 0xFF] : [0xFF, 0xFE]
      let plain = units(text, bigEndian: big), named: FileSource.Encoding = big ? .utf16BigEndian : .utf16LittleEndian
      func read(_ bytes: [UInt8], _ encoding: FileSource.Encoding) throws -> (rows: [[String]], message: String) {
        try self.read("a.csv", bytes) { ($0.encoding, $0.quoting) = (encoding, .none) }
      }
      #expect(try read(mark + plain, .utf16).rows == rows)
      #expect(try read(mark + plain, named).rows == rows)
      #expect(try read(plain, named).rows == rows)
      #expect(try read(plain, .utf16).message.contains("UTF-16 without a byte order mark"))
      let other: FileSource.Encoding = big ? .utf16LittleEndian : .utf16BigEndian
      #expect(try read(mark + plain, other).message.contains("`encoding: utf-16`"))
      #expect(
        try read(mark + plain, .utf8).message.contains(
          "a.csv:1: got UTF-16, expected UTF-8 text, or `encoding: utf-16`"))
      #expect(try read(plain, .utf8).message.contains("`encoding: \(named.rawValue)`"))
      let lone = units("\u{E000}x,a\n", bigEndian: big)
      let high: [UInt8] = big ? [0xD8, 0x3D] : [0x3D, 0xD8]
      let broken = try read(mark + units("text,label\nok,a\n", bigEndian: big) + high + lone + [0x41], .utf16).message
      #expect(broken.contains("line 3: not UTF-16"))
    }
  }

  @Test("Latin-1 and Windows-1252; without the key the rows are malformed, and the likelier of the two is named")
  func oneByte() throws {
    let latin = Array("text,label\ncaf".utf8) + [0xE9] + Array(",a\nok,b\n".utf8)
    #expect(try read("a.csv", latin) { $0.encoding = .latin1 }.rows == [["café", "a"], ["ok", "b"]])
    #expect(
      try read("a.csv", latin).message.contains("not UTF-8), expected a share of at most 0.01, or `encoding: latin-1`"))
    let windows = Array("text,label\n5 ".utf8) + [0x80, 0x93] + Array(",a\nok,b\n".utf8)
    #expect(try read("a.csv", windows) { $0.encoding = .windows1252 }.rows == [["5 €“", "a"], ["ok", "b"]])
    #expect(try read("a.csv", windows).message.contains("or `encoding: windows-1252`"))
    let undefined = Array("text,label\n".utf8) + [0x81] + Array(",a\nok,b\n".utf8)
    #expect(try read("a.csv", undefined) { $0.encoding = .windows1252 }.message.contains("line 2: not Windows-1252"))
    let marked = Byte.byteOrderMark + Array("text,label\na,b\n".utf8)
    #expect(try read("a.csv", marked) { $0.encoding = .latin1 }.message.contains("`encoding: utf-8`"))
  }

  @Test("a label that is no number is located in the file of labels")
  func parallelNumbers() throws {
    var source = FileSource()
    source.format = .lines
    source.files = [.init(path: try folder.write("seq.in", Array("a\nb\n".utf8)))]
    source.files[0].labels = .init(path: try folder.write("stars", Array("1\ntwo\n".utf8)))
    var declaration = CorpusDeclaration(
      name: "reviews", task: "stars", domains: [.init(name: "shop", source: .files(source))])
    declaration.problem = .regression
    let errors = CorpusReader.outcome(of: declaration, seed: 1).errors
    #expect(errors.first?.file?.hasSuffix("stars") == true && errors.first?.line == 2)
  }

  @Test("parallel files of texts and labels; another number of lines is located")
  func parallel() throws {
    let labels = try folder.write("label", Self.rows.map { $0.1 + "\n" }.joined())
    func pair(_ path: String) -> (inout FileSource) -> Void {
      {
        $0.format = .lines
        $0.files[0].labels = .init(path: path)
      }
    }
    let texts = Array(Self.rows.map { $0.0 + "\n" }.joined().utf8)
    #expect(try read("seq.in", texts, pair(labels)).rows == expected)
    let message = try read("seq.in", texts + Array("more\n".utf8), pair(labels)).message
    #expect(message.hasPrefix("seq.in:4: got 4 lines of text and 3 lines of labels in "))
    #expect(message.hasSuffix("label, expected as many of both"))
    let broken = try folder.write("broken", Array("order\nbill\n".utf8) + [0xFF, 0x0A])
    #expect(try read("seq.in", texts, pair(broken)).message.contains("line 3: a label that is not UTF-8"))
    #expect(try read("seq.in", texts) { $0.format = .lines }.message.contains("`{text: FILE, label: FILE}`"))
    let at = try read("a.txt", Array(table("@", header: false).utf8)) { $0.format = .lines }.message
    #expect(at.contains("`delimiter: \"@\"`"))
  }

  @Test("what became of the rows is said in a line")
  func summary() throws {
    let path = try folder.write(
      "a.csv", "text,label\na,x\nb,\n,y\nc,y\nbroken\n" + String(repeating: "d,x\n", count: 95))
    var source = FileSource()
    source.files = [.init(path: path)]
    func summary() throws -> String {
      let domain = DomainDeclaration(name: "d", source: .files(source))
      return try CorpusReader.read(CorpusDeclaration(name: "tickets", task: "t", domains: [domain]), seed: 1)
        .readingSummary
    }
    #expect(try summary() == "tickets: 100 rows read, 97 kept; 1 without text, 1 without label, 1 malformed (line 6)")
    source.missingText = .placeholder
    #expect(
      try summary()
        == "tickets: 100 rows read, 98 kept; 1 without text, 1 without label, 1 malformed (line 6)")
    (source.missingText, source.minimumWords) = (.drop, 0)
    source.files = [.init(path: try folder.write("b.csv", "text,label\na,x\nb,\nc,y\n"))]
    #expect(try summary() == "tickets: 3 rows read, 2 kept; 1 without label")
  }

  @Test("other programs' files are refused by name, with the conversion")
  func foreign() throws {
    let known: [(bytes: [UInt8], says: String)] = [
      (
        Array("PK\u{3}\u{4}[Content_Types].xml xl/workbook.xml".utf8),
        "an Excel workbook (.xlsx), expected csv text: save"
      ),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook (.xls)"),
      (Array("PAR1\u{15}".utf8), "a Parquet file"),
      ([0x1F, 0x8B, 8], "a gzip file, expected csv text: unpack it (gunzip FILE)"),
      (Array("PK\u{3}\u{4}a.csv".utf8), "a zip archive"),
      (Array("SQLite format 3\0".utf8), "an SQLite database"), (Array("%PDF-1.7".utf8), "a PDF"),
    ]
    for (bytes, says) in known { #expect(try read("a.csv", bytes).message.contains("a.csv:1: got \(says)")) }
    let array = Array("[{\"text\": \"parcel\", \"label\": \"order\"}]".utf8)
    for format in [FileSource.Format.jsonl, .clinc] {
      let message = try read("a.json", array) { $0.format = format }.message
      #expect(message.contains("a JSON array") && message.contains("jq -c"))
      expectNoText(message)
    }
    let lines = Array("{\"text\": \"a\"}\n{\"text\": \"b\"}\n".utf8)
    #expect(try read("a.json", lines) { $0.format = .clinc }.message.contains("`format: jsonl`"))
    let keyed = try read("a.json", Array("{\"my parcel is late\": 1}".utf8)) { $0.format = .clinc }.message
    expectNoText(keyed)
    let objects = try read("a.jsonl", Array("{\"my parcel is late\": 1}\n".utf8)) { $0.format = .jsonl }.message
    expectNoText(objects)
  }

  @Test("a key twice in an object is said with the line, and the last counts")
  func repeatedKey() throws {
    let path = try folder.write(
      "a.jsonl", "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"text\":\"c\",\"label\":\"y\",\"n\":1,\"n\":2}\n")
    var source = FileSource()
    (source.files, source.format) = ([.init(path: path)], .jsonl)
    let corpus = try CorpusReader.read(
      CorpusDeclaration(name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .files(source))]), seed: 1)
    #expect(corpus.domains[0].examples.map(\.text) == ["a", "c"])
    #expect(
      corpus.domains[0].reading.repeatedColumns == [.init(file: path, name: "text", count: 1, line: 2, isKey: true)])
  }

  @Test("a row's place is its line, below a header, blank lines and records of several lines")
  func places() throws {
    let path = try folder.write("a.csv", "text,label\n\n\"one\ntwo\",x\nthree,y\n")
    var source = FileSource()
    source.files = [.init(path: path)]
    let corpus = try CorpusReader.read(
      CorpusDeclaration(name: "c", task: "t", domains: [DomainDeclaration(name: "d", source: .files(source))]), seed: 1)
    #expect(corpus.domains[0].examples.map(\.id) == ["a.csv:1", "a.csv:2"])
    #expect(corpus.domains[0].examples.map(\.place) == ["a.csv:3", "a.csv:5"])
  }

}
