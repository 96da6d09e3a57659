/// How well the highest probability of a row tells how often it is right, in bins of equal width (Guo et al. 2017).
public struct Calibration: Sendable, Equatable {
  /// Bin b of B holds confidences in (b/B, (b + 1)/B].
  public struct Bin: Sendable, Equatable {
    public var count = 0
    /// Share of rows predicted right; 0 for an empty bin.
    public var accuracy = 0.0
    /// Mean confidence; 0 for an empty bin.
    public var confidence = 0.0
  }

  public let bins: [Bin]
  /// Σ (count / rows)·|accuracy − confidence|; NaN without rows.
  public let expectedError: Double
  /// Largest |accuracy − confidence| of a bin; NaN without rows.
  public let maximumError: Double

  /// `confidences` and `correct` are `[rows]`; row i counts weights[i] times.
  public init(confidences: [Double], correct: [Bool], bins count: Int = 15, weights: [Int32]? = nil) {
    precondition(
      count > 0 && confidences.count == correct.count,
      "Calibration: \(confidences.count) confidences, \(correct.count) outcomes, \(count) bins")
    var bins = [Bin](repeating: Bin(), count: count)
    var broken = false
    for row in confidences.indices {
      let weight = weights.map { Int($0[row]) } ?? 1
      guard weight > 0 else { continue }
      let confidence = confidences[row]
      guard confidence.isFinite else {
        broken = true
        continue
      }
      let bin = Self.bin(of: confidence, count: count)
      bins[bin].count += weight
      bins[bin].confidence += Double(weight) * confidence
      if correct[row] { bins[bin].accuracy += Double(weight) }
    }
    var (total, expected, maximum) = (0, 0.0, 0.0)
    for index in bins.indices where bins[index].count > 0 {
      let size = Double(bins[index].count)
      bins[index].accuracy /= size
      bins[index].confidence /= size
      let gap = abs(bins[index].accuracy - bins[index].confidence)
      total += bins[index].count
      expected += size * gap
      maximum = max(maximum, gap)
    }
    self.bins = bins
    let defined = total > 0 && !broken
    expectedError = defined ? expected / Double(total) : .nan
    maximumError = defined ? maximum : .nan
  }

  private static func bin(of confidence: Double, count: Int) -> Int {
    var bin = Int((min(max(confidence, 0), 1) * Double(count)).rounded(.up)) - 1
    // The edges are b/B as a Double; the product above may have rounded across one.
    if bin > 0, confidence <= Double(bin) / Double(count) { bin -= 1 }
    if bin >= 0, bin < count - 1, confidence > Double(bin + 1) / Double(count) { bin += 1 }
    return min(max(bin, 0), count - 1)
  }
}
