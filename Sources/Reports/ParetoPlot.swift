import Text

/// Time against score, a dot a model: which no other model beats in both, and which are beaten.
struct ParetoPlot {
  struct Point {
    var model: String
    var kind: String
    /// Milliseconds, above 0.
    var time: Double
    var score: Double
    var low: Double?
    var high: Double?
  }

  var title: String
  var xLabel: String
  var yLabel: String
  /// Digits after the point of the scores printed.
  var digits: Int
  /// Where the scale of scores ends, if it does.
  var limits: ClosedRange<Double>?
  var higherIsBetter: Bool
  var points: [Point]

  /// Shown of the models.
  static let mostPoints = 30

  private static let plot = (left: 68.0, right: 820.0, top: 58.0, bottom: 360.0)

  /// Finite points with a time, as many as are shown.
  private var shown: [Point] {
    Array(points.filter { $0.time > 0 && $0.time.isFinite && $0.score.isFinite }.prefix(Self.mostPoints))
  }

  /// Of the points shown those that no other beats, by time: none is both as fast and as good and in one of them better.
  var front: [Point] {
    let sign = higherIsBetter ? 1.0 : -1.0
    return shown.filter { point in
      !shown.contains { other in
        let (faster, better) = (point.time - other.time, (other.score - point.score) * sign)
        return faster >= 0 && better >= 0 && (faster > 0 || better > 0)
      }
    }.sorted { ($0.time, $0.model) < ($1.time, $1.model) }
  }

  func svg() -> String {
    let shown = shown, front = front, plot = Self.plot
    let (width, height) = (860.0, 430.0)
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    let horizontal = Axis(logarithmic: shown.map(\.time))
    let rows = shown.map {
      DotPlot.Row(model: $0.model, kind: $0.kind, mean: $0.score, low: $0.low, high: $0.high)
    }
    let vertical = Axis(rows, limits: limits, digits: digits)
    func x(_ time: Double) -> Double { plot.left + horizontal.share(time) * (plot.right - plot.left) }
    func y(_ score: Double) -> Double { plot.bottom - vertical.share(score) * (plot.bottom - plot.top) }
    document.rules(vertical, left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom, gap: 8)
    for tick in horizontal.ticks {
      let place = x(tick.value)
      document.line(x1: place, y1: plot.bottom, x2: place, y2: plot.bottom + 4, stroke: SVGDocument.Ink.axis)
      document.text(
        tick.label, x: place, y: plot.bottom + 17, size: 10.5, anchor: .middle, fill: SVGDocument.Ink.soft)
    }
    document.line(x1: plot.left, y1: plot.bottom, x2: plot.right, y2: plot.bottom, stroke: SVGDocument.Ink.axis)
    // Between two models of the front nothing is known to be better than the faster one.
    for (from, to) in zip(front, front.dropFirst()) {
      document.line(
        x1: x(from.time), y1: y(from.score), x2: x(to.time), y2: y(from.score), stroke: SVGDocument.Ink.soft, width: 1.5
      )
      document.line(
        x1: x(to.time), y1: y(from.score), x2: x(to.time), y2: y(to.score), stroke: SVGDocument.Ink.soft, width: 1.5)
    }
    var taken = shown.map { Box(x: x($0.time) - 6, y: y($0.score) - 6, width: 12, height: 12) }
    for point in shown {
      let isFront = front.contains { $0.model == point.model }
      let colour = ModelColour.of(kind: isFront ? point.kind : "")
      let (x, middle) = (x(point.time), y(point.score))
      if let low = point.low, let high = point.high, low.isFinite, high.isFinite, high > low {
        document.line(
          x1: x, y1: y(max(low, vertical.low)), x2: x, y2: y(min(high, vertical.high)), stroke: colour, width: 2)
      }
      document.circle(x: x, y: middle, radius: 5, fill: colour, tooltip: said(point))
      let label = SVGDocument.fitted(point.model, size: 12, limit: 180)
      let box = Box.free(beside: (x, middle), width: SVGDocument.width(of: label, size: 12), taken, within: plot)
      taken.append(box)
      document.text(
        label, x: box.x, y: box.y + 12, fill: isFront ? SVGDocument.Ink.text : SVGDocument.Ink.soft, bold: isFront)
    }
    let note = PictureLimits.note([(shown.count, points.count, "models")])
    document.text(
      "line: models that no other beats in both; grey: beaten\(note.isEmpty ? "" : "; " + note)", x: 20,
      y: height - 14, size: 11, fill: SVGDocument.Ink.soft)
    document.text(
      "\(yLabel) (95 % interval) against \(xLabel), logarithmic", x: width - 20, y: height - 30, size: 11, anchor: .end,
      fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  private func said(_ point: Point) -> String {
    "\(SVGDocument.cut(point.model, to: 60)) \(NumberFormat.short(point.score, digits)) "
      + "at \(NumberFormat.short(point.time, point.time < 1 ? 3 : 2)) ms"
  }

  private var description: String {
    let front = front
    let beaten = shown.filter { point in !front.contains { $0.model == point.model } }
    let parts = [("Beaten by no other", front), ("Beaten", beaten)].filter { !$0.1.isEmpty }
    return parts.map { "\($0.0): " + $0.1.map(said).joined(separator: ", ") + "." }.joined(separator: " ")
  }
}

/// Where a label stands.
private struct Box {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  private func meets(_ other: Box) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }

  /// The first place around a dot where a label meets nothing; right of it where there is none.
  static func free(
    beside point: (x: Double, y: Double), width: Double, _ taken: [Box],
    within plot: (left: Double, right: Double, top: Double, bottom: Double)
  ) -> Box {
    let heights = [-8.0, -22, 8, -36, 22, -50, 36]
    let places = heights.flatMap { up in
      [point.x + 9, point.x - 9 - width].map { Box(x: $0, y: point.y + up, width: width, height: 15) }
    }
    let inside = places.filter { box in
      box.x >= plot.left && box.x + width <= plot.right && box.y >= plot.top - 8 && box.y + 15 <= plot.bottom
    }
    return inside.first { box in !taken.contains { $0.meets(box) } } ?? inside.first ?? places[0]
  }
}
