import Foundation
import Models
import TestSupport
import Testing

@Suite struct ExportTests {
  private static let manifest = Command.manifest.replacingOccurrences(
    of: "  lookup:",
    with: """
        cls: {kind: bert, layers: 1, hidden: 8, heads: 2, training: {epochs: 1}, text: {anonymise: true}}
        mean: {kind: bert, layers: 1, hidden: 8, heads: 2, pooling: mean, training: {epochs: 1}}
        hybrid: {kind: bert-lstm, encoder: {layers: 1, hidden: 8, heads: 2}, lstm: {hidden: 4}, training: {epochs: 1}}
        words: {kind: bert, layers: 1, hidden: 8, heads: 2, training: {epochs: 1}, text: {tokenizer: words}}
        pieces: {kind: lstm, embedding: 8, hidden: 4, training: {epochs: 1}, text: {tokenizer: wordpiece}}
        tfidf: {kind: tfidf-logistic, character_ngrams: none, text: {stem: true}}
        lookup:
      """)

  /// What `config.json` says beside the sizes.
  private struct Configuration: Decodable {
    var architectures, bench_text: [String]
    var model_type: String
    var auto_map: [String: String]?
    var id2label: [String: String]
    var label2id: [String: Int]
    var bench_pooling: String?
    var bench_head: RecurrentConfiguration?
  }

  /// The same of a model for NumPy.
  private struct NumPyConfiguration: Decodable {
    var bench_model: String
    var labels, bench_text: [String]
    var word_ngrams, character_ngrams: [Int]?
    var pooling: String?
    var hidden: Int?
  }

  @Test(
    "a kept transformer becomes a folder that loads again as it was; TF-IDF and an LSTM one for NumPy; other models and taken names are errors"
  )
  func export() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      let run = try Command.run(
        ["tiny.yaml", "--quiet", "--set", "protocols=[{kind: holdout, seeds: 1}]"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let fits = folder.appendingPathComponent("Results/tiny.fits")
      let names = try FileManager.default.contentsOfDirectory(atPath: fits.path).filter { $0.hasSuffix(".model") }
      func model(_ name: String) throws -> String {
        "Results/tiny.fits/" + (try #require(names.first { $0.contains(".\(name)-") }))
      }
      for (name, architecture, says) in [
        ("cls", "BertForSequenceClassification", "before the tokenizer, which Transformers does not do: clean, anon"),
        ("mean", "BenchForSequenceClassification", "bench_model.py has the mean of the token vectors"),
        ("hybrid", "BenchForSequenceClassification", "bench_model.py has the LSTM above them"),
      ] {
        let ending = try Command.run(["export", try model(name), "out-\(name)"], in: folder)
        #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
        #expect(ending.output.hasPrefix("out-\(name): \(architecture), 3 classes"), "\(ending.output)")
        #expect(ending.output.contains(says), "\(ending.output)")
        let written = folder.appendingPathComponent("out-\(name)")
        let read = try JSONDecoder().decode(
          Configuration.self, from: Data(contentsOf: written.appendingPathComponent("config.json")))
        #expect(read.architectures == [architecture])
        // What no class of Transformers answers as, none reads as if it did.
        #expect(read.model_type == (name == "cls" ? "bert" : "bench-bert"))
        #expect(
          read.auto_map?["AutoModelForSequenceClassification"] == (name == "cls" ? nil : "bench_model.\(architecture)"))
        let loader = try String(contentsOf: written.appendingPathComponent("bench_model.py"), encoding: .utf8)
        #expect(loader.contains("class BenchForSequenceClassification") && loader.hasSuffix("main()\n"))
        #expect(read.id2label.count == 3 && read.label2id.allSatisfy { read.id2label["\($0.value)"] == $0.key })
        #expect(
          read.bench_pooling == (name == "hybrid" ? nil : name)
            && read.bench_head?.hidden == (name == "hybrid" ? 4 : nil))
        // The kept file is a safetensors file too.
        let kept = try Safetensors(contentsOf: folder.appendingPathComponent(try model(name)))
        let checkpoint = try BERTCheckpoint(folder: written)
        #expect(try checkpoint.configuration.layers == 1 && checkpoint.wordPiece().count == checkpoint.vocabulary)
        #expect(checkpoint.tensors.names == kept.entries.map(\.name))
        for tensor in kept.entries {
          #expect(try checkpoint.tensors.floats(tensor.name) == kept.floats(tensor.name), "\(tensor.name)")
        }
      }
      for (arguments, says) in [
        ([try model("pieces"), "x"], "got a model of kind lstm that reads word pieces"),
        ([try model("majority"), "x"], "got a model of the kind majority, expected bert, lstm, bert-lstm, tfidf-lo"),
        ([try model("words"), "x"], "got a model that reads whole words"),
        ([try model("cls"), "out-cls"], "out-cls: got a name that is taken, expected that of a new folder"),
        ([try model("cls"), "tiny.yaml/x"], "tiny.yaml/x: cannot be written: Not a directory"),
        (["Results/tiny", "x"], "expected a model that a run kept, as these in Results/tiny.fits:\n  messages."),
      ] {
        let ending = try Command.run(["export"] + arguments, in: folder)
        #expect(ending.code == 2 && ending.errors.contains(says), "\(ending.errors)")
      }
      for (name, steps) in [("lstm", ["clean", "lowercase"]), ("tfidf", ["clean", "lowercase", "stem"])] {
        let ending = try Command.run(["export", try model(name), "out-\(name)"], in: folder)
        #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
        let written = folder.appendingPathComponent("out-\(name)")
        let files = try FileManager.default.contentsOfDirectory(atPath: written.path).sorted()
        let vocabulary = name == "lstm" ? ["vocab.txt"] : []
        #expect(files == ["bench_model.py", "config.json", "model.safetensors"] + vocabulary)
        let read = try JSONDecoder().decode(
          NumPyConfiguration.self, from: Data(contentsOf: written.appendingPathComponent("config.json")))
        #expect(read.bench_text == steps && read.labels.count == 3)
        #expect(read.word_ngrams == (name == "tfidf" ? [1, 2] : nil))
        #expect(read.character_ngrams == (name == "tfidf" ? [] : nil))
        #expect(read.pooling == (name == "lstm" ? "max" : nil) && read.hidden == (name == "lstm" ? 4 : nil))
        let kept = try Safetensors(contentsOf: folder.appendingPathComponent(try model(name)))
        let tensors = try Safetensors(contentsOf: written.appendingPathComponent("model.safetensors"))
        #expect(tensors.entries.map(\.name) == kept.entries.map(\.name))
        for entry in kept.entries where entry.element == .f32 {
          #expect(try tensors.floats(entry.name) == kept.floats(entry.name), "\(entry.name)")
        }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(
        left.filter { $0.contains("out-") }.sorted() == ["out-cls", "out-hybrid", "out-lstm", "out-mean", "out-tfidf"],
        "\(left)")
    }
  }

