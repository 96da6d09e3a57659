import Testing

@testable import Corpora

/// Files as people have them: how each is written and what its columns are, found from the bytes.
@Suite struct CorpusSurveyTests {
  static let subjects = ["parcel", "invoice", "password", "order", "café"]
  static let labels = ["delivery", "billing", "login"]

  static func text(_ row: Int) -> String {
    "where is my \(subjects[row % 5]) of number \(row), please and thanks"
  }

  static func label(_ row: Int) -> String { labels[row % 3] }

  static func table(_ separator: String, header: String? = nil, rows: Int = 60) -> String {
    (header.map { $0 + "\n" } ?? "")
      + (0..<rows).map { row in
        let text = text(row)
        return (separator == "," ? "\"\(text)\"" : text) + separator + label(row) + "\n"
      }.joined()
  }

  func survey(
    _ files: [(name: String, bytes: [UInt8])], text: String? = nil, label: String? = nil
  ) throws -> CorpusSurvey {
    let folder = try TemporaryFolder()
    let paths = try files.map { try folder.write($0.name, $0.bytes) }
    return try CorpusSurvey(files: paths, text: text, label: label)
  }

  func survey(_ name: String, _ text: String) throws -> CorpusSurvey {
    try survey([(name, Array(text.utf8))])
  }

