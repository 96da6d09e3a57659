import Statistics
import TestSupport
import Testing

@testable import Analysis
@testable import Records

@Suite struct AnalysisTests {
  private func row(_ analysis: Analysis, _ model: String, _ metric: String) -> SummaryRow? {
    analysis.summary.first { $0.model == model && $0.metric == metric }
  }

  @Test("Repeated hold-out: mean, deviation and the corrected interval")
  func repeated() throws {
    let values = [0.8, 0.84, 0.79]
    let records = values.enumerated().map { seed, value in
      SampleTrials.trial(
        "a", seed: UInt64(seed), repetition: seed, labels: (0..<600).map { $0 % 3 }, trainRows: 2_800,
        metrics: ["f1_macro": value], splitHash: "\(seed)")
    }
    let found = try #require(row(Analysis(records: records, manifest: SampleTrials.manifest()), "a", "f1_macro"))
    #expect(found.n == 3)
    expectClose(found.mean, 0.81, "mean")
    let deviation = (0.0007).squareRoot()
    expectClose(try #require(found.sd), deviation, "sd")
    // Wilson's interval with the rows that give this variance; t(2) at 97.5 %, from a table.
    let reach = 4.3026527297 * deviation * (1.0 / 3 + 6.0 / 28).squareRoot()
    let z = 1.959963985, rows = z * z * 0.81 * 0.19 / (reach * reach)
    let centre = (0.81 + z * z / (2 * rows)) / (1 + z * z / rows)
    let width = z / (1 + z * z / rows) * (0.81 * 0.19 / rows + z * z / (4 * rows * rows)).squareRoot()
    expectClose(try #require(found.low), centre - width, relative: 1e-8, "lower bound")
    expectClose(try #require(found.high), centre + width, relative: 1e-8, "upper bound")
    #expect(try #require(found.low) > 0 && (try #require(found.high)) < 1)
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

  @Test("Official split: intervals cover the choice of examples; metrics that are not resampled have none")
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
    let (lowest, highest) = (try #require(accuracy.low), try #require(accuracy.high))
    let seeds = try #require(TTest.paired(records.compactMap { $0.metrics["accuracy"] })).interval(level: 0.95)
    #expect(highest - lowest > 1.5 * (seeds.high - seeds.low), "seeds alone are not all that could differ")
    let area = try #require(row(analysis, "a", "auc_ovr_macro"))
    #expect(area.n == 3 && area.low == nil && area.high == nil)
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
    #expect(analysis.drops.map(\.metric) == ["accuracy", "accuracy_prior_corrected", "f1_macro"])
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
    func deciding(_ name: String) -> ComparisonRow.Test? {
      Analysis(records: trials("a", name) + trials("b", name), manifest: SampleTrials.manifest()).comparisons
        .first { $0.role == .primary && $0.protocolName == "cross-domain" }?.test
    }
    #expect(deciding("holdout") == .correctedT)
    #expect(deciding("official") == .bootstrap)
  }

  /// Two models over two domains, three seeds; the first half of the test rows is seen.
  private func remembered(_ base: String, novel: Bool = true) -> [TrialRecord] {
    let labels = (0..<24).map { $0 % 3 }
    return ["a", "b"].flatMap { model in
      (0..<3).flatMap { seed in
        [(base, "shop"), ("cross-domain", "bank")].map { protocolName, target in
          // A is right on what was seen, B on what is novel; one row differs from seed to seed.
          let predicted = labels.enumerated().map { row, label in
            ((row < 12) == (model == "a")) != (row % 12 == seed) ? label : (label + 1) % 3
          }
          var trial = SampleTrials.trial(
            model, protocolName: protocolName, target: target, seed: UInt64(seed), repetition: seed, labels: labels,
            predicted: predicted, splitHash: base == "official" ? "one" : "\(seed)")
          trial.fit = "\(base) \(model) \(seed)"
          trial.score(novelty: labels.indices.map { $0 < 12 || !novel ? .seen : .novel }, primary: .f1Macro)
          return trial
        }
      }
    }
  }

  @Test("On another domain novel texts decide, all texts stand beside them", arguments: ["holdout", "official"])
  func novelTextsDecide(base: String) throws {
    let analysis = Analysis(records: remembered(base), manifest: SampleTrials.manifest())
    let own = analysis.comparisons.filter { $0.protocolName == base }
    #expect(own.filter { $0.role == .primary }.map(\.metric) == ["f1_macro"])
    let crossed = analysis.comparisons.filter { $0.protocolName == "cross-domain" }
    let deciding = crossed.filter { $0.role == .primary }
    #expect(deciding.map(\.metric) == ["f1_macro_novel"])
    #expect(deciding.map(\.test) == [base == "official" ? .bootstrap : .correctedT])
    let row = try #require(deciding.first)
    #expect(row.words == nil && row.n == 3)
    let scores = remembered(base).filter { $0.protocolName == "cross-domain" }.map { $0.metrics["f1_macro_novel"] ?? 0 }
    let mean = (scores[..<3].reduce(0, +) - scores[3...].reduce(0, +)) / 3 * 100
    expectClose(try #require(row.difference), mean, "difference on novel texts")
    #expect(abs(try #require(crossed.first { $0.metric == "f1_macro" }?.difference)) < 1e-9)
    #expect(analysis.summary.contains { $0.metric == "f1_macro_novel" && $0.n == 3 })
    #expect(analysis.summary.contains { $0.metric == "seen_share" && $0.mean == 0.5 })
    #expect(!analysis.summary.contains { $0.metric == "accuracy_near" })
  }

  @Test("Without novel texts there is no verdict on another domain")
  func nothingNovel() throws {
    let analysis = Analysis(records: remembered("holdout", novel: false), manifest: SampleTrials.manifest())
    let row = try #require(analysis.comparisons.first { $0.protocolName == "cross-domain" && $0.role == .primary })
    #expect(row.reason == "no test text is novel" && row.n == 0 && row.difference == nil)
    #expect(!analysis.summary.contains { $0.metric == "f1_macro_novel" })
  }

  @Test("Macro averages of a part are over the classes of its labels and answers")
  func partAverages() throws {
    var trial = SampleTrials.trial("a", labels: [0, 1, 2, 0, 1, 2], predicted: [0, 1, 0, 0, 2, 2])
    trial.score(novelty: [.seen, .novel, .novel, .seen, .novel, .near], primary: .kappa)
    // Novel: true 1, 2, 1 predicted 1, 0, 2. F1 of class 1 is 2/3, of classes 0 and 2 it is 0.
    expectClose(try #require(trial.metrics["f1_macro_novel"]), 2.0 / 9, "three classes")
    #expect(trial.metrics["f1_macro_seen"] == 1 && trial.metrics["f1_macro_near"] == 1)
    #expect(trial.metrics["kappa_novel"] != nil)
    let part = try #require(trial.part(.novel))
    #expect(part.ids == ["file:2", "file:3", "file:5"] && part.labels == [1, 2, 1])
    #expect(part.metrics["f1_macro"] == trial.metrics["f1_macro_novel"])
    #expect(part.predictions == [1, 0, 2])
  }
}
