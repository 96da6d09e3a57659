import Manifests
import Statistics
import Tasks
import TestSupport
import Testing

@testable import Analysis
@testable import Records

@Suite struct ComparisonTests {
  private let a = [0.80, 0.82, 0.85, 0.79, 0.84]
  private let b = [0.78, 0.81, 0.82, 0.79, 0.80]

  /// So many rows that the least variance, of one row that tells the models apart, is nothing beside that of the values.
  private static let labels = (0..<600).map { $0 % 3 }

  private func folds(_ model: String, _ values: [Double], metric: String = "f1_macro") -> [TrialRecord] {
    values.enumerated().map { fold, value in
      SampleTrials.trial(
        model, protocolName: "kfold", fold: fold, labels: Self.labels, trainRows: 2_400, metrics: [metric: value],
        splitHash: "fold \(fold)")
    }
  }

  private static let folded = SampleTrials.manifest(protocols: [.kfold, .holdout])

  private func comparisons(_ records: [TrialRecord], _ manifest: Manifest = folded) -> [ComparisonRow] {
    Analysis(records: records, manifest: manifest).comparisons
  }

  private func headline(_ records: [TrialRecord], _ manifest: Manifest = folded) throws -> ComparisonRow {
    try #require(comparisons(records, manifest).first { $0.role == .headline })
  }

