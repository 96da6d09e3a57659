import Foundation
import Text

/// Scores against cost, one curve a model, one panel a group, all panels on the same axes.
struct CurvePlot {
  struct Panel {
    var title: String
    var curves: [Curve]
  }
  struct Curve {
    var model: String
    var kind: String
    /// By cost, which is above 0.
    var points: [(x: Double, y: Double)]
  }

  var title: String
  var xLabel: String
  var yLabel: String
  /// Digits after the point of the scores printed.
  var digits: Int
  /// Whether the axis of cost is; else it begins at 0.
  var isLogarithmic = true
  /// What a linear axis of cost, and that of scores, do not go beyond.
  var xLimits = 0...1e100
  var yLimits: ClosedRange<Double>?
  var panels: [Panel]

  /// Shown of the panels, of the curves of each, and of the points of all.
  static let mostPanels = 24
  static let mostCurves = 30
  static let mostPoints = 4_000

  private static let plotHeight = 190.0
  private static let panelTop = 34.0
  private static let panelBottom = 26.0
  private static let legendRow = 20.0

  func svg() -> String {
    let panels = shownPanels
    let columns = panels.count > 1 ? 2 : 1
    let rows = (panels.count + columns - 1) / columns
    let width = 860.0
    let legend = Self.legend(panels, width: width - 40)
    let legendHeight = Double(max(1, legend.last.map { $0.row + 1 } ?? 1)) * Self.legendRow
    let panelHeight = Self.panelTop + Self.plotHeight + Self.panelBottom
    let height = 46 + legendHeight + Double(rows) * panelHeight + 24
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    for entry in legend {
      let y = 50 + Double(entry.row) * Self.legendRow
      document.circle(x: 20 + entry.x + 5, y: y, radius: 4.5, fill: ModelColour.of(kind: entry.kind))
      document.text(entry.label, x: 20 + entry.x + 15, y: y + 4)
    }
    let points = panels.flatMap(\.curves).flatMap(\.points)
    let horizontal =
      isLogarithmic
      ? Axis(logarithmic: points.map(\.x)) : Axis(from: 0, to: points.map(\.x).max() ?? 1, limits: xLimits)
    let vertical = Axis(from: points.map(\.y).min() ?? 0, to: points.map(\.y).max() ?? 1, limits: yLimits)
    let panelWidth = (width - 40 - Double(columns - 1) * 28) / Double(columns)
    for (index, panel) in panels.enumerated() {
      draw(
        panel, in: &document, x: 20 + Double(index % columns) * (panelWidth + 28),
        y: 46 + legendHeight + Double(index / columns) * panelHeight, width: panelWidth, horizontal, vertical)
    }
    if !note.isEmpty { document.text(note, x: 20, y: height - 12, size: 11, fill: SVGDocument.Ink.soft) }
    document.text(
      "\(yLabel) against \(xLabel)\(isLogarithmic ? ", logarithmic" : "")", x: width - 20, y: height - 12, size: 11,
      anchor: .end,
      fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  /// Curves with their finite points, thinned where there are very many.
  private var shownPanels: [Panel] {
    let curves = panels.prefix(Self.mostPanels).reduce(0) { $0 + min($1.curves.count, Self.mostCurves) }
    let most = max(2, Self.mostPoints / max(1, curves))
    return panels.prefix(Self.mostPanels).map { panel in
      Panel(
        title: panel.title,
        curves: panel.curves.prefix(Self.mostCurves).map { curve in
          var curve = curve
          curve.points = Self.thinned(curve.points.filter { $0.x > 0 && $0.x.isFinite && $0.y.isFinite }, to: most)
          return curve
        })
    }
  }

  /// The first and the last, and as many between them as there is room for, as dense as the logarithmic axis is.
  private static func thinned(_ points: [(x: Double, y: Double)], to most: Int) -> [(x: Double, y: Double)] {
    guard points.count > most else { return points }
    let places = (0..<most).map { Int(pow(Double(points.count), Double($0) / Double(most - 1)).rounded()) - 1 }
    return Set(places.map { min($0, points.count - 1) }).sorted().map { points[$0] }
  }

  /// Models in order of first appearance, on as many lines as they need.
  private static func legend(
    _ panels: [Panel], width: Double
  ) -> [(label: String, kind: String, x: Double, row: Int)] {
    var known = Set<String>(), entries: [(label: String, kind: String, x: Double, row: Int)] = []
    var (x, row) = (0.0, 0)
    for curve in panels.flatMap(\.curves) where known.count < mostCurves && known.insert(curve.model).inserted {
      let label = SVGDocument.fitted(curve.model, size: 12, limit: 200)
      let needed = 15 + SVGDocument.width(of: label, size: 12)
      if x > 0, x + needed > width { (x, row) = (0, row + 1) }
      entries.append((label, curve.kind, x, row))
      x += needed + 18
    }
    return entries
  }

  private var note: String {
    let curves = panels.map(\.curves.count).max() ?? 0
    return PictureLimits.note([
      (min(curves, Self.mostCurves), curves, "models"), (min(panels.count, Self.mostPanels), panels.count, "groups"),
    ])
  }

  /// Where each curve begins and ends, in words.
  var description: String {
    shownPanels.filter { !$0.curves.isEmpty }.map { panel in
      let curves = panel.curves.compactMap { curve -> String? in
        guard let first = curve.points.first, let last = curve.points.last else { return nil }
        return "\(SVGDocument.cut(curve.model, to: 60)) from \(NumberFormat.short(first.y, digits)) "
          + "at \(NumberFormat.short(first.x, isLogarithmic ? 2 : 1)) to \(NumberFormat.short(last.y, digits)) "
          + "at \(NumberFormat.short(last.x, isLogarithmic ? 2 : 1))"
      }
      return SVGDocument.cut(panel.title, to: 120) + ": " + curves.joined(separator: ", ")
    }.joined(separator: ". ") + "."
  }

  private func draw(
    _ panel: Panel, in document: inout SVGDocument, x: Double, y: Double, width: Double, _ horizontal: Axis,
    _ vertical: Axis
  ) {
    let (left, right) = (x + 48, x + width - 8)
    let (top, bottom) = (y + Self.panelTop, y + Self.panelTop + Self.plotHeight)
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (left + horizontal.share(point.x) * (right - left), bottom - vertical.share(point.y) * (bottom - top))
    }
    document.text(SVGDocument.fitted(panel.title, size: 12.5, limit: width), x: x, y: y + 20, size: 12.5, bold: true)
    document.rules(vertical, left: left, right: right, top: top, bottom: bottom, gap: 8)
    for tick in horizontal.ticks {
      let middle = left + horizontal.share(tick.value) * (right - left)
      document.line(x1: middle, y1: bottom, x2: middle, y2: bottom + 4, stroke: SVGDocument.Ink.axis)
      document.text(tick.label, x: middle, y: bottom + 16, size: 10.5, anchor: .middle, fill: SVGDocument.Ink.soft)
    }
    document.line(x1: left, y1: bottom, x2: right, y2: bottom, stroke: SVGDocument.Ink.axis)
    for curve in panel.curves {
      let colour = ModelColour.of(kind: curve.kind)
      let places = curve.points.map(place)
      for (from, to) in zip(places, places.dropFirst()) {
        document.line(x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: colour, width: 2)
      }
      for point in places { document.circle(x: point.x, y: point.y, radius: 3, fill: colour) }
    }
  }
}
