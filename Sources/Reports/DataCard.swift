import Analysis
import Corpora
import Manifests
import Tasks
import Text

/// `data-card.md`: what a run read, a section a corpus (Gebru et al. 2021, "Datasheets for datasets"; Pushkarna et al.
/// 2022, "Data cards"). Counts, and what the manifest and the catalogue say; no text of the data.
struct DataCard {
  let context: ReportContext

  private var result: RunResult { context.result }

  var report: Report {
    var blocks: [Report.Block] = [
      .heading(1, RichText("Data card of \(result.manifest.name)")),
      .paragraph(introduction),
    ]
    for corpus in result.manifest.corpora {
      let audits = result.audits.filter { $0.corpus == corpus.name }
      blocks.append(.heading(2, .code(corpus.name) + RichText(": \(corpus.task)")))
      blocks += origin(corpus)
      if !audits.isEmpty { blocks += content(audits) + Self.personal(audits) + division(audits) }
    }
    if let unlabelled = result.manifest.unlabelled {
      blocks += [
        .heading(2, "Texts without labels"),
        .paragraph(
          "Read by models with " + .code("pretrain:")
            + "; not audited, and personal data are not counted in them."),
      ]
      blocks += origin(unlabelled)
    }
    return Report(blocks: blocks + unknown)
  }

  private var introduction: RichText {
    var text: RichText =
      "What this run read, after Gebru et al. 2021, “Datasheets for datasets”, and Pushkarna et al. 2022, “Data cards”. "
    text += "Figures were counted by the run; what only people know stands here as " + .code("about:")
    text += " in the manifest says it, or the catalogue of " + .code("bench fetch")
    text += ", which knows files by their hash. No text is shown."
    return text
  }

  // MARK: Where it comes from

  private func origin(_ corpus: CorpusDeclaration) -> [Report.Block] {
    var table = Report.Table([
      ("Domain", .left), ("From", .left), ("Part", .left), ("Bytes", .right), ("SHA-256", .left),
    ])
    var origins: [RunResult.Origin] = []
    var isRead = false, isGenerated = false
    for domain in corpus.domains {
      switch domain.source {
      case .generated(let settings):
        isGenerated = true
        table.append([
          RichText(domain.name),
          "the built-in generator, seed \(settings.seed), \(NumberFormat.grouped(settings.rows)) messages", "all", "–",
          "–",
        ])
      case .files(let source):
        isRead = true
        let files = source.files.flatMap { file in
          [(file.declaredPath, file.part)] + (file.labels.map { [($0.declaredPath, file.part)] } ?? [])
        }
        for (path, part) in files {
          let input = result.inputs.first { $0.declaredPath == path }
          if let origin = input?.origin, !origins.contains(origin) { origins.append(origin) }
          table.append([
            RichText(domain.name), .code(path), RichText(part.rawValue),
            RichText(input.map { NumberFormat.grouped($0.bytes) } ?? "–"),
            input.map { RichText.code($0.sha256) } ?? "–",
          ])
        }
      }
    }
    var blocks: [Report.Block] = [.heading(3, "Where it comes from"), .table(table)]
    if isGenerated {
      var note: RichText = .strong("Generated text") + RichText(isRead ? " in part" : "")
      note += ". Made by rules in English from a seed ("
      note += RichText.code("Documentation/Corpus.md")
      note += "): nobody wrote it, it is about nobody, and a ranking on it says nothing about real messages."
      blocks.append(.note(note))
    }
    if isRead { blocks.append(.list(known(corpus.about, origins))) }
    return blocks
  }

  /// What people say of the corpus: its owner first, then the catalogue.
  private func known(_ about: CorpusDescription, _ origins: [RunResult.Origin]) -> [RichText] {
    func catalogued(_ values: [String?]) -> String? {
      let values = values.compactMap { $0 }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      return values.isEmpty ? nil : values.joined(separator: "; ") + " (catalogue)"
    }
    func item(_ name: String, _ declared: String?, _ catalogued: String?) -> RichText {
      .strong(name + ":") + RichText(" " + (declared ?? catalogued ?? "not known to bench"))
    }
    return [
      item(
        "Source", about.source,
        catalogued(origins.map { "\($0.title), \($0.repository)" + ($0.revision.map { " at \($0)" } ?? "") })),
      item("Language", about.language, catalogued(origins.map { $0.language })),
      item("Licence", about.licence, catalogued(origins.map { $0.licence })),
      item("Ground on which the messages may be used", about.consent, nil),
      item("Who gave the labels, and how", about.labelling, nil),
    ]
  }

  private var problem: Problem { result.manifest.problem }

  // MARK: What is in it

