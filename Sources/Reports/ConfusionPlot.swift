import Text

/// Which classes two models take for which, side by side: of the classes with most confusions, only what is confused.
struct ConfusionPlot {
  struct Panel {
    var model: String
    /// `[true class][predicted class]`.
    var counts: [[Int]]
  }

  var title: String
  var classes: [String]
  var panels: [Panel]

  /// Shown of the classes, and of the panels.
  static let mostClasses = 14
  static let mostPanels = 2
  /// Confusions of each panel that the description names.
  private static let mostNamed = 10

  private static let panelWidth = 308.0
  private static let gap = 28.0

  /// Places of the classes drawn: those that are confused at all, most often first; of equals the first.
  var shown: [Int] {
    let sums = classes.indices.map { index in
      panels.prefix(Self.mostPanels).reduce(0) { sum, panel in
        sum + classes.indices.reduce(0) { $0 + ($1 == index ? 0 : panel.counts[index][$1] + panel.counts[$1][index]) }
      }
    }
    let confused = classes.indices.filter { sums[$0] > 0 }.sorted { (sums[$1], $0) < (sums[$0], $1) }
    return Array(confused.prefix(Self.mostClasses))
  }

  func svg() -> String {
    let shown = shown, panels = panels.prefix(Self.mostPanels)
    let gutter = min(max((shown.map { SVGDocument.width(of: classes[$0], size: 11.5) }.max() ?? 40) + 36, 90), 236)
    let cell = min(Self.panelWidth / Double(max(1, shown.count)), 48)
    let side = cell * Double(shown.count)
    let panelWidth = max(side, 150)
    let width = max(40 + gutter + Double(panels.count) * (panelWidth + Self.gap) - Self.gap, 560)
    let top = 46 + 44.0
    let height = top + side + 50
    var document = SVGDocument(width: width, height: height)
    document.text(SVGDocument.fitted(title, size: 16, limit: width - 40), x: 20, y: 30, size: 16, bold: true)
    for (row, place) in shown.enumerated() {
      let y = top + (Double(row) + 0.5) * cell + 4
      let name = SVGDocument.fitted(classes[place], size: 11.5, limit: gutter - 36)
      document.text(
        name, x: 20 + gutter - 30, y: y, size: 11.5, anchor: .end, fill: SVGDocument.Ink.soft, tooltip: classes[place])
      document.text("\(row + 1)", x: 20 + gutter - 8, y: y, size: 11, anchor: .end)
    }
    let scale = HeatScale(low: 0, high: Double(panels.map { largest($0, shown) }.max() ?? 1))
    for (index, panel) in panels.enumerated() {
      draw(
        panel, shown, in: &document, x: 20 + gutter + Double(index) * (panelWidth + Self.gap), y: top, cell: cell,
        width: panelWidth, scale: scale)
    }
    document.text(
      "rows: true class; columns: what it was taken for, by the number of its row; test rows of all trials",
      x: 20, y: height - 28, size: 11, fill: SVGDocument.Ink.soft)
    document.text(note(shown), x: 20, y: height - 12, size: 11, fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description)
  }

  /// How many classes are left out, and how many confusions of each model are seen.
  private func note(_ shown: [Int]) -> String {
    let classes = PictureLimits.note([(shown.count, self.classes.count, "classes, those confused most")])
    guard !classes.isEmpty else { return "" }
    let seen = panels.prefix(Self.mostPanels).map { panel in
      let drawn = shown.reduce(0) { sum, row in sum + shown.reduce(0) { $0 + ($1 == row ? 0 : panel.counts[row][$1]) } }
      return NumberFormat.grouped(drawn) + " of " + NumberFormat.grouped(cells(of: panel).reduce(0) { $0 + $1.count })
    }
    return classes + "; " + seen.joined(separator: " and ") + " confusions"
  }

  private func largest(_ panel: Panel, _ shown: [Int]) -> Int {
    shown.flatMap { row in shown.filter { $0 != row }.map { panel.counts[row][$0] } }.max() ?? 0
  }

  /// What is confused at all, most often first.
  private func cells(of panel: Panel) -> [(label: Int, predicted: Int, count: Int)] {
    var cells: [(label: Int, predicted: Int, count: Int)] = []
    for label in classes.indices {
      for predicted in classes.indices where predicted != label && panel.counts[label][predicted] > 0 {
        cells.append((label, predicted, panel.counts[label][predicted]))
      }
    }
    return cells.sorted { ($1.count, $0.label, $0.predicted) < ($0.count, $1.label, $1.predicted) }
  }

  /// The confusions made most often, in words.
  private var description: String {
    panels.prefix(Self.mostPanels).map { panel in
      let parts = cells(of: panel).prefix(Self.mostNamed).map {
        "\(SVGDocument.cut(classes[$0.label], to: 80)) taken for \(SVGDocument.cut(classes[$0.predicted], to: 80)) "
          + ($0.count == 1 ? "once" : "\($0.count) times")
      }
      return SVGDocument.cut(panel.model, to: 60) + ": " + (parts.isEmpty ? "none" : parts.joined(separator: ", "))
    }.joined(separator: ". ") + "."
  }

  private func draw(
    _ panel: Panel, _ shown: [Int], in document: inout SVGDocument, x: Double, y: Double, cell: Double, width: Double,
    scale: HeatScale
  ) {
    document.text(
      SVGDocument.fitted(panel.model, size: 13, limit: width), x: x, y: y - 26, size: 13, bold: true,
      tooltip: panel.model)
    for (column, predicted) in shown.enumerated() {
      let middle = x + (Double(column) + 0.5) * cell
      document.text(
        "\(column + 1)", x: middle, y: y - 7, size: 11, anchor: .middle, fill: SVGDocument.Ink.soft,
        tooltip: classes[predicted])
      for (row, label) in shown.enumerated() {
        let top = y + Double(row) * cell
        let count = panel.counts[label][predicted]
        guard row != column else {
          document.rectangle(
            x: x + Double(column) * cell + 0.5, y: top + 0.5, width: cell - 1, height: cell - 1,
            fill: SVGDocument.Ink.empty, radius: 3)
          continue
        }
        guard count > 0 else { continue }
        let value = Double(count)
        let said = "\(classes[label]) taken for \(classes[predicted]): \(NumberFormat.grouped(count))"
        document.rectangle(
          x: x + Double(column) * cell + 0.5, y: top + 0.5, width: cell - 1, height: cell - 1,
          fill: scale.colour(value),
          radius: 3, tooltip: said)
        document.text(
          count < 1_000 ? "\(count)" : "\(count / 1_000)k", x: middle, y: top + cell / 2 + 3.7, size: 10.5,
          anchor: .middle, fill: scale.isDark(value) ? "#ffffff" : SVGDocument.Ink.text)
      }
    }
    document.line(x1: x, y1: y, x2: x + Double(shown.count) * cell, y2: y, stroke: SVGDocument.Ink.axis)
    document.line(x1: x, y1: y, x2: x, y2: y + Double(shown.count) * cell, stroke: SVGDocument.Ink.axis)
  }
}
