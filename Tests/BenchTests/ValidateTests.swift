import Foundation
import TestSupport
import Testing

/// `bench validate` finds what `bench run` finds, before any work and with the same words.
@Suite struct ValidateTests {
  private static func rows(_ count: Int, _ label: (Int) -> String = { "class \($0 % 2)" }) -> String {
    "text,label,talk\n" + (0..<count).map { "message number \($0),\(label($0)),g\($0 % 2)\n" }.joined()
  }

  /// A manifest over `data.csv` in which one thing is changed.
  private static func manifest(
    corpus: String = "files: data.csv", protocols: String = "[{kind: holdout}]",
    models: String = "{majority: {kind: majority}}", more: String = ""
  ) -> String {
    """
    name: checked
    corpora:
      messages: {task: intent, \(corpus)}
    protocols: \(protocols)
    models: \(models)
    timing: false
    \(more)

    """
  }

  struct Wrong: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var manifest: String
    var files: [String: Data] = [:]
    var expected: String

    init(_ what: String, _ manifest: String, _ files: [String: Data] = [:], _ expected: String) {
      (testDescription, self.manifest, self.files, self.expected) = (what, manifest, files, expected)
    }
  }

  private static func data(_ text: String) -> [String: Data] { ["data.csv": Data(text.utf8)] }

  static let wrongs: [Wrong] = [
    Wrong(
      "fewer rows than folds", manifest(protocols: "[{kind: kfold, folds: 10}]"), data(rows(9)),
      "w.yaml:4:34: protocols.0.folds: got 9 rows in messages (10-fold), expected at least 10, one for each part or fold"
    ),
    Wrong(
      "fewer groups than parts", manifest(corpus: "files: data.csv, group: talk"), data(rows(60)),
      "w.yaml:4:20: protocols.0.kind: got 60 rows, 2 units (equal texts and groups are kept together) in messages (hold-out)"
    ),
    Wrong(
      "a part without rows",
      manifest(
        corpus: "train: data.csv, test: test.csv, group: talk, drop_where: {talk: g1}",
        protocols: "[{kind: official, validation_share: 0.9}]"),
      data(rows(60)).merging(["test.csv": Data("text,label,talk\nx,class 0,t\ny,class 1,t\n".utf8)]) { a, _ in a },
      "w.yaml:4:20: protocols.0.kind: got no row for training of 30 rows, 1 unit (equal texts and groups are kept together)"
    ),
    Wrong(
      "validation rows on which the metric that chooses has no value",
      manifest(
        corpus: "train: data.csv, validation: some.csv, test: data2.csv", protocols: "[{kind: official}]",
        models: "{tfidf: {kind: tfidf-logistic, space: {c: [1, 2]}}}",
        more: "tuning: {trials: 2}\ncomparisons: {primary: auc_ovr_macro}"),
      data(rows(60)).merging([
        "some.csv": Data("text,label,talk\nv,class 0,t\nw,class 0,t\n".utf8),
        "data2.csv": Data("text,label,talk\nx,class 0,t\ny,class 1,t\n".utf8),
      ]) { a, _ in a },
      "w.yaml:4:20: protocols.0.kind: got 2 validation rows of 1 class in messages, messages"
        + " (messages.messages.official.s1.tfidf), on which `auc_ovr_macro` has no value"),
    Wrong(
      "fits that could not be stored", manifest(),
      data(rows(60)).merging(["Results/checked.fits": Data("x".utf8)]) { a, _ in a },
      "Results/checked: cannot write results here: checked.fits beside it, where fits are stored, is a file"),
    Wrong("no rows", manifest(), data("text,label,talk\n"), "corpora.messages: got no rows below the header"),
    Wrong(
      "one class", manifest(), data(rows(60) { _ in "only" }), "w.yaml:3:3: corpora.messages: got only the class `only`"
    ),
    Wrong(
      "one class after minimum_rows", manifest(corpus: "files: data.csv, minimum_rows: 5"),
      data(rows(60) { $0 < 3 ? "rare" : "only" }), "w.yaml:3:3: corpora.messages: got only the class `only`"),
    Wrong(
      "rows that are no UTF-8, far behind the first", manifest(),
      ["data.csv": Data(rows(2_000).utf8) + (0..<30).reduce(Data()) { sum, _ in sum + [0xFF] + Data(",a,g\n".utf8) }],
      "w.yaml:3:35: corpora.messages.files: got 30 malformed of 2030 rows (line 2002: not UTF-8;"),
    Wrong(
      "no official test row left",
      manifest(
        corpus: "train: data.csv, test: test.csv, drop_where: {talk: t}", protocols: "[{kind: official}]"),
      data(rows(60)).merging(["test.csv": Data("text,label,talk\nx,class 0,t\ny,class 1,t\n".utf8)]) { a, _ in a },
      "w.yaml:4:20: protocols.0.kind: got no test rows in messages (official split)"),
    Wrong(
      "no row to choose settings on",
      manifest(
        corpus: "train: data.csv, test: data2.csv", protocols: "[{kind: official}]",
        models: "{tfidf: {kind: tfidf-logistic, space: {c: [1, 2]}}}", more: "tuning: {trials: 2}"),
      data(rows(2)).merging(["data2.csv": Data("text,label,talk\nx,class 0,t\ny,class 1,t\n".utf8)]) { a, _ in a },
      "w.yaml:4:20: protocols.0.kind: got no validation rows in messages, messages, of 2 training rows"),
    Wrong(
      "no text to pre-train on",
      manifest(
        corpus: "train: data.csv, test: test.csv", protocols: "[{kind: official}]",
        models: "{bert: {kind: bert, layers: 1, hidden: 8, heads: 2, pretrain: {texts: none}}}",
        more: "unlabelled: {more: {files: more.txt}}"),
      data(rows(60)).merging([
        "test.csv": Data("text,label,talk\nOne text,class 0,t\nAnother,class 1,t\n".utf8),
        "more.txt": Data("one text!\nanother\n".utf8),
      ]) { a, _ in a },
      "w.yaml:5:61: models.bert.pretrain: got no texts to pre-train on"),
    Wrong(
      "texts without two words to learn vectors from",
      manifest(
        models: "{lstm: {kind: lstm, embedding: 8, hidden: 4, pretrain: {texts: domain}, text: {minimum_frequency: 5}}}"
      ),
      data("text,label,talk\n" + (0..<60).map { "w\($0) v\($0),c\($0 % 2),g\n" }.joined()),
      "models.lstm.pretrain: got 42 texts without words to learn from to pre-train on"),
    Wrong(
      "a broken vocabulary",
      manifest(models: "{lstm: {kind: lstm, text: {tokenizer: wordpiece, vocabulary_file: vocab.txt}}}"),
      data(rows(60)).merging(["vocab.txt": Data("[PAD]\n[CLS]\n[SEP]\n[MASK]\na\n".utf8)]) { a, _ in a },
      "models.lstm.text.vocabulary_file: got vocab.txt: has no line [UNK]"),
    Wrong(
      "a vector far down that is none", manifest(models: "{lstm: {kind: lstm, vectors: v.txt}}"),
      data(rows(60)).merging([
        "v.txt": Data(((0..<2_000).map { "w\($0) 1 2" } + ["message 1 two"]).joined(separator: "\n").utf8)
      ]) { a, _ in a }, "models.lstm.vectors: got v.txt:2001: got `two`, expected a number"),
    Wrong(
      "a checkpoint with fewer positions than tokens",
      manifest(models: "{tiny: {kind: bert, pretrained: checkpoint, pooling: mean}}"), data(rows(60)),
      "models.tiny.text.maximum_tokens: got 128, expected at most the 40 of models.tiny.maximum_positions"),
    Wrong(
      "results that would replace what is no run", manifest(),
      data(rows(60)).merging(["Results/checked/letter.txt": Data("x".utf8)]) { a, _ in a }, "Results/checked"),
    Wrong(
      "two fits of one name",
      manifest(
        corpus: "domains: {b.c: {files: data.csv}}}\n  messages.b: {task: intent, domains: {c: {files: data.csv}}"),
      data(rows(60)), "messages.b"),
  ]

  @Test("What a run refuses, validate refuses with the same words", arguments: wrongs)
  func sameErrors(wrong: Wrong) throws {
    try Command.inFolder { folder in
      let checkpoint = try TinyCheckpoint()
      try FileManager.default.copyItem(at: checkpoint.folder, to: folder.appendingPathComponent("checkpoint"))
      try Command.write(wrong.manifest, as: "w.yaml", in: folder)
      for (name, data) in wrong.files {
        let url = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
      }
      let checked = try Command.run(["validate", "w.yaml"], in: folder)
      let run = try Command.run(["w.yaml", "--quiet"], in: folder)
      #expect(checked.code == 2 && run.code == 2, "\(checked.errors)\n\(run.errors)")
      #expect(checked.errors == run.errors)
      #expect(checked.errors.contains(wrong.expected), "\(checked.errors)")
      #expect(!checked.errors.contains("message number"))
      #expect(checked.output.isEmpty)
    }
  }

  @Test("Mistakes in the data of several corpora and in the division are said together")
  func together() throws {
    try Command.inFolder { folder in
      let manifest = """
        name: checked
        corpora:
          one: {task: intent, files: one.csv}
          two: {task: intent, files: two.csv, label: lable}
          three: {task: intent, files: three.csv}
        protocols: [{kind: kfold, folds: 9}, {kind: holdout}]
        models: {majority: {kind: majority}}
        """
      for name in ["one", "two", "three"] {
        try Command.write(Self.rows(name == "three" ? 2 : 60), as: name + ".csv", in: folder)
      }
      try Command.write(manifest, as: "w.yaml", in: folder)
      try Command.write(Self.rows(60) { _ in "only" }, as: "one.csv", in: folder)
      let first = try Command.run(["validate", "w.yaml"], in: folder).errors
      #expect(
        first.contains("corpora.one: got only the class") && first.contains("corpora.two.label: got no such column"))
      try Command.write(Self.rows(5), as: "one.csv", in: folder)
      let second = try Command.run(["validate", "w.yaml", "--set", "corpora.two.label=label"], in: folder).errors
      #expect(second.contains("protocols.0.folds: got 5 rows in one (9-fold)"))
      #expect(second.contains("protocols.0.folds: got 2 rows in three (9-fold)"))
      #expect(second.contains("protocols.1.kind: got 2 rows in three (hold-out)"))
    }
  }

  @Test("Rare, misspelt and unseen classes are warnings of validate, plan and run, and the report's first lines")
  func warnings() throws {
    try Command.inFolder { folder in
      let labels = ["billing", "Billing", "deli\u{AD}very", "delivery", "login"]
      try Command.write(
        Self.rows(101) { $0 == 100 ? "legal" : labels[$0 % 5] }, as: "train.csv", in: folder)
      try Command.write(Self.rows(10) { $0 < 6 ? "no answer" : "login" }, as: "test.csv", in: folder)
      try Command.write(
        Self.manifest(
          corpus: "train: train.csv, test: test.csv",
          protocols: "[{kind: official}, {kind: holdout, seeds: 2}, {kind: kfold, folds: 5}]",
          models: "{tfidf: {kind: tfidf-logistic}, majority: {kind: majority}}"), as: "w.yaml", in: folder)
      let checked = try Command.run(["validate", "w.yaml"], in: folder)
      #expect(checked.code == 0)
      for part in [
        "w.yaml:3:3: warning: corpora.messages.label: got classes that differ by case alone: `Billing` (20), `billing` (20)",
        "invisible characters alone: `delivery` (20), `deli\\u{AD}very` (20)",
        "warning: corpora.messages.test: got 6 of 10 test rows (60.0 %) have a class that training lacks",
        "warning: protocols.1.kind: got a class too rare for 3 parts of hold-out: `legal` (1)",
        "warning: protocols.2.folds: got a class too rare for 5 folds: `legal` (1)",
      ] { #expect(checked.errors.contains(part), "\(checked.errors)") }
      #expect(
        checked.output == """
          ok w.yaml
            messages: 111 rows, 7 classes: login (24), Billing (20), billing (20),
              delivery (20), deli\\u{AD}very (20), no answer (6), legal (1)

          """)
      let planned = try Command.run(["plan", "w.yaml"], in: folder)
      #expect(planned.code == 0 && planned.errors == checked.errors)
      let run = try Command.run(["w.yaml", "--quiet"], in: folder)
      #expect(run.code == 0 && run.errors == checked.errors, "\(run.errors)")
      let report = try String(contentsOf: folder.appendingPathComponent("Results/checked/report.md"), encoding: .utf8)
      let head = try #require(report.range(of: "## Answer").map { report[..<$0.lowerBound] })
      for part in ["`deli\\u{AD}very` (20)", "6 of 10 test rows (60.0 %)", "`legal` (1)"] {
        #expect(head.contains(part))
      }
      let again = try Command.run(["w.yaml", "--output", "again"], in: folder)
      #expect(again.output.contains("data, messages: 6 of 10 test rows (60.0 %) have a class that training"))
    }
  }

  @Test("minimum_rows leaves rare classes out or makes them one, and says so everywhere")
  func minimumRows() throws {
    try Command.inFolder { folder in
      try Command.write(
        Self.rows(63) { $0 > 59 ? ["legal", "fraud"][$0 % 2] : "c\($0 % 2)" }, as: "data.csv", in: folder)
      for (key, fate) in [("minimum_rows: 5", "left out"), ("minimum_rows: 5, rare_label: other", "now other")] {
        try Command.write(Self.manifest(corpus: "files: data.csv, \(key)"), as: "w.yaml", in: folder)
        let checked = try Command.run(["validate", "w.yaml"], in: folder)
        #expect(checked.code == 0 && checked.output.contains("of 63 records: 3 rows of 2 rare classes \(fate)"))
        let run = try Command.run(["w.yaml", "--quiet"], in: folder)
        #expect(run.code == 0 && run.errors == checked.errors, "\(run.errors)")
        for file in ["report.md", "data-card.md"] {
          let text = try String(contentsOf: folder.appendingPathComponent("Results/checked/\(file)"), encoding: .utf8)
          #expect(text.contains("3 records of classes below minimum"), "\(file)")
        }
      }
    }
  }

  @Test(
    "--output is for one manifest with its data",
    arguments: [["a.yaml", "b.yaml", "--output", "x"], ["a.yaml", "--without-data", "--output", "x"]])
  func usage(arguments: [String]) throws {
    try Command.inFolder { folder in
      let ending = try Command.run(["validate"] + arguments, in: folder)
      #expect(ending.code == 2 && ending.errors.contains("--output"))
    }
  }

  @Test("files that the catalogue has are named with the command that gets them, once each")
  func fetchAdvice() throws {
    try Command.inFolder { folder in
      let text = Self.manifest(
        corpus: "train: Data/banking77/train.csv, test: Data/banking77/test.csv, text: text, label: category",
        models: "{bert: {kind: bert, pretrained: Models/all-MiniLM-L6-v2}, majority: {kind: majority}}")
      try Command.write(text, as: "a.yaml", in: folder)
      let ending = try Command.run(["validate", "a.yaml"], in: folder)
      #expect(ending.code == 2)
      #expect(
        ending.errors.hasSuffix(
          "`bench fetch model all-MiniLM-L6-v2` gets all-MiniLM-L6-v2\n`bench fetch corpus banking77` gets banking77\n")
      )
      try Command.write(Self.manifest(), as: "b.yaml", in: folder)
      let own = try Command.run(["validate", "b.yaml"], in: folder)
      #expect(own.code == 2 && !own.errors.contains("bench fetch"), "\(own.errors)")
    }
  }
}
