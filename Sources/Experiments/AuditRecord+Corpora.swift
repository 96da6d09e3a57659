import Corpora

extension AuditRecord {
  /// One record for each domain of each corpus, and what straddles its first division.
  public static func records(of corpora: [Corpus], plan: Plan) -> [AuditRecord] {
    corpora.indices.flatMap { corpus in
      corpora[corpus].domains.indices.map { record(corpora[corpus], corpus, $0, plan: plan) }
    }
  }

  private static func record(_ corpus: Corpus, _ corpusIndex: Int, _ domainIndex: Int, plan: Plan) -> AuditRecord {
    let dataset = corpus.domains[domainIndex]
    let audit = Audit(dataset.examples, classes: corpus.classes.count)
    var notes = reading(dataset.reading)
    if audit.normalised.repeated > 0 {
      notes.append("\(audit.normalised.repeated) rows repeat the normalised text of an earlier row")
    }
    if audit.contradictoryTexts > 0 {
      notes.append(
        "\(audit.contradictoryTexts) normalised texts carry more than one label (\(audit.contradictoryRows) rows)")
    }
    notes += audit.straddling.map { "official parts: " + straddling($0) }
    for (name, split) in firstDivisions(corpusIndex, domainIndex, plan) {
      let divided = Audit(dataset.examples, classes: corpus.classes.count, split: split)
      notes.append(
        "\(name): \(split.train.count) training, \(split.validation.count) validation, \(split.test.count) test rows")
      notes += divided.straddling.filter { $0.normalised + $0.groups > 0 }.map { "\(name): " + straddling($0) }
    }
    return AuditRecord(
      corpus: corpus.name, domain: dataset.domain,
      classCounts: corpus.classes.indices.map { (corpus.classes[$0], audit.classCounts[$0]) }, rows: audit.rows,
      distinctTexts: audit.normalised.distinct, contradictory: audit.contradictoryTexts, notes: notes)
  }

  private static func straddling(_ item: Audit.Straddling) -> String {
    var text = "\(item.normalised) of the \(item.into.rawValue) rows stand in the \(item.from.rawValue) part too"
    text += " (\(item.exact) to the letter)"
    if item.groups > 0 { text += ", \(item.groups) share a group with it" }
    return text
  }

  private static func reading(_ report: ReadingReport) -> [String] {
    var notes: [String] = []
    if !report.malformed.isEmpty {
      let first = report.malformed.prefix(3).map { "\($0.file):\($0.line): \($0.reason)" }
      notes.append(
        "\(report.malformed.count) of \(report.records) records are malformed: " + first.joined(separator: "; "))
    }
    let counts = [
      (report.missingText, "without text"), (report.missingLabel, "without label"),
      (report.droppedByLabel, "left out by label"), (report.droppedByFilter, "left out by a column's value"),
      (report.droppedByLength, "left out as too short"), (report.droppedByCap, "left out by the cap"),
    ]
    notes += counts.filter { $0.0 > 0 }.map { "\($0.0) records \($0.1)" }
    return notes
  }

  /// The first division of each kind that this domain is a source of.
  private static func firstDivisions(_ corpus: Int, _ domain: Int, _ plan: Plan) -> [(String, Split)] {
    var seen: Set<String> = []
    var found: [(String, Split)] = []
    for fit in plan.fits where fit.data.corpus == corpus && fit.data.domain == domain {
      let name = "\(fit.protocolKind.rawValue) (seed \(fit.seed)" + (fit.fold.map { ", fold \($0)" } ?? "") + ")"
      if seen.insert(fit.protocolKind.rawValue).inserted { found.append((name, plan.split(of: fit))) }
    }
    return found
  }
}
