import Statistics
import Tasks
import Testing

/// How often the interval of a score holds the truth where percentiles of resamples are biased.
@Suite struct ScoreCoverageTests {
  private static let classes = 77
  private static let rows = 1_000

  /// Recall of a class, and how often it is drawn: common ones are four times as frequent as rare ones.
  private static func recall(_ label: Int) -> Double { 0.75 + 0.2 * Double(label * 37 % classes) / Double(classes) }
  private static let shares: [Double] = {
    let raw = (0..<classes).map { 1 + 3 * Double($0 * 53 % classes) / Double(classes) }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }()

  /// Macro-F1 of all messages: a wrong answer is the next class or the one after it, as often.
  private static var truth: Double {
    (0..<classes).reduce(0.0) { sum, label in
      let found = shares[label] * recall(label)
      let taken = [1, 2].reduce(0.0) { taken, step in
        let other = (label - step + classes) % classes
        return taken + shares[other] * (1 - recall(other)) / 2
      }
      return sum + 2 * found / (shares[label] + found + taken)
    } / Double(classes)
  }

  @Test("macro-F1 of 77 classes on 1,000 rows: 95 % intervals hold the truth, percentiles of the same draws do not")
  func macroF1() throws {
    var generator = ResamplingGenerator(seed: 12)
    var held = (ours: 0, percentiles: 0)
    let samples = 300
    for sample in 0..<samples {
      var labels: [Int] = [], predictions: [Int] = []
      for _ in 0..<Self.rows {
        var rest = generator.uniform(), label = 0
        while label < Self.classes - 1, rest >= Self.shares[label] {
          rest -= Self.shares[label]
          label += 1
        }
        let right = generator.uniform() < Self.recall(label)
        labels.append(label)
        predictions.append(right ? label : (label + 1 + generator.below(2)) % Self.classes)
      }
      let metrics = ResampledMetrics(labels: labels, predictions: predictions, classes: Self.classes)
      var draws: [Double] = []
      let scores = try #require(
        ResampledScores(seeds: 1, examples: Self.rows, resamples: 200, generatorSeed: UInt64(sample)) { _, weights in
          let value = metrics.value(.f1Macro, weights: weights) ?? .nan
          draws.append(value)
          return value
        })
      let nothing = try #require(
        ResampledScores(seeds: 1, examples: Self.rows, resamples: 200, generatorSeed: UInt64(sample)) { _, _ in 0 })
      let contrast = try #require(BootstrapDifference(scores, nothing)).contrast
      let interval = try #require(BoundedInterval.wilson(contrast, rows: Self.rows))
      if interval.contains(Self.truth) { held.ours += 1 }
      // The first is the score itself.
      let sorted = draws.dropFirst().sorted()
      let low = try #require(Descriptive.quantile(sorted: sorted, 0.025))
      let high = try #require(Descriptive.quantile(sorted: sorted, 0.975))
      if low <= Self.truth, Self.truth <= high { held.percentiles += 1 }
    }
    // Three standard errors of 95 % of 300 are 3.8 points.
    #expect(Double(held.ours) >= 0.912 * Double(samples), "\(held)")
    #expect(held.percentiles < held.ours - samples / 50, "\(held)")
  }
}
