import Statistics
import TestSupport
import Testing

@testable import History

@Suite struct RunComparisonTests {
  private static let yaml = """
    version: 1  # a.yaml:1
    name: small  # a.yaml:2
    corpora:
      messages:
        files:
          - "${env:DATA}/a.csv"  # a.yaml:9, sha256 00ff
          - b.csv  # a.yaml:10, sha256 11ee
    models:
      lstm:
        hidden: 32  # a.yaml:12
    split: [0.7, 0.3]  # default

    """

  @Test("settings that differ stand by key path; places do not, hashes of data do")
  func settings() {
    let other = Self.yaml.replacingOccurrences(of: "hidden: 32", with: "hidden: 64")
      .replacingOccurrences(of: "11ee", with: "22dd").replacingOccurrences(of: "a.yaml:9", with: "a.yaml:8")
      .replacingOccurrences(of: "    hidden", with: "    layers: 2  # default\n    hidden")
    let comparison = RunComparison(SyntheticHistory.run(manifest: Self.yaml), SyntheticHistory.run(manifest: other))
    #expect(
      comparison.settings == [
        .init(name: "corpora.messages.files.1.sha256", a: "11ee", b: "22dd"),
        .init(name: "models.lstm.hidden", a: "32", b: "64"), .init(name: "models.lstm.layers", a: nil, b: "2"),
      ])
    #expect(comparison.machine.isEmpty)
    // A list of one file has its hash too.
    let single = Self.yaml.replacingOccurrences(of: "      - b.csv  # a.yaml:10, sha256 11ee\n", with: "")
    let changed = single.replacingOccurrences(of: "00ff", with: "33cc")
    #expect(
      RunComparison(SyntheticHistory.run(manifest: single), SyntheticHistory.run(manifest: changed)).settings == [
        .init(name: "corpora.messages.files.0.sha256", a: "00ff", b: "33cc")
      ])
    #expect(RunComparison(SyntheticHistory.run(), SyntheticHistory.run()).settings.isEmpty)
  }

  @Test("scores on the same rows are paired, with the corrected t over hold-outs")
  func paired() throws {
    let b = SyntheticHistory.run(shift: -0.03, noise: 4)
    let scores = RunComparison(SyntheticHistory.run(), b).scores(metric: nil)
    #expect(scores.map(\.key.model) == ["lstm", "tfidf"])
    #expect(scores[1].outcome == .equal)
    guard case .paired(let difference, let interval, let p, "corrected-t") = scores[0].outcome else {
      Issue.record("\(scores[0].outcome)")
      return
    }
    let pairs = zip(b.trials, SyntheticHistory.run().trials).filter { $0.0.model == "lstm" }
    let expected = try #require(
      TTest.corrected(
        pairs.map { $0.0.scores["f1_macro"]! - $0.1.scores["f1_macro"]! }, testOverTrain: 150.0 / 700))
    expectClose(difference, expected.meanDifference, "difference")
    #expect(interval == expected.interval() && p == expected.p)
  }

  @Test("scores on other rows, and times of other machines, are not compared")
  func refused() {
    let comparison = RunComparison(
      SyntheticHistory.run(), SyntheticHistory.run(cpu: "Other CPU", splitHash: "beef"))
    #expect(comparison.scores(metric: nil).map(\.outcome) == [.unpaired("other rows"), .unpaired("other rows")])
    #expect(comparison.times().isEmpty)
    let text = comparison.text()
    #expect(text.contains("machine.cpu") && text.contains("times: not compared, the machines differ"))
    #expect(text.contains("not compared: other rows"))
  }

  @Test("times compare as the ratio of B to A with its interval")
  func times() throws {
    let times = RunComparison(SyntheticHistory.run(), SyntheticHistory.run(slowdown: 1.3)).times()
    #expect(times.map(\.key.model) == ["lstm", "tfidf"])
    expectClose(times[0].ratio, 1.3, absolute: 1e-9, "ratio")
    let interval = try #require(times[0].interval)
    #expect(interval.low > 1.25 && interval.high < 1.35)
    #expect(try #require(times[0].p) < 1e-4)
    expectClose(times[1].ratio, 1, absolute: 1e-9, "ratio of what did not change")
  }
}
