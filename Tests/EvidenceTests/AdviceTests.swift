import Compute
import Testing

@testable import Evidence

@Suite struct AdviceTests {
  /// A setting of some source in which each model has a score; times and sizes by the model.
  private func setting(
    _ source: String, rows: Double = 3_000, classes: Double = 10, words: Double = 15, _ scores: [String: Double],
    error: Double = 0.3
  ) -> StoredSetting {
    let costs: [String: (Double, Double, Double)] = [
      "slow": (20, 90e6, 600), "fast": (0.1, 4e6, 10), "middle": (1, 10e6, 60),
    ]
    return StoredSetting(
      run: "made", corpus: source, domain: "", files: [source], rows: rows, classes: classes, words: words,
      scores: scores.keys.sorted().map { name in
        StoredSetting.Score(
          identity: name, accuracy: scores[name] ?? 0, error: error, queryMilliseconds: costs[name]?.0,
          bytes: costs[name]?.1, coreSeconds: costs[name]?.2)
      })
  }

  private func question(_ rows: Double = 3_000, _ classes: Double = 10) -> Advice.Question {
    Advice.Question(rows: rows, classes: classes, words: 15)
  }

  private var known: [StoredSetting] {
    [
      setting("a", ["slow": 92, "middle": 88, "fast": 89]),
      setting("b", rows: 2_500, ["slow": 94, "middle": 90, "fast": 91]),
      setting("c", rows: 4_000, ["slow": 90, "middle": 87, "fast": 88]),
      setting("d", classes: 12, ["slow": 93, "middle": 89, "fast": 89]),
    ]
  }

  @Test("the best of what is like the question, with its expected score; within limits what keeps them")
  func answers() throws {
    let free = Advice(question(), from: known)
    let best = try #require(free.candidates.first)
    #expect(best.identity == "slow" && best.probability > 0.95 && best.sources == 4)
    #expect(abs(best.accuracy - 92.2) < 1 && best.interval.low < 91 && best.interval.high > 93.5)
    var limited = question()
    limited.queryMilliseconds = 5
    let cheap = Advice(limited, from: known)
    #expect(cheap.candidates.map(\.identity) == ["fast", "middle"])
    limited.bytes = 1e6
    #expect(Advice(limited, from: known).candidates.isEmpty)
    // A training of more rows takes longer.
    var hours = question(30_000)
    hours.coreHours = 0.5
    let many = known.map { own in
      setting(own.corpus, rows: 30_000, Dictionary(uniqueKeysWithValues: own.scores.map { ($0.identity, $0.accuracy) }))
    }
    #expect(Advice(hours, from: many).candidates.first?.identity == "slow")
    #expect(abs((free.candidates.first?.coreHours ?? 0) - 600.0 / 3_600) < 0.02)
  }

  @Test("nothing comparable is said, and rows of one file are one source")
  func unknown() {
    #expect(Advice(question(3_000_000, 4_000), from: known).candidates.isEmpty)
    let twice = [known[0], known[0], known[0], known[1]]
    #expect(Advice(question(), from: twice).reason?.contains("2 comparable sources") == true)
    #expect(Advice(question(), from: []).reason?.contains("no comparable sources") == true)
    var shared = known
    shared[1].files = ["a", "b"]
    #expect(Advice.sources(shared) == [0, 0, 2, 3])
  }

  @Test("judged by leaving sources out: no regret where one model is always best, some where none is")
  func judged() throws {
    let clear = Advice.judged(known)
    #expect(clear.asked == 4 && clear.answered == 4 && clear.shareWithinMargin == 1)
    var random = Random(seed: 4, stream: "regret")
    let mixed = (0..<8).map { place in
      setting("s\(place)", ["slow": 90 + 6 * random.normal(), "fast": 90 + 6 * random.normal()])
    }
    let judgement = Advice.judged(mixed)
    #expect(judgement.answered == 8)
    #expect(try #require(judgement.shareWithinMargin) < 1)
    #expect(Advice.judged(Array(known.prefix(3))).answered == 0)
  }
}
