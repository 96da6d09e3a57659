import Foundation
import Reports

extension NightlyReport {
  /// For a pull request or a job's summary: what is worse first, the rest folded away.
  public func markdown() -> String {
    var lines = ["## bench nightly: \(headline)", ""]
    for part in parts { lines += markdown(part) + [""] }
    return lines.joined(separator: "\n")
  }

  private func markdown(_ part: Part) -> [String] {
    var lines = ["### \(MarkdownRenderer.escaped(part.experiment))", ""]
    if let failure = part.failure { return lines + ["**Could not be measured:** " + MarkdownRenderer.escaped(failure)] }
    var facts = ["manifest `\(part.manifestVersion.prefix(8))`", "machine `\(part.machine)`"]
    if let commit = part.commit { facts.insert("commit `\(commit.prefix(8))`", at: 0) }
    if let night = part.night { facts.insert("night \(night)", at: 0) }
    facts.append(Self.counted(part.measurements, "measurement"))
    lines.append(facts.joined(separator: " · "))
    for warning in part.warnings { lines.append("\n> " + MarkdownRenderer.escaped(warning)) }
    if part.isFirst {
      lines += [
        "", "Baseline created from \(Self.counted(part.measurements, "measurement")); nothing to compare with.",
      ]
      return lines
    }
    let loud = part.judgements.filter { [.regression, .unmeasured, .improvement].contains($0.status) }
    if !loud.isEmpty { lines += [""] + table(loud) }
    let rest = part.judgements.filter { !loud.contains($0) }
    guard !rest.isEmpty else { return lines }
    lines += ["", "<details><summary>\(rest.count) series no worse than chance allows</summary>", ""]
    return lines + table(rest) + ["", "</details>"]
  }

  private func table(_ judgements: [Judgement]) -> [String] {
    var lines = [
      "| | Series | Change (95 % interval) | Alarm from | Matters from | p | Nights | Since | |",
      "|:---|:---|---:|---:|---:|---:|---:|:---|:---|",
    ]
    for judgement in judgements {
      let mark =
        switch judgement.status {
        case .regression: "**worse**"
        case .improvement: "better"
        case .unmeasured: "**not measured**"
        case .baseline: "new"
        case .steady: ""
        }
      let cells = [
        mark, MarkdownRenderer.escaped(judgement.series), judgement.change, judgement.text(judgement.line),
        judgement.text(judgement.threshold), NumberFormat.p(judgement.p), "\(judgement.nights)", judgement.since,
        MarkdownRenderer.escaped(judgement.note ?? ""),
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines
  }
}
