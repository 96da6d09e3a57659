import Evidence
import Statistics
import Text

extension EvidenceReport {
  // MARK: On which rows

  func slices(_ one: Evidence) -> [Report.Block] {
    let slices = one.slices
    var blocks: [Report.Block] = [.heading(3, "On which rows")]
    if !slices.hasTexts {
      blocks.append(
        .note("The data of the run were not there: rows are told apart by class, novelty and slice column alone."))
    }
    let called = slices.found.flatMap { model, search in
      search.findings.filter(\.isCalled).map { (model, $0) }
    }
    if !called.isEmpty { blocks.append(figure("slices", one, "Slices on which models err more", picture(one).svg())) }
    blocks.append(.paragraph(foundWords(one)))
    blocks += slices.found.map { model, search -> Report.Block in
      let called = search.findings.count { $0.isCalled }
      return .collapsed(
        RichText([
          .code(model), .text(": \(called) \(called == 1 ? "slice" : "slices") found, \(search.findings.count) tested"),
        ]),
        [.table(Self.table(search.findings, "errors"))])
    }
    if let gap = slices.gap { blocks += self.gap(gap) }
    if slices.stated.contains(where: { !$0.findings.isEmpty }) {
      blocks += slices.stated.map { model, findings -> Report.Block in
        .collapsed(
          RichText([.text("Errors of "), .code(model), .text(" on rows of a stated kind")]),
          [.table(Self.table(findings, "errors"))])
      }
    }
    return blocks
  }

  private func picture(_ one: Evidence) -> DotPlot {
    let panels = one.slices.found.compactMap { model, search -> DotPlot.Panel? in
      let rows = search.findings.filter(\.isCalled).prefix(12).map { finding in
        DotPlot.Row(
          model: finding.name, kind: kind(of: model), mean: (finding.difference ?? 0) * 100,
          low: finding.interval.map { $0.low * 100 }, high: finding.interval.map { $0.high * 100 })
      }
      return rows.isEmpty ? nil : DotPlot.Panel(title: model, rows: Array(rows))
    }
    return DotPlot(
      title: "\(one.key.corpus): rows on which a model errs more than elsewhere",
      axisLabel: "points of error rate above all other rows", digits: 1, limits: -100...100, panels: panels)
  }

  private func foundWords(_ one: Evidence) -> RichText {
    guard let first = one.slices.found.first?.search else { return "" }
    var words = RichText(
      "Slices are looked for on one half of the rows (\(NumberFormat.grouped(first.searchedRows))) among "
        + "\(NumberFormat.grouped(first.candidates)) that have a name and at least 20 rows, and tested on the other "
        + "(\(NumberFormat.grouped(first.testedRows))); of those that are called at most one in twenty is expected to be "
        + "none (Benjamini and Hochberg). ")
    let none = one.slices.found.filter { !$0.search.findings.contains(where: \.isCalled) }.map(\.model)
    for (model, search) in one.slices.found {
      guard let worst = search.findings.filter(\.isCalled).max(by: { ($0.difference ?? 0) < ($1.difference ?? 0) })
      else { continue }
      let (inside, outside) = (worst.inside ?? 0, worst.outside ?? 0)
      words += .code(model)
      words += RichText(
        " errs most \(Self.place(worst)): in \(NumberFormat.fixed(inside * 100, 1)) % against "
          + "\(NumberFormat.fixed(outside * 100, 1)) elsewhere. ")
    }
    if !none.isEmpty {
      words += "None is called for "
      words += .enumeration(none.map { .code($0) })
      words += "."
    }
    return words
  }

  /// A slice inside a sentence.
  static func place(_ finding: SliceFinding) -> String {
    switch finding.kind {
    case .label: "in the class \(finding.name)"
    case .declared: "where the slice column says \(finding.name)"
    case .novelty: "on a \(finding.name)"
    case .length, .trait, .word: "on rows \(finding.name)"
    }
  }

