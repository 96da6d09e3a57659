import Testing

@testable import Corpora

@Suite("Audit")
struct AuditTests {
  private let examples = [
    Example(id: "1", text: "Hello there", label: 0, group: "a", part: .train),
    Example(id: "2", text: "Hello there", label: 1, group: "b", part: .train),
    Example(id: "3", text: "hello, there!", label: 0, part: .test),
    Example(id: "4", text: "Good bye", label: 1, group: "a", part: .test),
    Example(id: "5", text: "Where is the card that I ordered two weeks ago", label: 1, part: .train),
    Example(id: "6", text: "Where is the card that I ordered two weeks ago", label: 1, group: "b", part: .validation),
    Example(id: "7", text: "So where is the card that I ordered two weeks ago", label: 1, part: .test),
  ]

  @Test("Counts duplicates, contradictions and classes over all rows and in each part")
  func counts() {
    let audit = Audit(examples, classes: 2)
    #expect(audit.rows == 7)
    #expect(audit.classCounts == [2, 5])
    #expect(audit.repeats == .init(distinct: 5, distinctNormalised: 4, near: 1))
    #expect(audit.contradictoryTexts == 1)
    #expect(audit.contradictoryRows == 3)
    #expect(audit.parts.map(\.part) == [.train, .validation, .test])
    #expect(audit.parts[0].repeats == .init(distinct: 2, distinctNormalised: 2, near: 0))
    #expect(audit.parts[0].classCounts == [1, 2])
    #expect(audit.parts[2].repeats == .init(distinct: 3, distinctNormalised: 3, near: 0))
  }

  @Test("Counts the rows of a later part whose text or group stands in an earlier one")
  func straddling() {
    #expect(
      Audit(examples, classes: 2).straddling == [
        .init(
          from: .train, into: .validation, shared: .init(rows: 1, exact: 1, normalised: 1, near: 0, groups: 1)),
        .init(from: .train, into: .test, shared: .init(rows: 3, exact: 0, normalised: 1, near: 1, groups: 1)),
        .init(from: .validation, into: .test, shared: .init(rows: 3, exact: 0, normalised: 0, near: 1, groups: 0)),
      ])
  }

  @Test("Audits a split in place of the official parts")
  func split() {
    let audit = Audit(examples, classes: 2, split: Split(train: [0, 4], validation: [], test: [1, 5]))
    #expect(audit.rows == 4)
    #expect(
      audit.straddling == [
        .init(from: .train, into: .test, shared: .init(rows: 2, exact: 2, normalised: 2, near: 0, groups: 0))
      ])
  }

  @Test("Another data set shares texts, and its groups are its own")
  func acrossDataSets() {
    let other = [
      Example(id: "1", text: "HELLO THERE", label: 0, group: "a"),
      Example(id: "2", text: "Where is the card that I ordered two weeks ago?", label: 0),
      Example(id: "3", text: "Where is my card that I ordered two weeks ago?", label: 0),
      Example(id: "4", text: "Nothing of the kind", label: 0),
    ]
    let shared = Audit.Shared(
      of: (other, [0, 1, 2, 3], 1), with: (examples, [0, 1, 4], 0), texts: TextIndex([examples, other]))
    #expect(shared == .init(rows: 4, exact: 0, normalised: 2, near: 0, groups: 0))
  }

  @Test("Nothing to audit is no finding")
  func empty() {
    let audit = Audit([], classes: 2)
    #expect(audit.rows == 0 && audit.parts.isEmpty && audit.straddling.isEmpty)
    #expect(audit.repeats == .init(distinct: 0, distinctNormalised: 0, near: 0))
  }

  @Test("to the letter is by bytes: two Unicode forms of a text are one only after normalising")
  func letters() {
    let forms = ["caf\u{E9} closed", "cafe\u{301} closed"]
    let rows = forms.enumerated().map {
      Example(id: "\($0.offset)", text: $0.element, label: 0, part: $0.offset == 0 ? .train : .test)
    }
    let audit = Audit(rows, classes: 1)
    #expect(audit.repeats == .init(distinct: 2, distinctNormalised: 1, near: 0))
    #expect(audit.straddling.map(\.shared) == [.init(rows: 1, exact: 0, normalised: 1, near: 0, groups: 0)])
  }

}
