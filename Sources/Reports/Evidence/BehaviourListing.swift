import Evidence
import Statistics
import Text

/// How the tests of a suite ended, as a table that a terminal shows, and every case as CSV. No text.
public struct BehaviourListing {
  private let outcomes: [BehaviourOutcome]
  private let skipped: Int

  /// - Parameters:
  ///   - outcomes: a line each.
  ///   - skipped: tests that need rows, where none were given.
  public init(_ outcomes: [BehaviourOutcome], skipped: Int) { (self.outcomes, self.skipped) = (outcomes, skipped) }

  private static func percent(_ value: Double) -> String { NumberFormat.fixed(value * 100, 1) }

  /// Without a line feed at the end of the last.
  public var text: String {
    let models = outcomes.first?.models.map(\.name) ?? []
    let isPair = models.count > 1
    var columns: [(String, TextTable.Alignment)] = [("test", .left), ("about", .left), ("cases", .right)]
    for name in models { columns += [("\(name), %", .right), ("95 %", .right)] }
    if outcomes.contains(where: { $0.models.contains { $0.wrongBefore != nil } }) {
      columns.append(("wrong before, %", .right))
    }
    if isPair { columns.append(("p, corrected", .right)) }
    columns += [("at most", .right), ("", .left)]
    let hasBefore = columns.contains { $0.0 == "wrong before, %" }
    let p = MultipleComparisons.holm(outcomes.map { $0.pair?.p ?? 1 })
    var table = TextTable(columns)
    for (place, outcome) in outcomes.enumerated() {
      var cells = [outcome.test.name, outcome.test.capability, NumberFormat.grouped(outcome.cases.count)]
      for model in outcome.models {
        let isEmpty = outcome.cases.isEmpty
        cells += [
          isEmpty ? "–" : Self.percent(model.rate),
          model.interval.map { "\(Self.percent($0.low))–\(Self.percent($0.high))" } ?? "–",
        ]
      }
      if hasBefore {
        let shares = outcome.models.map { model in
          model.wrongBefore.map { Self.percent(Double($0) / Double(max(1, model.known))) } ?? "–"
        }
        cells.append(shares.joined(separator: ", "))
      }
      if isPair { cells.append(NumberFormat.p(p[place])) }
      let over = outcome.models.filter(outcome.isExceeded).map(\.name)
      let remark =
        over.isEmpty
        ? ""
        : outcome.cases.isEmpty
          ? "no case" : isPair ? "exceeded by \(over.joined(separator: " and "))" : "exceeded"
      cells += [outcome.test.atMost.map { "\(NumberFormat.plain($0 * 100)) %" } ?? "", remark]
      table.append(cells)
    }
    var lines = table.lines
    if skipped > 0 {
      lines += ["", "\(skipped) \(skipped == 1 ? "test needs" : "tests need") rows: --rows FILE --text COLUMN"]
    }
    return lines.joined(separator: "\n")
  }

  /// A line for each case and model.
  public static func rows(_ outcomes: [BehaviourOutcome]) -> [UInt8] {
    var csv = CSVWriter(["test", "kind", "capability", "case", "model", "failed"])
    for outcome in outcomes {
      for model in outcome.models {
        for (one, failed) in zip(outcome.cases, model.failed) {
          csv.append([
            outcome.test.name, outcome.test.kind.rawValue, outcome.test.capability, one.id, model.name,
            failed ? "1" : "0",
          ])
        }
      }
    }
    return csv.bytes
  }
}
