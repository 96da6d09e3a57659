import Foundation
import TestSupport
import Testing

@Suite struct ErrorsCommandTests {
  private static let manifest = """
    name: tiny
    corpora: {messages: {task: sentiment, generated: {rows: 90}}}
    protocols: [{kind: holdout, seeds: 2}, {kind: kfold, folds: 3}]
    models:
      logistic: {kind: tfidf-logistic}
      svm: {kind: linear-svm}
      tree: {kind: decision-tree}
      majority: {kind: majority}
    timing: false
    """

  @Test("rows, confusions and agreement of a run are shown from its folder alone, and its wrong rows written as CSV")
  func shown() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      let shown = try Command.run(["errors", "Results/tiny", "--rows", "3", "--output", "rows.csv"], in: folder)
      #expect(shown.code == 0, "\(shown.errors)")
      for part in [
        "holdout: ", "2 trials of each model", "right: logistic alone", "right: svm, where logistic is wrong",
        "logistic: class", "logistic: surest mistakes", "rows that err again",
      ] { #expect(shown.output.contains(part), "\(part)") }
      #expect(!shown.output.contains("majority") && !shown.output.contains("svm: surest mistakes"))
      let again = try Command.run(["errors", "Results/tiny", "--rows", "3"], in: folder)
      #expect(again.output == shown.output)
      let csv = try String(contentsOf: folder.appendingPathComponent("rows.csv"), encoding: .utf8)
      let lines = csv.split(whereSeparator: \.isNewline)
      #expect(lines.count > 1 && (lines.count - 1) % 3 == 0)
      #expect(lines[0] == "task,corpus,protocol,source,target,id,label,model,tests,wrong,answer,probability")

      let folds = try Command.run(
        ["errors", "Results/tiny", "--protocol", "kfold", "--model", "tree", "--model", "svm", "--pair", "tree,svm"],
        in: folder)
      #expect(folds.code == 0 && folds.output.contains("kfold: 90 rows, 3 trials"))
      #expect(folds.output.contains("svm right and tree wrong") || folds.output.contains("svm is never right"))
      #expect(!folds.output.contains("logistic") && !folds.output.contains("rows that err again"))
    }
  }

  @Test("what is not there is refused by name")
  func refused() throws {
    try Command.inFolder { folder in
      try Command.write(Self.manifest, as: "tiny.yaml", in: folder)
      #expect(try Command.run(["tiny.yaml", "--quiet"], in: folder).code == 0)
      for (arguments, message) in [
        (["tiny"], "did you mean `Results/tiny`?"), (["nowhere"], "got no results of a run"),
        (["Results/tiny", "--model", "bert"], "--model: got `bert`, expected a model of the run: logistic, svm"),
        (["Results/tiny", "--pair", "svm"], "expected two models"),
        (["Results/tiny", "--pair", "svm,bert"], "--pair: got `bert`"),
        (["Results/tiny", "--rows", "0"], "--rows: got 0"),
        (["Results/tiny", "--corpus", "other"], "got no answers of all of"),
        (["Results/tiny", "--output", "no/where.csv"], "got a file in a folder that is not there"),
      ] {
        let refused = try Command.run(["errors"] + arguments, in: folder)
        #expect(refused.code == 2 && refused.errors.contains(message), "\(arguments): \(refused.errors)")
      }
    }
  }
}
