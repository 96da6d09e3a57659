import Corpora
import Planning

extension AuditRecord {
  /// One record for each domain of each corpus, with what straddles its official parts, its first division of each kind,
  /// and the training parts of the domains whose models are tested on it. `texts` are the corpora's indices.
  public static func records(of corpora: [Corpus], plan: Plan, texts: [TextIndex]) -> [AuditRecord] {
    let warnings = DataWarning.all(corpora, plan: plan)
    return corpora.indices.flatMap { corpus in
      corpora[corpus].domains.indices.map { domain in
        var record = Auditor(
          corpus: corpora[corpus], corpusIndex: corpus, domain: domain, plan: plan, texts: texts[corpus]
        ).record
        record.warnings = warnings.filter {
          $0.corpus == record.corpus && ($0.domain.map { $0 == record.domain } ?? (domain == 0))
        }
        return record
      }
    }
  }
}

/// The audit of one domain.
private struct Auditor {
  let corpus: Corpus
  let corpusIndex: Int
  let domain: Int
  let plan: Plan
  let texts: TextIndex

  private var dataset: Dataset { corpus.domains[domain] }

  var record: AuditRecord {
    let audit = Audit(dataset.examples, classes: corpus.classes.count, texts: texts, dataset: domain)
    var notes = reading(dataset.reading)
    let crowded = texts.crowdedRows(of: domain)
    if crowded > 0 {
      notes.append(
        "\(crowded) rows resemble more than \(TextIndex.candidateLimit) texts, of which so many were compared: what is "
          + "said of them as near is a lower bound")
    }
    var overlaps = audit.straddling.map { overlap($0, "official parts") }
    for (name, split) in firstDivisions() {
      notes.append(
        "\(name): \(split.train.count) training, \(split.validation.count) validation, \(split.test.count) test rows")
      let divided = Audit(
        dataset.examples, classes: corpus.classes.count, split: split, texts: texts, dataset: domain)
      // An official division's parts are often the official parts: said once.
      overlaps += divided.straddling.filter { !audit.straddling.contains($0) }.map { overlap($0, name) }
    }
    var record = AuditRecord(
      corpus: corpus.name, domain: dataset.domain,
      classCounts: zip(corpus.classes, audit.classCounts).filter { $1 > 0 }.map { ($0, $1) }, rows: audit.rows,
      repeats: audit.repeats, contradictory: audit.contradictoryTexts, contradictoryRows: audit.contradictoryRows,
      overlaps: overlaps + crossings(), notes: notes)
    record.texts = TextProfile(dataset.examples)
    record.numbers = NumberSummary(dataset.examples)
    return record
  }

  private func overlap(_ item: Audit.Straddling, _ division: String) -> AuditRecord.Overlap {
    AuditRecord.Overlap(
      division: division, from: item.from.rawValue, into: item.into.rawValue, shared: item.shared)
  }

  /// The first division of each kind that this domain is a source of.
  private func firstDivisions() -> [(String, Split)] {
    var seen: Set<String> = []
    var found: [(String, Split)] = []
    for fit in plan.fits where fit.data.corpus == corpusIndex && fit.data.domain == domain {
      if seen.insert(fit.protocolKind.rawValue).inserted { found.append((name(of: fit), plan.split(of: fit))) }
    }
    return found
  }

  /// This domain's test part among the training rows of every other domain that is tested on it, first division each.
  private func crossings() -> [AuditRecord.Overlap] {
    var seen: Set<Int> = []
    var found: [AuditRecord.Overlap] = []
    for fit in plan.fits where fit.data.corpus == corpusIndex && fit.data.domain != domain {
      guard let trial = fit.trials.first(where: { $0.target == domain }), seen.insert(fit.data.domain).inserted else {
        continue
      }
      let source = corpus.domains[fit.data.domain]
      let shared = Audit.Shared(
        of: (dataset.examples, plan.testRows(of: trial, in: fit), domain),
        with: (source.examples, plan.split(of: fit).train, fit.data.domain), texts: texts)
      found.append(
        AuditRecord.Overlap(division: name(of: fit), from: "train of \(source.domain)", into: "test", shared: shared))
    }
    return found
  }

  private func name(of fit: Plan.Fit) -> String {
    "\(fit.protocolKind.rawValue) (seed \(fit.seed)" + (fit.fold.map { ", fold \($0)" } ?? "") + ")"
  }

  private func reading(_ report: ReadingReport) -> [String] {
    var notes: [String] = []
    if !report.malformed.isEmpty {
      let first = report.malformed.prefix(3).map { "\($0.file):\($0.line): \($0.reason)" }
      notes.append(
        "\(report.malformed.count) of \(report.records) records are malformed: " + first.joined(separator: "; "))
    }
    notes += report.leftOut.map { "\($0.count) records \($0.what)" }
    if !report.rareClasses.isEmpty {
      let rows = report.rareClasses.reduce(0) { $0 + $1.rows }
      let names = ClassNames.list(report.rareClasses.map { ($0.name, $0.rows) }, limit: 20)
      let fate = report.rareLabel.map { "are now of the class `\(ClassNames.shown($0))`" } ?? "left out"
      notes.append(
        corpus.problem == .multiLabel
          ? "labels below minimum_rows, \(rows) times given, \(fate): \(names)"
          : "\(rows) records of classes below minimum_rows \(fate): \(names)")
    }
    return notes
  }
}
