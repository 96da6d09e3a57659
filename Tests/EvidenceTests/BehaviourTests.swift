import Compute
import Manifests
import Testing

@testable import Evidence

@Suite("Behaviour")
struct BehaviourTests {
  private func changed(_ text: String, _ change: TextChange, seed: UInt64 = 1) -> String? {
    var changer = TextChanger(random: Random(seed: seed, stream: "test"))
    return changer.changed(text, by: change)
  }

  @Test(
    "changes leave what they are not about",
    arguments: [
      ("I don't know", .contractions, "I do not know"), ("It is late", .contractions, "It's late"),
      ("Don\u{2019}t wait", .contractions, "Do not wait"), ("donate", .contractions, nil),
      ("My colour", .spelling, "My color"), ("Color me", .spelling, "Colour me"), ("discolour", .spelling, nil),
      ("Where is it?!", .unpunctuated, "Where is it"), ("where", .unpunctuated, nil), ("ABC", .capitals, nil),
      ("My Card", .lowerCase, "my card"), ("It is late", .negation, "It is not late"), ("It is not", .negation, nil),
      ("no digits", .numbers, nil), ("a bc def", .typo, nil), ("a bc def", .omission, nil), ("aaaaaa", .typo, nil),
    ] as [(String, TextChange, String?)])
  func changes(text: String, change: TextChange, expected: String?) { #expect(changed(text, change) == expected) }

  @Test("a typo keeps a word's ends and letters, an omission loses one, numbers keep their length")
  func letters() throws {
    for seed in 0..<40 {
      let typo = try #require(changed("my transfer is", .typo, seed: UInt64(seed)))
      #expect(typo != "my transfer is" && typo.sorted() == "my transfer is".sorted())
      #expect(typo.hasPrefix("my t") && typo.hasSuffix("r is"))
      let shorter = try #require(changed("my transfer is", .omission, seed: UInt64(seed)))
      #expect(shorter.count == 13 && shorter.hasPrefix("my t") && shorter.hasSuffix("r is"))
      let number = try #require(changed("paid 120.50 on 7", .numbers, seed: UInt64(seed)))
      #expect(number.count == 16 && !number.contains(" 0") && number.wholeMatch(of: /paid \d{3}\.\d{2} on \d/) != nil)
    }
  }

  private func suite(_ test: BehaviourTest) -> BehaviourSuite {
    var suite = BehaviourSuite()
    suite.lexicons = [
      .init(name: "a", words: ["x", "y", "z"]), .init(name: "b", words: (0..<50).map { "w\($0)" }),
    ]
    suite.tests = [test]
    return suite
  }

  @Test("templates are filled in every way where there are few, and drawn where there are many, no text twice")
  func templates() {
    var test = BehaviourTest()
    (test.name, test.kind, test.label) = ("t", .minimum, "p")
    test.templates = ["{a} and {a}", "{a} {b}"]
    test.cases = 40
    let found = BehaviourCases(test, of: suite(test), rows: [])
    let texts = found.cases.map(\.after)
    #expect(Set(texts).count == texts.count && texts.count == 23)
    #expect(["x and x", "y and y", "z and z"].allSatisfy(texts.contains))
    #expect(
      found.cases == BehaviourCases(test, of: suite(test), rows: []).cases
        && found.cases.allSatisfy { $0.before == nil })
  }

  @Test("failures by kind: another class, another class than before, a probability that goes the wrong way")
  func failures() {
    func answer(_ label: String, _ p: Double?) -> BehaviourOutcome.Answer {
      .init(label: label, probabilities: p.map { ["p": $0, "n": 1 - $0] } ?? [:])
    }
    func failed(
      _ kind: BehaviourTest.Kind, _ before: BehaviourOutcome.Answer, _ after: BehaviourOutcome.Answer,
      _ moves: BehaviourTest.Movement = .down
    ) -> Bool {
      var test = BehaviourTest()
      (test.name, test.kind, test.label, test.moves) = ("t", kind, "p", moves)
      test.append = kind == .minimum ? [] : ["!"]
      test.templates = ["text"]
      let cases = BehaviourCases(test, of: suite(test), rows: [])
      return BehaviourOutcome(cases, models: ["m"], before: [[before]], after: [[after]]).models[0].failed[0]
    }
    #expect(failed(.minimum, answer("", nil), answer("n", 0.4)) && !failed(.minimum, answer("", nil), answer("p", 0.6)))
    #expect(failed(.invariance, answer("p", 0.6), answer("n", 0.4)))
    #expect(!failed(.invariance, answer("p", 0.9), answer("p", 0.6)))
    #expect(
      failed(.direction, answer("p", 0.6), answer("p", 0.8)) && !failed(.direction, answer("p", 0.6), answer("p", 0.65))
    )
    #expect(failed(.direction, answer("p", 0.9), answer("p", 0.7), .up))
  }

  @Test("rows that a change does not alter are no cases; those answered wrong before are counted")
  func rows() {
    var test = BehaviourTest()
    (test.name, test.changes) = ("t", [.capitals])
    let rows = ["one", "TWO", "three"].enumerated().map {
      BehaviourCases.Row(id: "r:\($0)", text: $1, label: "p")
    }
    let cases = BehaviourCases(test, of: suite(test), rows: rows)
    #expect(Set(cases.cases.map(\.id)) == ["r:0", "r:2"] && Set(cases.cases.map(\.after)) == ["ONE", "THREE"])
    let n = BehaviourOutcome.Answer(label: "n", probabilities: [:])
    let found = BehaviourOutcome(cases, models: ["a", "b"], before: [[n, n], [n, n]], after: [[n, n], [n, n]])
    #expect(found.models[0].wrongBefore == 2 && found.models[0].known == 2 && found.models[0].failures == 0)
    #expect(found.pair?.bothRight == 0 && found.pair?.p == 1)
  }
}
