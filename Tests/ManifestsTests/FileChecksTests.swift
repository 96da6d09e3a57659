import Corpora
import Foundation
import Settings
import Testing

@testable import Manifests

@Suite struct FileChecksTests {
  private let folder: ManifestFolder
  init() throws {
    folder = try ManifestFolder([
      "train.csv": "text,category,channel\nGood day,a,app\nBad day,b,web\n",
      "test.csv": "text,category,channel\nFine,a,app\nPoor,b,web\n",
      "other.csv": "body,category\nFine,a\nPoor,b\n", "empty.csv": "", "noise.csv": "a\u{0}b\n",
    ])
  }

  /// Messages for a corpus of these keys, without the folder.
  private func messages(_ keys: String, checkFiles: Bool = true) throws -> [String] {
    let text = """
      name: files
      corpora:
        letters:
          task: intent
      \(keys.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
      protocols: [{kind: holdout}]
      models: {lookup: {kind: lookup}}
      """
    try folder.write("x.yaml", Data(text.replacingOccurrences(of: "@", with: folder.path).utf8))
    return folder.messages("x.yaml", checkFiles: checkFiles)
  }

  @Test("Files that have the columns named pass")
  func good() throws {
    #expect(try messages("train: \"@train.csv\"\ntest: \"@test.csv\"\nlabel: category\nslice: channel").isEmpty)
  }

