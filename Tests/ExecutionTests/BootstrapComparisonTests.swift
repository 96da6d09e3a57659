import Statistics
import Tasks
import TestSupport
import Testing

@testable import Analysis
@testable import Records

@Suite struct BootstrapComparisonTests {
  private let rows = 90

  /// Predictions that are wrong with the given share, by a seeded draw.
  private func predictions(_ labels: [Int], wrong: Double, seed: UInt64) -> [Int] {
    var generator = ResamplingGenerator(seed: seed)
    return labels.map { generator.below(1_000) < Int(wrong * 1_000) ? ($0 + 1 + generator.below(2)) % 3 : $0 }
  }

  private func official(_ model: String, wrong: Double, seeds: Int = 3) -> [TrialRecord] {
    let labels = (0..<rows).map { $0 % 3 }
    let offset = UInt64(model.utf8.reduce(0) { $0 + Int($1) })
    return (0..<seeds).map { seed in
      SampleTrials.trial(
        model, protocolName: "official", seed: UInt64(seed), repetition: seed, labels: labels,
        predicted: predictions(labels, wrong: wrong, seed: offset * 100 + UInt64(seed)))
    }
  }

  private func analysis(_ records: [TrialRecord], primary: MetricName = .f1Macro) -> Analysis {
    Analysis(
      records: records,
      manifest: SampleTrials.manifest(["a", "b", "c"], primary: primary, protocols: [.official, .holdout]))
  }

