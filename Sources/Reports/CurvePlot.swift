import Foundation

/// Scores against cost, one curve a model, one panel a group; cost on a logarithmic axis, all panels on the same axes.
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
  var panels: [Panel]

  private static let plotHeight = 190.0
  private static let panelTop = 34.0
  private static let panelBottom = 26.0
  private static let legendRow = 20.0

  func svg() -> String {
    let columns = panels.count > 1 ? 2 : 1
    let rows = (panels.count + columns - 1) / columns
    let legend = legend
    let panelHeight = Self.panelTop + Self.plotHeight + Self.panelBottom
    let width = 860.0
    let height = 46 + Self.legendRow + Double(rows) * panelHeight + 24
    var document = SVGDocument(width: width, height: height)
    document.text(title, x: 20, y: 30, size: 16, bold: true)
    var x = 20.0
    for entry in legend {
      document.circle(x: x + 5, y: 50, radius: 4.5, fill: ModelColour.of(kind: entry.kind))
      document.text(entry.model, x: x + 15, y: 54)
      x += 15 + SVGDocument.width(of: entry.model, size: 12) + 18
    }
    let panelWidth = (width - 40 - Double(columns - 1) * 28) / Double(columns)
    for (index, panel) in panels.enumerated() {
      draw(
        panel, in: &document, x: 20 + Double(index % columns) * (panelWidth + 28),
        y: 46 + Self.legendRow + Double(index / columns) * panelHeight, width: panelWidth)
    }
    document.text(
      "\(yLabel) against \(xLabel), logarithmic", x: width - 20, y: height - 12, size: 11, anchor: .end,
      fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  /// Models in order of first appearance.
  private var legend: [Curve] {
    panels.flatMap(\.curves).reduce(into: []) { known, curve in
      if !known.contains(where: { $0.model == curve.model }) { known.append(curve) }
    }
  }

  /// Where each curve begins and ends, in words.
  var description: String {
    panels.filter { !$0.curves.isEmpty }.map { panel in
      let curves = panel.curves.compactMap { curve -> String? in
        guard let first = curve.points.first, let last = curve.points.last else { return nil }
        return "\(curve.model) from \(NumberFormat.fixed(first.y, digits)) at \(NumberFormat.fixed(first.x, 2)) to "
          + "\(NumberFormat.fixed(last.y, digits)) at \(NumberFormat.fixed(last.x, 2))"
      }
      return panel.title + ": " + curves.joined(separator: ", ")
    }.joined(separator: ". ") + "."
  }

  private func draw(_ panel: Panel, in document: inout SVGDocument, x: Double, y: Double, width: Double) {
    let points = panels.flatMap(\.curves).flatMap(\.points)
    let horizontal = LogAxis(points.map(\.x)),
      vertical = LinearAxis(
        from: points.map(\.y).min() ?? 0, to: points.map(\.y).max() ?? 1)
    let (left, right) = (x + 48, x + width - 8)
    let (top, bottom) = (y + Self.panelTop, y + Self.panelTop + Self.plotHeight)
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (left + horizontal.share(point.x) * (right - left), bottom - vertical.share(point.y) * (bottom - top))
    }
    document.text(SVGDocument.fitted(panel.title, size: 12.5, limit: width), x: x, y: y + 20, size: 12.5, bold: true)
    for tick in vertical.ticks {
      let height = bottom - vertical.share(tick) * (bottom - top)
      document.line(x1: left, y1: height, x2: right, y2: height, stroke: SVGDocument.Ink.rule)
      document.text(
        vertical.label(tick), x: left - 8, y: height + 4, size: 10.5, anchor: .end, fill: SVGDocument.Ink.soft)
    }
    for tick in horizontal.ticks {
      let middle = left + horizontal.share(tick) * (right - left)
      document.line(x1: middle, y1: bottom, x2: middle, y2: bottom + 4, stroke: SVGDocument.Ink.axis)
      document.text(
        LogAxis.label(tick), x: middle, y: bottom + 16, size: 10.5, anchor: .middle, fill: SVGDocument.Ink.soft)
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

/// Powers of ten around the values.
private struct LogAxis {
  let low: Int
  let high: Int

  init(_ values: [Double]) {
    let logarithms = values.filter { $0 > 0 }.map { log10($0) }
    let first = Int((logarithms.min() ?? 0).rounded(.down))
    low = first
    high = max(Int((logarithms.max() ?? 0).rounded(.up)), first + 1)
  }

  var ticks: [Double] { (low...high).map { pow(10, Double($0)) } }

  func share(_ value: Double) -> Double { value > 0 ? (log10(value) - Double(low)) / Double(high - low) : 0 }

  static func label(_ tick: Double) -> String {
    tick >= 1 ? NumberFormat.grouped(Int(tick.rounded())) : NumberFormat.fixed(tick, Int((-log10(tick)).rounded()))
  }
}
