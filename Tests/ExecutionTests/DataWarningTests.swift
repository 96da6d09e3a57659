import Corpora
import Families
import Manifests
import Models
import Testing

@testable import Analysis
@testable import Planning

@Suite struct DataWarningTests {
  private func corpus(_ domains: [(name: String, rows: [(label: String, part: FileSource.Part)])]) -> Corpus {
    let classes = Set(domains.flatMap { $0.rows.map(\.label) }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return Corpus(
      name: "c", task: "intent", classes: classes,
      domains: domains.map { domain in
        Dataset(
          domain: domain.name,
          examples: domain.rows.enumerated().map { number, row in
            Example(
              id: "\(domain.name):\(number + 1)", text: "\(domain.name) \(number)",
              label: classes.firstIndex(of: row.label)!, part: row.part)
          }, reading: ReadingReport())
      }, isGenerated: false)
  }

  private func rows(_ counts: [(String, Int)], _ part: FileSource.Part = .all) -> [(
    label: String, part: FileSource.Part
  )] {
    counts.flatMap { label, count in (0..<count).map { _ in (label, part) } }
  }

  private func warnings(
    _ corpus: Corpus, _ kinds: [ProtocolDeclaration.Kind], _ change: (inout Manifest) -> Void = { _ in }
  ) throws -> [DataWarning] {
    var manifest = Manifest(
      name: "w", corpora: [], protocols: kinds.map { ProtocolDeclaration(kind: $0) },
      models: [
        ModelDeclaration(name: "lookup", configuration: .lookup),
        ModelDeclaration(name: "majority", configuration: .majority),
      ])
    change(&manifest)
    return DataWarning.all([corpus], plan: try Plan(manifest: manifest, corpora: [corpus]))
  }

  @Test("Clean classes give no warning, in any protocol")
  func clean() throws {
    let clean = corpus(["a", "b"].map { name in (name: name, rows: rows([("x", 20), ("y", 30)])) })
    #expect(try warnings(clean, [.holdout, .kfold, .crossDomain]).isEmpty)
  }

  @Test("Classes too rare for three parts or five folds are named once a protocol, rarest first, with a row of theirs")
  func rare() throws {
    let data = corpus([(name: "d", rows: rows([("x", 30), ("fraud", 2), ("y", 30), ("legal", 1)]))])
    let found = try warnings(data, [.holdout, .kfold])
    #expect(found.map(\.kind) == [.rare, .rare, .unseen])
    #expect(
      found[0].found == "2 classes too rare for 3 parts of hold-out: `legal` (1), `fraud` (2); the first row is d:63")
    #expect(found[1].found.hasPrefix("2 classes too rare for 5 folds: `legal` (1), `fraud` (2)"))
    #expect(
      found.map(\.place) == [
        .protocols(0, key: "kind"), .protocols(1, key: "folds"), .protocols(1, key: "kind"),
      ])
    // In one of five folds the only row of `legal` is a test row; of 63 rows each is tested once.
    #expect(
      found[2].found
        == "1 of 63 test rows (1.6 %) have a class that training lacks, so that no model answers them right: `legal` (1)"
    )
  }

  @Test("Test classes that training lacks are counted, officially and across domains")
  func unseen() throws {
    let data = corpus([
      (
        name: "a",
        rows: rows([("x", 20), ("y", 20)], .train) + rows([("x", 20), ("y", 20), ("z", 50), ("w", 10)], .test)
      ),
      (name: "b", rows: rows([("x", 20), ("z", 20)], .train) + rows([("x", 10), ("z", 10)], .test)),
    ])
    let official = try warnings(data, [.official]) { $0.protocols[0].seeds = 3 }
    #expect(official.map(\.domain) == ["a"])
    #expect(
      official[0].found
        == "60 of 100 test rows (60.0 %) have a class that training lacks, so that no model answers them right: "
        + "`z` (50), `w` (10)")
    #expect(official[0].place == .domain(corpus: "c", name: "a", key: "test"))
    let crossed = try warnings(data, [.official, .crossDomain]) { $0.protocols[1].base = .official }
    #expect(crossed.map(\.domain) == ["a", nil])
    // b → a lacks y and w: 30 of 100; a → b lacks z: 10 of 20, the larger share.
    #expect(crossed[1].found.hasPrefix("of a → b, 10 of 20 test rows (50.0 %)"))
    #expect(crossed[1].found.hasSuffix("`z` (10); so in 2 of 2 pairs of domains, here the most"))
  }

  @Test("Spellings and repeated columns are said, and stand in the audit as alarms")
  func spelling() throws {
    var data = corpus([(name: "d", rows: rows([("login", 9), ("Login", 9), ("lo\u{AD}gin", 9), ("pay", 9)]))])
    data.domains[0].reading.repeatedColumns = [
      .init(file: "x.csv", name: "note", count: 2),
      .init(file: "y.jsonl", name: "text", count: 3, line: 7, isKey: true),
    ]
    let manifest = Manifest(
      name: "w", corpora: [], protocols: [ProtocolDeclaration(kind: .holdout)],
      models: [ModelDeclaration(name: "lookup", configuration: .lookup)])
    let plan = try Plan(manifest: manifest, corpora: [data])
    let found = DataWarning.all([data], plan: plan)
    #expect(
      found.map(\.found) == [
        "classes that differ by case and invisible characters alone: `Login` (9), `login` (9), `lo\\u{AD}gin` (9)",
        "2 columns `note` in x.csv, line 1",
        "the key `text` more than once in 3 objects of y.jsonl (the first in line 7), of which the last counts",
      ])
    let record = AuditRecord.records(of: [data], plan: plan, texts: [TextIndex(data)])[0]
    #expect(record.warnings == found)
    #expect(found.allSatisfy { record.alarms.contains(.warning($0)) })
  }

  @Test("What minimum_rows did stands in the audit's notes")
  func rareNotes() throws {
    var data = corpus([(name: "d", rows: rows([("x", 9), ("y", 9)]))])
    data.domains[0].reading.rareClasses = [.init(name: "fraud", rows: 2), .init(name: "legal", rows: 1)]
    let manifest = Manifest(
      name: "w", corpora: [], protocols: [ProtocolDeclaration(kind: .holdout)],
      models: [ModelDeclaration(name: "lookup", configuration: .lookup)])
    func notes() throws -> [String] {
      AuditRecord.records(
        of: [data], plan: try Plan(manifest: manifest, corpora: [data]), texts: [TextIndex(data)])[0].notes
    }
    #expect(try notes().contains("3 records of classes below minimum_rows left out: `fraud` (2), `legal` (1)"))
    data.domains[0].reading.rareLabel = "other"
    #expect(
      try notes().contains(
        "3 records of classes below minimum_rows are now of the class `other`: `fraud` (2), `legal` (1)"))
  }

  @Test("What helps a rare class is what changes something: groups, another rare_label, or minimum_rows")
  func remedies() throws {
    // Enough rows in too few groups: minimum_rows counts rows.
    var grouped = corpus([(name: "d", rows: rows([("x", 30), ("y", 30), ("z", 20)]))])
    for index in grouped.domains[0].examples.indices where grouped.domains[0].examples[index].label == 2 {
      grouped.domains[0].examples[index].group = "one"
    }
    let found = try warnings(grouped, [.kfold])
    #expect(found.map(\.kind) == [.rare, .unseen])
    #expect(found[0].found.hasPrefix("a class too rare for 5 folds: `z` (20, 1 apart)"))
    for warning in found {
      #expect(warning.expected.contains("at least 5 groups or different texts for each"), "\(warning.expected)")
      #expect(!warning.expected.contains("`minimum_rows: 5`"))
    }
    // The class that minimum_rows made of the rare ones.
    var merged = corpus([(name: "d", rows: rows([("x", 30), ("y", 30), ("other", 2)]))])
    (merged.domains[0].reading.rareLabel, merged.domains[0].reading.rareClasses) = (
      "other", [.init(name: "fraud", rows: 1), .init(name: "legal", rows: 1)]
    )
    let rare = try warnings(merged, [.holdout])[0]
    #expect(rare.expected.hasPrefix("no `rare_label`") && !rare.expected.contains("`minimum_rows: 3`"))
    let plain = try warnings(corpus([(name: "d", rows: rows([("x", 30), ("y", 30), ("z", 2)]))]), [.holdout])[0]
    #expect(plain.expected.hasPrefix("at least 3 rows of each (`minimum_rows: 3` leaves such classes out"))
  }

  @Test("Names that an emoji's own characters tell apart show them")
  func emoji() throws {
    let data = corpus([(name: "d", rows: rows([("\u{1F44D}", 20), ("\u{1F44D}\u{FE0F}", 20)]))])
    #expect(
      try warnings(data, [.holdout]).map(\.found) == [
        "classes that differ by invisible characters alone: `\u{1F44D}` (20), `\u{1F44D}\\u{FE0F}` (20)"
      ])
  }

}
