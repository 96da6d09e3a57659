import Compute
import Corpora
import Families
import Foundation
import Manifests
import Models
import Testing

@testable import Analysis
@testable import Planning

/// Planted leaks of every kind are found, and clean data raises no alarm.
@Suite struct AuditRecordTests {
  private let shop = 0, bank = 1

  /// Texts of a dozen random words each: no two are alike.
  private func examples(_ count: Int, seed: UInt64, official: Bool) -> [Example] {
    var random = Random(seed: seed, stream: "clean")
    func word() -> String {
      String((0..<4 + random.below(6)).map { _ in Character(Unicode.Scalar(UInt8(97 + random.below(26)))) })
    }
    return (0..<count).map { row in
      var example = Example(
        id: "\(row)", text: (0..<8 + random.below(8)).map { _ in word() }.joined(separator: " "), label: row % 3,
        group: "\(row)")
      if official { example.part = [.train, .train, .train, .validation, .test][row % 5] }
      return example
    }
  }

  private func corpus(seed: UInt64, official: Bool) -> Corpus {
    Corpus(
      name: "messages", task: "intent", classes: ["a", "b", "c"],
      domains: ["shop", "bank"].enumerated().map { index, name in
        Dataset(
          domain: name, examples: examples(60, seed: seed * 2 + UInt64(index), official: official),
          reading: ReadingReport())
      }, isGenerated: false)
  }

  private func plan(_ corpus: Corpus, official: Bool, duplicates: SplitSettings.Duplicates = .group) throws -> Plan {
    var crossing = ProtocolDeclaration(kind: .crossDomain)
    crossing.base = official ? .official : .holdout
    var manifest = Manifest(
      name: "audit", corpora: [], protocols: [ProtocolDeclaration(kind: official ? .official : .holdout), crossing],
      models: [ModelDeclaration(name: "lookup", configuration: .lookup)])
    manifest.split.duplicates = duplicates
    return try Plan(manifest: manifest, corpora: [corpus])
  }

  private func alarms(_ corpus: Corpus, _ plan: Plan) -> [[AuditRecord.Alarm]] {
    AuditRecord.records(of: [corpus], plan: plan, texts: [TextIndex(corpus)]).map(\.alarms)
  }

  private func overlaps(_ alarms: [AuditRecord.Alarm]) -> [AuditRecord.Overlap] {
    alarms.compactMap { if case .overlap(let overlap) = $0 { overlap } else { nil } }
  }

  private func nearly(_ text: String) -> String { "again " + text }
  private func shouted(_ text: String) -> String { text.uppercased().replacingOccurrences(of: " ", with: ", ") + "!" }

  @Test(
    "Ten clean sets raise no alarm, hold-out or official, in a domain or across",
    arguments: 1...10 as ClosedRange<UInt64>)
  func clean(seed: UInt64) throws {
    for official in [false, true] {
      let corpus = corpus(seed: seed, official: official)
      #expect(alarms(corpus, try plan(corpus, official: official)) == [[], []])
    }
  }

  @Test("A repeated row is found: to the letter, after normalising, nearly", arguments: 0..<3)
  func withinPart(kind: Int) throws {
    var corpus = corpus(seed: 1, official: true)
    let text = corpus.domains[shop].examples[0].text
    // Rows 0 and 15 are training rows of the same class.
    corpus.domains[shop].examples[15].text = [text, shouted(text), nearly(text)][kind]
    let found = alarms(corpus, try plan(corpus, official: true))
    #expect(
      found[shop].contains(.repeats(exact: kind == 0 ? 1 : 0, normalised: kind == 1 ? 1 : 0, near: kind == 2 ? 1 : 0)))
    #expect(found[bank].isEmpty)
  }

  @Test("One text under two labels is found")
  func contradiction() throws {
    var corpus = corpus(seed: 1, official: true)
    corpus.domains[shop].examples[1].text = corpus.domains[shop].examples[0].text
    let found = alarms(corpus, try plan(corpus, official: true))
    #expect(found[shop].contains(.contradictions(texts: 1, rows: 2)))
  }

  @Test("A test row that stands in the official training part is found", arguments: 0..<4)
  func official(kind: Int) throws {
    var corpus = corpus(seed: 2, official: true)
    let (train, test) = (0, 4)
    let text = corpus.domains[shop].examples[train].text
    if kind < 3 {
      corpus.domains[shop].examples[test].text = [text, shouted(text), nearly(text)][kind]
    } else {
      corpus.domains[shop].examples[test].group = corpus.domains[shop].examples[train].group
    }
    let found = alarms(corpus, try plan(corpus, official: true))
    let shared = Audit.Shared(
      rows: 12, exact: kind == 0 ? 1 : 0, normalised: kind < 2 ? 1 : 0, near: kind == 2 ? 1 : 0,
      groups: kind == 3 ? 1 : 0)
    let own = overlaps(found[shop])
    #expect(own.map(\.division) == ["official parts"], "the division has the same parts: said once")
    #expect(own.allSatisfy { $0.from == "train" && $0.into == "test" && $0.shared == shared })
    #expect(overlaps(found[bank]).isEmpty)
  }

  @Test("A target's test row that stands in the source's training part is found", arguments: 0..<3)
  func acrossDomains(kind: Int) throws {
    var corpus = corpus(seed: 3, official: true)
    let text = corpus.domains[shop].examples[0].text
    corpus.domains[bank].examples[4].text = [text, shouted(text), nearly(text)][kind]
    let found = alarms(corpus, try plan(corpus, official: true))
    #expect(found[shop].isEmpty)
    let crossed = overlaps(found[bank])
    #expect(crossed.map(\.from) == ["train of shop"])
    #expect(crossed.first?.shared.near == (kind == 2 ? 1 : 0))
    #expect(crossed.first?.shared.normalised == (kind == 2 ? 0 : 1))
  }

  @Test("A division keeps duplicates and groups together; switched off, its leaks are found")
  func divisionGuard() throws {
    var corpus = corpus(seed: 4, official: false)
    for row in 0..<15 {
      corpus.domains[shop].examples[row + 15].text = shouted(corpus.domains[shop].examples[row].text)
      corpus.domains[shop].examples[row + 45].group = corpus.domains[shop].examples[row + 30].group
    }
    #expect(overlaps(alarms(corpus, try plan(corpus, official: false))[shop]).isEmpty)
    let off = try plan(corpus, official: false, duplicates: .keep)
    let found = overlaps(alarms(corpus, off)[shop])
    #expect(found.contains { $0.into == "test" && $0.shared.normalised > 0 && $0.shared.exact == 0 })
  }
}
