import Foundation
import Testing

/// `bench predict --column`: a table comes back with the answers as columns.
@Suite struct PredictColumnsTests {
  private static let texts = ["where is my order, please", "say \"thanks\"", " ", "two\nlines are late"]

  /// A folder with one model, and what it says of each text by itself: label, probability and those of all classes.
  private func withModel(_ body: (URL, String, [[String: Any]]) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let run = try Command.run(["tiny.yaml", "--quiet", "--set", "protocols=[{kind: holdout, seeds: 1}]"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path)
      let model =
        "Results/tiny.fits/" + (try #require(names.first { $0.contains(".lookup-") && $0.hasSuffix(".model") }))
      try Command.write(
        Self.texts.map { $0.replacing("\n", with: " ") + "\n" }.joined(), as: "lines.txt", in: folder)
      let answers = try Command.run(["predict", model, "lines.txt"], in: folder).output.split(separator: "\n").map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      try body(folder, model, answers)
    }
  }

  private func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }

  @Test("a CSV comes back with label and probability, and those of all classes on demand")
  func table() throws {
    try withModel { folder, model, answers in
      let rows = Self.texts.enumerated().map { "\($0),\(quoted($1)),\"0\($0)\"" }
      try Command.write((["id,text,\"n o\""] + rows).map { $0 + "\r\n" }.joined(), as: "in.csv", in: folder)
      let ending = try Command.run(["predict", model, "in.csv", "--column", "text"], in: folder)
      #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
      let expected = zip(rows, answers).map { row, answer in
        let label = answer["label"] as? String
        return row + "," + (label ?? "") + ","
          + (label == nil ? "" : "\((answer["probability"] as? NSNumber)!.floatValue)")
      }
      #expect(ending.output == (["id,text,\"n o\",label,probability"] + expected).map { $0 + "\r\n" }.joined())

      let all = try Command.run(
        [
          "predict", model, "in.csv", "--column", "text", "--probabilities", "--prefix", "m_", "--output", "out.csv",
        ], in: folder)
      #expect(all.code == 0 && all.output.isEmpty, "\(all.errors)")
      let written = try String(contentsOf: folder.appendingPathComponent("out.csv"), encoding: .utf8)
      let header = written.prefix { $0 != "\r\n" }.split(separator: ",").map(String.init)
      #expect(header.prefix(5) == ["id", "text", "\"n o\"", "m_label", "m_probability"])
      let classes = try #require(answers[0]["probabilities"] as? [String: Any]).keys
      #expect(Set(header.dropFirst(5)) == Set(classes.map { "m_probability_\($0)" }))
      #expect(
        written.contains(expected[0] + ",0.")
          && written.contains(expected[2] + String(repeating: ",", count: classes.count)))
      #expect(try !FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.hasPrefix(".partial") })
    }
  }

  @Test("tables of other forms, from a pipe too: numbered columns, delimiters, encodings")
  func forms() throws {
    try withModel { folder, model, answers in
      let label = try #require(answers[0]["label"] as? String)
      try Data("1;caf\u{E9}\r\n".unicodeScalars.map { UInt8($0.value) }).write(
        to: folder.appendingPathComponent("odd.txt"))
      let odd = try Command.run(
        [
          "predict", model, "odd.txt", "--column", "2", "--column", "1", "--no-header", "--delimiter", "semicolon",
          "--encoding", "latin-1",
        ], in: folder)
      #expect(odd.code == 0 && odd.output.hasPrefix("1;café;"), "\(odd.errors)")
      #expect(odd.output.split(separator: ";").count == 4)
      try Command.write("text\tx\n\"\(Self.texts[0])\t1\n", as: "quotes.tsv", in: folder)
      let quotes = try Command.run(
        ["predict", model, "quotes.tsv", "--column", "text", "--no-quotes"], in: folder)
      #expect(
        quotes.output.hasPrefix("text\tx\tlabel\tprobability\n\"\(Self.texts[0])\t1\t"),
        "\(quotes.output)\(quotes.errors)")
      let piped = try Command.run(
        [
          "-c", #"printf 'text\tx\n%s\t1\n' "$1" | "$0" predict "$2" --column text --format tsv"#,
          Command.executable.path, Self.texts[0], model,
        ], in: folder, executable: URL(fileURLWithPath: "/bin/bash"))
      #expect(piped.output.hasPrefix("text\tx\tlabel\tprobability\n\(Self.texts[0])\t1\t\(label)\t"), "\(piped.errors)")
    }
  }

  @Test("JSON Lines come back with the keys of the line answers, all others as they were")
  func objects() throws {
    try withModel { folder, model, answers in
      let text = try String(decoding: JSONEncoder().encode(Self.texts[0]), as: UTF8.self)
      try Command.write("{\"a\": [1,2], \"text\":\(text) }\n{\"text\":null}\n", as: "in.jsonl", in: folder)
      let line = try Command.run(["predict", model, "lines.txt"], in: folder).output.split(separator: "\n").first ?? ""
      let ending = try Command.run(
        ["predict", model, "in.jsonl", "--column", "text", "--probabilities"], in: folder)
      #expect(
        ending.output == "{\"a\": [1,2], \"text\":\(text),\(line.dropFirst())\n"
          + "{\"text\":null,\"label\":null,\"probability\":null,\"probabilities\":{}}\n", "\(ending.errors)")
      let short = try Command.run(["predict", model, "in.jsonl", "--column", "text"], in: folder)
      #expect(short.output.hasSuffix("{\"text\":null,\"label\":null,\"probability\":null}\n"))
    }
  }

  @Test("a mistake is said before anything is written, with its place and a way out, and without a text")
  func mistakes() throws {
    try withModel { folder, model, _ in
      try Command.write("label,text\nold,zqmarker\n", as: "taken.csv", in: folder)
      try Command.write("text,n\nzqmarker,1\nzqmarker\n", as: "short.csv", in: folder)
      try Data("text\nzqmarker \u{E9}\n".unicodeScalars.map { UInt8($0.value) }).write(
        to: folder.appendingPathComponent("latin.csv"))
      try Command.write("zqmarker\n", as: "plain.txt", in: folder)
      try Command.write("{\"text\":\"zqmarker\",\"probability\":1}\n", as: "taken.jsonl", in: folder)
      try Command.write("good\n", as: "good.txt", in: folder)
      try Command.write("text\tn\n\"zqmarker\t1\n", as: "lost.tsv", in: folder)
      try Command.write("text,n\nzqmarker,1\n", as: "table.jsonl", in: folder)
      try Command.write("zqmarker\nzqmarker too\n", as: "lines.jsonl", in: folder)
      try Command.write("{\"text\":\"zqmarker\"}\n", as: "objects.csv", in: folder)
      try (Data("good\n".utf8) + Data([0x66, 0xFF])).write(to: folder.appendingPathComponent("odd.txt"))
      let column = ["--column", "text"]
      let mistakes: [([String], String)] = [
        (
          ["taken.csv"] + column,
          "error: taken.csv:1: `label`: got a column of a name that is to be added, expected none of that name, or --prefix TEXT"
        ),
        (["taken.jsonl"] + column, "error: taken.jsonl:1: `probability`: got a key of a name that is to be added"),
        (["short.csv"] + column, "error: short.csv:3: got 1 malformed of 2 rows (line 3: 1 field where"),
        (["latin.csv"] + column, "line 2: not UTF-8), expected none, or `--encoding latin-1`"),
        (["taken.csv", "--column", "txt"], "did you mean `text`?"),
        (["plain.txt"] + column, "error: plain.txt: got no ending that says its form, expected .csv, .tsv or .jsonl"),
        (["plain.txt", "--format", "csv"] + column, "`--column` of its names, or `--no-header` where"),
        (["taken.jsonl", "--no-header"] + column, "--no-header: got JSON Lines"),
        (["none.csv"] + column, "error: none.csv: got no such file"),
        (["taken.csv", "--prefix", "x"] + column + ["--output", "taken.csv"], "got the file that is read"),
        (["good.txt", "--output", "none/out.csv"], "error: none/out.csv: got a file in a folder that is not there"),
        (["good.txt", "--output", "Results"], "error: Results: got a folder"),
        (["good.txt", "--output", model], "error: \(model): got the file that is read"),
        (["lost.tsv"] + column, "expected none, or `--no-quotes`"),
        (["table.jsonl"] + column, "an object a line, or `--format csv`"),
        (["lines.jsonl"] + column, "an object a line, or no `--column`, for a text a line"),
        (["objects.csv"] + column, "csv text, or `--format jsonl`"),
        (["taken.jsonl", "--no-quotes"] + column, "--no-quotes: got JSON Lines"),
        // The line before the mistake is not in a file that would be half.
        (["odd.txt", "--output", "half.jsonl"], "error: odd.txt:2: got bytes that are not UTF-8"),
        (["good.txt", "--encoding", "latin-1"], "--encoding: expected --column with it"),
        (["good.csv"], "good.csv: got a table or objects by its ending (.csv), expected --column"),
        (["good.conll"], "good.conll: got CoNLL's columns by its ending, expected a file with the tokens"),
        (["good.JSONL"], "by its ending (.jsonl), expected --column"),
        (["taken.csv", "--with-text"] + column, "--with-text: expected no --column"),
        (["taken.csv", "--delimiter", ";;"] + column, "--delimiter: got other than one character"),
        (["taken.csv", "--format", "clinc"] + column, "--format: got clinc, expected csv, tsv or jsonl"),
        (["taken.csv"] + column + column, "--column: expected each column once"),
      ]
      for (arguments, says) in mistakes {
        let ending = try Command.run(["predict", model] + arguments, in: folder)
        #expect(ending.code != 0 && ending.output.isEmpty, "\(arguments)")
        #expect(ending.errors.contains(says), "\(arguments): \(ending.errors)")
        #expect(!ending.errors.contains("zqmarker"))
      }
      #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("half.jsonl").path))
      let whole = try Command.run(["predict", model, "good.txt", "--output", "whole.jsonl"], in: folder)
      let plain = try Command.run(["predict", model, "good.txt"], in: folder)
      #expect(whole.output.isEmpty)
      #expect(
        try String(contentsOf: folder.appendingPathComponent("whole.jsonl"), encoding: .utf8) == plain.output)
    }
  }
}
