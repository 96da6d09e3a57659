import Claims
import Foundation
import Statistics
import Text

/// All claims of a file with what was found: the ledger, as Markdown, as a page and as tables.
public struct ClaimsLedger {
  let ruling: ClaimsRuling
  /// What each run's results are, by its name: hashes and commits.
  let origins: [String: Origin]

  /// Where a run's results come from.
  public struct Origin: Sendable, Equatable {
    /// Of its resolved manifest, the files that it read, and its predictions, in hexadecimal digits.
    public var hash: String
    /// That the results were made by; nil where that is not known.
    public var commit: String?
    /// Ids of the claims whose tests stood as they stand now in the claims' file of that commit; nil where that is not known.
    public var fixedBefore: Set<String>?

    public init(hash: String, commit: String?, fixedBefore: Set<String>?) {
      (self.hash, self.commit, self.fixedBefore) = (hash, commit, fixedBefore)
    }
  }

  /// The files of a ledger, beside each other.
  public static let markdown = "ledger.md", page = "ledger.html", table = "ledger.csv", tests = "ledger-tests.csv",
    corpora = "ledger-corpora.csv", strip = "ledger-tally.svg", gapsFile = "ledger-decompositions.csv"

  public init(_ ruling: ClaimsRuling, origins: [String: Origin]) { (self.ruling, self.origins) = (ruling, origins) }

  /// By name, in the order in which they are written.
  public var files: [(name: String, bytes: [UInt8])] {
    let report = report
    let pictures = waterfalls.map { (name: $0.file, bytes: Array($0.plot.svg().utf8)) }
    return pictures + (pictures.isEmpty ? [] : [(Self.gapsFile, gapsTable)]) + [
      (Self.corpora, corporaTable), (Self.tests, testsTable), (Self.strip, Array(tally.svg().utf8)),
      (Self.markdown, Array(MarkdownRenderer.render(report).utf8)),
      (Self.page, Array(HTMLRenderer.render(report).utf8)),
      (Self.table, claimsTable),
    ]
  }

  private var tally: TallyStrip { TallyStrip(ruling) }

  var report: Report {
    Report(
      blocks: [
        .heading(1, RichText(ruling.file.title)), .paragraph(RichText(summary)),
        .figure(Report.Figure(file: Self.strip, alternative: tally.description, svg: tally.svg())),
      ] + core + all + untestable + waiting + numbers + corporaTogether + gaps + power + reading)
  }

  // MARK: In words

  /// `Of 46 claims 9 were tested: 3 supported, …`
  var summary: String {
    let counts = ruling.tally().filter { $0.count > 0 }.map { "\($0.count) \($0.verdict.rawValue)" }
    return "Of \(ruling.claims.count) claims: \(counts.joined(separator: ", "))."
  }

  private func verdict(_ claim: ClaimRuling) -> RichText {
    let text = claim.verdict.rawValue + (claim.isToothless == true && claim.verdict.isDecisive ? " (toothless)" : "")
    return claim.verdict.isDecisive ? .strong(text) : RichText(text)
  }

  private var core: [Report.Block] {
    let own = ruling.claims.filter { $0.claim.isCore && $0.claim.untestable.isEmpty }
    guard !own.isEmpty else { return [] }
    var table = Report.Table([
      ("", .left), ("It says", .left), ("Here", .left), ("Agrees?", .left), ("Certainty", .left),
    ])
    for claim in own {
      table.append([
        .code(claim.claim.id), RichText(claim.claim.says), RichText(claim.sentence), verdict(claim),
        RichText(claim.certainty?.word ?? "–"),
      ])
    }
    return [
      .heading(2, "The claims that a reader would quote"), .table(table),
      .paragraph(
        """
        Numbers in parentheses hold together: at most 5 % of such ledgers hold a false verdict. "Undecided" is an answer: it \
        is not "no". A claim of several parts has the verdict of the part that holds least.
        """),
    ]
  }

  private var all: [Report.Block] {
    let own = ruling.claims.filter { !$0.tests.isEmpty && $0.certainty != nil }
    guard !own.isEmpty else { return [] }
    return [.heading(2, "Every claim that was tested")]
      + own.flatMap { claim -> [Report.Block] in
        var lines: [RichText] = [
          RichText([.strong("Found:"), .text(" " + claim.sentence)]),
          RichText([
            .strong("Certainty \(claim.certainty?.word ?? "")"),
            .text(claim.steps.isEmpty ? "" : ": " + claim.steps.joined(separator: "; ") + "."),
          ]),
        ]
        if !claim.claim.reading.isEmpty {
          lines.append(RichText([.strong("Read as:"), .text(" " + claim.claim.reading)]))
        }
        if let planted = planted(claim) { lines.append(planted) }
        if !claim.missing.isEmpty {
          lines.append(RichText([.strong("Missing:"), .text(" " + claim.missing.joined(separator: "; "))]))
        }
        let rests = claim.runs.compactMap { name in origins[name].map { "\(name)@\($0.hash.prefix(12))" } }
        if !rests.isEmpty { lines.append(RichText([.strong("Rests on"), .text(" " + rests.joined(separator: ", "))])) }
        let place = claim.claim.place.isEmpty ? "" : " (\(claim.claim.place))"
        return [
          .heading(3, RichText("\(claim.claim.id): \(claim.verdict.rawValue)")),
          .paragraph(RichText(claim.claim.says + place)), .list(lines),
        ]
      }
  }

