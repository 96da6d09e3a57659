import Evidence
import Statistics
import Text

/// Suspect labels and what their list is worth, as tables that a terminal shows, and all suspects as CSV. Ids and class
/// names, and no text.
public struct LabelListing {
  private let audit: LabelAudit
  private let worths: [LabelAudit.Worth]
  private let share: Double
  private let most: Int

  /// - Parameters:
  ///   - audit: of one data set.
  ///   - worths: what the search found of labels that were made wrong.
  ///   - share: of the labels that were made wrong.
  ///   - most: suspects listed at most.
  public init(_ audit: LabelAudit, _ worths: [LabelAudit.Worth], share: Double, most: Int) {
    (self.audit, self.worths, self.share, self.most) = (audit, worths, share, most)
  }

  private static func percent(_ value: Double) -> String { NumberFormat.fixed(value * 100, 1) }

  /// Without a line feed at the end of the last.
  public var text: String {
    let share = Double(audit.suspects.count) / Double(max(1, audit.ids.count))
    var lines = [
      "\(audit.corpus), \(audit.domain): \(NumberFormat.grouped(audit.suspects.count)) of "
        + "\(NumberFormat.grouped(audit.ids.count)) labels are suspect (\(Self.percent(share)) %)",
      "accuracy \(Self.percent(audit.accuracy)) %, on all but suspects \(Self.percent(audit.accuracyWithout)) %", "",
    ]
    lines += worth.lines
    if let worst = worths.map(\.precision.value).min(), worst < 0.5 {
      lines.append("most labels of such a list are right: the model errs too often to tell")
    }
    if !audit.suspects.isEmpty {
      var table = TextTable([
        ("surest suspects", .left), ("label", .left), ("seems to be", .left), ("margin", .right),
      ])
      for row in audit.suspects.prefix(most) {
        table.append([row.id, shown(row.label), shown(row.suggested), NumberFormat.signed(row.margin, 3)])
      }
      lines += [""] + table.lines
      let left = audit.suspects.count - most
      if left > 0 { lines.append("… and \(NumberFormat.grouped(left)) more") }
    }
    return lines.joined(separator: "\n")
  }

  private var worth: TextTable {
    var table = TextTable([
      ("\(NumberFormat.plain(share * 100)) % of the labels made wrong", .left), ("flips", .right), ("found, %", .right),
      ("95 %", .right), ("suspects", .right), ("of these flips, %", .right), ("95 %", .right),
    ])
    for row in worths {
      let name = row.kind == .uniform ? "to any class" : "along the confusions"
      table.append(
        [name, NumberFormat.grouped(row.planted)] + Self.cells(row.recall) + [NumberFormat.grouped(row.suspects)]
          + Self.cells(row.precision))
    }
    return table
  }

  private static func cells(_ share: ErrorAnalysis.Share) -> [String] {
    guard share.all > 0 else { return ["–", "–"] }
    return [
      percent(share.value), share.interval.map { "\(percent($0.low))–\(percent($0.high))" } ?? "–",
    ]
  }

  /// Names that would break a table are cut.
  private func shown(_ name: String) -> String { name.count > 32 ? name.prefix(31) + "…" : name }

  /// Every suspect, the surest of each data set first.
  public static func rows(_ audits: [LabelAudit]) -> [UInt8] {
    var csv = CSVWriter(["corpus", "domain", "id", "label", "suggested", "margin"])
    for audit in audits {
      for row in audit.suspects {
        csv.append([audit.corpus, audit.domain, row.id, row.label, row.suggested, NumberFormat.exact(row.margin)])
      }
    }
    return csv.bytes
  }
}
