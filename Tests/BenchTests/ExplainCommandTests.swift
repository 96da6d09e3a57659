import Foundation
import TestSupport
import Testing

@Suite struct ExplainCommandTests {
  private static let manifest = """
    name: tiny
    corpora: {messages: {task: sentiment, format: csv, files: rows.csv}}
    protocols: [{kind: holdout, seeds: 1}]
    models:
      logistic: {kind: tfidf-logistic}
      svm: {kind: linear-svm}
      forest: {kind: random-forest, trees: 5}
      boosting: {kind: gradient-boosting, rounds: 5}
      perceptron: {kind: mlp, epochs: 2}
      fasttext: {kind: fasttext, epochs: 2}
      lstm: {kind: lstm, embedding: 8, hidden: 8, training: {epochs: 2}}
      bert: {kind: bert, layers: 1, hidden: 16, heads: 2, training: {epochs: 1}}
      neighbours: {kind: nearest-neighbours}
    timing: false
    """

  private static var csv: String {
    let praise = ["good", "great", "lovely", "perfect"], blame = ["bad", "awful", "broken", "useless"]
    let lines = (0..<160).map { row in
      let word = row % 2 == 0 ? praise[row / 2 % 4] : blame[row / 2 % 4]
      let mail = row == 3 ? " mail me@example.org" : ""
      return "The thing number \(row) is really \(word) today\(mail).,\(row % 2 == 0 ? "positive" : "negative")"
    }
    return "text,label\n" + lines.joined(separator: "\n") + "\n"
  }

  @Test(
    "words of typed texts, pages and faithfulness of rows, for every kind that has them; others are refused by name")
  func outcomes() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.csv, as: "rows.csv", in: folder)
      let run = try Command.run(["tiny.yaml", "--quiet"], in: folder)
      #expect(run.code == 0, "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path)
      func model(_ kind: String) throws -> String {
        "Results/tiny.fits/" + (try #require(names.first { $0.contains(".\(kind)-") && $0.hasSuffix(".model") }))
      }
      let methods = [
        "logistic": "weights", "svm": "weights", "forest": "Shapley values", "boosting": "Shapley values",
        "perceptron": "integrated gradients", "fasttext": "weights", "lstm": "integrated gradients",
        "bert": "integrated gradients",
      ]
      for (kind, method) in methods.sorted(by: { $0.key < $1.key }) {
        let arguments = ["explain", try model(kind), "It is really awful  today", "good"]
        let words = try Command.run(arguments, in: folder)
        #expect(words.code == 0, "\(kind): \(words.errors)")
        #expect(words.output.contains(method) && words.output.contains("  awful"), "\(kind): \(words.output)")
        #expect(!words.output.contains("incomplete"), "\(kind): \(words.output)")
        #expect(try Command.run(arguments, in: folder).output == words.output)
      }
      let refused = try Command.run(["explain", try model("neighbours"), "good"], in: folder)
      #expect(refused.code == 2 && refused.errors.contains("not divided among words"))

      let arguments = [
        "explain", try model("lstm"), "--against", try model("logistic"), "--rows", "rows.csv", "--label", "label",
        "--most", "30", "--output", "page.html",
      ]
      let rows = try Command.run(arguments, in: folder)
      #expect(rows.code == 0, "\(rows.errors)")
      #expect(rows.output.contains("lstm less logistic") && !rows.output.contains("thing"), "\(rows.output)")
      let page = try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8)
      #expect(page.contains("class=\"for5\"") && page.contains("thing") && !page.contains("me@example.org"))
      #expect(try Command.run(arguments, in: folder).output == rows.output)
      #expect(try String(contentsOf: folder.appendingPathComponent("page.html"), encoding: .utf8) == page)

      for (wrong, words) in [
        (["explain", try model("lstm")], "expected texts"), (["explain", try model("lstm"), "  "], "white space"),
        (["explain", try model("lstm"), "--rows", "rows.csv", "--output", "Results/tiny/page.html"], "outside"),
        (["explain", try model("lstm"), "--rows", "rows.csv", "--label", "text"], "without a class of the model"),
        (["explain", "rows.csv", "good"], "expected a model"),
      ] {
        let outcome = try Command.run(wrong, in: folder)
        #expect(outcome.code == 2 && outcome.errors.contains(words), "\(wrong): \(outcome.errors)")
      }
    }
  }
}
