import Manifests
import TestSupport
import Testing

@testable import Analysis
@testable import Records

@Suite struct TransferTests {
  private let domains = ["bank", "shop", "telecom", "travel"]

  /// One fit a source and seed, tested at home (at 0.9) and everywhere else with `drop`.
  private func records(
    _ model: String, domains: [String], seeds: Int = 3, rows: Int = 600,
    drop: (_ source: Int, _ target: Int, _ seed: Int) -> Double
  ) -> [TrialRecord] {
    domains.indices.flatMap { source in
      (0..<seeds).flatMap { seed in
        domains.indices.map { target in
          SampleTrials.trial(
            model, protocolName: source == target ? "holdout" : "cross-domain", source: domains[source],
            target: domains[target], seed: UInt64(seed), repetition: seed, labels: (0..<rows).map { $0 % 3 },
            metrics: ["f1_macro": source == target ? 0.9 : 0.9 - drop(source, target, seed)],
            splitHash: "\(source) \(target) \(seed)")
        }
      }
    }
  }

  private func transfers(_ records: [TrialRecord], margin: Double = 1) -> [TransferRow] {
    Analysis(records: records, manifest: SampleTrials.manifest(["a", "b"], margin: margin)).transfers
  }

  @Test("the difference of drops is the mean over pairs of domains, A − B, in points")
  func difference() throws {
    let a = records("a", domains: domains) { 0.03 + 0.001 * Double($0) + 0.002 * Double($1) + 0.004 * Double($2) }
    let b = records("b", domains: domains) { _, target, seed in 0.06 + 0.002 * Double(target) + 0.004 * Double(seed) }
    let row = try #require(transfers(a + b).first { $0.role == .primary })
    #expect(row.metric == "f1_macro" && row.domains == 4 && row.pairs == 12)
    // 3 − 6 points, and 0.1 a source's place: 0.15 on average.
    expectClose(row.difference, -2.85, absolute: 1e-9, relative: 0, "difference")
    expectClose(row.dropA - row.dropB, row.difference, absolute: 1e-9, relative: 0, "of the drops")
    #expect(try #require(row.low) < row.difference && row.difference < (try #require(row.high)))
    #expect(row.verdict == .betterByMargin)
    #expect(row.note == "fewer than 5 domains")
    let reversed = try #require(transfers(b.map(renamed("a")) + a.map(renamed("b"))).first { $0.role == .primary })
    #expect(reversed.verdict == .worseByMargin)
  }

  @Test("nearly equal losses on few rows show no equality; on many they do")
  func nearlyEqual() throws {
    func verdict(rows: Int) throws -> Verdict? {
      let a = records("a", domains: domains, rows: rows) { source, target, _ in 0.05 + 0.0001 * Double(source + target)
      }
      let b = records("b", domains: domains, rows: rows) { _, _, _ in 0.05 }
      return try #require(transfers(a + b).first { $0.role == .primary }).verdict
    }
    #expect(try verdict(rows: 15)?.isDecisive == false)
    #expect(try verdict(rows: 1_500) == .equivalent)
  }

  private func renamed(_ name: String) -> (TrialRecord) -> TrialRecord {
    { trial in
      var copy = trial
      copy.fit = copy.fit.replacingOccurrences(of: copy.model, with: name)
      copy.model = name
      return copy
    }
  }

  @Test("only equal splits are paired, and a pair of domains counts once however many of its fits ended")
  func pairing() throws {
    let a = records("a", domains: domains, seeds: 2) { _, _, seed in seed == 0 ? 0.02 : 0.10 }
    var b = records("b", domains: domains, seeds: 2) { _, _, seed in seed == 0 ? 0.03 : 0.05 }
    // bank → shop, seed 1, on other rows: seed 0 alone stands for that pair.
    let place = try #require(b.firstIndex { $0.source == "bank" && $0.target == "shop" && $0.seed == 1 })
    b[place].splitHash = "other"
    let row = try #require(transfers(a + b).first { $0.role == .primary })
    // −1 and +5 points by seed: +2 for eleven pairs, −1 for one.
    expectClose(row.difference, (11 * 2.0 - 1) / 12, absolute: 1e-9, relative: 0, "difference")
  }

  @Test("two domains have a difference and no interval; with five nothing is said of few domains")
  func numbers() throws {
    func row(_ domains: [String]) throws -> TransferRow {
      let a = records("a", domains: domains) { source, target, _ in
        0.03 + 0.01 * Double(source % 2) + 0.01 * Double(target % 3)
      }
      let b = records("b", domains: domains) { _, _, _ in 0.04 }
      return try #require(transfers(a + b).first { $0.role == .primary })
    }
    let two = try row(["bank", "shop"])
    #expect(two.low == nil && two.p == nil)
    #expect(two.verdict == .none("2 domains show nothing of how domains differ"))
    #expect(try row(domains).note == "fewer than 5 domains")
    #expect(try row(domains + ["news"]).note.isEmpty)
  }