  private func gap(_ gap: SliceEvidence.Gap) -> [Report.Block] {
    let called = (gap.stated + gap.found.findings).filter(\.isCalled)
    let title = RichText([
      .text("Where "), .code(gap.a), .text(" and "), .code(gap.b), .text(" differ otherwise than elsewhere"),
    ])
    let more = called.count > 1 ? " and on \(called.count - 1) more kinds of rows." : "."
    let found =
      called.first.map { "It is another one \(Self.place($0))\(more)" }
      ?? "On no kind of rows is the gap told from what it is elsewhere."
    let words = RichText([
      .text("Errors of "), .code(gap.a), .text(" less those of "), .code(gap.b),
      .text(
        ", inside a slice and outside of it; the difference of the two is what a claim about such rows is about. "
          + found),
    ])
    return [
      .heading(4, title), .paragraph(words),
      .collapsed("Stated kinds of rows, over all rows", [.table(Self.table(gap.stated, "gap"))]),
      .collapsed("Found by looking", [.table(Self.table(gap.found.findings, "gap"))]),
    ]
  }

  private static func table(_ findings: [SliceFinding], _ what: String) -> Report.Table {
    let unit = what == "gap" ? "Gap" : "Errors"
    var table = Report.Table(
      [
        ("Rows", .left), ("Kind", .left), ("Count", .right), (RichText("\(unit) inside, %"), .right),
        (RichText("\(unit) outside, %"), .right), ("Difference", .right), ("Interval", .right),
        ("p, corrected", .right),
        ("Found with 80 % from", .right),
      ], all: EvidenceFiles.slices)
    for row in findings {
      let p = RichText(NumberFormat.p(row.p))
      table.append([
        RichText(row.name), RichText(row.kind.rawValue), RichText(NumberFormat.grouped(row.rows)), points(row.inside),
        points(row.outside), signed(row.difference), range(row.interval), row.isCalled ? p.emphasised : p,
        points(row.leastDetectable),
      ])
    }
    return table
  }

  // MARK: Rows

  /// The surest mistakes of each model, and what one of the pair gets right and the other never.
  func lists(_ one: Evidence) -> [Report.Block] {
    var blocks: [Report.Block] = []
    for model in one.errors.models {
      let rows = one.errors.confidentMistakes(of: model)
      guard let place = one.errors.models.firstIndex(of: model), !rows.isEmpty else { continue }
      blocks.append(
        .collapsed(RichText([.text("Surest mistakes of "), .code(model)]), [.table(table(rows, of: one, place))]))
    }
    if let pair = one.pair {
      for (a, b) in [(pair.a, pair.b), (pair.b, pair.a)] {
        let rows = one.errors.won(by: a, over: b)
        guard let place = one.errors.models.firstIndex(of: b), !rows.isEmpty else { continue }
        blocks.append(
          .collapsed(
            RichText([
              .text("\(NumberFormat.grouped(rows.count)) rows that "), .code(a),
              .text(" gets right every time and "), .code(b), .text(" never"),
            ]), [.table(table(rows, of: one, place))]))
      }
    }
    return blocks.isEmpty ? [] : [.heading(3, "Rows")] + blocks
  }

  private func table(_ rows: [ErrorRow], of one: Evidence, _ place: Int) -> Report.Table {
    var columns: [(RichText, Report.Table.Alignment)] = [
      ("Row", .left), ("Class", .left), ("Answer", .left), ("Probability", .right), ("Wrong", .right),
    ]
    if text != nil { columns.append(("Text", .left)) }
    var table = Report.Table(columns, all: EvidenceFiles.rows)
    for row in rows.prefix(Self.mostRows) {
      let own = row.answers[place]
      var cells: [RichText] = [
        .code(row.id), RichText(one.errors.classes[row.label]),
        RichText(own.mistake.map { one.errors.classes[$0] } ?? ""),
        RichText(NumberFormat.fixed(own.confidence, 3, blank: "–")), RichText("\(own.wrong) of \(own.tests)"),
      ]
      if let text { cells.append(RichText(SVGDocument.cut(text(row.id, one.key.corpus) ?? "–", to: 400))) }
      table.append(cells)
    }
    if rows.count > Self.mostRows { table.omitted = rows.count - Self.mostRows }
    return table
  }
}
