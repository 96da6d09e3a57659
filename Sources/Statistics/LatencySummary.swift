/// Times of repeated work, in milliseconds: the median, and the percentiles that there are enough samples for.
///
/// Percentiles are by linear interpolation between order statistics (definition 7 of Hyndman and Fan 1996). The
/// smallest numbers of samples are those of MLPerf Inference's early stopping with 99 % confidence and one sample
/// allowed above the bound (t = 1).
public struct LatencySummary: Sendable, Equatable {
  public static let samplesForP90 = 64
  public static let samplesForP95 = 130
  public static let samplesForP99 = 662

  public let count: Int
  public let median: Double
  public let minimum: Double
  /// nil below 64 samples.
  public let p90: Double?
  /// nil below 130 samples.
  public let p95: Double?
  /// nil below 662 samples.
  public let p99: Double?

  /// nil without samples or where one is not finite.
  public init?(_ samples: [Double]) {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite) else { return nil }
    let sorted = samples.sorted()
    count = sorted.count
    minimum = sorted[0]
    median = Self.quantile(sorted, 0.5)
    p90 = count >= Self.samplesForP90 ? Self.quantile(sorted, 0.90) : nil
    p95 = count >= Self.samplesForP95 ? Self.quantile(sorted, 0.95) : nil
    p99 = count >= Self.samplesForP99 ? Self.quantile(sorted, 0.99) : nil
  }

  private static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    let position = Double(sorted.count - 1) * p
    let below = Int(position)
    let share = position - Double(below)
    return share == 0 ? sorted[below] : sorted[below] + share * (sorted[below + 1] - sorted[below])
  }
}