  @Test("words need three trainings a pair of domains, all of them finite")
  func fewTrainings() throws {
    func verdict(seeds: Int, broken: Bool = false) throws -> Verdict? {
      let a = records("a", domains: domains, seeds: seeds) { source, target, _ in
        0.03 + 0.001 * Double(source) + 0.002 * Double(target)
      }
      var b = records("b", domains: domains, seeds: seeds) { _, target, seed in
        0.06 + 0.002 * Double(target) + 0.001 * Double(seed)
      }
      if broken {
        var other = b[0]
        (other.status, other.isNotFinite, other.seed) = (.failed, true, 9)
        b.append(other)
      }
      return try #require(transfers(a + b).first { $0.role == .primary }).verdict
    }
    #expect(try verdict(seeds: 3) == .betterByMargin)
    #expect(try verdict(seeds: 2) == .none("2 seeds, words need 3"))
    #expect(try verdict(seeds: 3, broken: true) == .none("1 trial of b was not finite"))
  }

  @Test("undecided says how many domains would decide, whatever the difference")
  func remedy() throws {
    func row(_ shift: Double) throws -> TransferRow {
      let a = records("a", domains: domains) { source, target, _ in
        0.05 + shift + 0.06 * Double(source % 2) - 0.02 * Double(target % 2)
      }
      return try #require(
        transfers(a + records("b", domains: domains) { _, _, _ in 0.07 }).first { $0.role == .primary })
    }
    guard case .undecided(.repetitions(let count, "domains")) = try row(0).verdict else {
      Issue.record("got \(try row(0).verdict?.text ?? "nothing")")
      return
    }
    #expect(count > 4)
    #expect(try row(0.001).verdict == (try row(0)).verdict)
  }

  @Test("the transfer ratio is the score elsewhere over the score at home")
  func ratio() throws {
    let analysis = Analysis(
      records: records("a", domains: domains) { _, _, _ in 0.09 }, manifest: SampleTrials.manifest(["a"]))
    let row = try #require(analysis.drops.first { $0.metric == "f1_macro" })
    expectClose(try #require(row.ratio), 0.9, "ratio")
    #expect(analysis.transfers.isEmpty)
  }
}

@Suite struct PriorShiftTests {
  private func trial(_ labels: [Int], _ predicted: [Int], target: String) -> TrialRecord {
    SampleTrials.trial(
      "a", protocolName: target == "shop" ? "holdout" : "cross-domain", target: target, labels: labels,
      predicted: predicted)
  }

  @Test("a model that answers each class as before loses accuracy to the mix alone, and none once it is corrected")
  func mixAlone() throws {
    // Class 0 always right, class 1 half right: 2 to 1 at home, 1 to 2 elsewhere.
    let inside = trial([0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 0], target: "shop")
    let outside = trial([0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0], target: "bank")
    #expect(inside.metrics["accuracy"] == 5.0 / 6 && outside.metrics["accuracy"] == 4.0 / 6)
    let found = try #require(PriorShift(inside: inside, outside: outside)).accuracy
    expectClose(found.inside, 5.0 / 6, "own domain")
    expectClose(found.outside, 5.0 / 6, "other domain, corrected")
  }

  @Test("it is the accuracy of the other domain's rows, each weighted by its class's share here over there")
  func weights() throws {
    let inside = trial([0, 0, 0, 1, 2, 2], [0, 1, 0, 1, 2, 0], target: "shop")
    let outside = trial([0, 1, 1, 1, 2, 2, 2, 2], [0, 1, 0, 1, 2, 2, 1, 0], target: "bank")
    let shares = [3.0 / 6, 1.0 / 6, 2.0 / 6], there = [1.0 / 8, 3.0 / 8, 4.0 / 8]
    let right = zip(outside.labels, outside.predictions).map { $0 == $1 }
    var expected = 0.0
    for (row, label) in outside.labels.enumerated() where right[row] { expected += shares[label] / there[label] / 8 }
    expectClose(try #require(PriorShift(inside: inside, outside: outside)).accuracy.outside, expected, "weighted")
  }

  @Test("a class that the other domain lacks is left out on both sides; without a common class there is no value")
  func absent() throws {
    let inside = trial([0, 0, 1, 1, 2, 2], [0, 0, 1, 0, 1, 1], target: "shop")
    let outside = trial([0, 1, 1], [0, 1, 1], target: "bank")
    let found = try #require(PriorShift(inside: inside, outside: outside)).accuracy
    expectClose(found.inside, 3.0 / 4, "own domain, classes 0 and 1")
    expectClose(found.outside, 1, "other domain")
    #expect(
      PriorShift(inside: trial([0, 0], [0, 0], target: "shop"), outside: trial([1], [1], target: "bank")) == nil)
  }
}
