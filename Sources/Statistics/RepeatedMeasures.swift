/// Analysis of variance over models scored on the same folds or data sets, with Greenhouse and Geisser's correction (1959)
/// for differences whose variances differ.
public struct RepeatedMeasures: Sendable, Equatable {
  /// F = mean square between models / mean square of what neither models nor folds explain.
  public let statistic: Double
  /// Uncorrected degrees of freedom.
  public let between: Int
  public let error: Int
  /// From 1 / (models − 1) to 1: both degrees of freedom are multiplied by it.
  public let epsilon: Double
  /// Without and with the correction.
  public let p: Double
  public let correctedP: Double

  /// `scores` is `[model][fold]`.
  ///
  /// nil for fewer than two models or folds, rows of unequal length, and a score that is not finite. Where nothing is left
  /// unexplained p is 1 if all models are equal, and 0 elsewhere.
  public init?(_ scores: [[Double]]) {
    let k = scores.count
    guard k > 1, scores[0].count > 1, scores.allSatisfy({ $0.count == scores[0].count }),
      scores.allSatisfy({ $0.allSatisfy(\.isFinite) }), let grand = Descriptive.mean(scores.flatMap(\.self))
    else { return nil }
    let n = scores[0].count
    let models = scores.map { Descriptive.mean($0) ?? grand }
    let folds = (0..<n).map { fold in Descriptive.mean(scores.map { $0[fold] }) ?? grand }
    let betweenSquares = Double(n) * models.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    // Of what is left of each score, whose covariance over folds is the double-centred one.
    let rest = scores.indices.map { model in
      (0..<n).map { scores[model][$0] - models[model] - folds[$0] + grand }
    }
    let errorSquares = rest.joined().reduce(0) { $0 + $1 * $1 }
    (between, error) = (k - 1, (k - 1) * (n - 1))
    var (trace, squares) = (0.0, 0.0)
    for a in 0..<k {
      for b in 0..<k {
        let covariance = (0..<n).reduce(0) { $0 + rest[a][$1] * rest[b][$1] } / Double(n - 1)
        if a == b { trace += covariance }
        squares += covariance * covariance
      }
    }
    epsilon = squares > 0 ? min(1, max(1 / Double(k - 1), trace * trace / (Double(k - 1) * squares))) : 1
    // What rounding leaves of scores that differ by models and folds alone.
    let size = scores.joined().reduce(0) { $0 + $1 * $1 }
    guard errorSquares > 1e-24 * size else {
      let isEqual = betweenSquares <= 1e-24 * size
      (statistic, p, correctedP) = isEqual ? (0, 1, 1) : (.infinity, 0, 0)
      return
    }
    statistic = betweenSquares / Double(between) / (errorSquares / Double(error))
    p = FDistribution(numerator: Double(between), denominator: Double(error)).survival(statistic)
    correctedP =
      FDistribution(numerator: Double(between) * epsilon, denominator: Double(error) * epsilon).survival(statistic)
  }
}
