import Foundation
import Text

/// Means with their intervals, one row a model, one panel a group; all panels share one axis. A mean or an end of an
/// interval that is not finite is not drawn.
struct DotPlot {
  struct Panel {
    var title: String
    var rows: [Row]
  }
  struct Row {
    var model: String
    var kind: String
    var mean: Double
    var low: Double?
    var high: Double?
  }

  var title: String
  var axisLabel: String
  /// Digits after the point of the values printed.
  var digits: Int
  /// Where the scale ends, if it does; an interval may reach beyond.
  var limits: ClosedRange<Double>?
  var panels: [Panel]

  /// Shown of the panels, and of the rows of each.
  static let mostPanels = 24
  static let mostRows = 30

  private static let rowHeight = 26.0
  private static let panelTop = 34.0
  private static let panelBottom = 34.0

  func svg() -> String {
    let panels = shownPanels
    let columns = panels.count > 1 ? 2 : 1
    let width = 860.0
    let names = panels.flatMap(\.rows).map { SVGDocument.width(of: $0.model, size: 12) }.max() ?? 60
    let gutter = min(max(names + 14, 60), columns == 1 ? 220 : 150)
    let axis = Axis(panels.flatMap(\.rows), limits: limits, digits: digits)
    let bands = stride(from: 0, to: panels.count, by: columns).map { first in
      panels[first..<min(first + columns, panels.count)].map(\.rows.count).max() ?? 0
    }
    let heights = bands.map { Self.panelTop + Double($0) * Self.rowHeight + Self.panelBottom }
    let height = 46 + heights.reduce(0, +) + 22
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    let panelWidth = (width - 40 - Double(columns - 1) * 28) / Double(columns)
    for (index, panel) in panels.enumerated() {
      let x = 20 + Double(index % columns) * (panelWidth + 28)
      let y = 46 + heights[..<(index / columns)].reduce(0, +)
      draw(panel, in: &document, x: x, y: y, width: panelWidth, gutter: gutter, axis: axis)
    }
    if !note.isEmpty { document.text(note, x: 20, y: height - 14, size: 11, fill: SVGDocument.Ink.soft) }
    document.text(
      axisLabel + "; whiskers: 95 % interval", x: width - 20, y: height - 14, size: 11, anchor: .end,
      fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  private var shownPanels: [Panel] {
    panels.prefix(Self.mostPanels).map { Panel(title: $0.title, rows: Array($0.rows.prefix(Self.mostRows))) }
  }

  private var note: String {
    let rows = panels.map(\.rows.count).max() ?? 0
    return PictureLimits.note([
      (min(rows, Self.mostRows), rows, "models"), (min(panels.count, Self.mostPanels), panels.count, "groups"),
    ])
  }

  /// The same figures in words.
  var description: String {
    shownPanels.map { panel in
      let rows = panel.rows.map { row in
        var text = SVGDocument.cut(row.model, to: 60) + " " + NumberFormat.short(row.mean, digits)
        if let low = row.low, let high = row.high {
          text += " (\(NumberFormat.short(low, digits)) to \(NumberFormat.short(high, digits)))"
        }
        return text
      }
      return SVGDocument.cut(panel.title, to: 120) + ": " + rows.joined(separator: ", ")
    }.joined(separator: ". ") + "."
  }

  private func draw(
    _ panel: Panel, in document: inout SVGDocument, x: Double, y: Double, width: Double, gutter: Double,
    axis: Axis
  ) {
    let values = 52.0
    let (left, right) = (x + gutter, x + width - values)
    let top = y + Self.panelTop
    let bottom = top + Double(panel.rows.count) * Self.rowHeight
    func place(_ value: Double) -> Double { left + axis.share(value) * (right - left) }
    document.text(
      SVGDocument.fitted(panel.title, size: 12.5, limit: width), x: x, y: y + 20, size: 12.5, bold: true)
    for tick in axis.ticks {
      let x = place(tick.value)
      document.line(x1: x, y1: top, x2: x, y2: bottom, stroke: SVGDocument.Ink.rule)
      document.text(tick.label, x: x, y: bottom + 15, size: 10.5, anchor: .middle, fill: SVGDocument.Ink.soft)
    }
    document.line(x1: left, y1: bottom, x2: right, y2: bottom, stroke: SVGDocument.Ink.axis)
    for (index, row) in panel.rows.enumerated() {
      let middle = top + (Double(index) + 0.5) * Self.rowHeight
      let colour = ModelColour.of(kind: row.kind)
      document.text(
        SVGDocument.fitted(row.model, size: 12, limit: gutter - 12), x: left - 10, y: middle + 4, anchor: .end)
      document.text(
        NumberFormat.short(row.mean, digits), x: x + width, y: middle + 4, size: 11.5, anchor: .end,
        fill: SVGDocument.Ink.text)
      guard row.mean.isFinite else { continue }
      if row.mean < axis.low {
        // Off the axis: an arrow at its end, and the value in figures.
        document.polygon(
          [(left, middle), (left + 9, middle - 5), (left + 9, middle + 5)], fill: colour)
        continue
      }
      if let low = row.low, let high = row.high, high > low, low.isFinite, high.isFinite {
        document.line(
          x1: place(max(low, axis.low)), y1: middle, x2: place(min(high, axis.high)), y2: middle, stroke: colour,
          width: 2)
        for end in [low, high] where end >= axis.low && end <= axis.high {
          document.line(x1: place(end), y1: middle - 4, x2: place(end), y2: middle + 4, stroke: colour, width: 2)
        }
      }
      document.circle(x: place(row.mean), y: middle, radius: 4.5, fill: colour)
    }
  }
}

extension Axis {
  /// Over the values of the models that learn; floors below it are shown by an arrow.
  ///
  /// - Parameter digits: after the point of the values printed.
  init(_ rows: [DotPlot.Row], limits: ClosedRange<Double>?, digits: Int) {
    let rows = rows.filter(\.mean.isFinite)
    let learned = rows.filter { !ModelColour.isFloor(kind: $0.kind) }
    let shown = learned.isEmpty ? rows : learned
    func finite(_ end: Double?, _ mean: Double) -> Double { end.flatMap { $0.isFinite ? $0 : nil } ?? mean }
    var bottom = shown.map { min(finite($0.low, $0.mean), $0.mean) }.min() ?? 0
    var top = shown.map { max(finite($0.high, $0.mean), $0.mean) }.max() ?? 1
    // An interval of two folds can be wider than the scale: then the means say what to show.
    let means = (shown.map(\.mean).min() ?? 0, shown.map(\.mean).max() ?? 1)
    let spread = max(means.1 - means.0, 1e-3 * abs(means.1), 0.1 * pow(10, Double(-digits)))
    bottom = max(bottom, means.0 - 2 * spread)
    top = min(top, means.1 + 2 * spread)
    // A floor that is near enough is drawn in its place.
    let floors = rows.filter { ModelColour.isFloor(kind: $0.kind) }.map(\.mean)
    for floor in floors where floor < bottom && bottom - floor < 0.75 * (top - bottom) { bottom = floor }
    self.init(from: bottom, to: top, limits: limits, reaching: floors.max())
  }
}
