/// A linear axis with some five round ticks.
struct LinearAxis {
  let low: Double
  let high: Double
  let step: Double

  /// Around the values, and never beyond `limits` but for what it must reach.
  init(from bottom: Double, to top: Double, limits: ClosedRange<Double>? = nil, reaching highest: Double? = nil) {
    let range = max(top - bottom, 1e-6)
    step = Self.niceStep(range / 5)
    low = max((bottom / step - 0.25).rounded(.down) * step, limits?.lowerBound ?? -.infinity)
    let end = min((top / step + 0.25).rounded(.up) * step, limits?.upperBound ?? .infinity)
    high = max(end, highest ?? end, low + step)
  }

  var ticks: [Double] {
    let first = (low / step).rounded(.up), last = (high / step).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// Where the value lies between the ends, from 0 to 1.
  func share(_ value: Double) -> Double { (value - low) / (high - low) }

  func label(_ tick: Double) -> String {
    var digits = 0
    while digits < 6, step * tenToThe(digits) < 0.999 { digits += 1 }
    return NumberFormat.fixed(tick, digits, typographic: true)
  }

  private func tenToThe(_ digits: Int) -> Double { (0..<digits).reduce(1.0) { power, _ in power * 10 } }

  /// The smallest of 1, 2, 5 times a power of ten that is no smaller.
  private static func niceStep(_ rough: Double) -> Double {
    var power = 1e-6
    while power * 10 <= rough { power *= 10 }
    for factor in [1.0, 2, 5, 10] where power * factor >= rough { return power * factor }
    return power * 10
  }
}
