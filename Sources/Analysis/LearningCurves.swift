import Manifests
import Records
import Statistics
import Tasks

/// The scores of one model on one domain by how many rows it learned from.
public struct LearningCurve: Sendable {
  public var key: GroupKey
  public var model: String
  public var kind: String
  /// By rows, ascending; the last has all of the training part.
  public var points: [Point]
  /// What is lost by rows, where there are at least three sizes.
  public var law: PowerLaw?
  /// What the law gains from twice as many rows as there are, beside the score with those, with its 95 % interval.
  public var doubled: Projection?

  public struct Point: Sendable, Equatable {
    /// As the manifest says it; empty for all rows.
    public var sample: String
    /// Mean over the trials.
    public var rows: Double
    public var score: Double
    /// 95 %, as everywhere.
    public var low: Double?
    public var high: Double?
    public var trials: Int

    /// Of the score, from its interval; 0 without one.
    var standardError: Double {
      guard let low, let high else { return 0 }
      return (high - low) / (2 * Normal.quantile(0.975))
    }
  }

  public struct Projection: Sendable, Equatable {
    public var rows: Double
    public var score: Double
    public var interval: Interval
  }
}

/// Where a declared pair's curves cross.
public struct PairCrossing: Sendable {
  public var key: GroupKey
  public var a: String
  public var b: String
  /// A − B with the fewest rows, and with all, in the unit of comparisons.csv.
  public var first: Double
  public var last: Double
  public var crossing: CurveCrossing
}

/// All curves of a run, of its deciding metric.
public struct LearningCurves: Sendable {
  public let curves: [LearningCurve]
  public let crossings: [PairCrossing]

  private static let draws = 400

  /// Of what stands in `analysis` of trials that learned from a part of the rows; empty where none did.
  public init(records: [TrialRecord], analysis: Analysis, manifest: Manifest) {
    let metric = manifest.comparisons.primary
    var keys: [GroupKey] = [], samples: [GroupKey: [(key: GroupKey, sample: String, rows: [Int])]] = [:]
    for record in records where record.status == .ok && record.key.isOwnDomain {
      let base = record.key.whole
      if samples[base] == nil { keys.append(base) }
      let sample = record.facts.sample ?? ""
      if let place = samples[base]?.firstIndex(where: { $0.sample == sample }) {
        samples[base]?[place].rows.append(record.facts.trainRows)
      } else {
        samples[base, default: []].append((record.key, sample, [record.facts.trainRows]))
      }
    }
    let chosen = keys.filter { samples[$0]?.contains { !$0.sample.isEmpty } ?? false }
    let contrasts = DeclaredContrasts(manifest)
    curves = chosen.flatMap { key -> [LearningCurve] in
      contrasts.candidates.compactMap { Self.curve($0, key, samples[key] ?? [], analysis, metric, seed: manifest.seed) }
    }
    crossings = chosen.flatMap { key -> [PairCrossing] in
      contrasts.pairs.compactMap {
        Self.crossing($0, key, samples[key] ?? [], analysis, metric, seed: manifest.seed)
      }
    }
  }

  private typealias Sample = (key: GroupKey, sample: String, rows: [Int])

  private static func mean(_ rows: [Int]) -> Double { Double(rows.reduce(0, +)) / Double(max(1, rows.count)) }

  private static func curve(
    _ model: String, _ key: GroupKey, _ samples: [Sample], _ analysis: Analysis, _ metric: MetricName, seed: UInt64
  ) -> LearningCurve? {
    var kind = ""
    let points = samples.compactMap { sample -> LearningCurve.Point? in
      guard
        let row = analysis.summary.first(where: {
          $0.key == sample.key && $0.model == model && $0.metric == metric.rawValue
        })
      else { return nil }
      kind = row.kind
      return LearningCurve.Point(
        sample: sample.sample, rows: mean(sample.rows), score: row.mean, low: row.low, high: row.high, trials: row.n)
    }.sorted { $0.rows < $1.rows }
    guard points.count > 1 else { return nil }
    var curve = LearningCurve(key: key, model: model, kind: kind, points: points)
    // What is lost against the best that there is; of errors and losses they are it themselves.
    let best = metric.higherIsBetter ? metric.range.upperBound : 0
    guard best.isFinite else { return curve }
    let sizes = points.map(\.rows), errors = points.map(\.standardError)
    func law(_ scores: [Double]) -> PowerLaw? {
      PowerLaw(rows: sizes, losses: scores.map { abs(best - $0) }, errors: errors)
    }
    guard let found = law(points.map(\.score)), let largest = sizes.last else { return curve }
    func score(_ law: PowerLaw, from last: Double) -> Double {
      let gain = law.loss(rows: largest) - law.loss(rows: 2 * largest)
      return metric.higherIsBetter ? min(best, last + gain) : max(best, last - gain)
    }
    curve.law = found
    guard errors.allSatisfy({ $0 > 0 }) else { return curve }
    var generator = ResamplingGenerator(seed: seed)
    let drawn = (0..<draws).compactMap { _ -> Double? in
      let scores = points.map { $0.score + $0.standardError * generator.normal() }
      return law(scores).map { score($0, from: scores[scores.count - 1]) }
    }.sorted()
    if let low = Descriptive.quantile(sorted: drawn, 0.025), let high = Descriptive.quantile(sorted: drawn, 0.975) {
      curve.doubled = .init(
        rows: 2 * largest, score: score(found, from: points[points.count - 1].score),
        interval: Interval(low: low, high: high))
    }
    return curve
  }

  private static func crossing(
    _ pair: ComparisonSettings.Pair, _ key: GroupKey, _ samples: [Sample], _ analysis: Analysis, _ metric: MetricName,
    seed: UInt64
  ) -> PairCrossing? {
    let points = samples.compactMap { sample -> (rows: Double, contrast: Contrast)? in
      let row = analysis.comparisons.first {
        $0.key == sample.key && $0.metric == metric.rawValue && $0.modelA == pair.a && $0.modelB == pair.b
          && $0.contrast != nil
      }
      return row?.contrast.map { (mean(sample.rows), $0) }
    }.sorted { $0.rows < $1.rows }
      // Two sizes may come to the same rows.
      .reduce(into: [(rows: Double, contrast: Contrast)]()) { if $0.last?.rows != $1.rows { $0.append($1) } }
    guard let first = points.first, let last = points.last, points.count > 1,
      let crossing = CurveCrossing(
        sizes: points.map(\.rows), contrasts: points.map(\.contrast), seed: seed)
    else { return nil }
    return PairCrossing(
      key: key, a: pair.a, b: pair.b, first: first.contrast.estimate, last: last.contrast.estimate, crossing: crossing)
  }
}
