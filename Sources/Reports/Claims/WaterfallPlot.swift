import Text

/// From one score to another in steps: what each factor adds, with its interval.
struct WaterfallPlot {
  struct Step {
    var name: String
    var size: Double
    var low: Double
    var high: Double
  }

  var title: String
  var start: (name: String, value: Double)
  var end: (name: String, value: Double)
  var steps: [Step]

  private static let colours = (up: "#1b7f4b", down: "#b5472f", end: "#5c6470")

  var description: String {
    "\(start.name) \(NumberFormat.fixed(start.value, 1)); "
      + steps.map { "\($0.name) \(NumberFormat.signed($0.size, 1))" }.joined(separator: "; ")
      + "; \(end.name) \(NumberFormat.fixed(end.value, 1))"
  }

  func svg() -> String {
    var level = start.value
    let bars = steps.map { step -> (from: Double, to: Double) in
      defer { level += step.size }
      return (level, level + step.size)
    }
    let reaches = zip(steps, bars).flatMap { [$1.from + $0.low, $1.from + $0.high, $1.from, $1.to] }
    let values = reaches + [start.value, end.value]
    let low = (values.min() ?? 0) - 1, high = (values.max() ?? 1) + 1
    let width = 860.0, left = 230.0, right = 760.0, rowHeight = 34.0, top = 54.0
    func x(_ value: Double) -> Double { left + (right - left) * (value - low) / max(high - low, 1e-9) }
    var document = SVGDocument(width: width, height: top + rowHeight * Double(steps.count + 2) + 26)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    func row(_ place: Int, _ name: String, _ from: Double, _ to: Double, _ colour: String, _ label: String) {
      let y = top + rowHeight * Double(place)
      document.text(
        SVGDocument.fitted(name, size: 13, limit: left - 36), x: left - 14, y: y + 18, size: 13, anchor: .end)
      document.rectangle(
        x: min(x(from), x(to)), y: y + 4, width: max(1.5, abs(x(to) - x(from))), height: 20, fill: colour, radius: 2)
      document.text(label, x: width - 20, y: y + 18, size: 13, anchor: .end)
    }
    row(0, start.name, low, start.value, Self.colours.end, NumberFormat.fixed(start.value, 1))
    for (place, (step, bar)) in zip(steps, bars).enumerated() {
      let y = top + rowHeight * Double(place + 1)
      row(
        place + 1, step.name, bar.from, bar.to, step.size < 0 ? Self.colours.down : Self.colours.up,
        NumberFormat.signed(step.size, 1))
      document.line(
        x1: x(bar.from + step.low), y1: y + 14, x2: x(bar.from + step.high), y2: y + 14, stroke: SVGDocument.Ink.text,
        width: 1.5)
    }
    row(steps.count + 1, end.name, low, end.value, Self.colours.end, NumberFormat.fixed(end.value, 1))
    document.text(
      "points of accuracy; lines: 95 % intervals that hold together", x: width - 20,
      y: top + rowHeight * Double(steps.count + 2) + 14, size: 11, anchor: .end, fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }
}
