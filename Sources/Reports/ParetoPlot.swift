import Text

/// What models cost against their score, a panel a cost, a dot a model: which no other model beats, and which are beaten.
struct ParetoPlot {
  struct Point {
    var model: String
    var kind: String
    /// One for each of the plot's costs, above 0; other than that where it is not known.
    var costs: [Double]
    var score: Double
    var low: Double?
    var high: Double?
  }

  /// What is paid for a score.
  struct Cost {
    /// `median time of a batch of 32 on 1 thread, ms`
    var label: String
    /// Behind a number: ` ms`.
    var unit: String
  }

  var title: String
  var costs: [Cost]
  var yLabel: String
  /// Digits after the point of the scores printed.
  var digits: Int
  /// Where the scale of scores ends, if it does.
  var limits: ClosedRange<Double>?
  var higherIsBetter: Bool
  var points: [Point]

  /// Shown of the models.
  static let mostPoints = 30

  private static let plot = (left: 68.0, right: 820.0, top: 58.0, bottom: 330.0), panelHeight = 330.0

  /// Finite points with a first cost, as many as are shown.
  private var shown: [Point] {
    Array(points.filter { Self.isKnown($0.costs.first ?? 0) && $0.score.isFinite }.prefix(Self.mostPoints))
  }

  private static func isKnown(_ cost: Double) -> Bool { cost > 0 && cost.isFinite }

  /// Whether another point is as good and as cheap by all of some costs, and better in something.
  private func beats(_ other: Point, _ point: Point, by costs: some Sequence<Int>) -> Bool {
    var isBetter = (other.score - point.score) * (higherIsBetter ? 1 : -1)
    guard isBetter >= 0 else { return false }
    for cost in costs where Self.isKnown(point.costs[cost]) {
      guard Self.isKnown(other.costs[cost]), other.costs[cost] <= point.costs[cost] else { return false }
      isBetter = max(isBetter, point.costs[cost] - other.costs[cost])
    }
    return isBetter > 0
  }

  /// Of the points shown those that no other beats by one cost, the cheapest first.
  func front(by cost: Int) -> [Point] {
    let known = shown.filter { Self.isKnown($0.costs[cost]) }
    return known.filter { point in !known.contains { beats($0, point, by: [cost]) } }
      .sorted { ($0.costs[cost], $0.model) < ($1.costs[cost], $1.model) }
  }

  /// Of the points shown those that another beats by all costs at once, each with the first that does, of those that none
  /// beats where there is one.
  var beaten: [(point: Point, by: Point)] {
    let shown = shown
    let beaters = shown.map { point in shown.filter { beats($0, point, by: costs.indices) } }
    let unbeaten = Set(zip(shown, beaters).filter { $1.isEmpty }.map(\.0.model))
    return zip(shown, beaters).compactMap { point, beaters in
      (beaters.first { unbeaten.contains($0.model) } ?? beaters.first).map { (point, $0) }
    }
  }