  @Test("A missing column is located at the key that names it, with the nearest spelling among the columns")
  func columns() throws {
    #expect(
      try messages(
        "files: \"@train.csv\"\nlabel: catgeory\ngroup: talk\ndrop_where: {chanel: app}\ntext: [text, titel]") == [
          "x.yaml:6:12: corpora.letters.label: got no such column `catgeory` (`train.csv`, line 1), expected one of `text`, `category`, `channel`; did you mean `category`?",
          "x.yaml:7:12: corpora.letters.group: got no such column `talk` (`train.csv`, line 1), expected one of `text`, `category`, `channel`",
          "x.yaml:8:18: corpora.letters.drop_where.chanel: got no such column `chanel` (`train.csv`, line 1), expected one of `text`, `category`, `channel`; did you mean `channel`?",
          "x.yaml:9:18: corpora.letters.text.1: got no such column `titel` (`train.csv`, line 1), expected one of `text`, `category`, `channel`",
        ])
  }

  @Test("A column that is not written is reported at the file that lacks it")
  func defaults() throws {
    #expect(
      try messages("train: \"@train.csv\"\ntest: \"@other.csv\"\nlabel: category") == [
        "x.yaml:6:11: corpora.letters.text: got no such column `text` (`other.csv`, line 1), expected one of `body`, `category`"
      ])
  }

  @Test("An empty file, binary noise, a folder and a missing file are located at their paths")
  func files() throws {
    let unusable = try messages("files: [\"@empty.csv\", \"@noise.csv\"]")
    #expect(unusable.count == 2)
    #expect(unusable.first?.contains("x.yaml:5:13: corpora.letters.files: got an empty file (`empty.csv`)") == true)
    #expect(
      unusable.last?.contains("corpora.letters.files: got binary data (a NUL byte) (`noise.csv`, line 1)") == true)
    let missing = try messages("files: [\"@no.csv\", \"@\"]")
    #expect(missing.count == 2 && missing[0].contains("no such file") && missing[1].contains("a folder"))
  }

  @Test("Files are read whole: what is wrong far behind the first rows is found, with its line")
  func whole() throws {
    let rows = (0..<30_000).map { "some words \($0),\($0 % 2)" }
    var bytes = Data(("text,category\n" + rows.joined(separator: "\n") + "\n").utf8)
    for row in 0..<400 { bytes += Data("odd \(row)".utf8) + [0xFF] + Data(",1\n".utf8) }
    try folder.write("long.csv", bytes)
    #expect(
      try messages("files: \"@long.csv\"\nlabel: category") == [
        "x.yaml:5:12: corpora.letters.files: got 400 malformed of 30400 rows (line 30002: not UTF-8; line 30003: not "
          + "UTF-8; line 30004: not UTF-8; line 30005: not UTF-8; line 30006: not UTF-8; …) (`long.csv`, line 30002), "
          + "expected a share of at most 0.01, or `encoding: latin-1`"
      ])
    #expect(try messages("files: \"@long.csv\"\nlabel: category\nmalformed_share: 0.02").isEmpty)
  }

  @Test("rare_label needs minimum_rows")
  func rareLabel() throws {
    #expect(
      try messages("files: \"@train.csv\"\nlabel: category\nrare_label: other") == [
        "x.yaml:7:17: corpora.letters.rare_label: got `rare_label` without `minimum_rows`, "
          + "expected `minimum_rows` beside it, below which a class is rare"
      ])
  }

  @Test("A vocabulary file is read; what is no vocabulary is located, and one without [MASK] where something is hidden")
  func vocabulary() throws {
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##a"]
    try folder.write("good.txt", Data((pieces.joined(separator: "\n") + "\n").utf8))
    try folder.write("short.txt", Data("[PAD]\na\na\n".utf8))
    let text = """
      name: files
      corpora: {letters: {task: intent, files: "\(folder.path)train.csv", label: category}}
      protocols: [{kind: holdout}]
      models:
        a: {kind: lstm, text: {tokenizer: wordpiece, vocabulary_file: "\(folder.path)good.txt"}}
        b: {kind: lstm, text: {tokenizer: wordpiece, vocabulary_file: "\(folder.path)short.txt"}}
        c: {kind: bert, text: {vocabulary_file: "\(folder.path)good.txt"}, pretrain: {epochs: 1}}
        d: {kind: bert, text: {vocabulary_size: 10, anonymise: true}}
        e: {kind: bert, text: {vocabulary_size: 10}}
      """
    try folder.write("x.yaml", Data(text.utf8))
    let found = folder.messages("x.yaml", checkFiles: true)
    #expect(found.count == 3, "\(found)")
    #expect(
      found.first?.hasPrefix("x.yaml:6:65: models.b.text.vocabulary_file: got short.txt:3: the piece \"a\"") == true)
    #expect(
      found.dropFirst().first?.hasPrefix("x.yaml:7:43: models.c.text.vocabulary_file: got no piece [MASK]") == true)
    #expect(
      found.last?.hasPrefix("x.yaml:8:43: models.d.text.vocabulary_size: got 10, expected more than the") == true,
      "\(found)")
  }

  @Test("Without data nothing is opened")
  func withoutData() throws {
    #expect(try messages("files: \"@no.csv\"\nlabel: nothing", checkFiles: false).isEmpty)
  }

  /// A corpus of one domain with these keys.
  private func forms(_ keys: String, _ files: [String: String] = [:]) throws -> ManifestFolder {
    let manifest = """
      name: forms
      corpora: {tickets: {task: t, \(keys)}}
      protocols: [{kind: holdout, seeds: 1}]
      models: {m: {kind: majority}}
      """
    return try ManifestFolder(files.merging(["x.yaml": manifest]) { first, _ in first })
  }

  private func source(_ loaded: LoadedManifest) throws -> FileSource {
    guard case .files(let source)? = loaded.manifest.corpora.first?.domains.first?.source else {
      throw ManifestErrors([])
    }
    return source
  }

  @Test("How a file is written: columns by number, a delimiter, an encoding, quotes; written out where written")
  func formKeys() throws {
    let folder = try forms(
      "files: a.txt, delimiter: '@', header: false, text: 1, label: 2, encoding: latin-1, quoting: none")
    let loaded = try folder.load("x.yaml").get()
    let found = try source(loaded)
    #expect(found.format == .csv && found.delimiter == "@" && found.encoding == .latin1)
    #expect(!found.hasHeader && found.quoting == .none && found.text == ["1"] && found.label == "2")
    let yaml = loaded.resolved.yaml()
    for line in ["delimiter: \"@\"", "encoding: latin-1", "header: false", "quoting: \"none\"", "label: \"2\""] {
      #expect(yaml.contains("\(line)  # x.yaml:2"))
    }
    #expect(try ManifestFolder(["y.yaml": yaml]).load("y.yaml").get().manifest == loaded.manifest)
    let set = try folder.load("x.yaml", set: ["corpora.tickets.delimiter=tab", "corpora.tickets.encoding=utf-16"]).get()
    #expect(try source(set).delimiter == "tab" && source(set).encoding == .utf16)
    // What nobody wrote is not written out: manifests of before keep their version.
    let plain = try forms("files: a.csv").load("x.yaml").get().resolved.yaml()
    for key in ["delimiter", "encoding", "header", "quoting"] { #expect(!plain.contains(key + ":")) }
  }

  @Test("Keys that only tables have are refused elsewhere, and a delimiter that is none")
  func tableKeys() throws {
    let lines = try forms("files: a.jsonl, delimiter: ';', header: false, quoting: none").messages("x.yaml")
    #expect(lines.count == 3)
    #expect(
      lines.first
        == "x.yaml:2:57: corpora.tickets.delimiter: got `delimiter` with the format jsonl, expected the format csv or tsv, or no such key"
    )
    let odd = try forms("files: a.csv, delimiter: ';;'").messages("x.yaml")
    #expect(
      odd == [
        "x.yaml:2:55: corpora.tickets.delimiter: got \";;\", expected one ASCII character but a quote, or comma, tab, semicolon, pipe, space"
      ])
  }

  @Test("Parallel files of texts and labels, and as many of both")
  func pairs() throws {
    let loaded = try forms("train: {text: [a, b], label: [c, d]}, test: {text: e, label: f}").load("x.yaml").get()
    let found = try source(loaded)
    #expect(found.format == .lines && found.files.map(\.path) == ["a", "b", "e"])
    #expect(
      found.files.map { $0.labels?.path } == ["c", "d", "f"] && found.files.map(\.part) == [.train, .train, .test])
    #expect(found.paths.map(\.path) == ["a", "c", "b", "d", "e", "f"])
    let messages = try forms("files: {text: [a, b], label: c}").messages("x.yaml")
    #expect(messages.count == 1 && messages[0].contains("got 2 files of texts and 1 of labels"))
    let missing = try forms("files: {text: a, label: c}").messages("x.yaml", checkFiles: true)
    #expect(missing.count == 2 && missing[1].contains("corpora.tickets.files.label: got no such file: `c`"))
    // Classes of such names are classes.
    let classes = try forms("classes: {text: a, label: b}").load("x.yaml").get()
    #expect(try source(classes).files.map(\.label) == ["text", "label"])
  }

  @Test("A file of messages in the place of a manifest is not quoted")
  func noManifest() throws {
    let text = "my parcel is late: it is late\nmy parcel is late: still\n"
    let folder = try ManifestFolder(["a": text, "b.json": "[\"my parcel is late\"]", "c.txt": text, "d": "my parcel"])
    for name in ["a", "b.json", "c.txt", "d"] {
      guard case .failure(let errors) = folder.load(name) else { return #expect(Bool(false)) }
      #expect(!errors.description.contains("parcel"), "\(errors)")
    }
  }

  @Test("another program's file under its own name is refused by name, whatever key it stands under")
  func foreign() throws {
    try folder.write("a.xlsx", Data("PK\u{3}\u{4}[Content_Types].xml xl/workbook.xml".utf8))
    try folder.write("a.data", Data("PAR1\u{15}".utf8))
    for (name, says) in [
      ("a.xlsx", "an Excel workbook (.xlsx): `a.xlsx`, expected a text file: save the sheet as CSV UTF-8 in Excel"),
      ("a.data", "a Parquet file: `a.data`, expected a text file: write it as CSV"),
      // Not there: by its name.
      ("a.csv.gz", "a gzip file: `a.csv.gz`, expected a text file: unpack it (gunzip FILE)"),
    ] {
      for keys in ["files: \"@\(name)\"", "train: [\"@\(name)\"]\ntest: \"@test.csv\"\nformat: lines"] {
        let found = try messages(keys, checkFiles: false)
        #expect(found.first?.contains("got \(says)") == true, "\(found)")
      }
    }
    #expect(try messages("files: \"@a.txt\"", checkFiles: false).first?.contains("files of lines without") == true)
  }

  @Test("a class has a name that is seen")
  func emptyClasses() throws {
    #expect(
      try messages("files: \"@train.csv\"\nlabel: category\nlabel_map: {a: '', b: c}\nminimum_rows: 1\nrare_label: ' '")
        == [
          "x.yaml:7:20: corpora.letters.label_map.a: got an empty name of a class, expected a class, or `drop_labels` with the label to leave its rows out",
          "x.yaml:9:17: corpora.letters.rare_label: got an empty name of a class, expected a class, or no such key to leave rare classes out",
        ])
  }

  @Test("files of lines have no columns to name")
  func linesHaveNoColumns() throws {
    try folder.write("t.txt", Data("one\ntwo\n".utf8))
    try folder.write("l.txt", Data("a\nb\n".utf8))
    let found = try messages("files: {text: \"@t.txt\", label: \"@l.txt\"}\ntext: body\nlabel: queue\ngroup: Kunde")
    #expect(found.count == 3, "\(found)")
    for (message, key) in zip(found, ["text", "label", "group"]) {
      #expect(message.contains("letters.\(key): got `\(key)` with the format lines, which has no columns to name"))
    }
    #expect(try messages("files: {text: \"@t.txt\", label: \"@l.txt\"}").isEmpty)
  }

  @Test("column 0 is no column without a header")
  func columnZero() throws {
    #expect(
      try messages("files: \"@train.csv\"\ntext: 0\nlabel: 1\nheader: false").first?.hasSuffix(
        "got 0, expected a column's name of the header (in quotes: \"0\"), or without a header its number, from 1")
        == true)
  }

}
