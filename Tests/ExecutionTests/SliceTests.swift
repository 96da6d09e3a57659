import Corpora
import Tasks
import Testing

@testable import Analysis
@testable import Execution
@testable import Records

@Suite struct SliceTests {
  private func trial(
    _ model: String, seed: UInt64 = 1, labels: [Int], predicted: [Int], slices: [String]
  ) -> TrialRecord {
    var trial = SampleTrials.trial(model, seed: seed, labels: labels, predicted: predicted)
    trial.slices = slices
    return trial
  }

  private func rows(_ trials: [TrialRecord], primary: MetricName = .f1Macro) -> [SliceRow] {
    Analysis(records: trials, manifest: SampleTrials.manifest(primary: primary)).slices
  }

  @Test("each value of the column has its own scores, averaged over its classes; rows without a value are a slice")
  func scores() throws {
    let found = rows([
      trial(
        "a", labels: [0, 0, 1, 1, 2, 0], predicted: [0, 1, 1, 1, 2, 0], slices: ["web", "web", "web", "app", "app", ""])
    ])
    #expect(found.map(\.slice) == ["", "", "app", "app", "web", "web"])
    #expect(found.map(\.metric) == ["f1_macro", "accuracy", "f1_macro", "accuracy", "f1_macro", "accuracy"])
    #expect(found.map(\.rows) == [1, 1, 2, 2, 3, 3] && found.allSatisfy { $0.n == 1 && $0.sd == nil })
    // web: class 0 has precision 1, recall 1/2; class 1 the other way round: F1 2/3 each.
    for (row, expected) in zip(found, [1, 1, 1, 1, 2.0 / 3, 2.0 / 3]) { #expect(abs(row.mean - expected) < 1e-12) }
    #expect(
      rows([trial("a", labels: [0, 1], predicted: [0, 0], slices: ["x", "y"])], primary: .accuracy).count == 2)
  }

  @Test("means are over the trials that have such rows")
  func means() {
    let found = rows(
      [
        trial("a", seed: 1, labels: [0, 1], predicted: [0, 0], slices: ["x", "x"]),
        trial("a", seed: 2, labels: [0, 1], predicted: [0, 1], slices: ["x", "y"]),
        trial("b", seed: 1, labels: [0, 1], predicted: [1, 0], slices: ["x", "x"]),
      ], primary: .accuracy)
    #expect(
      found.map { "\($0.model) \($0.slice) \($0.n) \($0.rows) \($0.mean)" } == [
        "a x 2 3 0.75", "a y 1 1 1.0", "b x 1 2 0.0",
      ])
  }

  @Test("a corpus without such a column has no slices; nor has the part of a trial on novel texts")
  func none() throws {
    #expect(rows([SampleTrials.trial("a")]).isEmpty)
    var whole = trial("a", labels: [0, 1], predicted: [0, 1], slices: ["x", "y"])
    whole.score(novelty: [.novel, .seen], primary: .f1Macro)
    #expect(try #require(whole.part(.novel)).slices.isEmpty)
  }

  @Test("a run takes them from the corpus")
  func run() throws {
    var manifest = Small.manifest()
    manifest.models.removeAll { !["lookup", "majority"].contains($0.name) }
    var runner = try Small.runner(manifest, jobs: 2)
    for domain in runner.corpora[0].domains.indices {
      for row in runner.corpora[0].domains[domain].examples.indices where row % 3 > 0 {
        runner.corpora[0].domains[domain].examples[row].slice = row % 3 == 1 ? "web" : "app"
      }
    }
    let outcome = runner.run(progress: Progress(style: .quiet))
    let slices = Dictionary(
      runner.corpora[0].domains.flatMap(\.examples).map { ($0.id, $0.slice ?? "") }, uniquingKeysWith: { $1 })
    #expect(!outcome.records.isEmpty)
    for record in outcome.records { #expect(record.slices == record.ids.map { slices[$0] ?? "?" }) }
  }
}