  func svg() -> String {
    let shown = shown, beaten = Set(beaten.map(\.point.model))
    let (width, height) = (860.0, 100 + Self.panelHeight * Double(costs.count))
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    for cost in costs.indices { draw(cost, shown, beaten, at: Self.panelHeight * Double(cost), in: &document) }
    let note = PictureLimits.note([(shown.count, points.count, "models")])
    document.text(
      "line: models that no other beats in both; grey: beaten in everything\(note.isEmpty ? "" : "; " + note)", x: 20,
      y: height - 14, size: 11, fill: SVGDocument.Ink.soft)
    document.text(
      "\(yLabel) (95 % interval), costs logarithmic", x: width - 20, y: height - 30, size: 11, anchor: .end,
      fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  private func draw(
    _ cost: Int, _ shown: [Point], _ beaten: Set<String>, at offset: Double, in document: inout SVGDocument
  ) {
    let shown = shown.filter { Self.isKnown($0.costs[cost]) }, front = front(by: cost)
    let plot = (
      left: Self.plot.left, right: Self.plot.right, top: Self.plot.top + offset, bottom: Self.plot.bottom + offset
    )
    let horizontal = Axis(logarithmic: shown.map { $0.costs[cost] })
    let rows = shown.map {
      DotPlot.Row(model: $0.model, kind: $0.kind, mean: $0.score, low: $0.low, high: $0.high)
    }
    let vertical = Axis(rows, limits: limits, digits: digits)
    func x(_ point: Point) -> Double { plot.left + horizontal.share(point.costs[cost]) * (plot.right - plot.left) }
    func y(_ score: Double) -> Double { plot.bottom - vertical.share(score) * (plot.bottom - plot.top) }
    document.rules(vertical, left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom, gap: 8)
    for tick in horizontal.ticks {
      let place = plot.left + horizontal.share(tick.value) * (plot.right - plot.left)
      document.line(x1: place, y1: plot.bottom, x2: place, y2: plot.bottom + 4, stroke: SVGDocument.Ink.axis)
      document.text(
        tick.label, x: place, y: plot.bottom + 17, size: 10.5, anchor: .middle, fill: SVGDocument.Ink.soft)
    }
    document.line(x1: plot.left, y1: plot.bottom, x2: plot.right, y2: plot.bottom, stroke: SVGDocument.Ink.axis)
    document.text(
      costs[cost].label, x: plot.right, y: plot.bottom + 33, size: 11, anchor: .end, fill: SVGDocument.Ink.soft)
    // Between two models of the front nothing is known to be better than the cheaper one.
    for (from, to) in zip(front, front.dropFirst()) {
      let corner = (x: x(to), y: y(from.score))
      document.line(x1: x(from), y1: corner.y, x2: corner.x, y2: corner.y, stroke: SVGDocument.Ink.soft, width: 1.5)
      document.line(
        x1: corner.x, y1: corner.y, x2: corner.x, y2: y(to.score), stroke: SVGDocument.Ink.soft, width: 1.5)
    }
    var taken = shown.map { Box(x: x($0) - 6, y: y($0.score) - 6, width: 12, height: 12) }
    for point in shown {
      let isBeaten = beaten.contains(point.model)
      let colour = ModelColour.of(kind: isBeaten ? "" : point.kind)
      let (x, middle) = (x(point), y(point.score))
      if let low = point.low, let high = point.high, low.isFinite, high.isFinite, high > low {
        document.line(
          x1: x, y1: y(max(low, vertical.low)), x2: x, y2: y(min(high, vertical.high)), stroke: colour, width: 2)
      }
      document.circle(x: x, y: middle, radius: 5, fill: colour, tooltip: said(point, cost))
      let label = SVGDocument.fitted(point.model, size: 12, limit: 180)
      let box = Box.free(beside: (x, middle), width: SVGDocument.width(of: label, size: 12), taken, within: plot)
      taken.append(box)
      document.text(
        label, x: box.x, y: box.y + 12, fill: isBeaten ? SVGDocument.Ink.soft : SVGDocument.Ink.text, bold: !isBeaten)
    }
  }

  private func said(_ point: Point, _ cost: Int) -> String {
    "\(SVGDocument.cut(point.model, to: 60)) \(NumberFormat.short(point.score, digits)) "
      + "at \(NumberFormat.short(point.costs[cost], point.costs[cost] < 1 ? 3 : 2))\(costs[cost].unit)"
  }

  private var description: String {
    let beaten = Set(beaten.map(\.point.model))
    let parts = [
      ("Beaten by no other in everything", shown.filter { !beaten.contains($0.model) }),
      ("Beaten", shown.filter { beaten.contains($0.model) }),
    ].filter { !$0.1.isEmpty }
    return parts.map { "\($0.0): " + $0.1.map { said($0, 0) }.joined(separator: ", ") + "." }.joined(separator: " ")
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
