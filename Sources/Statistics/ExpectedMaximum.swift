import Foundation

/// The best of n trials that one can expect, from the trials that were made.
///
/// E[max of n] = Σ v · (P̂(V ≤ v)ⁿ − P̂(V < v)ⁿ) over the values seen, P̂ their empirical distribution (Dodge, Gururangan,
/// Card, Schwartz and Smith 2019, "Show Your Work", equation 7). It is the mean of the maximum of n draws with
/// replacement from the trials, so it never passes the best of them, and for n near their number it is too low.
public enum ExpectedMaximum {
  /// The expected maximum of `draws` values; nil without a value or a draw.
  public static func of(_ values: [Double], draws: Int) -> Double? {
    guard draws > 0, !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
    let count = Double(values.count)
    var (sum, below) = (0.0, 0.0)
    for (index, value) in values.sorted().enumerated() {
      // Equal values telescope: together they weigh what the paper's one term does.
      let upTo = pow(Double(index + 1) / count, Double(draws))
      sum += value * (upTo - below)
      below = upTo
    }
    return sum
  }
}
