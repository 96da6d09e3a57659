import Manifests
import Statistics
import TestSupport
import Testing

@testable import Experiments

@Suite struct ComparisonTests {
  private let a = [0.80, 0.82, 0.85, 0.79, 0.84]
  private let b = [0.78, 0.81, 0.82, 0.79, 0.80]

  private func folds(_ model: String, _ values: [Double], metric: String = "f1_macro") -> [TrialRecord] {
    values.enumerated().map { fold, value in
      SampleTrials.trial(
        model, protocolName: "kfold", fold: fold, trainRows: 24, metrics: [metric: value], splitHash: "fold \(fold)")
    }
  }

  private func comparisons(_ records: [TrialRecord], _ manifest: Manifest = SampleTrials.manifest()) -> [ComparisonRow]
  {
    Analysis(records: records, manifest: manifest).comparisons
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
    #expect(row.test == "corrected-t")
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
    let plain = rows.filter { $0.test == "paired-t" }
    #expect(plain.allSatisfy { $0.role == .sensitivity })
    #expect(Set(plain.map(\.metric)) == Set(Comparison.metrics))
    let deciding = rows.first { $0.role == .primary }
    let same = plain.first { $0.metric == "f1_macro" }
    #expect((deciding?.p ?? 0) > (same?.p ?? 1))
    #expect(rows.filter { $0.test == "mcnemar" }.map(\.metric) == ["accuracy"])
    #expect(rows.allSatisfy { $0.role == .primary || $0.pHolm == nil })
  }

  @Test("Validation rows are no training rows: the ratio follows what was trained on")
  func ratioOfRows() throws {
    func trials(_ model: String, _ values: [Double]) -> [TrialRecord] {
      values.enumerated().map { index, value in
        SampleTrials.trial(
          model, seed: UInt64(index), repetition: index, trainRows: 14, validationRows: 3, testRows: 3,
          metrics: ["f1_macro": value], splitHash: "\(index)")
      }
    }
    let row = try #require(comparisons(trials("a", a) + trials("b", b)).first { $0.role == .primary })
    let expected = try #require(TTest.corrected(zip(a, b).map { ($0 - $1) * 100 }, testOverTrain: 3.0 / 14))
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
    #expect(rows.count == 1)
    #expect(rows.first?.role == .primary)
    #expect(rows.first?.n == 0)
    #expect(rows.first?.difference == nil)
    #expect(rows.first?.verdict == Verdict.none("no pair of ended trials"))
  }

  @Test("One fold decides nothing; its bootstrap stands beside the row without a verdict")
  func oneFold() throws {
    let rows = comparisons(folds("a", [0.9]) + folds("b", [0.2])).filter { $0.metric == "f1_macro" }
    #expect(rows.map(\.role) == [.primary, .sensitivity] && rows.map(\.test) == ["corrected-t", "bootstrap"])
    #expect(rows[0].verdict == .none("one fold decides nothing") && rows[0].p == nil)
  }

  @Test("A verdict on one trial a side has a warning", arguments: ["holdout", "official"])
  func oneTrial(protocolName: String) throws {
    let labels = (0..<60).map { $0 % 3 }
    let wrong = labels.map { ($0 + 1) % 3 }
    func row(_ trials: Int) throws -> ComparisonRow {
      let records = (0..<trials).flatMap { repetition in
        [("a", labels), ("b", wrong)].map { model, predicted in
          SampleTrials.trial(
            model, protocolName: protocolName, seed: UInt64(repetition), repetition: repetition, labels: labels,
            predicted: predicted, splitHash: protocolName == "official" ? "one" : "\(repetition)")
        }
      }
      return try #require(comparisons(records).first { $0.role == .primary })
    }
    let one = try row(1), two = try row(2)
    #expect(one.verdict == .betterByMargin && one.warning == "one trial a side: how seeds vary is not seen")
    #expect(two.verdict == .betterByMargin && two.warning.isEmpty)
  }

