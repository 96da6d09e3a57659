import Testing

@testable import Corpora

@Suite("Audit")
struct AuditTests {
  private let examples = [
    Example(id: "1", text: "Hello there", label: 0, group: "a", part: .train),
    Example(id: "2", text: "Hello there", label: 1, group: "b", part: .train),
    Example(id: "3", text: "hello, there!", label: 0, part: .test),
    Example(id: "4", text: "Good bye", label: 1, group: "a", part: .test),
    Example(id: "5", text: "Other", label: 1, part: .train),
    Example(id: "6", text: "Other", label: 1, group: "b", part: .validation),
  ]

  @Test("Counts duplicates, contradictions and classes over all rows and in each part")
  func counts() {
    let audit = Audit(examples, classes: 2)
    #expect(audit.rows == 6)
    #expect(audit.classCounts == [2, 4])
    #expect(audit.exact == .init(distinct: 4, repeated: 2))
    #expect(audit.normalised == .init(distinct: 3, repeated: 3))
    #expect(audit.contradictoryTexts == 1)
    #expect(audit.contradictoryRows == 3)
    #expect(audit.parts.map(\.part) == [.train, .validation, .test])
    #expect(audit.parts[0].exact == .init(distinct: 2, repeated: 1))
    #expect(audit.parts[0].classCounts == [1, 2])
    #expect(audit.parts[2].normalised == .init(distinct: 2, repeated: 0))
  }

  @Test("Counts the rows of a later part whose text or group stands in an earlier one")
  func straddling() {
    #expect(
      Audit(examples, classes: 2).straddling == [
        .init(from: .train, into: .validation, exact: 1, normalised: 1, groups: 1),
        .init(from: .train, into: .test, exact: 0, normalised: 1, groups: 1),
        .init(from: .validation, into: .test, exact: 0, normalised: 0, groups: 0),
      ])
  }

  @Test("Audits a split in place of the official parts")
  func split() {
    let audit = Audit(examples, classes: 2, split: Split(train: [0, 4], validation: [], test: [1, 5]))
    #expect(audit.rows == 4)
    #expect(audit.straddling == [.init(from: .train, into: .test, exact: 2, normalised: 2, groups: 0)])
  }

  @Test("The seen share is that of normalised texts")
  func seen() {
    let set = normalisedSet(of: ["Hello there", "x"])
    #expect(seenShare(of: ["HELLO, there", "y", "x!", "z"], in: set) == 0.5)
    #expect(seenShare(of: [], in: set) == 0)
  }
}
