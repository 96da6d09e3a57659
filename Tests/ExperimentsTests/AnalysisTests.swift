import Statistics
import TestSupport
import Testing

@testable import Experiments

@Suite struct AnalysisTests {
  private func row(_ analysis: Analysis, _ model: String, _ metric: String) -> SummaryRow? {
    analysis.summary.first { $0.model == model && $0.metric == metric }
  }

  @Test("Repeated hold-out: mean, deviation and the corrected interval")
  func repeated() throws {
    let values = [0.8, 0.84, 0.79]
    let records = values.enumerated().map { seed, value in
      SampleTrials.trial(
        "a", seed: UInt64(seed), repetition: seed, trainRows: 28, testRows: 6, metrics: ["f1_macro": value],
        splitHash: "\(seed)")
    }
    let found = try #require(row(Analysis(records: records, manifest: SampleTrials.manifest()), "a", "f1_macro"))
    #expect(found.n == 3)
    expectClose(found.mean, 0.81, "mean")
    let deviation = (0.0007).squareRoot()
    expectClose(try #require(found.sd), deviation, "sd")
    // t(2) at 97.5 %, from a table.
    let reach = 4.3026527297 * deviation * (1.0 / 3 + 6.0 / 28).squareRoot()
    expectClose(try #require(found.low), 0.81 - reach, relative: 1e-8, "lower bound")
    expectClose(try #require(found.high), 0.81 + reach, relative: 1e-8, "upper bound")
  }

  @Test("One trial: Wilson for accuracy, blank for the rest")
  func single() throws {
    let labels = (0..<100).map { $0 % 3 }
    let predicted = labels.enumerated().map { $0.offset < 10 ? ($0.element + 1) % 3 : $0.element }
    let analysis = Analysis(
      records: [SampleTrials.trial("a", labels: labels, predicted: predicted)], manifest: SampleTrials.manifest())
    let accuracy = try #require(row(analysis, "a", "accuracy"))
    #expect(accuracy.sd == nil)
    // 90 of 100, as in SciPy's binomtest.
    expectClose(try #require(accuracy.low), 0.825634, absolute: 1e-6, relative: 0, "Wilson's lower bound")
    expectClose(try #require(accuracy.high), 0.944771, absolute: 1e-6, relative: 0, "Wilson's upper bound")
    let other = try #require(row(analysis, "a", "f1_macro"))
    #expect(other.low == nil && other.high == nil)
  }

  @Test("Official split: the primary metric's interval covers examples, the others' seeds only")
  func official() throws {
    let labels = (0..<60).map { $0 % 3 }
    let records = (0..<3).map { seed in
      SampleTrials.trial(
        "a", protocolName: "official", seed: UInt64(seed), repetition: seed, labels: labels,
        predicted: labels.enumerated().map {
          $0.offset % 7 == 0 || $0.offset == seed + 1 ? ($0.element + 1) % 3 : $0.element
        })
    }
    let analysis = Analysis(records: records, manifest: SampleTrials.manifest())
    let primary = try #require(row(analysis, "a", "f1_macro"))
    let low = try #require(primary.low)
    let high = try #require(primary.high)
    #expect(low < primary.mean && primary.mean < high)
    // Sixty examples, about ten of them wrong with every seed: a binomial's 2 · 1.96·√(p·q/n) is 19 points.
    expectClose(high - low, 0.19, absolute: 0.04, relative: 0, "width")
    let accuracy = try #require(row(analysis, "a", "accuracy"))
    let values = records.compactMap { $0.metrics["accuracy"] }
    let seeds = try #require(TTest.paired(values)).interval(level: 0.95)
    expectClose(try #require(accuracy.low), seeds.low, "t over seeds")
    #expect(seeds.high - seeds.low < 0.1)
  }

  @Test("Failed trials are left out and metrics without a value have a smaller n")
  func leftOut() throws {
    var undefined = SampleTrials.trial("a", seed: 2, repetition: 1, splitHash: "2")
    undefined.metrics["auc_ovr_macro"] = nil
    let records = [
      SampleTrials.trial("a"), undefined,
      SampleTrials.trial("a", seed: 3, repetition: 2, splitHash: "3", failed: true),
    ]
    let analysis = Analysis(records: records, manifest: SampleTrials.manifest())
    #expect(row(analysis, "a", "accuracy")?.n == 2)
    #expect(row(analysis, "a", "auc_ovr_macro")?.n == 1)
    #expect(Analysis(records: [records[2]], manifest: SampleTrials.manifest()).summary.isEmpty)
  }

  @Test("A drop compares each fit with itself on its own domain")
  func drops() throws {
    let records = (0..<2).flatMap { seed -> [TrialRecord] in
      let own = 0.8 + 0.02 * Double(seed), other = 0.6 + 0.05 * Double(seed)
      return [
        SampleTrials.trial("a", seed: UInt64(seed), repetition: seed, metrics: ["f1_macro": own]),
        SampleTrials.trial(
          "a", protocolName: "cross-domain", target: "bank", seed: UInt64(seed), repetition: seed,
          metrics: ["f1_macro": other]),
      ]
    }
    // A fit on its own domain that never met the other one has no part in the drop.
    let stray = SampleTrials.trial("a", seed: 7, repetition: 7, metrics: ["f1_macro": 0.1])
    let analysis = Analysis(records: records + [stray], manifest: SampleTrials.manifest())
    let row = try #require(analysis.drops.first { $0.metric == "f1_macro" })
    #expect(row.n == 2)
    #expect(row.source == "shop" && row.target == "bank")
    expectClose(row.inDomain, 0.81, "own domain")
    expectClose(row.outOfDomain, 0.625, "other domain")
    expectClose(row.drop, 18.5, "points")
    #expect(analysis.drops.map(\.metric) == ["accuracy", "f1_macro"])
  }

  @Test("A cross-domain group is repeated as its fits are on their own domain")
  func crossDomainDesign() throws {
    func trials(_ model: String, _ name: String) -> [TrialRecord] {
      (0..<2).flatMap { seed in
        [(name, "shop"), ("cross-domain", "bank")].map { protocolName, target in
          var trial = SampleTrials.trial(
            model, protocolName: protocolName, target: target, seed: UInt64(seed), repetition: seed,
            predicted: [0, 1, 2, 0, 1, model == "a" ? 2 : seed])
          trial.fit = "\(name) \(model) \(seed)"
          return trial
        }
      }
    }
    func deciding(_ name: String) -> String? {
      Analysis(records: trials("a", name) + trials("b", name), manifest: SampleTrials.manifest()).comparisons
        .first { $0.role == .primary && $0.protocolName == "cross-domain" }?.test
    }
    #expect(deciding("holdout") == "corrected-t")
    #expect(deciding("official") == "bootstrap")
  }
}
