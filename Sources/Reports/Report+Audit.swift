import Analysis
import Corpora
import Tasks
import Text

extension Report {
  // MARK: Data

  static func data(_ context: ReportContext) -> [Block] {
    let audits = context.result.audits
    guard !audits.isEmpty else { return [] }
    let problem = context.result.manifest.problem
    let targets: [(RichText, Table.Alignment)] =
      problem == .regression
      ? [("Numbers", .right)]
      : [(RichText(problem.nouns.withCapital), .right), (RichText("Smallest to largest \(problem.noun)"), .right)]
    var table = Table(
      [
        ("Corpus", .left), ("Domain", .left), ("Rows", .right), ("Distinct texts", .right),
        ("Nearly repeated", .right), (RichText("Texts with \(problem.contradiction)"), .right),
      ] + targets, all: "data-card.md")
    var notes: [RichText] = []
    for audit in audits {
      let counts = audit.classCounts.map(\.count)
      table.append(
        [
          RichText(audit.corpus), RichText(audit.domain), RichText(NumberFormat.grouped(audit.rows)),
          RichText(NumberFormat.grouped(audit.repeats.distinctNormalised)),
          RichText(NumberFormat.grouped(audit.repeats.near)), RichText(NumberFormat.grouped(audit.contradictory)),
        ]
          + (problem == .regression
            ? [RichText(audit.numbers?.text ?? "–")]
            : [
              "\(counts.count)",
              "\(NumberFormat.grouped(counts.min() ?? 0)) to \(NumberFormat.grouped(counts.max() ?? 0))",
            ]))
      notes += audit.notes.map { .strong(place(audit) + ":") + RichText(" " + $0) }
    }
    let card: RichText =
      "Where it comes from, what is in it and what is not known of it: "
      + RichText([.link("data-card.md", to: "data-card.md")]) + "."
    return [.heading(2, "Data"), .paragraph(card), .table(table)] + (notes.isEmpty ? [] : [.list(notes)])
      + alarms(audits, problem)
  }

  /// The first lines of a report: what of the data makes its scores doubtful. All of them stand in the audit too.
  static func dataWarnings(_ context: ReportContext) -> [Block] {
    let warnings = context.result.audits.flatMap(\.warnings)
    let shown = 5
    return warnings.prefix(shown).map { warning in
      .note(.strong("Look at the data of \(warning.dataName):") + quoting(" " + warning.text + "."))
    } + (warnings.count > shown ? [.paragraph("And \(warnings.count - shown) more, under “Audit”.")] : [])
  }

  /// What stands between back quotes as code; the text as it is where they do not pair, as a class may hold one.
  private static func quoting(_ text: String) -> RichText {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return RichText(text) }
    return RichText(
      parts.enumerated().filter { !$0.element.isEmpty }.map {
        $0.offset % 2 == 1 ? .code(String($0.element)) : .text(String($0.element))
      })
  }

  /// `corpus, domain`; the corpus alone where they have one name.
  static func place(_ audit: AuditRecord) -> String {
    audit.corpus == audit.domain ? audit.corpus : "\(audit.corpus), \(audit.domain)"
  }

  /// Every finding of the audit, leaks first.
  static func alarms(_ audits: [AuditRecord], _ problem: Problem) -> [Block] {
    var blocks: [Block] = [.heading(3, "Audit")]
    let found = audits.flatMap { audit in audit.alarms.map { (audit, $0) } }
    guard !found.isEmpty else {
      return blocks + [
        .paragraph(
          .strong("No alarm.")
            + " No text repeats another to the letter, after normalising or nearly, none has "
            + "\(problem.contradiction), and no part holds a text or a group of another one.")
      ]
    }
    blocks.append(
      .note(
        .strong("\(found.count) \(found.count == 1 ? "alarm" : "alarms").")
          + " Texts or groups that stand in two parts, texts that repeat, texts with \(problem.contradiction), a row or a line for "
          + "each. Normalised: lower case without punctuation. Near: a Jaccard coefficient of at least 0.8 over "
          + "five-character shingles, and not equal."))
    var overlaps = Table(
      [
        ("Corpus", .left), ("Division", .left), ("Part", .left), ("Also in", .left), ("Rows", .right),
        ("To the letter", .right), ("Normalised", .right), ("Near", .right), ("Same group", .right),
      ], all: "data-card.md")
    var others: [RichText] = []
    for (audit, alarm) in found {
      switch alarm {
      case .overlap(let overlap):
        let shared = overlap.shared
        func cell(_ count: Int) -> RichText {
          count == 0
            ? "0"
            : "\(NumberFormat.grouped(count)) (\(NumberFormat.fixed(Double(count) / Double(max(shared.rows, 1)) * 100, 1)) %)"
        }
        overlaps.append([
          RichText(place(audit)), RichText(overlap.division), RichText(overlap.into), RichText(overlap.from),
          RichText(NumberFormat.grouped(shared.rows)), cell(shared.exact), cell(shared.normalised), cell(shared.near),
          cell(shared.groups),
        ])
      case .repeats(let exact, let normalised, let near):
        others.append(
          .strong(place(audit) + ":")
            + " texts that repeat within the data set: to the letter \(NumberFormat.grouped(exact)) rows, after "
            + "normalising \(NumberFormat.grouped(normalised)) more texts, nearly \(NumberFormat.grouped(near)) more")
      case .warning(let warning): others.append(.strong(warning.dataName + ":") + quoting(" " + warning.text))
      case .contradictions(let texts, let rows):
        others.append(
          .strong(place(audit) + ":")
            + " normalised texts with \(problem == .classification ? "more than one label" : problem.contradiction): \(NumberFormat.grouped(texts)), in "
            + "\(NumberFormat.grouped(rows)) rows")
      }
    }
    if !overlaps.rows.isEmpty { blocks.append(.collapsed("Texts and groups in two parts", [.table(overlaps)])) }
    if !others.isEmpty { blocks.append(.list(others)) }
    return blocks
  }
}
