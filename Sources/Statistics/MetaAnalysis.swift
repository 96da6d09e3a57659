/// Effects that were measured in several independent sources, put together as draws from all sources that there might be.
///
/// The variance between sources is estimated by restricted maximum likelihood (Viechtbauer 2005, "Bias and efficiency of
/// meta-analytic variance estimators in the random-effects model"), the mean's by Hartung and Knapp (2001, "A refined
/// method for the meta-analysis of controlled clinical trials with binary outcome"), never below that of the
/// random-effects model (Röver, Knapp and Friede 2015), with k − 1 degrees of freedom.
public struct MetaAnalysis: Sendable, Equatable {
  /// What one source gave.
  public struct Effect: Sendable, Equatable {
    public var estimate: Double
    /// Of the estimate; above 0.
    public var variance: Double

    public init(estimate: Double, variance: Double) { (self.estimate, self.variance) = (estimate, variance) }
  }

  public let effects: [Effect]
  /// Variance between the sources' true effects, τ².
  public let variance: Double
  public let mean: Double
  /// Of the mean.
  public let standardError: Double

  /// nil for fewer than two effects, or where one is not finite or has no variance.
  public init?(_ effects: [Effect]) {
    guard effects.count > 1, effects.allSatisfy({ $0.estimate.isFinite && $0.variance.isFinite && $0.variance > 0 })
    else { return nil }
    self.effects = effects
    variance = Self.between(effects)
    let weights = Self.weights(effects, variance)
    let total = weights.reduce(0, +)
    mean = Self.mean(effects, weights)
    let spread = Self.squares(effects, weights, around: mean) / Double(effects.count - 1)
    standardError = (max(1, spread) / total).squareRoot()
  }

  public var degreesOfFreedom: Double { Double(effects.count - 1) }

  /// Of the mean over all sources that there might be.
  public func interval(level: Double = 0.95) -> Interval { around(standardError, level) }

  /// In which the effect in another source will lie (IntHout et al. 2016, "Plea for routinely presenting prediction intervals
  /// in meta-analysis").
  public func predictionInterval(level: Double = 0.95) -> Interval {
    around((variance + standardError * standardError).squareRoot(), level)
  }

  private func around(_ deviation: Double, _ level: Double) -> Interval {
    let half = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.5 + level / 2) * deviation
    return Interval(low: mean - half, high: mean + half)
  }

  /// Two-sided, of a mean of 0.
  public var p: Double { StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(mean / standardError) }

  /// Cochran's Q (1954) with its p: whether the sources differ by more than their own errors.
  public var heterogeneity: (statistic: Double, p: Double) {
    let weights = Self.weights(effects, 0)
    let q = Self.squares(effects, weights, around: Self.mean(effects, weights))
    return (q, ChiSquared(degreesOfFreedom: degreesOfFreedom).survival(q))
  }

  /// Share of the variance of a typical source's estimate that lies between sources, from 0 to 1 (Higgins and Thompson 2002,
  /// by τ²).
  public var inconsistency: Double {
    let weights = Self.weights(effects, 0)
    let total = weights.reduce(0, +), squares = weights.reduce(0) { $0 + $1 * $1 }
    let typical = Double(effects.count - 1) * total / (total * total - squares)
    return variance / (variance + typical)
  }

  /// The same without each source in turn; nil where too few are left.
  public var leavingOneOut: [MetaAnalysis?] {
    effects.indices.map { index in
      MetaAnalysis(effects.indices.filter { $0 != index }.map { effects[$0] })
    }
  }

  /// How many sources like these find a mean of `size` with a probability of `power`, in a two-sided test at `alpha`; nil
  /// where `most` do not.
  public func sourcesNeeded(for size: Double, power: Double = 0.8, alpha: Double = 0.05, most: Int = 1_000) -> Int? {
    let own = effects.reduce(0) { $0 + $1.variance } / Double(effects.count)
    return (2...max(2, most)).first { count in
      let t = StudentT(degreesOfFreedom: Double(count - 1))
      let reach = t.quantile(1 - alpha / 2) + t.quantile(power)
      return reach * ((variance + own) / Double(count)).squareRoot() <= abs(size)
    }
  }

  // MARK: Likelihood

  private static func weights(_ effects: [Effect], _ variance: Double) -> [Double] {
    effects.map { 1 / ($0.variance + variance) }
  }

  private static func mean(_ effects: [Effect], _ weights: [Double]) -> Double {
    zip(effects, weights).reduce(0) { $0 + $1.1 * $1.0.estimate } / weights.reduce(0, +)
  }

  private static func squares(_ effects: [Effect], _ weights: [Double], around mean: Double) -> Double {
    zip(effects, weights).reduce(0) { $0 + $1.1 * ($1.0.estimate - mean) * ($1.0.estimate - mean) }
  }

  /// Where the restricted likelihood is greatest: the root of its slope, 0 where it falls from there on.
  private static func between(_ effects: [Effect]) -> Double {
    func slope(_ variance: Double) -> Double {
      let weights = Self.weights(effects, variance)
      let mean = Self.mean(effects, weights), total = weights.reduce(0, +)
      let squares = weights.map { $0 * $0 }
      return Self.squares(effects, squares, around: mean) - total + squares.reduce(0, +) / total
    }
    guard slope(0) > 0 else { return 0 }
    let centre = effects.reduce(0) { $0 + $1.estimate } / Double(effects.count)
    // At so much between them no distance is more than one deviation.
    var high = effects.reduce(0) { max($0, ($1.estimate - centre) * ($1.estimate - centre)) } * Double(effects.count)
    while slope(high) > 0 { high *= 2 }
    return SpecialFunctions.root(low: 0, high: high) { -slope($0) }
  }
}
