import Foundation

/// Numbers as text by fixed rules; never by the locale.
package enum NumberFormat {
  /// For machines: the fewest digits that read back as the same number; blank where there is none.
  package static func exact(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return value == 0 ? "0.0" : "\(value)"
  }

  /// For people: a whole number without a point, any other as it is.
  package static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? fixed(value, 0, typographic: true) : exact(value)
  }

  package static func exact(_ value: Float) -> String { value.isFinite ? "\(value)" : "" }

  package static func exact(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }

  /// So many digits after the point; `blank` where there is no number. The minus sign is U+2212 where `typographic`.
  package static func fixed(_ value: Double?, _ digits: Int, blank: String = "", typographic: Bool = false) -> String {
    guard let value, value.isFinite else { return blank }
    var text = String(format: "%.\(digits)f", value)
    if text.hasPrefix("-"), !text.contains(where: { ("1"..."9").contains($0) }) { text.removeFirst() }
    return typographic ? text.replacingOccurrences(of: "-", with: "−") : text
  }

  /// For people: with its sign (`+1.20`, `−0.35`).
  package static func signed(_ value: Double?, _ digits: Int, blank: String = "–") -> String {
    let text = fixed(value, digits, blank: blank, typographic: true)
    guard let value, value > 0, text.contains(where: { ("1"..."9").contains($0) }) else { return text }
    return "+" + text
  }

  /// For people: a probability of a test.
  package static func p(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return value < 0.001 ? "< 0.001" : fixed(value, 3)
  }

  /// For people: thousands apart (`1,234,567`).
  package static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return value < 0 ? "−" + text : text
  }

  /// In a picture: `fixed`, but as a power of ten (`1.5e12`) where that would be long.
  package static func short(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "–" }
    return value.magnitude < 1e9 ? fixed(value, digits, typographic: true) : scientific(value, digits)
  }

  /// On an axis whose ticks are 1, 2 or 5 times ten to `exponent` apart and at most `size`: digits that tell them
  /// apart.
  package static func tick(_ value: Double, exponent: Int, size: Double) -> String {
    if size < 1e9, exponent >= -6 { return fixed(value, max(0, -exponent), typographic: true) }
    return value == 0 ? "0" : scientific(value, max(0, Int(log10(size).rounded(.down)) - exponent))
  }

  /// As many digits after the point as say something (`1.5e−12`).
  private static func scientific(_ value: Double, _ digits: Int) -> String {
    let parts = String(format: "%.\(digits)e", value).split(separator: "e")
    var number = String(parts[0])
    if number.contains(".") {
      while number.hasSuffix("0") { number.removeLast() }
      if number.hasSuffix(".") { number.removeLast() }
    }
    return (number + "e\(Int(parts[1]) ?? 0)").replacingOccurrences(of: "-", with: "−")
  }

  /// For people: a large count in three figures with a unit (`1.23 M`).
  package static func scaled(_ value: Double, unit: String = "") -> String {
    let steps: [(Double, String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    for (step, name) in steps where value.magnitude >= step * 0.9995 {
      return threeFigures(value / step) + " " + name + unit
    }
    return threeFigures(value) + (unit.isEmpty ? "" : " " + unit)
  }

  private static func threeFigures(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 1_000 { return fixed(value, 0, typographic: true) }
    return fixed(value, value.magnitude >= 99.95 ? 0 : value.magnitude >= 9.995 ? 1 : 2, typographic: true)
  }

  /// For people: a duration (`4 min 07 s`).
  package static func duration(_ seconds: Double) -> String {
    guard seconds >= 60 else { return fixed(seconds, 1) + " s" }
    guard seconds < 1e12 else { return scientific(seconds, 1) + " s" }
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60)
    let tail = rest < 10 ? "0\(rest)" : "\(rest)"
    return hours > 0 ? "\(hours) h \(minutes) min \(tail) s" : "\(minutes) min \(tail) s"
  }
}
