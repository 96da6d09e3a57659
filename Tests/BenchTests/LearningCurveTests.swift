import Foundation
import TestSupport
import Testing

@Suite struct LearningCurveTests {
  private static func manifest(_ sizes: String) -> String {
    """
    name: tiny
    corpora: {messages: {task: sentiment, generated: {rows: 240, seed: 3}}}
    protocols: [{kind: holdout, seeds: 3, sizes: \(sizes)}]
    models:
      logistic: {kind: tfidf-logistic}
      tree: {kind: decision-tree}
      majority: {kind: majority}
    timing: false
    """
  }

  @Test("each size is trained for itself, all models on the same rows, and the curves are in report and table")
  func curves() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest("[5%, 50%, 20]"), as: "tiny.yaml", in: folder)
      let planned = try Command.run(["plan", "tiny.yaml"], in: folder)
      #expect(planned.output.contains(".s1.n5%.logistic") && planned.output.contains(".s1.n20.tree"))
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      let run = folder.appendingPathComponent("Results/tiny")
      func text(_ name: String) throws -> String {
        try String(contentsOf: run.appendingPathComponent(name), encoding: .utf8)
      }
      let curves = try text("curves.csv").split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
      // Two models that learn, four sizes each.
      #expect(curves.count == 1 + 2 * 4)
      let rows = Dictionary(grouping: curves.dropFirst(), by: { $0[4] }).mapValues { $0.map { Double($0[6]) ?? 0 } }
      for own in rows.values { #expect(own == own.sorted() && own[0] < own[1] && own[2] < own[3]) }
      #expect(rows["logistic"] == rows["tree"])
      let report = try text("report.md")
      for part in [
        "## Learning curves", "5%, ", "20 each, ", "all, ", "figures/sentiment-learning.svg", "the curves cross",
      ] {
        #expect(report.contains(part), "\(part)")
      }
      // Verdicts are of all rows alone, and other protocols are none of these.
      #expect(!report.contains("Other protocols"))
      let comparisons = try text("comparisons.csv")
      #expect(comparisons.contains("holdout 5%") && !comparisons.contains("holdout 100%"))
      for line in comparisons.split(whereSeparator: \.isNewline) where line.contains("holdout 5%") {
        #expect(!line.contains(",setting,"))
      }
      let before = try Data(contentsOf: run.appendingPathComponent("report.html"))
      #expect(try Command.run(["report", "Results/tiny", "--quiet"], in: folder).code == 0)
      #expect(try Data(contentsOf: run.appendingPathComponent("report.html")) == before)
      let again = try Command.run(
        ["tiny.yaml", "--quiet", "--output", "again", "--jobs", "1", "--set", "seed=1"], in: folder)
      #expect(again.code == 0)
      for name in ["curves.csv", "trials.csv", "predictions.csv.gz"] {
        let other = try Data(contentsOf: folder.appendingPathComponent("again/\(name)"))
        #expect(try Data(contentsOf: run.appendingPathComponent(name)) == other, "\(name)")
      }
    }
  }

  @Test(
    "sizes that are none, or stand twice, are refused where they stand",
    arguments: [
      ("[100%]", "protocols.0.sizes.0: got `100%`"), ("[0%]", "got `0%`"), ("[many]", "got `many`"),
      ("[5%, 5%]", "protocols.0.sizes.1: got `5%` a second time"), ("[0]", "protocols.0.sizes.0"),
      ("[1e400%]", "got `1e400%`"), ("[nan%]", "got `nan%`"),
    ])
  func refused(sizes: String, message: String) throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest(sizes), as: "tiny.yaml", in: folder)
      let refused = try Command.run(["validate", "tiny.yaml"], in: folder)
      #expect(refused.code == 2 && refused.errors.contains(message), "\(refused.errors)")
    }
  }
}
