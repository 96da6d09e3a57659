import Reports
import Text

extension Reproduction {
  /// The counts, every figure that is not equal (or every one), the tolerance, and what of the machines and the code may
  /// be why.
  public func text(all: Bool = false) -> String {
    let counts = Outcome.allCases.map { "\(count($0)) \($0.rawValue)" }.joined(separator: ", ")
    var blocks = [["\(figures.count) figures: \(counts)"]]
    let changed = figures.filter { $0.outcome != .equal }
    let shown = all ? figures : changed
    if !shown.isEmpty { blocks.append(table(shown)) }
    if !otherEndings.isEmpty {
      blocks.append(["trials that failed in one run alone: \(otherEndings.joined(separator: ", "))"])
    }
    blocks.append([tolerance])
    blocks.append(reasons(isEqual: changed.isEmpty && otherEndings.isEmpty))
    return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func table(_ figures: [Figure]) -> [String] {
    var table = TextTable([
      ("figure", .left), ("trials", .right), ("stored", .right), ("again", .right),
      ("largest change of a trial", .right),
      ("", .left),
    ])
    for figure in figures {
      table.append([
        figure.key.name, "\(figure.trials)", HistoryListing.text(figure.before, figure.key),
        figure.after.map { HistoryListing.text($0, figure.key) } ?? "–",
        figure.after == nil ? "" : HistoryListing.text(figure.largestChange, figure.key), figure.outcome.rawValue,
      ])
    }
    return table.lines
  }

  private var tolerance: String {
    "tolerance: a mean may move by the manifest's margin, \(NumberFormat.fixed(comparison.a.margin, 2)) points; "
      + "what is no fraction by 5 % of its value"
  }

  private func reasons(isEqual: Bool) -> [String] {
    let (arithmetic, others) = machine
    func words(_ differences: [RunComparison.Difference]) -> String {
      differences.map { "\($0.name) \($0.a ?? "–") → \($0.b ?? "–")" }.joined(separator: "; ")
    }
    var lines: [String] = []
    let commits = [comparison.a, comparison.b].map(HistoryListing.commit)
    if commits[0] != commits[1] { lines.append("code: commit \(commits[0]) → \(commits[1])") }
    if !arithmetic.isEmpty {
      lines.append("machine, what rounds sums and so moves trained networks: \(words(arithmetic))")
    } else {
      lines.append("machine: nothing that moves a figure differs")
      let isSameCode = commits[0] == commits[1] && !commits[0].hasSuffix("+")
      if !isEqual, isSameCode {
        lines.append("the same code on such a machine gives the same bytes: what differs is a fault")
      }
    }
    if !others.isEmpty { lines.append("machine, what moves times alone: \(words(others))") }
    return lines
  }
}