  private func planted(_ claim: ClaimRuling) -> RichText? {
    let own = claim.tests.compactMap { test in test.planted.map { (test, $0) } }
    guard let (test, worst) = own.min(by: { $0.1.least < $1.1.least }) else { return nil }
    func percent(_ share: Double) -> String { NumberFormat.fixed(share * 100, 0) + " %" }
    var text: String
    if test.test.kind == .value {
      let off = NumberFormat.plain(test.rules.planted)
      text =
        worst.isToothless
        ? "a number \(off) points off would be let through as well."
        : "a number \(off) points off would be told from it."
    } else if let equivalent = worst.equivalent {
      text =
        "were the two alike these data would show it in \(percent(equivalent)) of cases, were they apart in "
        + "\(percent(min(worst.found, worst.refuted)))."
    } else {
      text =
        "were the claim true these data would find it in \(percent(worst.found)) of cases, were the opposite true in "
        + "\(percent(worst.refuted)); where nothing differs \(percent(worst.falseAtNone ?? 0)) come out false."
    }
    return RichText([
      .strong(worst.isToothless ? "Toothless:" : "It could have come out otherwise:"), .text(" " + text),
    ])
  }

  private var untestable: [Report.Block] {
    list(.untestable, "What texts cannot tell") { claim in
      claim.claim.untestable + (claim.claim.needs.isEmpty ? "" : " It would take \(claim.claim.needs)")
    }
  }

  private var waiting: [Report.Block] { list(.waiting, "What waits") { $0.sentence } }

  private func list(_ verdict: ClaimVerdict, _ title: String, _ text: (ClaimRuling) -> String) -> [Report.Block] {
    let own = ruling.claims.filter { $0.verdict == verdict }
    guard !own.isEmpty else { return [] }
    return [
      .heading(2, RichText(title)),
      .list(own.map { RichText([.code($0.claim.id), .text(" \($0.claim.says) "), .text(text($0))]) }),
    ]
  }

  // MARK: Numbers

  private var numbers: [Report.Block] {
    var table = Report.Table([
      ("", .left), ("Test", .left), ("Published", .right), ("Here", .right), ("Together 95 %", .right),
      ("Another corpus", .right), ("Sources", .right), ("Verdict", .left),
    ])
    for claim in ruling.claims {
      for test in claim.tests where !test.evidence.settings.isEmpty {
        table.append([
          .code(claim.claim.id), RichText(Self.title(test)), RichText(Self.number(test.test.published, test.test)),
          RichText(Self.estimate(test)), RichText(Self.range(test.interval, test)),
          RichText(Self.range(test.predictionInterval, test)),
          RichText("\(test.pooled.sources.count) (\(test.evidence.settings.count))"), RichText(test.verdict.rawValue),
        ])
      }
    }
    guard !table.rows.isEmpty else { return [] }
    return [
      .heading(2, "The numbers"),
      .collapsed(
        "Every test with its interval",
        [
          .table(table),
          .paragraph(
            """
            Differences are in points, of times how many times as long. Sources: those that share rows or a maker count as \
            one; in parentheses the corpora. Another corpus: the 95 % prediction interval, from five sources on.
            """),
        ]),
    ]
  }

  static func title(_ test: TestRuling) -> String {
    let own = test.test
    let models = own.b.isEmpty ? own.a : "\(own.a) − \(own.b)"
    let what =
      switch own.kind {
      case .time: "time, \(own.isOneThread ? "one thread" : "all threads"), \(own.order)"
      case .drop: "loss across domains, \(own.metric.title)"
      case .interaction: "\(own.metric.title) on such texts less elsewhere"
      default: own.metric.title + (own.rows == .novel ? ", novel texts" : "")
      }
    return (own.called.isEmpty ? "" : own.called + ": ") + "\(models), \(what)"
  }

  private static func number(_ value: Double?, _ test: ClaimTest) -> String {
    guard let value else { return "–" }
    return test.kind == .time ? NumberFormat.fixed(value, 2) : NumberFormat.fixed(value, 1, typographic: true)
  }

