import Foundation
import TestSupport
import Testing

@Suite struct PredictTests {
  private static let manifest = Command.manifest.replacingOccurrences(
    of: "  lookup:",
    with:
      "  bert: {kind: bert, layers: 1, hidden: 8, heads: 2, training: {epochs: 1}}\n  tfidf: {kind: tfidf-logistic}\n  lookup:"
  )

  /// 70 texts, of which the second is blank.
  private static let texts = (0..<70).map { $0 == 1 ? " " : "Where is my order \($0)? It is \($0 % 3) weeks late." }

  /// A folder with a run's models, by the name of the model.
  private func withModels(_ body: (URL, [String: String]) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      let run = try Command.run(
        ["tiny.yaml", "--quiet", "--set", "protocols=[{kind: holdout, seeds: 1}]"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path)
      var models: [String: String] = [:]
      for name in names where name.hasSuffix(".model") {
        let fit = name.split(separator: "-").dropLast().joined(separator: "-")
        models[String(fit.split(separator: ".").last ?? "")] = "Results/tiny.fits/\(name)"
      }
      #expect(models.keys.sorted() == ["bert", "lookup", "lstm", "majority", "tfidf"])
      try body(folder, models)
    }
  }

  private func shell(_ script: String, _ arguments: [String], in folder: URL) throws -> Command.Ending {
    try Command.run(
      ["-c", script, Command.executable.path] + arguments, in: folder, executable: URL(fileURLWithPath: "/bin/bash"))
  }

  @Test("every kept model labels a line each, in order, from a file and from a pipe, alone and together")
  func labels() throws {
    try withModels { folder, models in
      try Command.write("\u{FEFF}" + Self.texts.joined(separator: "\r\n"), as: "texts.txt", in: folder)
      try Command.write(Self.texts.joined(separator: "\n") + "\n", as: "plain.txt", in: folder)
      for (name, model) in models.sorted(by: { $0.key < $1.key }) {
        let ending = try Command.run(["predict", model, "texts.txt"], in: folder)
        #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.count == Self.texts.count && !ending.output.contains("order"), "\(name)")
        #expect(lines[1] == #"{"label":null,"probability":null,"probabilities":{}}"#)
        for (index, line) in lines.enumerated() where index != 1 {
          let read = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
          let byClass = try #require(read["probabilities"] as? [String: Double])
          #expect(abs(byClass.values.reduce(0, +) - 1) < 1e-4)
          #expect(byClass[read["label"] as? String ?? ""] == byClass.values.max(), "\(name), line \(index + 1)")
        }
        let piped = try shell(
          #"while IFS= read -r line; do printf "%s\\n" "$line"; done < plain.txt | "$0" predict "$@""#, [model],
          in: folder)
        #expect(piped.output == ending.output, "\(name)")
        let last = try shell(#"tail -n 1 plain.txt | "$0" predict "$@""#, [model, "-", "--with-text"], in: folder)
        #expect(last.output == #"{"text":"\#(Self.texts[69])","# + lines[69].dropFirst() + "\n", "\(name)")
      }
    }
  }

  @Test("each text is answered when it arrives; a pipe that is closed ends it quietly")
  func pipes() throws {
    try withModels { folder, models in
      let model = try #require(models["lookup"])
      let asked = try shell(
        #"coproc P { "$0" predict "$@"; }; echo one >&${P[1]}; read -t 300 -r line <&${P[0]}; echo "$line""#, [model],
        in: folder)
      #expect(asked.output.hasPrefix(#"{"label":""#), "\(asked.output)\(asked.errors)")
      // More than a pipe holds.
      try Command.write(String(repeating: "a text\n", count: 20_000), as: "many.txt", in: folder)
      let closed = try shell(#"set -o pipefail; "$0" predict "$@" | head -n 1"#, [model, "many.txt"], in: folder)
      #expect(closed.code == 0 && closed.errors.isEmpty, "\(closed.code) \(closed.errors)")
      #expect(closed.output.split(separator: "\n").count == 1)
      let full = try shell(#""$0" predict "$@" > /dev/full"#, [model, "many.txt"], in: folder)
      #expect(
        full.code == 2 && full.errors.contains("standard output: cannot be written: No space left"), "\(full.errors)")
    }
  }

  @Test("what is no model or no text ends with 2, names the place and says what was expected")
  func mistakes() throws {
    try withModels { folder, models in
      let model = try #require(models["tfidf"])
      let bytes = try Data(contentsOf: folder.appendingPathComponent(model))
      try bytes.dropLast().write(to: folder.appendingPathComponent("cut.model"))
      try Command.write("", as: "empty.txt", in: folder)
      try (Data("good\n".utf8) + Data([0x66, 0xFF]) + Data("\nmore\n".utf8)).write(
        to: folder.appendingPathComponent("odd.txt"))
      let mistakes: [(arguments: [String], message: String)] = [
        (
          ["none.model"],
          "error: none.model: cannot be read: No such file or directory; expected a model that a run kept"
        ),
        (["cut.model"], "error: cut.model: "), (["tiny.yaml"], "error: tiny.yaml: "),
        (["Results/tiny"], "expected a model that a run kept, as these in Results/tiny.fits:\n  messages."),
        (
          ["Results/tiny.fits"],
          "error: Results/tiny.fits: cannot be read: Is a directory; expected a model that a run kept, as these in Results/tiny.fits:\n  messages."
        ),
        ([model, "none.txt"], "error: none.txt: cannot be read: No such file or directory; expected a file"),
        ([model, "Results"], "error: Results: cannot be read: Is a directory"),
        ([model, "odd.txt"], "error: odd.txt:2: got bytes that are not UTF-8, expected UTF-8 text"),
      ]
      for mistake in mistakes {
        let ending = try Command.run(["predict"] + mistake.arguments, in: folder)
        #expect(ending.code == 2, "\(mistake.arguments)")
        #expect(ending.errors.contains(mistake.message), "\(ending.errors)")
        // What comes before a mistake is answered.
        #expect(ending.output.split(separator: "\n").count == (mistake.arguments.last == "odd.txt" ? 1 : 0))
      }
      let none = try Command.run(["predict", model, "empty.txt"], in: folder)
      #expect(none.code == 0 && none.output.isEmpty && none.errors.isEmpty)
    }
  }
}
