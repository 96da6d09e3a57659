import Foundation
import Text

/// An axis of a picture: its ends and at most ten round ticks, for any values.
///
/// A linear axis has ticks at multiples of 1, 2 or 5 times a power of ten, a logarithmic one at powers of ten. Values
/// that are not finite count for nothing.
package struct Axis {
  package struct Tick: Equatable {
    package var value: Double
    /// As few digits as tell the ticks apart.
    package var label: String
  }

  package static let mostTicks = 10

  package let low: Double
  package let high: Double
  package let ticks: [Tick]
  private let isLogarithmic: Bool

  /// Linear, with some five ticks around the values, and never beyond `limits` but for what it must reach.
  ///
  /// Values that differ by less than a thousandth of their size count as one, and a hundredth around it is shown.
  package init(
    from bottom: Double, to top: Double, limits: ClosedRange<Double>? = nil, reaching highest: Double? = nil
  ) {
    let usable = [bottom, top].compactMap(Self.usable)
    var (bottom, top) = (usable.min() ?? 0, usable.max() ?? 1)
    let highest = highest.flatMap(Self.usable)
    var step = Self.roundStep(from: bottom, to: top)
    var ends = Self.ends(bottom, top, step.value, limits, highest)
    if Self.steps(in: ends, step.value) > Double(Self.mostTicks - 1) {
      // A limit or what it must reach is far away.
      bottom = min(max(bottom, limits?.lowerBound ?? bottom), limits?.upperBound ?? bottom)
      top = max(min(max(top, bottom), limits?.upperBound ?? top), highest ?? bottom)
      step = Self.roundStep(from: bottom, to: top)
      ends = Self.ends(bottom, top, step.value, limits, highest)
    }
    (low, high, isLogarithmic) = (ends.low, ends.high, false)
    let size = max(low.magnitude, high.magnitude)
    let first = Self.first(in: ends, step.value)
    ticks = stride(from: 0, through: Self.steps(in: ends, step.value), by: 1).map { place in
      let value = (first + place) * step.value
      return Tick(value: value, label: NumberFormat.tick(value, exponent: step.exponent, size: size))
    }
  }

  /// Logarithmic, over whole powers of ten around the values above 0.
  package init(logarithmic values: [Double]) {
    let logarithms = values.filter { $0 > 0 && $0.isFinite }.map { min(max(log10($0), -100), 100) }
    let first = Int((logarithms.min() ?? 0).rounded(.down))
    let last = max(Int((logarithms.max() ?? 0).rounded(.up)), first + 1)
    (low, high, isLogarithmic) = (Double(first), Double(last), true)
    let step = [1, 2, 5, 10, 20, 50].first { (last - first) / $0 < Self.mostTicks } ?? 100
    ticks = (first...last).filter { $0.isMultiple(of: step) }.map { exponent in
      let value = pow(10, Double(exponent))
      let isWhole = 0..<9 ~= exponent
      return Tick(
        value: value,
        label: isWhole
          ? NumberFormat.grouped(Int(value)) : NumberFormat.tick(value, exponent: exponent, size: value))
    }
  }

  /// Where the value lies between the ends, from 0 to 1; at an end where it lies beyond, at the low one where it is
  /// none.
  package func share(_ value: Double) -> Double {
    guard !value.isNaN else { return 0 }
    if isLogarithmic { return value > 0 ? min(max((log10(value) - low) / (high - low), 0), 1) : 0 }
    return min(max((value - low) / (high - low), 0), 1)
  }

  /// Larger numbers are shown at the end, smaller ones as 0: sums and quotients of what is left stay finite.
  private static let sizes = 1e-100...1e100

  private static func usable(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    return value.magnitude < sizes.lowerBound ? 0 : min(max(value, -sizes.upperBound), sizes.upperBound)
  }

  /// The smallest of 1, 2, 5 times a power of ten that is no smaller than a fifth of the range.
  private static func roundStep(from bottom: Double, to top: Double) -> (value: Double, exponent: Int) {
    let size = max(bottom.magnitude, top.magnitude)
    let range = size == 0 ? 1 : top - bottom < 1e-3 * size ? 1e-2 * size : top - bottom
    let rough = range / 5
    var exponent = Int(log10(rough).rounded(.down))
    if pow(10, Double(exponent)) > rough { exponent -= 1 }
    let power = pow(10, Double(exponent))
    for factor in [1.0, 2, 5] where power * factor >= rough { return (power * factor, exponent) }
    return (pow(10, Double(exponent + 1)), exponent + 1)
  }

  private static func ends(
    _ bottom: Double, _ top: Double, _ step: Double, _ limits: ClosedRange<Double>?, _ highest: Double?
  ) -> (low: Double, high: Double) {
    let low = max((bottom / step - 0.25).rounded(.down) * step, limits?.lowerBound ?? -.infinity)
    let end = min((top / step + 0.25).rounded(.up) * step, limits?.upperBound ?? .infinity)
    return (low, max(end, highest ?? end, low + step))
  }

  /// The first multiple of the step between the ends; an end that rounding moved from one is one.
  private static func first(in ends: (low: Double, high: Double), _ step: Double) -> Double {
    (ends.low / step - 1e-6).rounded(.up)
  }

  /// From the first multiple of the step between the ends to the last.
  private static func steps(in ends: (low: Double, high: Double), _ step: Double) -> Double {
    (ends.high / step + 1e-6).rounded(.down) - first(in: ends, step)
  }
}

extension SVGDocument {
  /// A horizontal rule at each tick of a vertical axis, with its label on the left.
  package mutating func rules(_ axis: Axis, left: Double, right: Double, top: Double, bottom: Double, gap: Double) {
    for tick in axis.ticks {
      let y = bottom - axis.share(tick.value) * (bottom - top)
      line(x1: left, y1: y, x2: right, y2: y, stroke: Ink.rule)
      text(tick.label, x: left - gap, y: y + 4, size: 10.5, anchor: .end, fill: Ink.soft)
    }
  }
}
