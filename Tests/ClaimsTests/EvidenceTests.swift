import Analysis
import Corpora
import Families
import Foundation
import Manifests
import Records
import Statistics
import Tasks
import Testing
import Text

@testable import Claims

/// Evidence from records that are made here, against what is computed from their rows by hand.
@Suite struct EvidenceTests {
  private static let manifest = """
    name: made
    seed: 3
    corpora:
      reviews:
        task: sentiment
        domains:
          shop: {generated: {domain: ecommerce, rows: 200}}
          bank: {generated: {domain: finance, rows: 200}}
    protocols: [{kind: holdout, seeds: 3}]
    models: {fast: {kind: tfidf-logistic}, slow: {kind: naive-bayes}}
    """

  private static let rows = 400

  /// A trial whose answer to a row is right where `isRight` says so; labels alternate between two classes.
  private func record(
    _ model: String, _ domain: String, seed: UInt64, _ isRight: (Int) -> Bool
  ) -> TrialRecord {
    var facts = TrialFacts(
      trial: "reviews.\(domain).s\(seed).\(model)", fit: "reviews.\(domain).s\(seed).\(model)", task: "sentiment",
      corpus: "reviews", protocolName: "holdout", source: domain, target: domain, model: model, kind: .tfidfLogistic,
      seed: seed)
    (facts.trainRows, facts.testRows, facts.splitHash) = (1_000, Self.rows, "\(domain) \(seed)")
    facts.repetition = Int(seed) - 1
    var record = TrialRecord(facts, classes: ["bad", "good"], problem: .classification)
    let labels = (0..<Self.rows).map { $0 % 2 }
    let predictions = labels.enumerated().map { isRight($0) ? $1 : 1 - $1 }
    record.outcome = .classification(
      ClassOutcome(
        labels: labels, classes: 2, probabilities: [],
        answers: RowAnswers(predictions: predictions, probabilities: [], ofLabels: [])))
    record.ids = (0..<Self.rows).map { "\(domain):\($0)" }
    // Every fourth text has a negation, and the second half is long.
    record.forms = (0..<Self.rows).map {
      TextForm(words: $0 < Self.rows / 2 ? 5 : 40, traits: $0 % 4 == 0 ? [.negation] : [])
    }
    record.score()
    return record
  }

  private func run(_ records: [TrialRecord]) throws -> RunResult {
    let loaded = try ManifestLoader.load(
      file: "made.yaml", text: Self.manifest, environment: [:], checkFiles: false
    ).get().manifest
    return RunResult(
      manifest: loaded, resolvedYAML: "", records: records, models: [], timings: [], audits: [],
      analysis: Analysis(records: [], manifest: loaded), machine: MachineFacts(), elapsedSeconds: 1)
  }

  private func file(_ tests: String) throws -> ClaimsFile {
    try ClaimsFile.load(
      text: """
        name: own
        title: What is made here
        runs: {made: {results: none}, absent: {results: none}}
        corpora:
          shop: {run: made, corpus: reviews, domain: shop}
          bank: {run: made, corpus: reviews, domain: bank}
          other: {run: absent, corpus: reviews, domain: bank}
        claims:
          V1:
            says: fast is ahead
            tests:
        \(tests.split(separator: "\n").map { "      - " + $0 }.joined(separator: "\n"))
        """, name: "own.yaml"
    ).get()
  }

  /// Right on all rows but every `wrong`th, shifted by the seed.
  private func records(fast: Int, slow: Int) -> [TrialRecord] {
    ["shop", "bank"].flatMap { domain in
      (1...3).flatMap { seed -> [TrialRecord] in
        [
          record("fast", domain, seed: UInt64(seed)) { ($0 + seed) % fast != 0 },
          record("slow", domain, seed: UInt64(seed)) { ($0 + 3 * seed) % slow != 0 },
        ]
      }
    }
  }