  @Test("Folds without variance: equal models are equivalent, p = 1; a constant difference has p = 0")
  func zeroVariance() throws {
    let same = try #require(comparisons(folds("a", a) + folds("b", a)).first { $0.role == .primary })
    #expect(same.p == 1)
    #expect(same.verdict == .equivalent)
    let half = [0.5, 0.5, 0.5, 0.5, 0.5], three = [0.75, 0.75, 0.75, 0.75, 0.75]
    let apart = try #require(comparisons(folds("a", three) + folds("b", half)).first { $0.role == .primary })
    #expect(apart.p == 0)
    #expect(apart.statistic == nil)
    #expect(apart.low == 25)
    #expect(apart.verdict == .betterByMargin)
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
      return try #require(comparisons(records).first { $0.test == "mcnemar" })
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
    #expect(comparisons(twice).first { $0.test == "mcnemar" }?.n == 30)
    let seeds = ["a", "b"].flatMap { model in
      (0..<3).map { SampleTrials.trial(model, seed: UInt64($0), repetition: $0, splitHash: "\($0)") }
    }
    #expect(comparisons(seeds).first { $0.test == "mcnemar" }?.n == 6)
  }

  @Test("Log loss is compared in nats, and the lower one is better")
  func logLoss() throws {
    let rows = comparisons(
      folds("a", [0.30, 0.31, 0.29, 0.30, 0.305], metric: "log_loss")
        + folds("b", [0.60, 0.61, 0.60, 0.61, 0.60], metric: "log_loss"))
    let row = try #require(rows.first { $0.metric == "log_loss" && $0.test == "corrected-t" })
    expectClose(try #require(row.difference), -0.303, "nats")
    #expect(row.margin == 0.01)
    #expect(row.verdict == .betterByMargin)
  }

  @Test("Undecided says how many, from the margin and the variance, and that k folds may never do")
  func remedies() throws {
    func deciding(_ shift: Double, margin: Double) throws -> ComparisonRow {
      let rows = comparisons(
        folds("a", a.map { $0 + shift }) + folds("b", b), SampleTrials.manifest(margin: margin))
      return try #require(rows.first { $0.role == .primary })
    }
    #expect(try deciding(-0.02, margin: 1).verdict == .undecided(.never(unit: "folds")))
    let wide = try deciding(0.005, margin: 4)
    guard case .undecided(.repetitions(let count, "folds")) = wide.verdict else {
      Issue.record("got \(wide.verdict.text)")
      return
    }
    #expect(count > 5)
    // The observed difference has no part in it.
    #expect(try deciding(0.004, margin: 4).verdict == wide.verdict)
  }

  @Test("Holm's family is every deciding row of one task and protocol")
  func holm() throws {
    let c = [0.70, 0.73, 0.71, 0.75, 0.72]
    let records = folds("a", a) + folds("b", b) + folds("c", c)
    let rows = comparisons(records, SampleTrials.manifest(["a", "b", "c"])).filter { $0.role == .primary }
    #expect(rows.map { [$0.modelA, $0.modelB] } == [["a", "b"], ["a", "c"], ["b", "c"]])
    let p = rows.compactMap(\.p)
    let expected = MultipleComparisons.holm(p)
    expectClose(rows.compactMap(\.pHolm), expected, absolute: 1e-12, "Holm")
    #expect(expected != p)
    // Another protocol is another family.
    let both = comparisons(
      records + [SampleTrials.trial("a"), SampleTrials.trial("b", predicted: [0, 1, 2, 0, 1, 1])],
      SampleTrials.manifest(["a", "b", "c"]))
    let again = both.filter { $0.role == .primary && $0.protocolName == "kfold" }
    expectClose(again.compactMap(\.pHolm), expected, absolute: 1e-12, "Holm of the same family")
  }

  @Test("Declared pairs are compared and no others, with model_a first")
  func declaredPairs() {
    var manifest = SampleTrials.manifest(["a", "b", "c"])
    manifest.comparisons.pairs = [ComparisonSettings.Pair(a: "c", b: "a")]
    let rows = comparisons(folds("a", a) + folds("b", b) + folds("c", b), manifest)
    #expect(rows.allSatisfy { $0.modelA == "c" && $0.modelB == "a" })
    #expect(rows.first { $0.role == .primary }.flatMap(\.difference) ?? 0 < 0)
  }
}