  @Test("k-fold: the corrected t decides, with the real ratio of test to training rows, by the formula")
  func correctedT() throws {
    let rows = comparisons(folds("a", a) + folds("b", b))
    let row = try #require(rows.first { $0.role == .primary })
    let differences = zip(a, b).map { ($0 - $1) * 100 }
    let mean = differences.reduce(0, +) / 5
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    // 6 test rows to 24 training rows: 1/(k − 1).
    let error = (variance * (1.0 / 5 + 6.0 / 24)).squareRoot()
    #expect(row.test == .correctedT)
    #expect(row.metric == "f1_macro")
    #expect(row.n == 5)
    expectClose(try #require(row.difference), mean, "difference in points")
    expectClose(try #require(row.statistic), mean / error, "t")
    // t(4) at 97.5 %, from a table.
    expectClose(try #require(row.low), mean - 2.7764451052 * error, relative: 1e-8, "lower bound")
    expectClose(try #require(row.high), mean + 2.7764451052 * error, relative: 1e-8, "upper bound")
    expectClose(try #require(row.effect), mean / variance.squareRoot(), "d_z")
    #expect(row.margin == 1)
  }

  @Test("Exactly one row of a pair and group decides; the uncorrected t is a sensitivity analysis")
  func roles() {
    let rows = comparisons(folds("a", a) + folds("b", b))
    #expect(rows.filter { $0.role == .primary }.count == 1)
    let plain = rows.filter { $0.test == .pairedT }
    #expect(plain.allSatisfy { $0.role == .sensitivity })
    #expect(Set(plain.map(\.metric)) == Set(Problem.classification.compared.map(\.rawValue)))
    let deciding = rows.first { $0.role == .primary }
    let same = plain.first { $0.metric == "f1_macro" }
    #expect((deciding?.p ?? 0) > (same?.p ?? 1))
    #expect(rows.filter { $0.test == .mcnemar }.map(\.metric) == ["accuracy"])
    #expect(rows.allSatisfy { ($0.role == .headline) == ($0.words != nil) })
  }

  @Test("Validation rows are no training rows: the ratio follows what was trained on")
  func ratioOfRows() throws {
    func trials(_ model: String, _ values: [Double]) -> [TrialRecord] {
      values.enumerated().map { index, value in
        SampleTrials.trial(
          model, seed: UInt64(index), repetition: index, labels: Self.labels, trainRows: 2_800, validationRows: 600,
          metrics: ["f1_macro": value], splitHash: "\(index)")
      }
    }
    let row = try #require(comparisons(trials("a", a) + trials("b", b)).first { $0.role == .primary })
    let expected = try #require(TTest.corrected(zip(a, b).map { ($0 - $1) * 100 }, testOverTrain: 600.0 / 2_800))
    expectClose(try #require(row.p), expected.p, "p")
  }

  @Test("Trials are paired only where the split's hash is equal")
  func hashes() throws {
    var other = folds("b", b)
    other[2].splitHash = "another"
    let row = try #require(comparisons(folds("a", a) + other).first { $0.role == .primary })
    #expect(row.n == 4)
    let differences = [0, 1, 3, 4].map { (a[$0] - b[$0]) * 100 }
    expectClose(try #require(row.difference), differences.reduce(0, +) / 4, "difference of the four pairs")
  }

  @Test("A failed trial takes its pair away, and the row says so")
  func failures() throws {
    var other = folds("b", b)
    other[1] = SampleTrials.trial("b", protocolName: "kfold", fold: 1, splitHash: "fold 1", failed: true)
    let row = try #require(comparisons(folds("a", a) + other).first { $0.role == .primary })
    #expect(row.n == 4)
    #expect(row.missing == 1)
  }

  @Test("A model whose trials all failed still has its deciding row, without a verdict")
  func allFailed() {
    let failed = (0..<5).map { (fold: Int) in
      SampleTrials.trial("b", protocolName: "kfold", fold: fold, splitHash: "fold \(fold)", failed: true)
    }
    let rows = comparisons(folds("a", a) + failed)
    #expect(rows.map(\.role) == [.headline, .primary])
    #expect(rows.allSatisfy { $0.n == 0 && $0.difference == nil })
    #expect(rows[0].verdict == Verdict.none("5 of 5 folds of b were not finite"))
  }

  @Test("Words need three trials a side where chance has a part", arguments: ["holdout", "kfold"])
  func fewTrials(protocolName: String) throws {
    let isFolded = protocolName == "kfold"
    func trial(_ model: String, _ index: Int, _ score: Double) -> TrialRecord {
      SampleTrials.trial(
        model, protocolName: protocolName, seed: isFolded ? 1 : UInt64(index), fold: isFolded ? index : nil,
        labels: Self.labels, trainRows: 2_400, metrics: ["f1_macro": score], splitHash: "\(index)")
    }
    func row(_ trials: Int) throws -> ComparisonRow {
      let records = (0..<trials).flatMap { index -> [TrialRecord] in
        let little = 0.01 * Double(index % 2)
        return [trial("a", index, 0.9 + little), trial("b", index, 0.6)]
      }
      return try headline(records, SampleTrials.manifest(protocols: [isFolded ? .kfold : .holdout]))
    }
    let unit = isFolded ? "fold" : "seed"
    #expect(try row(1).verdict == .none("1 \(unit), words need 3"))
    #expect(try row(2).verdict == .none("2 \(unit)s, words need 3"))
    #expect(try row(3).verdict == .betterByMargin)
    #expect(try row(2).low != nil && (try row(2).p) != nil)
  }

  @Test("Folds without variance keep the sampling variance of their rows")
  func zeroVariance() throws {
    let same = try headline(folds("a", a) + folds("b", a))
    #expect(same.p == 1 && same.verdict == .equivalent)
    // Equal differences in five folds of 600 rows: one row that tells the models apart stands for the rest.
    let half = [0.5, 0.5, 0.5, 0.5, 0.5], three = [0.75, 0.75, 0.75, 0.75, 0.75]
    let apart = try #require(comparisons(folds("a", three) + folds("b", half)).first { $0.role == .primary })
    let error = 100.0 / 600 * (1.0 / 5 + 600.0 / 2_400).squareRoot()
    expectClose(try #require(apart.statistic), 25 / error, relative: 1e-9, "t")
    #expect(apart.p ?? 0 > 0)
    // Without the correction it says nothing.
    let plain = comparisons(folds("a", three) + folds("b", half)).first {
      $0.test == .pairedT && $0.metric == "f1_macro"
    }
    #expect(plain?.p == nil && plain?.low == nil)
  }

  @Test("McNemar counts examples, is exact below 25 discordant ones, and has p = 1 without any")
  func mcNemar() throws {
    let labels = [Int](repeating: 0, count: 10) + [Int](repeating: 1, count: 10)
    var wrong = labels
    for row in 0..<3 { wrong[row] = 2 }
    func rows(_ predicted: [Int]) throws -> ComparisonRow {
      let records = [
        SampleTrials.trial("a", labels: labels), SampleTrials.trial("b", labels: labels, predicted: predicted),
      ]
      return try #require(comparisons(records).first { $0.test == .mcnemar })
    }
    let equal = try rows(labels)
    #expect(equal.p == 1)
    #expect(equal.difference == 0)
    let apart = try rows(wrong)
    #expect(apart.n == 20)
    // Three examples that only A has right: 2 · ½³.
    expectClose(try #require(apart.p), 0.25, "exact p")
    expectClose(try #require(apart.difference), 15, "points")
    expectClose(try #require(apart.effect), 0.15, "risk difference")
  }

  @Test("McNemar pools the folds of the first repetition and takes the first seed elsewhere")
  func pooling() throws {
    let twice = (0..<2).flatMap { repetition in
      ["a", "b"].flatMap { model in
        (0..<5).map {
          SampleTrials.trial(
            model, protocolName: "kfold", fold: $0, repetition: repetition, splitHash: "\(repetition) \($0)")
        }
      }
    }
    #expect(comparisons(twice).first { $0.test == .mcnemar }?.n == 30)
    let seeds = ["a", "b"].flatMap { model in
      (0..<3).map { SampleTrials.trial(model, seed: UInt64($0), repetition: $0, splitHash: "\($0)") }
    }
    #expect(comparisons(seeds).first { $0.test == .mcnemar }?.n == 6)
  }

  @Test("Log loss is compared in nats, and the lower one is better")
  func logLoss() throws {
    let rows = comparisons(
      folds("a", [0.30, 0.31, 0.29, 0.30, 0.305], metric: "log_loss")
        + folds("b", [0.60, 0.61, 0.60, 0.61, 0.60], metric: "log_loss"))
    let row = try #require(rows.first { $0.metric == "log_loss" && $0.test == .correctedT })
    expectClose(try #require(row.difference), -0.303, "nats")
    #expect(row.margin == 0.01)
  }

  @Test("Where contrast and scores are over different classes the row says so")
  func otherClasses() throws {
    let labels = (0..<600).map { $0 % 2 }
    func trials(_ model: String, third: Int) -> [TrialRecord] {
      (0..<5).map { fold in
        SampleTrials.trial(
          model, protocolName: "kfold", fold: fold, labels: labels,
          predicted: labels.enumerated().map { row, label in
            row < third ? 2 : (row + fold) % 10 < 2 ? 1 - label : label
          },
          trainRows: 2_400, splitHash: "fold \(fold)")
      }
    }
    let remark = "over the classes that have rows or that either of the two predicts"
    let apart = try headline(trials("a", third: 1) + trials("b", third: 0))
    #expect(apart.warning.contains(remark))
    #expect(try !headline(trials("a", third: 0) + trials("b", third: 0)).warning.contains(remark))
    #expect(try !headline(trials("a", third: 1) + trials("b", third: 2)).warning.contains(remark))
  }

  @Test("No interval reaches further than two scores can lie apart")
  func boundedIntervals() throws {
    let rows = comparisons(folds("a", [0.9, 0.1, 0.8]) + folds("b", [0.2, 0.7, 0.1]))
    let wide = try #require(rows.first { $0.metric == "f1_macro" && $0.test == .correctedT })
    let contrast = try #require(wide.contrast)
    #expect(contrast.interval(level: 0.95).high > 100 && contrast.interval(level: 0.95).low < -100)
    #expect(wide.low == -100 && wide.high == 100)
    let fractions = rows.filter { $0.metric != "log_loss" && $0.metric != "mcc" }
    #expect(fractions.allSatisfy { ($0.low ?? 0) >= -100 && ($0.high ?? 0) <= 100 })
    #expect(Comparison.Scale("mcc", margin: 1).interval(of: contrast, level: 0.999).high == 200)
    #expect(Comparison.Scale("accuracy", margin: 1).ofDrops.interval(of: contrast, level: 0.999).low == -200)
    #expect(Comparison.Scale("log_loss", margin: 1).interval(of: contrast, level: 0.999).high > 200)
  }

  @Test("Undecided says what may decide, from the margin and the variance alone")
  func remedies() throws {
    func deciding(_ shift: Double, margin: Double) throws -> Verdict? {
      try headline(
        folds("a", a.map { $0 + shift }) + folds("b", b), SampleTrials.manifest(margin: margin, protocols: [.kfold])
      ).verdict
    }
    // A larger test part alone would take from the training part.
    guard
      case .undecided(.rows(.times(let times), narrowing: let narrowing?, margin: _)) = try deciding(-0.02, margin: 1)
    else {
      Issue.record("got \(try deciding(-0.02, margin: 1)?.text ?? "nothing")")
      return
    }
    #expect(times > 1 && narrowing.halfWidth > 0.5 && narrowing.unit == "folds")
    let wide = try deciding(0.005, margin: 4)
    guard case .undecided(.repetitions(let count, "folds")) = wide else {
      Issue.record("got \(wide?.text ?? "nothing")")
      return
    }
    #expect(count > 5)
    // The observed difference has no part in it.
    #expect(try deciding(0.004, margin: 4) == wide)
  }

  @Test("Every pair has its rows; declared pairs in their own direction")
  func declaredPairs() {
    var manifest = SampleTrials.manifest(["a", "b", "c"], protocols: [.kfold])
    manifest.comparisons.pairs = [ComparisonSettings.Pair(a: "c", b: "a")]
    let rows = comparisons(folds("a", a) + folds("b", b) + folds("c", b), manifest)
    let pairs = rows.filter { $0.role == .primary }.map { [$0.modelA, $0.modelB] }
    #expect(pairs == [["a", "b"], ["c", "a"], ["b", "c"]])
    #expect(rows.filter { $0.words != nil }.map { [$0.modelA, $0.modelB] } == [["c", "a"]])
    #expect(rows.first { $0.role == .headline }.flatMap(\.difference) ?? 0 < 0)
  }
}