  @Test("a difference is the mean over seeds and corpora, in points; what has no results is said")
  func difference() throws {
    let file = try file("{kind: difference, a: fast, b: slow, over: [shop, bank, other], published: 6}")
    let ruling = ClaimsRuling(file, runs: ["made": try run(records(fast: 20, slow: 5))])
    let test = ruling.claims[0].tests[0]
    // 1 of 20 wrong against 1 of 5.
    #expect(test.evidence.settings.count == 2 && test.evidence.missing == ["other: no results of absent"])
    // Two seeds show too little of how trainings vary; a part without results lets no claim hold.
    let two = records(fast: 20, slow: 5).filter { $0.seed < 3 }
    let few = ClaimsRuling(file, runs: ["made": try run(two)]).claims[0]
    #expect(few.verdict == .waiting && few.sentence.contains("2 seeds of fast, a verdict takes 3"), "\(few.sentence)")
    #expect(abs((test.pooled.contrast?.estimate ?? 0) - 15) < 1e-9)
    #expect(abs((test.evidence.settings[0].a ?? 0) - 95) < 1e-9 && abs((test.evidence.settings[0].b ?? 0) - 80) < 1e-9)
    #expect(test.verdict == .directionAlone)
    #expect(ruling.claims[0].sentence.contains("better than slow in accuracy, by 15.0 points"))
    #expect(ruling.claims[0].certainty == .veryLow, "two sources, and one that is missing: \(ruling.claims[0].steps)")
    // The other way round.
    let turned = ClaimsRuling(file, runs: ["made": try run(records(fast: 5, slow: 20))]).claims[0]
    #expect(
      turned.verdict == .contradicted && turned.sentence.contains("It is the other way round: slow is better than fast")
    )
    let waiting = ClaimsRuling(file, runs: [:]).claims[0]
    #expect(waiting.verdict == .waiting && waiting.certainty == nil)
  }

  @Test("an interaction is the gap where the trait is less the gap elsewhere, over texts that no model cut")
  func interaction() throws {
    // Ahead by half on negations, by nothing elsewhere.
    let made = ["shop", "bank"].flatMap { domain in
      (1...3).flatMap { seed -> [TrialRecord] in
        [
          record("fast", domain, seed: UInt64(seed)) { $0 % 11 != 0 },
          record("slow", domain, seed: UInt64(seed)) { $0 % 11 != 0 && !($0 % 8 == 0) },
        ]
      }
    }
    let file = try file(
      """
      {kind: interaction, a: fast, b: slow, over: [shop, bank], traits: negation}
      {kind: interaction, a: fast, b: slow, over: [shop, bank], traits: negation, words_to: 10}
      {kind: interaction, a: fast, b: slow, over: [shop, bank], words_from: 20}
      """)
    let tests = ClaimsRuling(file, runs: ["made": try run(made)]).claims[0].tests
    func expected(_ rows: [Int]) -> Double {
      let ahead = rows.map { $0 % 11 != 0 && $0 % 8 == 0 ? 1.0 : 0 }
      func mean(_ isInside: Bool) -> Double {
        let own = zip(rows, ahead).filter { ($0.0 % 4 == 0) == isInside }.map(\.1)
        return own.reduce(0, +) / Double(own.count)
      }
      return 100 * (mean(true) - mean(false))
    }
    #expect(abs((tests[0].pooled.contrast?.estimate ?? 0) - expected(Array(0..<Self.rows))) < 1e-9)
    #expect(abs((tests[1].pooled.contrast?.estimate ?? 0) - expected(Array(0..<(Self.rows / 2)))) < 1e-9)
    #expect(tests[0].verdict == .supported && tests[2].verdict != .supported)
    let all = ClaimsRuling(file, runs: ["made": try run(made)]).claims[0]
    #expect(all.verdict == .noDifference || all.verdict == .undecided, "as far as its least part holds")
    // Without the forms of texts nothing is said.
    let bare = made.map { record in
      var record = record
      record.forms = []
      return record
    }
    #expect(ClaimsRuling(file, runs: ["made": try run(bare)]).claims[0].verdict == .waiting)
  }

  @Test("a number is held against the prediction interval, and takes three sources")
  func value() throws {
    let file = try file("{kind: value, model: fast, over: [shop, bank], published: 95}")
    let test = ClaimsRuling(file, runs: ["made": try run(records(fast: 20, slow: 5))]).claims[0].tests[0]
    #expect(abs((test.pooled.contrast?.estimate ?? 0) - 95) < 1e-9 && test.verdict == .undecided)
  }
}
