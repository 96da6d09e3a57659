import Foundation
import Reports
import Statistics
import Text

extension RunComparison {
  /// The whole comparison on one page of text. `metric` nil is A's primary metric.
  public func text(metric: String? = nil) -> String {
    let blocks = [heading, differences, scoreTable(metric), timeTable()]
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var heading: [String] { [describe("A", a), describe("B", b)] }

  private func describe(_ side: String, _ run: StoredRun) -> String {
    var parts = [run.id.map { "run \($0)" } ?? run.folder ?? "", run.experiment]
    if run.id != nil { parts.append(Timestamp.text(run.startedAt)) }
    let commit = HistoryListing.commit(run)
    if !commit.isEmpty { parts.append("commit \(commit)" + (run.machine.branch.map { " (\($0))" } ?? "")) }
    parts.append("machine \(run.machine.key)")
    return "\(side): " + parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private var differences: [String] {
    var table = TextTable([("differs", .left), ("A", .left), ("B", .left)])
    for difference in settings {
      let isHash = difference.name.hasSuffix(".sha256")
      func text(_ value: String?) -> String { value.map { isHash ? String($0.prefix(16)) : $0 } ?? "–" }
      table.append([difference.name, text(difference.a), text(difference.b)])
    }
    for difference in machine {
      table.append(["machine.\(difference.name)", difference.a ?? "–", difference.b ?? "–"])
    }
    return table.isEmpty ? ["configuration and machine: the same"] : table.lines
  }

  private func scoreTable(_ metric: String?) -> [String] {
    let scores = scores(metric: metric)
    guard !scores.isEmpty else { return ["scores: no metric that both runs have"] }
    var table = TextTable([
      ("score", .left), ("A", .right), ("B", .right), ("B − A", .right), ("95 % interval", .left), ("p", .right),
      ("pairs", .right), ("", .left),
    ])
    for score in scores {
      var cells = [
        score.key.name, HistoryListing.text(score.meanA, score.key), HistoryListing.text(score.meanB, score.key),
      ]
      switch score.outcome {
      case .equal: cells += ["0", "", "", "\(score.pairs)", "equal to the last bit"]
      case .unpaired(let reason): cells += ["", "", "", "0", "not compared: \(reason)"]
      case .paired(let difference, let interval, let p, let test):
        let factor = score.key.unit == .points ? 100.0 : 1
        let digits = score.key.unit == .points ? 2 : 4
        func signed(_ value: Double) -> String { NumberFormat.signed(value * factor, digits) }
        cells += [
          signed(difference), interval.map { "\(signed($0.low)) to \(signed($0.high))" } ?? "", NumberFormat.p(p),
          "\(score.pairs)", interval == nil ? "one pair: no interval" : test,
        ]
      }
      table.append(cells)
    }
    return table.lines
  }

  private func timeTable() -> [String] {
    guard machine.isEmpty else { return ["times: not compared, the machines differ"] }
    let times = times()
    guard !times.isEmpty else { return [] }
    var table = TextTable([
      ("time", .left), ("A", .right), ("B", .right), ("B ÷ A", .right), ("95 % interval", .left), ("p", .right),
    ])
    func ratio(_ value: Double) -> String { NumberFormat.fixed(value, 3) }
    for time in times {
      table.append([
        time.key.name, HistoryListing.text(time.medianA, time.key), HistoryListing.text(time.medianB, time.key),
        ratio(time.ratio), time.interval.map { "\(ratio($0.low)) to \(ratio($0.high))" } ?? "only medians are known",
        time.interval == nil ? "" : NumberFormat.p(time.p),
      ])
    }
    var lines = table.lines
    lines.append(
      "Intervals are over the batches of these two runs; another run of the same code varies by more. "
        + "`bench nightly` judges that.")
    for (side, run) in [("A", a), ("B", b)] where !run.warnings.isEmpty {
      lines.append("\(side)'s times are unfit: " + run.warnings.joined(separator: "; "))
    }
    return lines
  }
}
