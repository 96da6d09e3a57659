import Evidence
import Statistics
import Text

/// The gaps between groups of people, as a table that a terminal shows, and as CSV. Names of groups, no text and no word of
/// one.
public struct GapListing {
  private let models: [(name: String, gaps: GroupGaps)]
  private let groups: [String]
  private let about: String

  /// - Parameters:
  ///   - models: each with its gaps.
  ///   - groups: their names.
  ///   - label: the class that is looked at.
  public init(_ models: [(name: String, gaps: GroupGaps)], groups: [String], label: String) {
    (self.models, self.groups, about) = (models, groups, label)
  }

  private static func percent(_ value: Double?) -> String { NumberFormat.fixed(value.map { $0 * 100 }, 1, blank: "–") }

  private static func signed(_ value: Double?) -> String { value.map { NumberFormat.signed($0 * 100, 1) } ?? "–" }

  /// Without a line feed at the end of the last.
  public var text: String {
    let hasModels = models.count > 1
    var table = TextTable(
      (hasModels ? [("model", .left)] : []) + [
        ("of \(about)", .left), ("group", .left), ("against", .left), ("%", .right), ("%", .right), ("gap", .right),
        ("95 % together", .right), ("would show", .right), ("", .left),
      ])
    for (name, found) in models {
      for gap in found.gaps {
        table.append(
          (hasModels ? [name] : []) + [
            gap.measure.rawValue, "\(groups[gap.group]) (\(NumberFormat.grouped(gap.rows)))",
            "\(gap.other.map { groups[$0] } ?? "others") (\(NumberFormat.grouped(gap.otherRows)))",
            Self.percent(gap.mean), Self.percent(gap.otherMean), Self.signed(gap.difference),
            gap.interval.map { "\(Self.signed($0.low)) to \(Self.signed($0.high))" } ?? "–",
            Self.percent(gap.leastDetectable), words(gap, found.margin),
          ])
      }
    }
    return
      (table.lines + [
        "",
        "gap in points; 95 % together: all intervals hold at once; would show: the gap that such texts show in four of five cases",
      ]).joined(separator: "\n")
  }

  private func words(_ gap: GroupGaps.Gap, _ margin: Double) -> String {
    let points = NumberFormat.plain(margin * 100)
    return switch gap.verdict {
    case .equal: "equal within \(points)"
    case .differsLittle: "differs, by less than \(points)"
    default: gap.verdict.rawValue
    }
  }

  public var rows: [UInt8] {
    var csv = CSVWriter([
      "model", "class", "measure", "group", "against", "rows", "other_rows", "mean", "other_mean", "difference", "low",
      "high", "p_corrected", "least_detectable", "margin", "verdict",
    ])
    for (name, found) in models {
      for gap in found.gaps {
        let values = [
          gap.mean, gap.otherMean, gap.difference, gap.interval?.low, gap.interval?.high, gap.p, gap.leastDetectable,
          found.margin,
        ]
        csv.append(
          [
            name, about, gap.measure.rawValue, groups[gap.group], gap.other.map { groups[$0] } ?? "", "\(gap.rows)",
            "\(gap.otherRows)",
          ] + values.map { NumberFormat.exact($0) } + [gap.verdict.rawValue])
      }
    }
    return csv.bytes
  }
}
