import Analysis
import Text

/// The rates of simulated reports as a table for a terminal.
public enum VerdictSelftestText {
  public static func text(_ selftest: VerdictSelftest) -> String {
    func share(_ part: Int, _ whole: Int) -> String { NumberFormat.fixed(Double(part) / Double(max(1, whole)), 3) }
    var table = TextTable([
      ("case", .left), ("reports", .right), ("with a false word", .right), ("false words", .right),
      ("power 1 / 2 / 4 sd", .right), ("a setting, 2 sd", .right), ("", .left),
    ])
    for row in selftest.rows {
      let count = row.count
      let headline = row.power.map { $0.headline.map { NumberFormat.fixed($0, 2) }.joined(separator: " / ") }
      table.append([
        row.name, "\(count.reports)", "\(count.withFalse) (\(share(count.withFalse, count.reports)))",
        "\(count.falseWords)", headline ?? "", row.power.map { NumberFormat.fixed($0.setting, 2) } ?? "",
        row.isMet ? "met" : "MISSED",
      ])
    }
    return
      (table.lines + [
        "",
        "sd of a difference between two trainings: \(NumberFormat.fixed(selftest.deviation, 2)) points, correlated between "
          + "hold-outs by \(NumberFormat.fixed(selftest.correlation, 2)); the model that all are held against is shifted",
        "at most \(NumberFormat.fixed(VerdictSelftest.mostFalse * 100, 0)) % of reports may hold a false word",
      ]).joined(separator: "\n")
  }
}
