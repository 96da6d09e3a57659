import Families
import Text

/// A picture as SVG 1.1: its own light background, generic fonts, a title and a description for those who do not see it.
///
/// No picture is larger than `largest`, whatever it is of: a drawer shows so many parts, and says how many there are
/// (`PictureLimits`), and texts are cut here.
package struct SVGDocument {
  /// In bytes.
  package static let largest = 1 << 20

  package enum Anchor: String { case start, middle, end }

  /// Ink for text, softer ink for remarks, rules and axes, and the background.
  package enum Ink {
    package static let text = "#1f2430"
    package static let soft = "#5c6470"
    package static let rule = "#e3e6ea"
    package static let axis = "#aab1bb"
    package static let background = "#ffffff"
    /// Of a cell without a value.
    package static let empty = "#f3f4f6"
  }

  package let width: Double
  package let height: Double
  private var elements: [String] = []

  package init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  package mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil, radius: Double = 0,
    tooltip: String? = nil
  ) {
    let outline = stroke.map { " stroke=\"\($0)\" stroke-width=\"1.5\"" } ?? ""
    let round = radius > 0 ? " rx=\"\(Self.number(radius))\"" : ""
    elements.append(
      "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
        + "height=\"\(Self.number(height))\"\(round) fill=\"\(fill)\"\(outline)\(Self.end("rect", tooltip))")
  }

  package mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, stroke: String, width: Double = 1) {
    elements.append(
      "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" "
        + "stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\"/>")
  }

  package mutating func circle(x: Double, y: Double, radius: Double, fill: String, tooltip: String? = nil) {
    elements.append(
      "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" "
        + "fill=\"\(fill)\"\(Self.end("circle", tooltip))")
  }

  /// The end of an element that may say more where a pointer rests on it.
  private static func end(_ name: String, _ tooltip: String?) -> String {
    tooltip.map { ">\(title($0))</\(name)>" } ?? "/>"
  }

  private static func title(_ tooltip: String) -> String {
    "<title>\(MarkdownRenderer.xml(cut(tooltip, to: 160)))</title>"
  }

  package mutating func polygon(_ points: [(x: Double, y: Double)], fill: String) {
    let list = points.map { Self.number($0.x) + "," + Self.number($0.y) }.joined(separator: " ")
    elements.append("<polygon points=\"\(list)\" fill=\"\(fill)\"/>")
  }

  package mutating func polyline(_ points: [(x: Double, y: Double)], stroke: String, width: Double) {
    let list = points.map { Self.number($0.x) + "," + Self.number($0.y) }.joined(separator: " ")
    elements.append(
      "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\"/>")
  }

  /// `y` is the baseline. A text right after a rectangle of radius 3 stands on it: a dark page leaves its colour alone.
  package mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 12, anchor: Anchor = .start, fill: String = Ink.text,
    bold: Bool = false, tooltip: String? = nil
  ) {
    let weight = bold ? " font-weight=\"600\"" : ""
    let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let text = Self.cut(text, to: 160)
    elements.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" font-size=\"\(Self.number(size))\"\(place)\(weight) "
        + "fill=\"\(fill)\">\(tooltip.map(Self.title) ?? "")\(MarkdownRenderer.xml(text))</text>")
  }

  /// `id` keeps several pictures in one page apart.
  package func rendered(title: String, description: String, id: String = "") -> String {
    let size = "\(Self.number(width)) \(Self.number(height))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(Self.number(width))" \
      height="\(Self.number(height))" role="img" aria-labelledby="\(id)title \(id)description" \
      font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">
      <title id="\(id)title">\(MarkdownRenderer.xml(Self.cut(title, to: 400)))</title>
      <desc id="\(id)description">\(MarkdownRenderer.xml(Self.cut(description, to: 40_000)))</desc>
      <rect width="100%" height="100%" rx="8" fill="\(Ink.background)"/>
      \(elements.joined(separator: "\n"))
      </svg>

      """
  }

  /// About how wide a text is, in the same unit as its size: fonts differ, so with room to spare.
  package static func width(of text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share($1) * size }
  }

  private static func share(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "l", "j", "t", "f", "r", ".", ",", " ", "-", "'", "|", ":": 0.36
    case "m", "w", "M", "W": 0.9
    default: scalar.properties.isUppercase ? 0.7 : scalar.isASCII ? 0.6 : 0.75
    }
  }

  /// The text, cut with an ellipsis where it is wider than `limit`.
  package static func fitted(_ text: String, size: Double, limit: Double) -> String {
    guard width(of: text, size: size) > limit else { return text }
    var kept = "", used = share("…") * size
    for character in text {
      used += width(of: String(character), size: size)
      guard used <= limit else { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// The text, cut with an ellipsis where it has more than `limit` Unicode scalars.
  package static func cut(_ text: String, to limit: Int) -> String {
    guard text.unicodeScalars.dropFirst(limit).first != nil else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
  }

  /// At most one digit after the point; 0 where there is no number.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let text = NumberFormat.fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// How much of its parts a picture shows.
enum PictureLimits {
  /// What of the parts is not shown, in words; empty where all are.
  static func note(_ parts: [(shown: Int, all: Int, name: String)]) -> String {
    let cut = parts.filter { $0.shown < $0.all }
    return cut.isEmpty ? "" : "shown: " + cut.map { "\($0.shown) of \($0.all) \($0.name)" }.joined(separator: ", ")
  }
}

/// One colour a kind of model, the same in all pictures; told apart in the common forms of colour blindness.
package enum ModelColour {
  package static func of(kind: String) -> String {
    guard let known = ModelKind(rawValue: kind) else { return grey }
    let recurrent = ModelFamilies.kinds.first { $0.role == .recurrent }
    switch known.role {
    case .transformer: return "#2f6db5"
    case .recurrent where known == recurrent: return "#c9522b"
    case .floor: return grey
    case .recurrent, .other:
      let others = ModelFamilies.kinds.filter { [.recurrent, .other].contains($0.role) && $0 != recurrent }
      return others.firstIndex(of: known).map { palette[$0 % palette.count] } ?? grey
    }
  }

  private static let grey = "#868d97"
  private static let palette = ["#8a5aa8", "#1f8a7a", "#b0851f", "#b54a86", "#5b7f2b", "#4a6fa8"]

  /// Baselines that learn nothing of language; they do not set an axis' range.
  static func isFloor(kind: String) -> Bool { ModelKind(rawValue: kind)?.isFloor ?? false }
}
