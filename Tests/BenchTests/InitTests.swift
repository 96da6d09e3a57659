import Foundation
import TestSupport
import Testing

/// `bench init` writes what `bench validate` accepts, whole or not at all, and prints nobody's words.
@Suite struct InitTests {
  private static func rows(
    _ count: Int, header: String? = "body,queue", _ label: (Int) -> String = { "queue\($0 % 3)x" }
  )
    -> String
  {
    (header.map { $0 + "\n" } ?? "")
      + (0..<count).map { "\"my private matter, number \($0)\",\(label($0))\n" }.joined()
  }

  /// The manifest, once `validate` accepts it.
  private func manifest(_ files: [String: String], _ arguments: [String]? = nil, in folder: URL) throws -> String {
    for (name, text) in files {
      let url = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    let made = try Command.run(["init"] + (arguments ?? files.keys.sorted()), in: folder)
    try #require(made.code == 0, "\(made.errors)")
    #expect(!made.output.contains("private") && made.errors.isEmpty)
    try Command.write(made.output, as: "made.yaml", in: folder)
    let checked = try Command.run(["validate", "made.yaml"], in: folder)
    #expect(checked.code == 0, "\(checked.errors)\n\(made.output)")
    return made.output
  }

  @Test("A file with a header: its columns, counts and sizes that fit few rows; every model can be trained")
  func single() throws {
    try Command.inFolder { folder in
      let text = try manifest(
        ["tickets.csv": Self.rows(90) + "\"my private matter, number 1\",queue2x\n,queue1x\n"], in: folder)
      for part in [
        "name: tickets", "files: tickets.csv", "text: body", "label: queue",
        "91 rows of 92 records, 3 classes: queue2x (31), queue0x (30), queue1x (30).", "Left out: 1 without text.",
        "median 5, 95th percentile 5; 1 row repeats an earlier text",
        "{kind: kfold, folds: 5}", "maximum_tokens: 32", "kind: tfidf-logistic", "kind: lstm", "kind: bert",
        "kind: majority",
      ] { #expect(text.contains(part), "\(part)\n\(text)") }
      let run = try Command.run(
        [
          "made.yaml", "--quiet", "--set", "models.lstm.training.epochs=1", "--set", "models.bert.training.epochs=1",
          "--set", "timing=false",
        ],
        in: folder)
      #expect(run.code == 0, "\(run.errors)")
    }
  }

  @Test("Rare classes, few rows, names that YAML or a manifest would take for something else: all validate")
  func hard() throws {
    let files: [[String: String]] = [
      ["few.csv": Self.rows(9)], ["rare.csv": Self.rows(91) { $0 == 90 ? "once" : "queue\($0 % 3)x" }],
      ["${x} # y's: z.csv": Self.rows(60, header: "no,on # x")],
      ["bare.csv": Self.rows(60, header: nil)], ["a b/train.csv": Self.rows(60), "a b/test.csv": Self.rows(30)],
      ["x/shop/m.csv": Self.rows(60), "x/bank/m.csv": Self.rows(60)],
      [
        "l/review_no": (0..<40).map { "a private word \($0)\n" }.joined(),
        "l/review_yes": (0..<40).map { "some private word \($0)\n" }.joined(),
      ],
    ]
    for files in files {
      try Command.inFolder { folder in
        // How many seeds fit the work is chosen as everywhere.
        let text = try manifest(files, in: folder)
        #expect(!text.contains("seeds: 5"))
      }
    }
  }

  @Test("Hold-out leaves out the classes that its three parts cannot have, and no others")
  func rare() throws {
    for (rare, leaves) in [(2, true), (4, false)] {
      try Command.inFolder { folder in
        let rows = Self.rows(60 + rare) { $0 >= 60 ? "seldom" : "queue\($0 % 3)x" }
        let text = try manifest(["x/shop/m.csv": rows, "x/bank/m.csv": Self.rows(60)], in: folder)
        #expect(text.contains("- {kind: holdout}") && text.contains("minimum_rows: 3") == leaves, "\(text)")
      }
    }
  }

  @Test("Names that may be somebody's words stand in no comment; those that are used have to")
  func names() throws {
    try Command.inFolder { folder in
      let rows =
        "Vorgang,Freitext,Zuordnung,Kanalwahl\n"
        + (0..<60).map { row in
          let label = ["fee", "card", "pin"][row % 3], way = ["mail", "web"][row % 2]
          return "T\(100 + row),\"my private matter, number \(row)\",\(label),\(way)\n"
        }.joined()
      let text = try manifest(["a.csv": rows], in: folder)
      #expect(text.contains("label: Zuordnung   # it could be: column 4") && !text.contains("Kanalwahl"), "\(text)")
    }
  }

  @Test("An existing file stays unless --force is given; nothing is written where there is no manifest")
  func output() throws {
    try Command.inFolder { folder in
      try Command.write(Self.rows(60), as: "a.csv", in: folder)
      try Command.write("a,b\n" + (0..<60).map { "\($0),\($0 * 2)\n" }.joined(), as: "numbers.csv", in: folder)
      try Command.write("mine", as: "a.yaml", in: folder)
      func text(_ name: String) -> String? {
        try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      }
      let kept = try Command.run(["init", "a.csv", "--output", "a.yaml"], in: folder)
      #expect(kept.code == 2 && kept.errors.contains("--force") && text("a.yaml") == "mine")
      let none = try Command.run(["init", "numbers.csv", "--output", "b.yaml"], in: folder)
      #expect(none.code == 2 && none.errors.contains("numbers.csv: 2 columns of numbers") && text("b.yaml") == nil)
      let forced = try Command.run(["init", "a.csv", "--output", "a.yaml", "--force"], in: folder)
      #expect(forced.code == 0 && text("a.yaml")?.contains("files: a.csv") == true)
      let absolute = try Command.run(["init", folder.appendingPathComponent("a.csv").path], in: folder)
      #expect(absolute.code == 0)
      let slashes = try Command.run(["init", ".//a.csv"], in: folder)
      #expect(slashes.output.contains("files: a.csv"), "\(slashes.output)")
    }
  }

  @Test("Nothing that is read is written over, and where nothing can be written is said before any work")
  func outputOverInput() throws {
    try Command.inFolder { folder in
      let rows = Self.rows(60)
      try Command.write(rows, as: "a.csv", in: folder)
      for link in ["link.yaml", "link.csv"] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appendingPathComponent(link).path, withDestinationPath: "a.csv")
      }
      for (input, output, says) in [
        ("a.csv", "a.csv", "got the file that is read"), ("a.csv", "./a.csv", "got the file that is read"),
        ("a.csv", "link.yaml", "got the file that is read"), ("link.csv", "a.csv", "got the file that is read"),
        ("none.csv", "none/a.yaml", "got a file in a folder that is not there"),
      ] {
        let ending = try Command.run(["init", input, "--output", output, "--force"], in: folder)
        #expect(ending.code == 2 && ending.errors.hasPrefix("error: \(output): \(says)"), "\(ending.errors)")
      }
      #expect(try String(contentsOf: folder.appendingPathComponent("a.csv"), encoding: .utf8) == rows)
    }
  }

