import Foundation
import TestSupport
import Testing

@Suite struct CheckCommandTests {
  private static let manifest = """
    name: tiny
    corpora: {messages: {task: sentiment, format: csv, files: rows.csv}}
    protocols: [{kind: holdout, seeds: 1}]
    models:
      logistic: {kind: tfidf-logistic}
      tree: {kind: decision-tree}
    timing: false
    """

  private static var csv: String {
    let praise = ["good", "great", "lovely", "perfect"], blame = ["bad", "awful", "broken", "useless"]
    let lines = (0..<160).map { row in
      let word = row % 2 == 0 ? praise[row / 2 % 4] : blame[row / 2 % 4]
      return "The thing number \(row) is really \(word) today.,\(row % 2 == 0 ? "positive" : "negative")"
    }
    return "text,label\n" + lines.joined(separator: "\n") + "\n"
  }

  private static let suite = """
    name: small
    lexicons: {praise: [good, great], blame: [bad, awful]}
    tests:
      praise: {kind: minimum, templates: ["It is {praise}."], label: positive, at_most: 0.2}
      swapped: {kind: minimum, templates: ["It is {praise}."], label: negative}
      capitals: {kind: invariance, change: capitals, at_most: 0}
      blame added: {kind: direction, append: ["It is {blame} and {blame}."], label: positive}
    """

  private func inRun(_ body: (_ folder: URL, _ model: (String) throws -> String) throws -> Void) throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      try Command.write(Self.csv, as: "rows.csv", in: folder)
      try Command.write(Self.suite, as: "suite.yaml", in: folder)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("Results/tiny.fits").path)
      try body(folder) { kind in
        "Results/tiny.fits/" + (try #require(names.first { $0.contains(".\(kind)-") && $0.hasSuffix(".model") }))
      }
    }
  }

  @Test("minimum, invariance and direction, on templates and on rows, with two models in pairs")
  func outcomes() throws {
    try inRun { folder, model in
      let logistic = try model("logistic")
      let alone = try Command.run(["check", logistic, "suite.yaml"], in: folder)
      #expect(alone.code == 0, "\(alone.errors)\(alone.output)")
      #expect(alone.output.contains("praise") && alone.output.contains("2 tests need rows"))
      let arguments = [
        "check", logistic, "suite.yaml", "--rows", "rows.csv", "--label", "label", "--output", "cases.csv",
      ]
      let rows = try Command.run(arguments, in: folder)
      #expect(rows.code == 0, "\(rows.errors)\(rows.output)")
      #expect(rows.output.contains("wrong before, %") && !rows.output.contains("The thing"))
      #expect(try Command.run(arguments, in: folder).output == rows.output)
      let csv = try String(contentsOf: folder.appendingPathComponent("cases.csv"), encoding: .utf8)
      let lines = csv.split(whereSeparator: \.isNewline)
      #expect(lines[0] == "test,kind,capability,case,model,failed")
      // Two templates' cases of two words each, and every row twice.
      #expect(lines.count == 1 + 2 + 2 + 160 + 160)
      #expect(lines.contains { $0.hasPrefix("praise,minimum,,") && $0.hasSuffix(",0") })
      #expect(lines.filter { $0.hasPrefix("swapped,") }.allSatisfy { $0.hasSuffix(",1") })
      #expect(!csv.contains("The thing"))
      let pair = try Command.run(
        ["check", logistic, "suite.yaml", "--rows", "rows.csv", "--against", try model("tree")], in: folder)
      #expect(pair.output.contains("p, corrected") && pair.output.contains("A, %"))
    }
  }

  @Test("a stated rate that is exceeded ends with 1")
  func exceeded() throws {
    try inRun { folder, model in
      try Command.write(
        Self.suite.replacing("label: negative}", with: "label: negative, at_most: 0.5}"), as: "strict.yaml", in: folder)
      let found = try Command.run(["check", try model("logistic"), "strict.yaml"], in: folder)
      #expect(found.code == 1 && found.output.contains("exceeded"))
    }
  }

  @Test("mistakes of a suite are said all at once, with their places")
  func mistakes() throws {
    try inRun { folder, model in
      let logistic = try model("logistic")
      let broken = """
        name: broken
        lexicons: {praise: [good]}
        tests:
          one: {kind: minimum, templates: ["It is {prise}."]}
          two: {kind: invariance}
          three: {kind: invariance, change: tipo, label: positive}
          four: {kind: direction, append: [x], moves: left}
        """
      try Command.write(broken, as: "broken.yaml", in: folder)
      let found = try Command.run(["check", logistic, "broken.yaml"], in: folder)
      #expect(found.code == 2)
      for part in [
        "broken.yaml:4:", "{prise}", "did you mean `praise`", "tests.one.label", "tests.two.kind", "tipo",
        "tests.four.label",
        "left",
      ] { #expect(found.errors.contains(part), "\(part): \(found.errors)") }
      try Command.write(Self.suite.replacing("label: negative}", with: "label: angry}"), as: "other.yaml", in: folder)
      let other = try Command.run(["check", logistic, "other.yaml"], in: folder)
      #expect(
        other.code == 2 && other.errors.contains("got `angry`, expected a class of the model: negative, positive"))
      #expect(try Command.run(["check", logistic, "nowhere.yaml"], in: folder).code == 2)
      #expect(try Command.run(["check", "nowhere.model", "suite.yaml"], in: folder).code == 2)
      #expect(
        try Command.run(["check", logistic, "suite.yaml", "--rows", "suite.yaml"], in: folder).code == 64
          || (try Command.run(["check", logistic, "suite.yaml", "--rows", "suite.yaml"], in: folder).code == 2))
    }
  }
}
