import Analysis
import Evidence
import Manifests
import Records
import Statistics
import Text

/// Where models err, whether they know it, and on which rows: pictures first, then words, then folded tables. Ids, class
/// names and words of at least twenty rows; no text, unless it is given.
struct EvidenceReport {
  let result: RunResult
  let evidence: [Evidence]
  /// What is shown of a row's text; nil where none is.
  let text: (@Sendable (_ id: String, _ corpus: String) -> String?)?

  /// Rows of a folded table of rows.
  static let mostRows = 100

  var report: Report {
    let manifest = result.manifest
    var blocks: [Report.Block] = [.heading(1, RichText("\(manifest.name): evidence"))]
    blocks.append(
      .paragraph(
        RichText([
          .text("Where the models of "),
          text == nil ? .link(manifest.name, to: "report.html") : .text(manifest.name),
          .text(
            """
             err, whether they know it, and on which rows: from the answers of its trials, on the same rows for every \
            model. Nothing here was declared before the run, so nothing here is a verdict.
            """),
          .text(text == nil ? " Rows are named by their ids; texts are on no page that leaves the machine." : ""),
        ])))
    if text != nil {
      blocks.append(.note("This page has customers' texts: it is for this machine, and not for publishing."))
    }
    for one in evidence {
      blocks.append(.heading(2, RichText(Self.title(one, among: evidence))))
      blocks += errors(one)
      blocks += calibration(one)
      blocks += slices(one)
      blocks += together(one)
      blocks += lists(one)
    }
    guard text == nil else { return Report(blocks: blocks) }
    blocks.append(.heading(2, "Files"))
    blocks.append(
      .list([
        RichText([.link("rows.csv", to: EvidenceFiles.rows), .text(": every row that a model gets wrong")]),
        RichText([
          .link("agreement.csv", to: EvidenceFiles.agreement), .text(", "),
          .link("confusions.csv", to: EvidenceFiles.confusions),
          .text(": in how far the models err alike, and all that is taken for something else"),
        ]),
        RichText([
          .link("calibration.csv", to: EvidenceFiles.calibration), .text(", "),
          .link("reliability.csv", to: EvidenceFiles.reliability), .text(": figures and curves"),
        ]),
        RichText([.link("slices.csv", to: EvidenceFiles.slices), .text(": every slice that was tested")]),
      ]))
    return Report(blocks: blocks)
  }

  static func title(_ evidence: Evidence, among all: [Evidence]) -> String {
    let key = evidence.key
    let isAlone = all.count { $0.key.corpus == key.corpus } == 1
    return isAlone ? "\(key.corpus) (\(key.protocolName))" : "\(key.corpus), \(key.target) (\(key.protocolName))"
  }

  func kind(of model: String) -> String {
    result.manifest.models.first { $0.name == model }?.configuration.kind.rawValue ?? ""
  }

  /// A picture in the evidence's folder.
  func figure(_ name: String, _ one: Evidence, _ alternative: String, _ svg: String) -> Report.Block {
    let place = Report.fileName(one.key.corpus, one.key.target)
    return .figure(
      Report.Figure(
        file: text == nil ? "\(EvidenceFiles.folder)/\(place)-\(name).svg" : "", alternative: alternative, svg: svg))
  }

  // MARK: Numbers

  static func points(_ value: Double?, _ digits: Int = 1) -> RichText {
    RichText(NumberFormat.fixed(value.map { $0 * 100 }, digits, blank: "–", typographic: true))
  }

  static func signed(_ value: Double?) -> RichText { RichText(NumberFormat.signed(value.map { $0 * 100 }, 1)) }

  static func range(_ interval: Interval?) -> RichText { interval.map { RichText(words($0)) } ?? "–" }

  /// In points.
  static func words(_ interval: Interval) -> String {
    let ends = [interval.low, interval.high].map { NumberFormat.fixed($0 * 100, 1, typographic: true) }
    return ends.joined(separator: " to ")
  }

  // MARK: Errors

