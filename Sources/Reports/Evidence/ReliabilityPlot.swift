import Evidence
import Statistics
import Text

/// How often answers of a stated probability are right, one panel a model: the curve, where it would lie if the
/// probabilities could be taken at their word, and how many answers state each.
struct ReliabilityPlot {
  struct Panel {
    var model: String
    var kind: String
    /// By stated probability, from 0 to 1.
    var curve: [(x: Double, y: Double)]
    var band: [(x: Double, range: Interval)]
    /// Answers in twenty bins of stated probability.
    var counts: [Int]
    var remark: String
  }

  var title: String
  var panels: [Panel]

  static let mostPanels = 24
  private static let columns = 4
  private static let side = 168.0
  private static let gap = 38.0
  private static let top = 50.0
  private static let panelHeight = 258.0

  func svg() -> String {
    let shown = Array(panels.prefix(Self.mostPanels))
    let rows = (shown.count + Self.columns - 1) / Self.columns
    let width = 860.0, height = Self.top + Double(rows) * Self.panelHeight + 26
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    for (index, panel) in shown.enumerated() {
      draw(
        panel, in: &document, x: 36 + Double(index % Self.columns) * (Self.side + Self.gap),
        y: Self.top + Double(index / Self.columns) * Self.panelHeight)
    }
    let note = PictureLimits.note([(shown.count, panels.count, "models")])
    if !note.isEmpty { document.text(note, x: 20, y: height - 12, size: 11, fill: SVGDocument.Ink.soft) }
    document.text(
      "share right against stated probability, %; below the diagonal a model promises too much; bars: answers",
      x: width - 20, y: height - 12, size: 11, anchor: .end, fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  /// What each panel shows, in words.
  private var description: String {
    panels.prefix(Self.mostPanels).map { "\(SVGDocument.cut($0.model, to: 60)): \($0.remark)" }
      .joined(separator: ". ") + "."
  }

  private func draw(_ panel: Panel, in document: inout SVGDocument, x left: Double, y: Double) {
    let top = y + 26, bottom = top + Self.side
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (left + x * Self.side, bottom - y * Self.side)
    }
    document.text(
      SVGDocument.fitted(panel.model, size: 12.5, limit: Self.side), x: left, y: y + 14, size: 12.5, bold: true)
    document.rectangle(
      x: left, y: top, width: Self.side, height: Self.side, fill: SVGDocument.Ink.background,
      stroke: SVGDocument.Ink.rule)
    let most = Double(max(1, panel.counts.max() ?? 1))
    for (bin, count) in panel.counts.enumerated() where count > 0 {
      let height = max(1, Double(count) / most * Self.side * 0.22), width = Self.side / Double(panel.counts.count)
      document.rectangle(
        x: left + Double(bin) * width, y: bottom - height, width: width - 0.6, height: height,
        fill: SVGDocument.Ink.rule)
    }
    if panel.band.count > 1 {
      let upper = panel.band.map { place($0.x, $0.range.high) }
      let lower = panel.band.reversed().map { place($0.x, $0.range.low) }
      document.polygon(upper + lower, fill: SVGDocument.Ink.rule)
    }
    let (start, end) = (place(0, 0), place(1, 1))
    document.line(x1: start.x, y1: start.y, x2: end.x, y2: end.y, stroke: SVGDocument.Ink.axis)
    document.polyline(panel.curve.map { place($0.x, $0.y) }, stroke: ModelColour.of(kind: panel.kind), width: 2)
    for tick in [0.0, 0.5, 1] {
      let at = place(tick, tick)
      document.text(
        NumberFormat.fixed(tick * 100, 0), x: at.x, y: bottom + 14, size: 10.5, anchor: .middle,
        fill: SVGDocument.Ink.soft)
      document.text(
        NumberFormat.fixed(tick * 100, 0), x: left - 6, y: at.y + 4, size: 10.5, anchor: .end,
        fill: SVGDocument.Ink.soft)
    }
    document.text(
      SVGDocument.fitted(panel.remark, size: 11, limit: Self.side + Self.gap - 6), x: left, y: bottom + 32, size: 11,
      fill: SVGDocument.Ink.soft)
  }
}