  private static func estimate(_ test: TestRuling) -> String {
    guard let value = test.pooled.contrast?.estimate else { return "–" }
    return switch test.test.kind {
    case .time: NumberFormat.fixed(exp(value), 2)
    case .value: NumberFormat.fixed(value, 1)
    default: NumberFormat.signed(value, 1)
    }
  }

  private static func range(_ interval: Interval?, _ test: TestRuling) -> String {
    guard let interval else { return "–" }
    switch test.test.kind {
    case .time:
      return "\(NumberFormat.fixed(exp(interval.low), 2)) to \(NumberFormat.fixed(exp(interval.high), 2))"
    case .value: return "\(NumberFormat.fixed(interval.low, 1)) to \(NumberFormat.fixed(interval.high, 1))"
    default: return "\(NumberFormat.signed(interval.low, 1)) to \(NumberFormat.signed(interval.high, 1))"
    }
  }

  /// What a corpus like these adds or takes: how far sources differ, and on how few of them a mean rests.
  private var corporaTogether: [Report.Block] {
    var table = Report.Table([
      ("", .left), ("Test", .left), ("Mean of such sources", .right), ("Another corpus", .right), ("Apart, %", .right),
      ("For, against", .right), ("Without one", .right), ("Sources needed", .right),
    ])
    for claim in ruling.claims {
      for test in claim.tests where [.difference, .equivalence, .drop].contains(test.test.kind) {
        guard let meta = test.pooled.meta, test.pooled.sources.count > 2 else { continue }
        let means = meta.leavingOneOut.compactMap { $0?.mean }
        let ahead = meta.effects.count { $0.estimate > 0 }
        let needed = meta.sourcesNeeded(for: test.rules.planted).map { "\($0)" } ?? "> 1,000"
        table.append([
          .code(claim.claim.id), RichText(Self.title(test)),
          RichText("\(NumberFormat.signed(meta.mean, 1)) (\(Self.range(meta.interval(), test)))"),
          RichText(Self.range(test.predictionInterval, test)),
          RichText(NumberFormat.fixed(meta.inconsistency * 100, 0)),
          RichText("\(ahead), \(meta.effects.count - ahead)"),
          RichText("\(NumberFormat.signed(means.min(), 1)) to \(NumberFormat.signed(means.max(), 1))"),
          RichText(needed),
        ])
      }
    }
    guard !table.rows.isEmpty else { return [] }
    return [
      .heading(2, "How corpora differ"),
      .paragraph(
        """
        Sources as draws from all that there might be (random effects, restricted maximum likelihood, Hartung and Knapp): the \
        mean with its 95 % interval, which is wider than that over these sources; in which range another corpus would lie, \
        from five sources on; the share of their differences that is none of chance; the lowest and highest mean without one \
        of them; and how many would show what is claimed in four of five cases.
        """),
      .table(table),
    ]
  }

  private var power: [Report.Block] {
    var table = Report.Table([
      ("", .left), ("Test", .left), ("1 margin", .right), ("2", .right), ("3", .right), ("As claimed", .right),
    ])
    func percent(_ share: Double) -> RichText { RichText(NumberFormat.fixed(share * 100, 0) + " %") }
    for claim in ruling.claims where claim.claim.isCore {
      for test in claim.tests {
        guard let planted = test.planted, !planted.power.isEmpty else { continue }
        table.append(
          [.code(claim.claim.id), RichText(Self.title(test))] + planted.power.map(percent) + [percent(planted.found)])
      }
    }
    guard !table.rows.isEmpty else { return [] }
    return [
      .heading(2, "What this design finds"),
      .paragraph(
        """
        How often a difference of one, two and three margins would be found over these sources, and one as large as is \
        claimed: \(PlantedTruth.draws) draws with the variances that were observed. The margin is \
        \(NumberFormat.plain(ruling.file.margin)) points, of times a tenth, where a test states no other.
        """),
      .table(table),
    ]
  }

  // MARK: How it was made

  private var reading: [Report.Block] {
    var lines: [RichText] = []
    for run in ruling.file.runs {
      guard let origin = origins[run.name] else { continue }
      let commit = origin.commit.map { ", made by \($0.prefix(12))" } ?? ""
      lines.append(RichText("\(run.name): \(origin.hash.prefix(12))\(commit)"))
    }
    guard !lines.isEmpty else { return [] }
    let commands = ruling.file.runs.filter { origins[$0.name] != nil && !$0.manifest.isEmpty }.map {
      "swift run bench \($0.manifest) --output \($0.results)"
    }
    return [
      .heading(2, "How to run it again"), .list(lines), .code(commands.joined(separator: "\n")),
      .paragraph(
        "`bench claims` makes this ledger from those results, and ends with 1 where it no longer follows from them."),
    ]
  }
}