  @Test("On an official split the bootstrap decides; with one seed its interval is that of a naive one")
  func naiveTwin() throws {
    let (a, b) = (official("a", wrong: 0.2, seeds: 1), official("b", wrong: 0.3, seeds: 1))
    let row = try #require(analysis(a + b).comparisons.first { $0.role == .primary })
    #expect(row.test == .bootstrap)
    // Rows drawn again and scored from scratch.
    var generator = ResamplingGenerator(seed: 99)
    var differences: [Double] = []
    for _ in 0..<4_000 {
      let drawn = (0..<rows).map { _ in generator.below(rows) }
      func score(_ trial: TrialRecord) -> Double {
        let predicted = trial.predictions
        return ConfusionMetrics(
          labels: drawn.map { trial.labels[$0] }, predictions: drawn.map { predicted[$0] }, classes: 3
        ).macroF1
      }
      differences.append((score(a[0]) - score(b[0])) * 100)
    }
    let deviation = try #require(Descriptive.standardDeviation(differences))
    let (low, high) = (try #require(row.low), try #require(row.high))
    // Around the difference as it is; four standard errors of the difference of two deviations of 4,000 draws each.
    expectClose((low + high) / 2, try #require(row.difference), relative: 1e-9, "middle")
    expectClose((high - low) / 2, 1.959964 * deviation, relative: 4 / 4_000.0.squareRoot(), "half-width")
  }

  @Test("Seeds that agree leave the examples' part of the interval, and seeds that do not add theirs")
  func seedVariance() throws {
    func width(_ seeds: [[Int]]) throws -> Double {
      let labels = (0..<rows).map { $0 % 3 }
      let a = seeds.enumerated().map { seed, wrong in
        SampleTrials.trial(
          "a", protocolName: "official", seed: UInt64(seed), repetition: seed, labels: labels,
          predicted: labels.enumerated().map { wrong.contains($0.offset) ? ($0.element + 1) % 3 : $0.element })
      }
      let b = seeds.indices.map {
        SampleTrials.trial("b", protocolName: "official", seed: UInt64($0), repetition: $0, labels: labels)
      }
      let row = try #require(analysis(a + b).comparisons.first { $0.role == .primary })
      #expect(row.n == seeds.count)
      return try #require(row.high) - (try #require(row.low))
    }
    let agreed = try width([Array(0..<20), Array(0..<20), Array(0..<20)])
    let one = try width([Array(0..<20)])
    expectClose(agreed, one, absolute: 1e-9, relative: 0, "width with three equal seeds")
    #expect(try width([Array(0..<5), Array(0..<20), Array(0..<35)]) > 1.2 * agreed)
  }

  @Test("A pair's row is the same whatever other models stand beside it")
  func independentOfOthers() throws {
    let (a, b, c) = (official("a", wrong: 0.2), official("b", wrong: 0.3), official("c", wrong: 0.5))
    let alone = analysis(a + b).comparisons.filter { $0.modelA == "a" && $0.modelB == "b" }
    let among = analysis(a + b + c).comparisons.filter { $0.modelA == "a" && $0.modelB == "b" }
    #expect(alone.map(\.low) == among.map(\.low))
    #expect(alone.map(\.p) == among.map(\.p))
    #expect(alone.count == among.count)
  }

  @Test("The manifest's seed draws the resamples")
  func seeds() throws {
    let records = official("a", wrong: 0.2) + official("b", wrong: 0.3)
    var manifest = SampleTrials.manifest()
    let first = Analysis(records: records, manifest: manifest).comparisons.first?.low
    #expect(Analysis(records: records, manifest: manifest).comparisons.first?.low == first)
    manifest.seed = 2
    #expect(Analysis(records: records, manifest: manifest).comparisons.first?.low != first)
  }

  @Test("One hold-out falls back to the bootstrap over its examples")
  func singleHoldout() throws {
    let labels = (0..<rows).map { $0 % 3 }
    let records = [
      SampleTrials.trial("a", labels: labels, predicted: predictions(labels, wrong: 0.1, seed: 1)),
      SampleTrials.trial("b", labels: labels, predicted: predictions(labels, wrong: 0.6, seed: 2)),
    ]
    let result = analysis(records).comparisons
    let row = try #require(result.first { $0.role == .primary })
    #expect(row.test == .bootstrap)
    #expect(row.n == 1 && (row.p ?? 1) < 0.001)
    #expect(result.contains { $0.test == .correctedT || $0.test == .pairedT } == false)
    // Every metric has a row, the area under the curve included.
    #expect(Set(result.map(\.metric)) == Set(Problem.classification.compared.map(\.rawValue)))
  }

  @Test("Equal predictions are not told apart on any metric")
  func equal() {
    let a = official("a", wrong: 0.2)
    let b = a.map { trial in
      var copy = trial
      copy.model = "b"
      return copy
    }
    let rows = analysis(a + b).comparisons.filter { $0.test == .bootstrap && $0.metric != "log_loss" }
    #expect(rows.count > 4 && rows.allSatisfy { $0.difference == 0 && $0.p == 1 })
  }

  @Test("A test set that is too small for the margin is called so")
  func tooSmall() throws {
    let labels = (0..<rows).map { $0 % 3 }
    let records = ["a", "b"].enumerated().flatMap { index, model in
      (0..<3).map { seed in
        SampleTrials.trial(
          model, protocolName: "official", seed: UInt64(seed), repetition: seed, labels: labels,
          predicted: labels.enumerated().map { $0.offset % 4 == index ? ($0.element + 1) % 3 : $0.element })
      }
    }
    let row = try #require(analysis(records).comparisons.first { $0.role == .headline })
    guard case .undecided(.rows(.test(let needed), narrowing: _, margin: _)) = row.verdict else {
      Issue.record("got \(row.verdict?.text ?? "nothing")")
      return
    }
    #expect(needed > 1_000)
  }

  @Test("Rows that differ from seed to seed are a repeated hold-out, whatever the protocol's name")
  func sampledAnew() throws {
    var records = official("a", wrong: 0.2) + official("b", wrong: 0.3)
    for index in records.indices {
      records[index].ids = records[index].ids.map { "\(records[index].seed) " + $0 }
      records[index].splitHash = "\(records[index].seed)"
    }
    let row = try #require(analysis(records).comparisons.first { $0.role == .primary })
    #expect(row.test == .correctedT)
  }

  @Test("A primary metric that needs probabilities is resampled too")
  func areaUnderCurve() throws {
    let records = official("a", wrong: 0.2) + official("b", wrong: 0.3)
    let rows = analysis(records, primary: .aucMacro).comparisons
    let row = try #require(rows.first { $0.role == .primary })
    #expect(row.metric == "auc_ovr_macro")
    #expect(row.low ?? 1 < row.difference ?? 0)
    // Where it does not decide it has the seeds' t only.
    let others = analysis(records).comparisons.filter { $0.metric == "auc_ovr_macro" }
    #expect(others.map(\.test) == [.pairedT])
  }
}
