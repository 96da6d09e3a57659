import Text

/// One matrix a model: trained on (rows) against tested on (columns), on one scale of colour.
struct HeatMap {
  struct Panel {
    var model: String
    var kind: String
    /// `[source][target]`, in points; nil, or not finite, where there is no result.
    var values: [[Double?]]
  }

  var title: String
  var scaleLabel: String
  var sources: [String]
  var targets: [String]
  var panels: [Panel]

  /// Shown of the sources and of the targets, and of the cells of all panels.
  static let mostDomains = 20
  static let mostCells = 3_000
  static let mostPanels = 40

  /// What is drawn of it.
  private var shown: HeatMap {
    var shown = self
    shown.sources = Array(sources.prefix(Self.mostDomains))
    shown.targets = Array(targets.prefix(Self.mostDomains))
    let cells = max(1, shown.sources.count * shown.targets.count)
    shown.panels = panels.prefix(min(Self.mostPanels, Self.mostCells / cells)).map { panel in
      let values = panel.values.prefix(Self.mostDomains).map { row in
        row.prefix(Self.mostDomains).map { $0.flatMap { $0.isFinite ? $0 : nil } }
      }
      return Panel(model: panel.model, kind: panel.kind, values: values)
    }
    return shown
  }

  func svg() -> String {
    let shown = shown
    let rows = max(sources.count, targets.count)
    let note = PictureLimits.note([
      (min(rows, Self.mostDomains), rows, "domains"), (shown.panels.count, panels.count, "models"),
    ])
    return shown.drawn(note: note.isEmpty ? "" : note + "; ")
  }

  private func drawn(note: String) -> String {
    let labels = (sources + targets).map { SVGDocument.width(of: $0, size: 11) }.max() ?? 40
    let gutter = min(max(labels + 12, 44), 110)
    let cell = (width: min(max(labels + 10, 54), 96), height: 34.0)
    let panelWidth = gutter + Double(targets.count) * cell.width
    let panelHeight = 52 + Double(sources.count) * cell.height
    let columns = max(1, min(panels.count, Int((860 - 40 + 30) / (panelWidth + 30))))
    let rows = (panels.count + columns - 1) / columns
    let width = max(40 + Double(columns) * panelWidth + Double(columns - 1) * 30, 420)
    let height = 46 + Double(rows) * (panelHeight + 14) + 26
    // The floors would take most of the scale and leave the models that learn in one shade.
    let learned = panels.filter { !ModelColour.isFloor(kind: $0.kind) }
    let values = (learned.isEmpty ? panels : learned).flatMap { $0.values.flatMap { $0.compactMap(\.self) } }
    let scale = HeatScale(low: values.min() ?? 0, high: values.max() ?? 1)
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    for (index, panel) in panels.enumerated() {
      let x = 20 + Double(index % columns) * (panelWidth + 30)
      let y = 46 + Double(index / columns) * (panelHeight + 14)
      document.text(SVGDocument.fitted(panel.model, size: 13, limit: panelWidth), x: x, y: y + 18, size: 13, bold: true)
      for (column, target) in targets.enumerated() {
        document.text(
          SVGDocument.fitted(target, size: 11, limit: cell.width - 4),
          x: x + gutter + (Double(column) + 0.5) * cell.width, y: y + 40, size: 11, anchor: .middle,
          fill: SVGDocument.Ink.soft)
      }
      for (row, source) in sources.enumerated() {
        let top = y + 48 + Double(row) * cell.height
        document.text(
          SVGDocument.fitted(source, size: 11, limit: gutter - 8), x: x + gutter - 8, y: top + cell.height / 2 + 4,
          size: 11, anchor: .end, fill: SVGDocument.Ink.soft)
        for (column, value) in panel.values[row].enumerated() {
          draw(
            value, in: &document, x: x + gutter + Double(column) * cell.width, y: top, width: cell.width,
            height: cell.height, scale: scale, isOwn: source == targets[column])
        }
      }
    }
    document.text(
      "rows: trained on; columns: tested on; outlined: own domain; \(note)\(scaleLabel)",
      x: 20, y: height - 16, size: 11,
      fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  /// The same figures in words.
  private var description: String {
    panels.map { panel in
      var parts: [String] = []
      for (row, source) in sources.enumerated() {
        for (column, target) in targets.enumerated() {
          if let value = panel.values[row][column] {
            let names = "\(SVGDocument.cut(source, to: 60)) to \(SVGDocument.cut(target, to: 60))"
            parts.append(names + " " + NumberFormat.short(value, 1))
          }
        }
      }
      return SVGDocument.cut(panel.model, to: 60) + ": " + parts.joined(separator: ", ")
    }.joined(separator: ". ") + "."
  }

  private func draw(
    _ value: Double?, in document: inout SVGDocument, x: Double, y: Double, width: Double, height: Double,
    scale: HeatScale, isOwn: Bool
  ) {
    guard let value else {
      document.rectangle(
        x: x + 1, y: y + 1, width: width - 2, height: height - 2, fill: SVGDocument.Ink.empty, radius: 3)
      document.text("–", x: x + width / 2, y: y + height / 2 + 4, anchor: .middle, fill: SVGDocument.Ink.soft)
      return
    }
    let inset = isOwn ? 2.0 : 1.0
    document.rectangle(
      x: x + inset, y: y + inset, width: width - 2 * inset, height: height - 2 * inset, fill: scale.colour(value),
      stroke: isOwn ? SVGDocument.Ink.text : nil, radius: 3)
    document.text(
      NumberFormat.short(value, 1), x: x + width / 2, y: y + height / 2 + 4.2, size: 12,
      anchor: .middle, fill: scale.isDark(value) ? "#ffffff" : SVGDocument.Ink.text)
  }
}

/// A sequential scale from pale to deep blue; lightness falls evenly, so it reads in grey too.
struct HeatScale {
  let low: Double
  let high: Double

  private static let stops: [(Double, Double, Double)] = [
    (0xF1, 0xF6, 0xFB), (0xC3, 0xDA, 0xEE), (0x7F, 0xB2, 0xDB), (0x3F, 0x82, 0xBE), (0x1B, 0x4F, 0x8F),
  ]

  /// By halves, since a difference can be too large for a number.
  private func share(_ value: Double) -> Double {
    high > low ? min(max((value / 2 - low / 2) / (high / 2 - low / 2), 0), 1) : 0.5
  }

  func isDark(_ value: Double) -> Bool { share(value) > 0.6 }

  func colour(_ value: Double) -> String {
    let position = share(value) * Double(Self.stops.count - 1)
    let index = min(Int(position), Self.stops.count - 2)
    let part = position - Double(index)
    let (a, b) = (Self.stops[index], Self.stops[index + 1])
    func hex(_ from: Double, _ to: Double) -> String {
      let value = Int((from + (to - from) * part).rounded())
      return (value < 16 ? "0" : "") + String(value, radix: 16)
    }
    return "#" + hex(a.0, b.0) + hex(a.1, b.1) + hex(a.2, b.2)
  }
}