  private static let python = "/usr/bin/python3"

  @Test(
    "an exported LSTM knows a word in any of Unicode's canonical forms, by the first one's number",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "runs two classes of it in Python"))
  func words() throws {
    try Command.inFolder { folder in
      try Command.write(Command.manifest, as: "tiny.yaml", in: folder)
      let run = try Command.run(["tiny.yaml", "--quiet", "--set", "protocols=[{kind: holdout, seeds: 1}]"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let fits = folder.appendingPathComponent("Results/tiny.fits")
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: fits.path).first {
          $0.hasSuffix(".model") && $0.contains(".lstm-")
        })
      #expect(try Command.run(["export", "Results/tiny.fits/\(name)", "out"], in: folder).code == 0)
      try Command.write("[PAD]\n[UNK]\ncafe\u{301}\ncaf\u{E9}\n", as: "out/vocab.txt", in: folder)
      let script = """
        import ast, json, pathlib, re, unicodedata
        tree = ast.parse(open("out/bench_model.py", encoding="utf-8").read())
        exec(compile(ast.Module([c for c in tree.body if getattr(c, "name", "") in ("Words", "WordNetwork")], []), "", "exec"))
        out = pathlib.Path("out")
        model = WordNetwork(json.loads((out / "config.json").read_text(encoding="utf-8")), {}, out)
        print(model.number("caf\\u00e9"), model.number("cafe\\u0301"), model.number("none"))
        """
      try Command.write(script, as: "check.py", in: folder)
      let python = try Command.run(["check.py"], in: folder, executable: URL(fileURLWithPath: Self.python))
      #expect(python.output == "2 2 1\n", "\(python.errors)")
    }
  }

  @Test(
    "bench_model.py reads the lines that predict reads: LF and CRLF alone end one, and a blank one has no label",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python), "runs two functions of it in Python"))
  func lines() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      let run = try Command.run(["tiny.yaml", "--quiet", "--set", "protocols=[{kind: holdout, seeds: 1}]"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let fits = folder.appendingPathComponent("Results/tiny.fits")
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: fits.path).first {
          $0.hasSuffix(".model") && $0.contains(".cls-")
        })
      #expect(try Command.run(["export", "Results/tiny.fits/\(name)", "out"], in: folder).code == 0)
      let script = """
        import ast, sys
        tree = ast.parse(open("out/bench_model.py", encoding="utf-8").read())
        exec(compile(ast.Module([f for f in tree.body if getattr(f, "name", "") in ("is_space", "lines")], []), "", "exec"))
        for text in lines(open("texts", "rb").read()):
            print("null" if all(map(is_space, text)) else "label")
        """
      try Command.write(script, as: "check.py", in: folder)
      for texts in [
        "\u{FEFF}one\r\ntwo\n\n \u{A0}\u{2003}\t\nth\u{0C}ree\u{85}of\u{2028}one\rline\n\u{1C}\u{1F}\n\u{85}\nlast",
        "one\n", "", "\n", "\r\n\r", "a\u{0B}b\u{1E}c\n\n",
      ] {
        try Command.write(texts, as: "texts", in: folder)
        let own = try Command.run(["predict", "Results/tiny.fits/\(name)", "texts"], in: folder)
        let expected = own.output.split(separator: "\n").map { $0.hasPrefix(#"{"label":null"#) ? "null" : "label" }
        let python = try Command.run(
          ["check.py"], in: folder, executable: URL(fileURLWithPath: Self.python))
        #expect(python.output.split(separator: "\n").map(String.init) == expected, "\(texts.debugDescription)")
      }
    }
  }
}
