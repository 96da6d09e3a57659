import Foundation
import TestSupport
import Testing

@Suite struct BiasCommandTests {
  private static let manifest = """
    name: tiny
    corpora: {messages: {task: sentiment, format: csv, files: rows.csv}}
    protocols: [{kind: holdout, seeds: 1}]
    models:
      logistic: {kind: tfidf-logistic}
      svm: {kind: linear-svm}
    timing: false
    """

  /// Messages of people called Ben are blame, of all others praise and blame alike.
  private static var csv: String {
    let lines = (0..<240).map { row in
      let name = ["Anna", "Ben", "nobody"][row % 3], isBlame = row % 3 == 1 || row % 2 == 0
      return "\(name) says number \(row) is \(isBlame ? "bad" : "good").,\(isBlame ? "negative" : "positive"),\(name)"
    }
    return "text,label,who\n" + lines.joined(separator: "\n") + "\n"
  }

  private static let groups = """
    name: names
    groups: {women: [Anna, Clara], men: [Ben, David]}
    templates: ["{group} says it is fine.", "{group} called.", "I wrote to {group} again.", "It was {group} who came."]
    """

  @Test("templates, swapped rows and columns: a model that learned a name is found out; nothing of a text is printed")
  func outcomes() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.csv, as: "rows.csv", in: folder)
      try Command.write(Self.groups, as: "groups.yaml", in: folder)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path)
      func model(_ kind: String) throws -> String {
        "Results/tiny.fits/" + (try #require(names.first { $0.contains(".\(kind)-") && $0.hasSuffix(".model") }))
      }
      let logistic = try model("logistic")
      let templates = try Command.run(
        ["bias", logistic, "--class", "negative", "--groups", "groups.yaml"], in: folder)
      #expect(templates.code == 0 && templates.output.contains("probability"), "\(templates.errors)")
      let swapped = [
        "bias", logistic, "--class", "negative", "--groups", "groups.yaml", "--rows", "rows.csv", "--label", "label",
        "--output", "gaps.csv",
      ]
      let rows = try Command.run(swapped, in: folder)
      #expect(rows.code == 0, "\(rows.errors)")
      #expect(rows.output.contains("differs") && rows.output.contains("false negatives"), "\(rows.output)")
      #expect(rows.output.contains("160 of 240 rows"), "\(rows.output)")
      let csv = try String(contentsOf: folder.appendingPathComponent("gaps.csv"), encoding: .utf8)
      for secret in ["Anna", "Ben", "says"] { #expect(!(rows.output + csv).contains(secret)) }
      #expect(try Command.run(swapped, in: folder).output == rows.output)
      let column = try Command.run(
        ["bias", logistic, "--class", "negative", "--rows", "rows.csv", "--group", "who", "--unit", "label"], in: folder
      )
      #expect(column.code == 0 && column.output.contains("nobody (80)"), "\(column.errors)\(column.output)")

      for (wrong, words) in [
        (["--class", "negative"], "expected --groups or --group"),
        (["--class", "bad", "--groups", "groups.yaml"], "--class: got bad"),
        (["--class", "negative", "--groups", "tiny.yaml"], "groups"),
        (["--class", "negative", "--rows", "rows.csv", "--group", "where"], "where"),
      ] {
        let outcome = try Command.run(["bias", logistic] + wrong, in: folder)
        #expect(outcome.code == 2 && outcome.errors.contains(words), "\(wrong): \(outcome.errors)")
      }
      let svm = try Command.run(
        ["bias", try model("svm"), "--class", "negative", "--groups", "groups.yaml"], in: folder)
      #expect(svm.code == 2 && svm.errors.contains("without probabilities"))
      try Command.write(
        "name: x\ngroups: {a: [Anna], b: [anna, ' ']}\ntemplates: [\"none\"]\n", as: "wrong.yaml", in: folder)
      let wrong = try Command.run(["bias", logistic, "--class", "negative", "--groups", "wrong.yaml"], in: folder)
      #expect(wrong.code == 2)
      for words in ["wrong.yaml:2:", "under `a` already", "no word", "wrong.yaml:3:", "without {group}"] {
        #expect(wrong.errors.contains(words), "\(wrong.errors)")
      }
    }
  }
}
