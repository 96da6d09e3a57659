/// Where the difference of two models lies after so many repetitions whose training parts overlap, with a region in which a
/// difference does not matter (Corani and Benavoli 2015; Benavoli, Corani, Demšar and Zaffalon 2017, section 4.1).
///
/// The posterior is a t distribution with n − 1 degrees of freedom around the mean difference, of the squared scale
/// s²·(1/n + ρ/(1 − ρ)), ρ being the share of the rows that are tested in each repetition.
public struct BayesianCorrelatedT: Sendable, Equatable {
  /// Probabilities that the difference lies below the region, in it and above it.
  public let below: Double
  public let inside: Double
  public let above: Double

  /// - Parameters:
  ///   - differences: of two models, one a repetition.
  ///   - rope: half the width of the region, in the unit of the differences, at least 0.
  ///   - correlation: from 0 to below 1; 1/k for k folds.
  ///
  /// nil for fewer than two differences, or one that is not finite. Without variance all of it lies at the mean.
  public init?(_ differences: [Double], rope: Double, correlation: Double) {
    guard differences.count > 1, differences.allSatisfy(\.isFinite), rope >= 0, 0..<1 ~= correlation,
      let mean = Descriptive.mean(differences), let variance = Descriptive.variance(differences)
    else { return nil }
    let scale = (variance * (1 / Double(differences.count) + correlation / (1 - correlation))).squareRoot()
    guard scale > 0 else {
      (below, inside, above) = mean < -rope ? (1, 0, 0) : mean > rope ? (0, 0, 1) : (0, 1, 0)
      return
    }
    let t = StudentT(degreesOfFreedom: Double(differences.count - 1))
    below = t.cdf((-rope - mean) / scale)
    above = t.survival((rope - mean) / scale)
    inside = max(0, 1 - below - above)
  }
}
