import Analysis
import Manifests
import Records
import Statistics
import Tasks

/// All models of one setting at once, over the folds or seeds that they share, by the metric that decides: tests that a
/// reader knows from elsewhere, to be held beside the verdicts. None of them changes a verdict.
public struct ModelsTogether: Sendable {
  public let metric: MetricName
  public let models: [String]
  /// Mean score of each.
  public let means: [Double]
  /// Folds or seeds.
  public let repetitions: Int
  /// Of folds, whose training parts overlap, or of seeds.
  public let isOverFolds: Bool
  /// That all models are equal; nil where it cannot be tested.
  public let variance: RepeatedMeasures?
  public let friedman: FriedmanTest?
  /// Two models whose average ranks differ by so much are told apart (Nemenyi 1963); nil where Friedman's test tells none.
  public let criticalDifference: Double?
  /// Of each declared pair, where the difference lies.
  public let posteriors: [Posterior]

  public struct Posterior: Sendable {
    public var a: String
    public var b: String
    /// Mean of A − B, and half the width of the region in which a difference does not matter, in the unit of the metric.
    public var difference: Double
    public var rope: Double
    public var posterior: BayesianCorrelatedT
  }

  /// nil with one model, and with fewer than two repetitions that all of them ended.
  init?(_ group: TrialGroup, models wanted: [String], settings: ComparisonSettings, pairs: [ComparisonSettings.Pair]) {
    let metric = settings.primary
    let shared = group.trials(sharedBy: wanted).filter { trials in
      trials.allSatisfy { $0.metrics[metric.rawValue]?.isFinite == true }
    }
    guard wanted.count > 1, shared.count > 1 else { return nil }
    let scores = wanted.indices.map { place in shared.compactMap { $0[place].metrics[metric.rawValue] } }
    (self.metric, models, repetitions, isOverFolds) = (metric, wanted, shared.count, group.design == .kfold)
    means = scores.map { Descriptive.mean($0) ?? .nan }
    variance = RepeatedMeasures(scores)
    friedman = wanted.count > 2 ? FriedmanTest(scores, higherIsBetter: metric.higherIsBetter) : nil
    let isTold = friedman.map { $0.imanDavenport.p <= 0.05 } ?? false
    criticalDifference = isTold ? Nemenyi.criticalDifference(models: wanted.count, datasets: shared.count) : nil
    // The margin of a fraction is in points.
    let rope = settings.margin / (metric.unit == .fraction ? 100 : 1)
    let ratio = TrialGroup.testOverTrain(shared.flatMap(\.self))
    posteriors = pairs.compactMap { pair in
      guard let a = wanted.firstIndex(of: pair.a), let b = wanted.firstIndex(of: pair.b) else { return nil }
      let differences = zip(scores[a], scores[b]).map { $0 - $1 }
      // On one official split repetitions share all test rows: nothing is known of how test parts differ.
      guard group.design != .official,
        let posterior = BayesianCorrelatedT(differences, rope: rope, correlation: ratio / (1 + ratio))
      else { return nil }
      return Posterior(
        a: pair.a, b: pair.b, difference: Descriptive.mean(differences) ?? .nan, rope: rope, posterior: posterior)
    }
  }
}