  private func content(_ audits: [AuditRecord]) -> [Report.Block] {
    var table = Report.Table([
      ("Domain", .left), ("Rows", .right), ("Words of a text, median", .right), ("Most", .right),
      ("Letters not Latin", .right), ("Distinct texts", .right), ("Nearly repeated", .right),
      (RichText("Texts with \(problem.contradiction)"), .right), ("Rows with them", .right),
    ])
    var classes = Report.Table([
      ("Domain", .left), (RichText(problem.noun.withCapital), .left), ("Rows", .right), ("Share", .right),
    ])
    for audit in audits {
      table.append([
        RichText(audit.domain), RichText(NumberFormat.grouped(audit.rows)),
        RichText(NumberFormat.grouped(audit.texts.medianWords)),
        RichText(NumberFormat.grouped(audit.texts.longestWords)),
        Self.share(audit.texts.otherLetters, of: audit.texts.letters),
        RichText(NumberFormat.grouped(audit.repeats.distinctNormalised)),
        RichText(NumberFormat.grouped(audit.repeats.near)), RichText(NumberFormat.grouped(audit.contradictory)),
        RichText(NumberFormat.grouped(audit.contradictoryRows)),
      ])
      for (name, count) in audit.classCounts {
        classes.append([
          RichText(audit.domain), RichText(ClassNames.visible(name)), RichText(NumberFormat.grouped(count)),
          Self.share(count, of: audit.rows),
        ])
      }
    }
    return [
      .heading(3, "What is in it"), .table(table),
      .paragraph(
        "Texts are distinct after lower-casing and without punctuation; nearly repeated: a Jaccard coefficient of at "
          + "least 0.8 over five-character shingles. The language is not detected: letters that are not Latin are counted."
      ),
    ]
      + (problem == .regression
        ? [.list(audits.compactMap { audit in audit.numbers.map { RichText("\(audit.domain): \($0.text)") } })]
        : [.collapsed(RichText("Rows of each \(problem.noun) (\(classes.rows.count))"), [.table(classes)])])
  }

  private static func share(_ count: Int, of all: Int) -> RichText {
    RichText(all == 0 ? "–" : NumberFormat.fixed(Double(count) / Double(all) * 100, 2) + " %")
  }

  // MARK: Personal data

  private static func personal(_ audits: [AuditRecord]) -> [Report.Block] {
    let limits: RichText =
      "Found by the patterns of " + .code("text.anonymise")
      + ", which know no context: names, postal addresses and what a message tells of its writer are not found, and some "
      + "numbers that are found are none. Finding nothing proves nothing."
    guard audits.contains(where: { $0.texts.personalRows > 0 }) else {
      return [
        .heading(3, "Personal data"), .paragraph(.strong("No pattern finds any.") + " " + limits),
      ]
    }
    var table = Report.Table([("Domain", .left), ("Kind", .left), ("Found", .right), ("Rows with any", .right)])
    for audit in audits {
      for finding in audit.texts.personal {
        table.append([
          RichText(audit.domain), RichText(finding.kind.title), RichText(NumberFormat.grouped(finding.count)),
          RichText(NumberFormat.grouped(finding.rows)),
        ])
      }
      table.append([
        RichText(audit.domain), .strong("any kind"),
        RichText(NumberFormat.grouped(audit.texts.personal.reduce(0) { $0 + $1.count })),
        RichText("\(NumberFormat.grouped(audit.texts.personalRows)) of \(NumberFormat.grouped(audit.rows))"),
      ])
    }
    return [.heading(3, "Personal data"), .table(table), .paragraph(limits)]
  }

  // MARK: How it is divided

  private func division(_ audits: [AuditRecord]) -> [Report.Block] {
    let split = result.manifest.split
    func percent(_ share: Double) -> String { NumberFormat.fixed(share * 100, 0) + " %" }
    let duplicates =
      switch split.duplicates {
      case .group: "those with equal texts or of one group stay on one side"
      case .near: "those with equal or near texts or of one group stay on one side"
      case .drop: "of those with equal texts the first is kept"
      case .keep: "those with equal texts may straddle"
      }
    let notes: [RichText] = audits.flatMap { audit in
      audit.notes.map { RichText.strong(Report.place(audit) + ":") + RichText(" " + $0) }
    }
    let isHoldout = result.manifest.protocols.contains { item in
      (item.corpora.isEmpty || item.corpora.contains(audits[0].corpus))
        && (item.kind == .holdout || item.kind == .crossDomain && item.base == .holdout)
    }
    let shares =
      isHoldout
      ? "Hold-out: \(percent(split.train)) training, \(percent(split.validation)) validation, \(percent(split.test)) "
        + "test\(split.stratify ? ", with equal shares of \(problem == .regression ? "tenths of the numbers" : "the \(problem.nouns)")" : "")"
        + (split.trainRows.map {
          "; no more than about \(NumberFormat.grouped($0)) rows train, all that go beyond are tested. "
        } ?? ". ")
      : ""
    return [
      .heading(3, "How it is divided"),
      .paragraph(
        RichText(
          "\(shares)Rows that bench divides: \(duplicates). Official parts are never changed."
            + (notes.isEmpty ? "" : " What was left out on reading, and the first division of each kind:"))),
    ] + (notes.isEmpty ? [] : [.list(notes)]) + Report.alarms(audits, problem)
  }

  // MARK: What nobody said

  private var unknown: [Report.Block] {
    [
      .heading(2, "What is not known"),
      .paragraph("Neither the rows nor the manifest can tell, so bench does not know, beyond what stands above:"),
      .list([
        "who wrote the messages, and whether some groups of people write there more or less than elsewhere;",
        "whether the writers were asked, or know, and how one of them can have a message taken out;",
        "how many people labelled a row, and how often they agreed; texts with \(problem.contradiction) are all that shows it;",
        "what names, addresses and other hints of persons stand in the texts beyond what a pattern finds;",
        "when the messages were written, and what has changed since.",
      ]),
      .paragraph(
        "Files of data are read where they lie, and never copied, sent or changed. Results hold row numbers and counts ("
          + RichText.code("Documentation/Ethics.md") + ")."),
    ]
  }
}
