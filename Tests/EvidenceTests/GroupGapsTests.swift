import Compute
import Foundation
import Manifests
import TestSupport
import Testing

@testable import Evidence

@Suite struct GroupGapsTests {
  /// Answers to rows that are asked about once for each of two groups, whose probabilities differ by `bias`.
  private func answers(_ units: Int, bias: Double, _ random: inout Random) -> [GroupGaps.Answer] {
    (0..<units).flatMap { unit in
      let own = 0.2 + 0.6 * random.uniform()
      return (0..<2).map { group in
        let p = own + 0.03 * random.normal() + (group == 0 ? bias : 0)
        return GroupGaps.Answer(group: group, unit: unit, probability: p, isGiven: p > 0.5, isTrue: nil)
      }
    }
  }

  @Test("a planted bias of 5 points is found and its size is in the interval; without one groups are equal")
  func planted() throws {
    var random = Random(seed: 1, stream: "bias")
    let found = GroupGaps(answers(120, bias: 0.05, &random), groups: 2, margin: 0.03).gaps
    #expect(found.count == 1 && found[0].verdict == .differs)
    let interval = try #require(found[0].interval)
    let p = try #require(found[0].p)
    #expect(interval.low < 0.05 && 0.05 < interval.high && p < 0.001)
    #expect(try #require(found[0].leastDetectable) < 0.02)
    let none = GroupGaps(answers(120, bias: 0, &random), groups: 2, margin: 0.03).gaps
    #expect(none[0].verdict == .equal)
    // Of one unit nothing is known; of answers that never differ all is.
    #expect(GroupGaps(answers(1, bias: 0.5, &random), groups: 2, margin: 0.03).gaps[0].verdict == .tooFew)
    let same = (0..<6).map {
      GroupGaps.Answer(group: $0 % 2, unit: $0 / 2, probability: 0.25, isGiven: false, isTrue: nil)
    }
    #expect(GroupGaps(same, groups: 2, margin: 0.03).gaps[0].verdict == .equal)
  }

  @Test("where no group is treated otherwise, at most 8 of 100 families of gaps have one that is called")
  func falseAlarms() {
    var random = Random(seed: 2, stream: "no bias"), called = 0
    for _ in 0..<100 {
      let answers = (0..<300).map { unit in
        let isTrue = random.uniform() < 0.5
        let p = min(max((isTrue ? 0.7 : 0.3) + 0.2 * random.normal(), 0), 1)
        return GroupGaps.Answer(
          group: random.below(3), unit: unit, probability: p, isGiven: p > 0.5, isTrue: isTrue)
      }
      let gaps = GroupGaps(answers, groups: 3, margin: 0.03).gaps
      #expect(gaps.count == 9)
      if gaps.contains(where: { [.differs, .differsLittle].contains($0.verdict) }) { called += 1 }
    }
    #expect(called <= 8, "\(called) of 100")
  }

  @Test("words that differ from one another by chance make no gap between lists of them")
  func wordEffects() {
    var random = Random(seed: 3, stream: "words"), called = 0
    for _ in 0..<100 {
      let effects = (0..<20).map { _ in 0.1 * random.normal() }
      let answers = (0..<30).flatMap { unit in
        (0..<20).map { word in
          GroupGaps.Answer(
            group: word % 2, unit: unit, word: word, probability: 0.5 + effects[word] + 0.02 * random.normal(),
            isGiven: false, isTrue: nil)
        }
      }
      let gap = GroupGaps(answers, groups: 2, margin: 0.03).gaps[0]
      if [.differs, .differsLittle].contains(gap.verdict) { called += 1 }
    }
    #expect(called <= 10, "\(called) of 100")
  }

  @Test("two texts without a mistake on either side show nothing of mistakes")
  func fewWithoutMistakes() {
    let answers = (0..<4).map {
      GroupGaps.Answer(group: $0 % 2, unit: $0, probability: 0.1 * Double($0), isGiven: false, isTrue: false)
    }
    let gaps = GroupGaps(answers, groups: 2, margin: 0.03).gaps
    #expect(gaps.first { $0.measure == .falsePositives }?.verdict == .undecided)
  }

  private struct Rates: Decodable {
    var truth, given: [Bool]
    var group: [Int]
    var rates: [String: [Double]]
  }

  @Test("rates of mistakes by group are fairlearn's")
  func rates() throws {
    let file = Fixtures.root.appendingPathComponent("evidence/group-rates.json")
    let reference = try JSONDecoder().decode(Rates.self, from: Data(contentsOf: file))
    let answers = reference.truth.indices.map { row in
      GroupGaps.Answer(
        group: reference.group[row], unit: row, probability: 0.5, isGiven: reference.given[row],
        isTrue: reference.truth[row])
    }
    let gaps = GroupGaps(answers, groups: 3, margin: 0.03).gaps
    for (measure, name) in [(GroupGaps.Measure.falsePositives, "falsePositives"), (.falseNegatives, "falseNegatives")] {
      let found = gaps.filter { $0.measure == measure }.sorted { $0.group < $1.group }.compactMap(\.mean)
      expectClose(found, try #require(reference.rates[name]), absolute: 1e-12, name)
    }
  }

  private var people: PeopleGroups {
    var people = PeopleGroups()
    people.groups = [
      .init(name: "women", words: ["Anna", "she", "old woman"]), .init(name: "men", words: ["Ben", "he", "old man"]),
      .init(name: "nobody", words: ["somebody"]),
    ]
    return people
  }

  @Test("words are found whole and in any case, and swapped for those at their place, a capital kept")
  func words() {
    let words = GroupWords(people)
    #expect(words.group(of: "Anna called, she waits") == 0 && words.group(of: "The theatre") == nil)
    #expect(words.group(of: "an OLD MAN") == 1 && words.group(of: "Anna and Ben") == nil)
    let swapped = words.swapped("She saw an old woman, said Anna.", unit: 7, label: "x")
    #expect(
      swapped.map(\.text) == [
        "She saw an old woman, said Anna.", "He saw an old man, said Ben.",
        "Somebody saw an somebody, said Somebody.",
      ])
    #expect(swapped.map(\.group) == [0, 1, 2] && swapped.allSatisfy { $0.unit == 7 && $0.label == "x" })
    #expect(words.swapped("Nothing here", unit: 0, label: nil).isEmpty)
    let filled = words.filled(["{group} is late", "I saw {group}"])
    #expect(filled.count == 14 && filled[1].text == "she is late" && filled[7].unit == 1)
  }

  @Test("the project's first names are read, and stand in one sentence each")
  func names() throws {
    let file = Fixtures.root.appendingPathComponent("../../Experiments/suites/first-names.yaml").standardizedFileURL
    let read = try PeopleGroups.load(file: file.path).get(), words = GroupWords(read)
    #expect(words.names == ["women", "men"] && Set(read.groups.map(\.words.count)) == [10])
    for text in words.filled(read.templates) { #expect(words.group(of: text.text) == text.group, "\(text.text)") }
  }
}
