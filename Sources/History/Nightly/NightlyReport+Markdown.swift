import Foundation
import Reports
import Text

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
    for warning in part.warnings + part.notes { lines.append("\n> " + MarkdownRenderer.escaped(warning)) }
    if part.isFirst {
      lines += [
        "", "Baseline created from \(Self.counted(part.measurements, "measurement")); nothing to compare with.",
      ]
      return lines
    }
    if part.count(.ended) > 0 { lines += ["", end(part)] }
    let loud = part.judgements.filter { [.regression, .unmeasured, .ended, .improvement].contains($0.status) }
    if !loud.isEmpty { lines += [""] + table(loud) }
    let rest = part.judgements.filter { !loud.contains($0) }
    let (telling, mute) = (rest.filter(\.isTelling), rest.filter { !$0.isTelling })
    lines += folded(mute, "series could not have shown a change that matters: too noisy, or too few nights")
    return lines + folded(telling, "series no worse than chance allows")
  }

  private func folded(_ judgements: [Judgement], _ summary: String) -> [String] {
    guard !judgements.isEmpty else { return [] }
    let head = ["", "<details><summary>\(judgements.count) \(summary)</summary>", ""]
    return head + table(judgements) + ["", "</details>"]
  }

  /// What changed, and what to do where it is meant and where it is not.
  private func end(_ part: Part) -> String {
    let shown = part.changes.prefix(8).map { MarkdownRenderer.escaped($0) }
    let more = part.changes.count > shown.count ? ["\(part.changes.count - shown.count) more"] : []
    let night = part.judgements.compactMap(\.lastNight).max().map { " since night \($0)" } ?? ""
    return
      "**What is measured has changed\(night):** \((shown + more).joined(separator: "; ")). What is below as ended does not "
      + "compare with the nights before. Where that is meant, raise `series` in the manifest or give `--accept`; "
      + "else put back what it was. Until then every night ends with 4."
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
        case .ended: "**ended**"
        case .baseline: "new"
        case .steady: ""
        }
      let cells = [
        mark, MarkdownRenderer.escaped(judgement.series), judgement.change, judgement.text(judgement.line),
        judgement.text(judgement.threshold), NumberFormat.p(judgement.p), "\(judgement.nights)", judgement.since,
        MarkdownRenderer.escaped(judgement.status == .ended ? judgement.end : judgement.note ?? ""),
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines
  }
}
