import Claims
import Text

/// Claims and their verdicts, for a terminal.
public struct ClaimsListing {
  private let ruling: ClaimsRuling
  private let isPlanted: Bool
  private let style: TerminalSummary.Style

  /// - Parameters:
  ///   - ruling: the claims.
  ///   - isPlanted: how often each test is right, in place of what it found.
  ///   - style: of the terminal.
  public init(_ ruling: ClaimsRuling, isPlanted: Bool, style: TerminalSummary.Style) {
    (self.ruling, self.isPlanted, self.style) = (ruling, isPlanted, style)
  }

  public var lines: [String] {
    if isPlanted { return planted }
    var lines: [String] = []
    for claim in ruling.claims where claim.verdict != .untestable {
      let certainty = claim.certainty.map { ", certainty \($0.word)" } ?? ""
      lines.append("\(claim.claim.id)\(claim.claim.isCore ? " (core)" : ""): \(claim.verdict.rawValue)\(certainty)")
      lines += TextLines.wrapped(claim.sentence, width: style.width - 4).map { "    " + $0 }
    }
    return lines + ["", ClaimsLedger(ruling, origins: [:]).summary]
  }

  private var planted: [String] {
    var table = TextTable([
      ("", .left), ("test", .left), ("kind", .left), ("as claimed", .right), ("the opposite", .right),
      ("alike", .right), ("false", .right), ("", .left),
    ])
    func percent(_ share: Double?) -> String { share.map { NumberFormat.fixed($0 * 100, 0) + " %" } ?? "–" }
    for claim in ruling.claims {
      for (place, test) in claim.tests.enumerated() {
        let own = test.planted
        table.append([
          claim.claim.id, "\(place + 1)", test.test.kind.rawValue, percent(own?.found), percent(own?.refuted),
          percent(own?.equivalent), percent(own?.falseAtNone),
          own.map { $0.isToothless ? "toothless" : "" } ?? "too little evidence",
        ])
      }
    }
    return table.lines
      + [
        "",
        "of \(PlantedTruth.draws) draws: right verdicts where the claim is true, where the opposite is, where two are alike;",
        "false verdicts where nothing differs; of a number: whether one far above and one far below would be told from it",
      ]
  }
}
