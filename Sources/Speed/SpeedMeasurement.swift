import Foundation

/// The times of one row.
public struct SpeedMeasurement: Sendable {
  public var row: SpeedRow
  public var threads: Int
  /// Tokens of a batch, on average.
  public var tokens: Int
  /// Milliseconds of each timed batch.
  public var samples: [Double]
  /// Floating-point operations of all products in the timed batches, 2·m·n·k each; 0 where there are none.
  public var flops: Double
  /// FLOP/s of the best one-thread sgemm at the model's shapes, in the same run.
  public var peak: Double

  /// Milliseconds.
  public var median: Double {
    let sorted = samples.sorted(), middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
  /// Milliseconds.
  public var minimum: Double { samples.min() ?? 0 }

  /// FLOP/s, over all timed batches together because they differ in length; nil for work without products.
  public var flopsPerSecond: Double? {
    let seconds = samples.reduce(0, +) / 1000
    return flops > 0 && seconds > 0 ? flops / seconds : nil
  }
  /// Of threads × the best one-thread sgemm.
  public var peakShare: Double? { flopsPerSecond.map { $0 / (Double(threads) * peak) } }

  /// One object a line, with the peer's keys first.
  public func json(peer: String) -> String {
    func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    var fields = [
      "\"work\": \"\(row.name)\"", "\"threads\": \(threads)", "\"batch\": \(row.sequences)", "\"tokens\": \(tokens)",
      "\"median_ms\": \(number(median, 3))", "\"min_ms\": \(number(minimum, 3))", "\"rounds\": \(samples.count)",
      "\"peer\": \"\(peer)\"", "\"samples_ms\": [\(samples.map { number($0, 3) }.joined(separator: ", "))]",
    ]
    if let rate = flopsPerSecond, let share = peakShare {
      fields += ["\"gflops\": \(number(rate / 1e9, 1))", "\"peak_share\": \(number(share, 3))"]
    }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  /// Heads of `cells`.
  public static let head = ["row", "threads", "tokens", "median ms", "min ms", "tokens/s", "GFLOP/s", "of peak"]

  public var cells: [String] {
    [
      row.name, "\(threads)", "\(tokens)", String(format: "%.2f", median), String(format: "%.2f", minimum),
      row.work == .adamw ? "" : String(format: "%.0f", Double(tokens) / median * 1000),
      flopsPerSecond.map { String(format: "%.1f", $0 / 1e9) } ?? "",
      peakShare.map { String(format: "%.0f %%", $0 * 100) } ?? "",
    ]
  }
}
