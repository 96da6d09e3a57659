/// Mean, spread and quantiles of a sample.
public enum Descriptive {
  /// Arithmetic mean; nil for an empty sample.
  public static func mean(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let first = values.reduce(0, +) / Double(values.count)
    guard first.isFinite else { return first }
    // A second pass takes away what rounding left.
    return first + values.reduce(0) { $0 + ($1 - first) } / Double(values.count)
  }

  /// Sample variance Σ(x − mean)² / (n − 1); nil for fewer than two values.
  public static func variance(_ values: [Double]) -> Double? {
    guard values.count > 1, let mean = mean(values) else { return nil }
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  /// Sample standard deviation (divisor n − 1); nil for fewer than two values.
  public static func standardDeviation(_ values: [Double]) -> Double? { variance(values)?.squareRoot() }

  /// Quantile by linear interpolation between order statistics, at position (n − 1)·p from 0.
  ///
  /// Definition 7 of Hyndman and Fan (1996); NumPy's and R's default. nil for an empty sample or p outside 0…1.
  public static func quantile(_ values: [Double], _ p: Double) -> Double? { quantile(sorted: values.sorted(), p) }

  /// The same for values already in increasing order.
  public static func quantile(sorted values: [Double], _ p: Double) -> Double? {
    guard !values.isEmpty, p >= 0, p <= 1 else { return nil }
    let position = Double(values.count - 1) * p
    let below = Int(position)
    let share = position - Double(below)
    if share == 0 { return values[below] }
    return values[below] + share * (values[below + 1] - values[below])
  }

  public static func median(_ values: [Double]) -> Double? { quantile(values, 0.5) }
}