  func refusal(
    _ files: [(name: String, text: String)], text: String? = nil, label: String? = nil
  ) throws -> String {
    let error = try #require(throws: CorpusSurvey.Refusal.self) {
      _ = try survey(files.map { ($0.name, Array($0.text.utf8)) }, text: text, label: label)
    }
    return error.description
  }

  func source(_ survey: CorpusSurvey) -> FileSource { CorpusSurvey.source(survey.declaration.domains[0]) }

  // MARK: Forms

  @Test(
    "separators and headers",
    arguments: [
      ("a.csv", ",", "body,queue"), ("a.tsv", "\t", "body\tqueue"), ("a.csv", ";", "body;queue"),
      ("a.txt", "|", "body|queue"), ("a.csv", "\t", "body\tqueue"),
    ])
  func separators(name: String, separator: String, header: String) throws {
    for header in [header, nil] {
      let survey = try survey(name, Self.table(separator, header: header))
      let source = source(survey)
      #expect(source.hasHeader == (header != nil))
      #expect(source.text == [header == nil ? "1" : "body"] && source.label == (header == nil ? "2" : "queue"))
      #expect(survey.corpus.domains[0].examples.count == 60 && survey.corpus.classes == Self.labels.sorted())
      #expect(survey.corpus.domains[0].examples[1].text == Self.text(1))
    }
  }

  @Test("encodings, each read to the same texts")
  func encodings() throws {
    let text = Self.table(",", header: "text,label")
    func oneByte(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
    func utf16(_ text: String, big: Bool) -> [UInt8] {
      text.utf16.flatMap { big ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }
    let forms: [(FileSource.Encoding, [UInt8])] = [
      (.utf8, Array(text.utf8)), (.utf8, [0xEF, 0xBB, 0xBF] + Array(text.utf8)), (.latin1, oneByte(text)),
      (.windows1252, oneByte(text) + [UInt8](oneByte("well \u{80} and so on,login\n"))),
      (.utf16, [0xFF, 0xFE] + utf16(text, big: false)), (.utf16, [0xFE, 0xFF] + utf16(text, big: true)),
      (.utf16LittleEndian, utf16(text, big: false)), (.utf16BigEndian, utf16(text, big: true)),
    ]
    for (encoding, bytes) in forms {
      let survey = try survey([("a.csv", bytes)])
      #expect(source(survey).encoding == encoding)
      #expect(survey.corpus.domains[0].examples[4].text == Self.text(4))
    }
  }

  @Test("JSON Lines, with keys that some objects lack")
  func jsonLines() throws {
    let lines = (0..<60).map { row in
      "{\"id\": \(row), \"message\": \"\(Self.text(row))\", \"label\": \"\(Self.label(row))\""
        + (row % 4 == 0 ? ", \"channel\": \"mail\"" : "") + "}\n"
    }
    let survey = try survey("a.txt", lines.joined())
    #expect(source(survey).format == .jsonl && source(survey).text == ["message"] && source(survey).label == "label")
    #expect(survey.corpus.domains[0].examples.count == 60)
  }

  @Test("quotes that mean nothing are left as they stand")
  func strayQuotes() throws {
    let rows = (0..<60).map { "\($0 % 5 == 0 ? "\"stop\" said we," : "said") \(Self.text($0))\t\(Self.label($0))\n" }
    let survey = try survey("a.tsv", rows.joined())
    #expect(source(survey).quoting == .none && survey.corpus.domains[0].examples.count == 60)
  }

  @Test("quotes that enclose are taken off, where some of them are lost too")
  func lostQuotes() throws {
    let rows = (0..<200).map {
      "\"\(Self.label($0))\",\"\(Self.text($0).replacing(",", with: ""))\($0 == 50 ? "\"\" x\"y" : "")\"\n"
    }
    let survey = try survey("a.csv", "label,text\n" + rows.joined())
    #expect(source(survey).quoting == .double && survey.corpus.classes == Self.labels.sorted())
    #expect(survey.corpus.domains[0].reading.malformed.count == 1)
  }

  // MARK: Columns

  @Test("ids, dates, numbers, answers and parts are neither text nor label; names break ties alone")
  func columns() throws {
    var rows = "ticket_id,created,customer,amount,part,channel,category,reply,body,agent\n"
    for row in 0..<120 {
      rows +=
        "T\(1_000 + row),2024-05-\(10 + row % 20),K\(row % 40),\(row * 7),\(row % 5 == 0 ? "test" : "train"),"
        + "\(row % 2 == 0 ? "mail" : "phone"),\(Self.label(row)),"
        + "\"dear customer, number \(row), we have looked at it long and will come back to you soon enough\","
        + "\"\(Self.text(row))\",\(row % 7 < 3 ? "ann" : "bob")\n"
    }
    let survey = try survey("a.csv", rows)
    #expect(source(survey).text == ["body"] && source(survey).label == "category")
    #expect(survey.otherLabels.map(\.name) == ["agent", "channel"] && survey.group?.name == "customer")
    #expect(survey.notes.contains { $0.contains("`part` names official parts") })
  }

  @Test("numbers are classes where they are called so, and ratings are none unless asked for")
  func numbers() throws {
    func rows(_ name: String, _ values: Int, from first: Int) -> String {
      "id,text,\(name)\n"
        + (0..<60).map { "x\($0),\(Self.text($0).replacing(",", with: "")),\(first + $0 % values)\n" }.joined()
    }
    #expect(try survey("a.csv", rows("label", 2, from: 0)).corpus.classes == ["0", "1"])
    #expect(try refusal([("a.csv", rows("stars", 5, from: 1))]).contains("ratings as numbers (column `stars`"))
    #expect(try refusal([("a.csv", rows("label", 60, from: 0))]).contains("without a label"))
    let bytes = Array(rows("stars", 5, from: 1).utf8)
    let asked = try survey([("a.csv", bytes)], label: "stars")
    #expect(asked.corpus.classes.count == 5 && asked.notes.contains { $0.contains("label_map") })
  }

  // MARK: Several files

  @Test("parts by the files' names")
  func parts() throws {
    let table = Array(Self.table(",", header: "text,label").utf8)
    let survey = try survey([("d/train.csv", table), ("d/dev.csv", table), ("d/test.csv", table)])
    #expect(survey.isOfficial && survey.declaration.domains.count == 1)
    #expect(source(survey).files.map(\.part) == [.train, .validation, .test])
  }

  @Test("one corpus in one folder, a domain for each folder, and one for each whole set of parts")
  func domains() throws {
    let table = Array(Self.table(",", header: "text,label").utf8)
    let one = try survey([("d/may.csv", table), ("d/june.csv", table)])
    #expect(one.declaration.domains.count == 1 && !one.isOfficial && source(one).files.count == 2)
    let folders = try survey([("d/shop/rows.csv", table), ("d/bank/rows.csv", table)])
    #expect(folders.declaration.domains.map(\.name) == ["shop", "bank"])
    let sets = try survey(
      ["shop-train", "shop-test", "bank-train", "bank-test"].map { ("d/\($0).csv", table) })
    #expect(sets.declaration.domains.map(\.name) == ["shop", "bank"] && sets.isOfficial)
  }

  @Test("parallel files, by folder and part; a file of tags beside them is said to be left out")
  func parallel() throws {
    let texts = (0..<60).map { Self.text($0) + "\n" }.joined(), labels = (0..<60).map { Self.label($0) + "\n" }.joined()
    let tags = (0..<60).map { _ in "O O O B-thing O O O O O\n" }.joined()
    let files = ["train", "test"].flatMap { part in
      [("\(part)/label", labels), ("\(part)/seq.in", texts), ("\(part)/seq.out", tags)]
    }
    let survey = try survey(files.map { ($0.0, Array($0.1.utf8)) })
    #expect(survey.isOfficial && source(survey).files.count == 2)
    #expect(
      source(survey).files.allSatisfy { $0.path.hasSuffix("seq.in") && $0.labels?.path.hasSuffix("/label") == true })
    #expect(survey.corpus.domains[0].examples.count == 120)
    #expect(survey.notes.contains { $0.contains("seq.out") })
  }

  @Test("a file a class, and a folder a class")
  func classFiles() throws {
    let texts = Array((0..<60).map { Self.text($0) + "\n" }.joined().utf8)
    let names = try survey([("d/review_negative", texts), ("d/review_positive", texts)])
    #expect(names.corpus.classes == ["negative", "positive"] && names.declaration.task == "sentiment")
    let folders = try survey([("d/fee/all.txt", texts), ("d/card/all.txt", texts)])
    #expect(folders.corpus.classes == ["card", "fee"] && folders.declaration.domains.count == 1)
  }

  // MARK: None

  static let others: [(name: String, text: String, said: String)] = [
    (
      "several.csv",
      "title,genres\n"
        + (0..<60).map {
          "a film called \($0),\(["war", "war|love", "love", "love|crime", "crime", "crime|war|love", "war|crime"][$0 % 7])\n"
        }
        .joined(), "several labels a row (column `genres`, joined by `|`"
    ),
    (
      "numbers.csv", "a,b,c\n" + (0..<60).map { "\($0),\($0 % 3),\($0 % 2 == 0 ? "yes" : "no")\n" }.joined(),
      "3 columns of numbers, dates, ids and single words"
    ),
    (
      "tags.conll", (0..<60).map { "word\($0 % 9)\t\(["O", "O", "B-place", "I-place"][$0 % 4])\n" }.joined(),
      "a tag for each word"
    ),
    ("tree.json", "{\"dialogues\": [{\"turns\": [\"secret words of a customer\"]}]}", "a tree and no rows"),
    ("array.json", "[{\"text\": \"secret words of a customer\"}]", "jq -c"),
    (
      "nested.jsonl", (0..<60).map { "{\"id\": \"x\($0)\", \"turns\": [{\"said\": \"secret words\"}]}\n" }.joined(),
      "dialogues"
    ),
    ("labels.txt", (0..<60).map { label($0) + "\n" }.joined(), "labels, one a line (60 lines, 3 different)"),
    ("tagged.conll", "# intent = a\nmy O\n\n", "CoNLL's columns, a token a line"),
    ("texts.txt", (0..<60).map { "secret words \($0) of a customer\n" }.joined(), "texts without labels (60 lines)"),
    ("words.txt", (0..<60).map { "word\(String(UnicodeScalar(97 + $0 % 26)!))\($0)\n" }.joined(), "no texts"),
    (
      "one.csv",
      table(",", header: "text,label").replacing("billing", with: "login").replacing("delivery", with: "login"),
      "texts of one class (column `label`)"
    ),
    ("vectors.txt", (0..<60).map { "word 0.\($0) -1 \($0)e-2\n" }.joined(), "lines of numbers"),
    ("sheet.xlsx", "PK\u{3}\u{4} xl/workbook.xml", "save the sheet as CSV UTF-8"),
    ("rows.parquet", "PAR1\u{15}", "a Parquet file"),
    ("empty.csv", "", "an empty file"),
  ]

  @Test("what has no label a text is said to be what it is, and nobody's words are said", arguments: others)
  func refusals(name: String, text: String, said: String) throws {
    let refusal = try refusal([(name, text)])
    #expect(refusal.contains(said), "\(refusal)")
    #expect(!refusal.contains("secret") && !refusal.contains("number 7"))
  }

  @Test("files that are not alike are no corpus, and each is named")
  func unlike() throws {
    let refusal = try refusal([
      ("a.csv", Self.table(",", header: "text,label")), ("b.csv", Self.table(";", header: "text;label")),
      ("c.txt", "only words\n"),
    ])
    #expect(refusal.contains("b.csv") && refusal.contains("c.txt"))
  }
}