  private func errors(_ one: Evidence) -> [Report.Block] {
    let analysis = one.errors, agreement = analysis.agreement()
    // Of many models those that are wrong alone are seen in the table.
    let isCrowded = analysis.models.count > 8
    let rows = agreement.compactMap { row -> DotPlot.Row? in
      guard !isCrowded || row.kind != .onlyWrong else { return nil }
      guard row.kind != .rescues, row.kind != .allRight else { return nil }
      return DotPlot.Row(
        model: Self.name(row), kind: row.model.map(kind) ?? "", mean: row.share.value * 100,
        low: row.share.interval.map { $0.low * 100 }, high: row.share.interval.map { $0.high * 100 })
    }
    let plot = DotPlot(
      title: "\(one.key.corpus): in how far the models err alike", axisLabel: "% of answers", digits: 1,
      limits: 0...100, panels: [DotPlot.Panel(title: "", rows: rows)])
    var blocks: [Report.Block] = [.heading(3, "Where they err")]
    if analysis.models.count > 1 {
      blocks.append(
        figure("agreement", one, "Answers that no model gets right, or one of them alone does or does not", plot.svg()))
    }
    blocks.append(.paragraph(agreementWords(one, agreement)))
    var table = Report.Table([
      ("Answers", .left), ("Count", .right), ("Of", .right), ("%", .right), ("95 %", .right),
    ])
    for row in agreement {
      table.append([
        RichText(Self.name(row)), RichText(NumberFormat.grouped(row.share.count)),
        RichText(NumberFormat.grouped(row.share.all)), Self.points(row.share.value), Self.range(row.share.interval),
      ])
    }
    blocks.append(.collapsed("In how far they err alike", [.table(table)]))
    blocks.append(.collapsed("What is taken for what", [.table(confusions(analysis))]))
    if let repetitions = repetitions(analysis) {
      blocks.append(.collapsed("Errors that repeat", [.table(repetitions)]))
    }
    return blocks
  }

  static func name(_ row: ErrorAnalysis.Agreement) -> String {
    switch row.kind {
    case .allRight, .allWrong: row.kind.rawValue
    case .onlyRight, .onlyWrong: "\(row.kind.rawValue): \(row.model ?? "")"
    case .rescues: "\(row.model ?? "") right where \(row.other ?? "") is wrong"
    }
  }

  private func agreementWords(_ one: Evidence, _ agreement: [ErrorAnalysis.Agreement]) -> RichText {
    func share(_ kind: ErrorAnalysis.Agreement.Kind) -> RichText {
      Self.points(agreement.first { $0.kind == kind }?.share.value)
    }
    guard one.errors.models.count > 1 else { return "" + share(.allWrong) + " % of the answers are wrong." }
    var words = RichText("Of \(NumberFormat.grouped(one.errors.rows.count)) rows the models answer ")
    words += share(.allRight)
    words += " % all right and "
    words += share(.allWrong)
    words += " % all wrong: no choice among them mends the latter."
    if let pair = one.pair,
      let rescue = agreement.first(where: { $0.kind == .rescues && $0.model == pair.b && $0.other == pair.a }),
      let other = agreement.first(where: { $0.kind == .rescues && $0.model == pair.a && $0.other == pair.b })
    {
      words += " "
      words += Self.rescue(pair.b, of: pair.a, rescue.share) + "; "
      words += Self.rescue(pair.a, of: pair.b, other.share) + "."
    }
    return words
  }

  private static func rescue(_ model: String, of other: String, _ share: ErrorAnalysis.Share) -> RichText {
    RichText([
      .code(model), .text(" is right in \(NumberFormat.fixed(share.value * 100, 1)) % of what "), .code(other),
      .text(" gets wrong"),
    ])
  }

  private func confusions(_ analysis: ErrorAnalysis) -> Report.Table {
    var table = Report.Table(
      [
        ("Model", .left), ("Class", .left), ("Taken for", .left), ("Answers", .right), ("% of the class", .right),
        ("95 %", .right), ("Rows", .right),
      ], all: EvidenceFiles.confusions)
    for model in analysis.models {
      for row in analysis.confusions(of: model).prefix(10) {
        table.append([
          .code(model), RichText(row.label), RichText(row.answer), RichText(NumberFormat.grouped(row.share.count)),
          Self.points(row.share.value), Self.range(row.share.interval), RichText(NumberFormat.grouped(row.rows)),
        ])
      }
    }
    return table
  }

  private func repetitions(_ analysis: ErrorAnalysis) -> Report.Table? {
    var table = Report.Table([
      ("Model", .left), ("Rows wrong every time", .right), ("At times", .right), ("Never", .right),
      ("% of errors that repeat", .right), ("95 %", .right),
    ])
    for model in analysis.models {
      guard let found = analysis.repetition(of: model) else { continue }
      table.append([
        .code(model), RichText(NumberFormat.grouped(found.always)), RichText(NumberFormat.grouped(found.sometimes)),
        RichText(NumberFormat.grouped(found.never)), Self.points(found.repeated.value),
        Self.range(found.repeated.interval),
      ])
    }
    return table.rows.isEmpty ? nil : table
  }
}