  @Test("Files of one name are classes by their folders only where each has one")
  func folders() throws {
    try Command.inFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("neg"), withIntermediateDirectories: true)
      for name in ["texts.txt", "neg/texts.txt"] {
        try Command.write((0..<40).map { "a private word \($0)\n" }.joined(), as: name, in: folder)
      }
      let ending = try Command.run(["init", "texts.txt", "neg/texts.txt"], in: folder)
      #expect(ending.code == 2 && ending.errors.contains("their names name no classes"), "\(ending.errors)")
    }
  }

  @Test("--text and --label say which columns; a column that is not there is an error with those that are")
  func columns() throws {
    try Command.inFolder { folder in
      let rows = "body,stars,queue\n" + (0..<60).map { "private matter \($0),\($0 % 5),q\($0 % 2)x\n" }.joined()
      let text = try manifest(["a.csv": rows], ["a.csv", "--label", "stars"], in: folder)
      #expect(text.contains("label: stars"))
      let wrong = try Command.run(["init", "a.csv", "--label", "star"], in: folder)
      #expect(wrong.code == 2 && wrong.errors.contains("`body`, `stars`, `queue`; did you mean `stars`?"))
      let second = try Command.run(["init", "a.csv", "--label", "2", "--output", "b.yaml"], in: folder)
      #expect(second.code == 0, "\(second.errors)")
      #expect(
        second.output == "60 rows, 5 classes; text: body; label: stars (or queue, by --label)\n"
          + "wrote b.yaml; next: bench validate b.yaml\n")
      let words = (0..<60).map { row in
        "\(["mail", "phone", "shop"][row % 3]),private matter \(row),\(["refund", "delay"][row % 2])\n"
      }.joined()
      // What no message looks like may stand in a header, and what the command names is one.
      let odd = (0..<40).map { "private matter \($0),\(["card", "delivery"][$0 % 2])\n" }.joined()
      for header in ["Message (EN),Queue / Team", "#text,label", "Anliegen (Freitext),Ziel"] {
        #expect(try !manifest(["odd.csv": header + "\n" + odd], in: folder).contains("header: false"), "\(header)")
      }
      let asked = try manifest(
        ["asked.csv": "*?!,=>\n" + odd], ["asked.csv", "--text", "*?!", "--label", "=>"], in: folder)
      #expect(asked.contains("'*?!'") || asked.contains("\"*?!\""), "\(asked)")
      // A first row that looks like a message is one, and so is what the command names by mistake; nothing of it is printed.
      let bare = "Is my private card lost?,card\n" + odd
      try Command.write(bare, as: "bare.csv", in: folder)
      let named = try Command.run(["init", "bare.csv", "--output", "bare.yaml"], in: folder)
      #expect(named.code == 0 && !named.output.contains("private"), "\(named.output)\(named.errors)")
      let mistaken = try Command.run(["init", "bare.csv", "--label", "card"], in: folder)
      #expect(mistaken.code == 2 && mistaken.errors.contains("no column `card`"), "\(mistaken.errors)")
      for options in [["--text", "body", "--label", "1"], ["--text", "1", "--label", "1"]] {
        let both = try Command.run(["init", "a.csv"] + options, in: folder)
        #expect(both.code == 2 && both.errors.contains("one for each"), "\(both.errors)")
      }
      #expect(try Command.run(["init", "a.csv", "--label=-9223372036854775808"], in: folder).code == 2)
      #expect(try manifest(["d.csv": rows], ["d.csv", "--label", "3"], in: folder).contains("text: body"))
      try Command.write("text,text,label\n" + words, as: "twice.csv", in: folder)
      let twice = try Command.run(["init", "twice.csv"], in: folder)
      #expect(twice.code == 2 && twice.errors.contains("2 columns called `text`"), "\(twice.errors)")
      // How a message came is not what it says, whatever the order of the columns.
      #expect(try manifest(["b.csv": "Kanal,Nachricht,Anliegen\n" + words], in: folder).contains("label: Anliegen"))
      #expect(try manifest(["c.csv": "Kanal,Nachricht,Was\n" + words], ["c.csv"], in: folder).contains("label: Was"))
    }
  }
}
