import Claims
import Text

/// How many claims came to each verdict: one strip of all, one of those that a reader would quote.
struct TallyStrip {
  private let rows: [(name: String, counts: [(verdict: ClaimVerdict, count: Int)])]

  init(_ ruling: ClaimsRuling) {
    rows = [("core", ruling.tally(coreOnly: true)), ("all", ruling.tally())].map { name, counts in
      (name, counts.filter { $0.count > 0 })
    }.filter { !$0.1.isEmpty }
  }

  private static func colour(_ verdict: ClaimVerdict) -> String {
    switch verdict {
    case .supported: "#1b7f4b"
    case .direction, .directionAlone: "#6fb98f"
    case .noDifference: "#4a7fb5"
    case .contradicted: "#b5472f"
    case .undecided: "#c9a227"
    case .waiting: "#c3c9d1"
    case .untestable: "#8b93a0"
    }
  }

  private static func isDark(_ verdict: ClaimVerdict) -> Bool {
    [.supported, .noDifference, .contradicted, .untestable].contains(verdict)
  }

  var description: String {
    rows.map { row in
      "\(row.name): " + row.counts.map { "\($0.count) \($0.verdict.rawValue)" }.joined(separator: ", ")
    }.joined(separator: "; ")
  }

  func svg() -> String {
    let verdicts = ClaimVerdict.allCases.filter { verdict in
      rows.contains { $0.counts.contains { $0.verdict == verdict } }
    }
    let width = 860.0, top = 52.0, rowHeight = 40.0
    let legendTop = top + rowHeight * Double(rows.count) + 14
    let legendRows = (verdicts.count + 2) / 3
    var document = SVGDocument(width: width, height: legendTop + 24 * Double(legendRows) + 8)
    document.text(
      "Verdicts on \(rows.last?.counts.reduce(0) { $0 + $1.count } ?? 0) claims", x: 20, y: 30, size: 16, bold: true)
    for (index, row) in rows.enumerated() {
      let y = top + rowHeight * Double(index), left = 70.0, room = width - 20 - left
      document.text(row.name, x: 20, y: y + 20, size: 13)
      let total = Double(row.counts.reduce(0) { $0 + $1.count })
      var x = left
      for (verdict, count) in row.counts {
        let own = room * Double(count) / total
        document.rectangle(
          x: x, y: y, width: max(1, own - 2), height: 30, fill: Self.colour(verdict), radius: 3,
          tooltip: "\(count) \(verdict.rawValue)")
        document.text(
          "\(count)", x: x + own / 2, y: y + 20, size: 13, anchor: .middle,
          fill: Self.isDark(verdict) ? "#ffffff" : "#1f2430", bold: true)
        x += own
      }
    }
    for (index, verdict) in verdicts.enumerated() {
      let x = 20 + 280 * Double(index % 3), y = legendTop + 24 * Double(index / 3)
      document.rectangle(x: x, y: y, width: 14, height: 14, fill: Self.colour(verdict), radius: 2)
      document.text(verdict.rawValue, x: x + 20, y: y + 12, size: 12)
    }
    return document.rendered(title: "Verdicts", description: description)
  }
}
