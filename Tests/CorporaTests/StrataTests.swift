import Compute
import Tasks
import Testing

@testable import Corpora

/// What parts of a split have in equal shares where rows have several labels, or numbers.
@Suite("Strata")
struct StrataTests {
  private func rows(_ targets: [Target]) -> [Example] {
    targets.enumerated().map { Example(id: "f:\($0.offset + 1)", text: "text \($0.offset)", target: $0.element) }
  }

  private func random(_ seed: Int) -> Random { Random(seed: UInt64(seed), stream: "split") }

  private func strata(_ numbers: [Double]) -> (count: Int, of: [Int]) {
    let strata = Strata(rows(numbers.map { .number($0) }), classes: 0)
    return (strata.count, numbers.indices.flatMap { strata[$0] })
  }

  private func splits(_ examples: [Example], classes: Int, seed: Int) throws -> [Split] {
    let names = (0..<classes).map { "label \($0)" }
    let splitter = Splitter(examples, classes: names, settings: SplitSettings())
    return [try splitter.holdout(random: random(seed))]
      + (try splitter.folds(5, validationShare: 0.15, random: random(seed)))
  }

  /// Every part of a hold-out and of five folds, with its share of the rows that it was taken from.
  private func parts(
    _ examples: [Example], classes: Int, seed: Int
  ) throws -> [(rows: [Int], share: Double, pool: [Int])] {
    let all = Array(examples.indices), splits = try splits(examples, classes: classes, seed: seed)
    let holdout = splits[0]
    return [(holdout.train, 0.7, all), (holdout.validation, 0.15, all), (holdout.test, 0.15, all)]
      + splits.dropFirst().flatMap { [($0.test, 0.2, all), ($0.validation, 0.15, $0.train + $0.validation)] }
  }

  // MARK: Numbers

  @Test("Up to ten different numbers are a stratum each, from the smallest", arguments: 1...10)
  func fewNumbers(count: Int) {
    var dice = Random(seed: UInt64(count), stream: "numbers")
    let values = (0..<count).map { Double($0) * 1.5 - 4 }
    // The largest stands in one row of many.
    let places = Array(0..<count) + (0..<200).map { _ in dice.below(max(1, count - 1)) }
    let strata = strata(places.map { values[$0] })
    #expect(strata.count == count && strata.of == places)
  }

  @Test("More are cut at their deciles: ten strata of as many rows each, in the order of the numbers")
  func deciles() {
    for rows in [11, 20, 99, 250] {
      var order = Array(0..<rows)
      var dice = Random(seed: UInt64(rows), stream: "order")
      dice.shuffle(&order)
      let strata = strata(order.map { Double($0) * Double($0) })
      #expect(strata.count == 10 && strata.of.count == rows)
      #expect(
        (0..<10).allSatisfy { stratum in
          abs(Double(strata.of.count { $0 == stratum }) - Double(rows) / 10) < 1
        }, "\(rows) rows")
      let ascending = zip(order, strata.of).sorted { $0.0 < $1.0 }.map(\.1)
      #expect(ascending == ascending.sorted())
    }
  }

  @Test("Equal numbers are never apart, and a number that many rows share leaves fewer strata, none of them empty")
  func equalNumbers() {
    // Half are 0: the deciles below the middle are one.
    let half = strata([Double](repeating: 0, count: 50) + (1...50).map(Double.init))
    #expect(half.count == 6 && half.of.count { $0 == 0 } == 50)
    #expect((1..<6).allSatisfy { stratum in half.of.count { $0 == stratum } == 10 })
    let ends = strata((1...30).map(Double.init) + [Double](repeating: 99, count: 70))
    #expect(ends.count == 4 && ends.of.suffix(70).allSatisfy { $0 == 3 })
    var dice = Random(seed: 3, stream: "numbers")
    for _ in 0..<50 {
      let numbers = (0..<120).map { _ in Double(dice.below(4) == 0 ? dice.below(60) : dice.below(6)) - 20 }
      let strata = strata(numbers)
      #expect(Set(strata.of) == Set(0..<strata.count) && strata.count <= 10)
      let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
      for (a, b) in zip(order, order.dropFirst()) {
        #expect(numbers[a] == numbers[b] ? strata.of[a] == strata.of[b] : strata.of[a] <= strata.of[b])
      }
    }
  }

  @Test("Parts have each range of numbers within one row of its share")
  func partsOfNumbers() throws {
    var dice = Random(seed: 4, stream: "numbers")
    for round in 0..<20 {
      // Of every other round the numbers are few.
      let numbers = (0..<(150 + dice.below(100))).map { _ in
        round % 2 == 0 ? dice.normal() * 10 : Double(dice.below(5))
      }
      let examples = rows(numbers.map { .number($0) })
      let strata = strata(numbers)
      for part in try parts(examples, classes: 0, seed: round) {
        for stratum in 0..<strata.count {
          let share = part.share * Double(part.pool.count { strata.of[$0] == stratum })
          let found = Double(part.rows.count { strata.of[$0] == stratum })
          #expect(abs(found - share) < 1 + 1e-9, "round \(round), stratum \(stratum): \(found) for \(share)")
        }
        #expect(abs(Double(part.rows.count) - part.share * Double(part.pool.count)) <= 2, "round \(round)")
      }
    }
  }

  @Test("Rows with numbers are divided once, by a seed, and none of their numbers can be short of rows")
  func numbersOnce() throws {
    let examples = rows((0..<90).map { .number(Double($0 * 37 % 90)) })
    for split in try splits(examples, classes: 0, seed: 1) {
      #expect((split.train + split.validation + split.test).sorted() == Array(examples.indices))
    }
    #expect(try splits(examples, classes: 0, seed: 1) == splits(examples, classes: 0, seed: 1))
    #expect(try splits(examples, classes: 0, seed: 1) != splits(examples, classes: 0, seed: 2))
    #expect(Splitter(examples, classes: [], settings: SplitSettings()).shortages(parts: 5).isEmpty)
  }

  // MARK: Several labels

  /// Rows of which each has label l with a probability of its own, between a third of `share` and half as much again.
  private func labelled(_ count: Int, labels: Int, share: Double, seed: Int) -> [Example] {
    var dice = Random(seed: UInt64(seed), stream: "labels")
    return rows(
      (0..<count).map { _ in
        .labels((0..<labels).filter { Double(dice.below(10_000)) < 10_000 * share * [1.5, 1, 1.0 / 3][$0 % 3] })
      })
  }

  /// The rows that have a label; those without any for `none`.
  private func count(_ rows: [Int], _ examples: [Example], _ label: Int, none: Int) -> Int {
    rows.count { label == none ? examples[$0].target.classes.isEmpty : examples[$0].target.classes.contains(label) }
  }

  /// Tables of labels: few and frequent ones, and many of which a row has up to ten.
  private static let tables = [(labels: 3, share: 0.3), (6, 0.25), (12, 0.15), (28, 0.05), (28, 0.1)]

  @Test(
    "Parts have each label near its share: off by one row, and half a row for each label of the fullest row",
    arguments: tables)
  func partsOfLabels(table: (labels: Int, share: Double)) throws {
    for round in 0..<8 {
      let examples = labelled(200 + 100 * (round % 3), labels: table.labels, share: table.share, seed: round)
      let most = examples.map(\.target.classes.count).max() ?? 0
      for part in try parts(examples, classes: table.labels, seed: round) {
        for label in 0...table.labels {
          let share = part.share * Double(count(part.pool, examples, label, none: table.labels))
          let found = Double(count(part.rows, examples, label, none: table.labels))
          #expect(abs(found - share) < 1 + Double(most) / 2, "round \(round), label \(label): \(found) for \(share)")
        }
      }
    }
  }

  @Test("Labels are off by less than half of what a division without regard to them gives", arguments: tables)
  func againstChance(table: (labels: Int, share: Double)) throws {
    var (own, chance) = (0.0, 0.0)
    for round in 0..<8 {
      let examples = labelled(400, labels: table.labels, share: table.share, seed: round)
      let names = (0..<table.labels).map { "label \($0)" }
      func distance(_ isStratified: Bool) throws -> Double {
        var settings = SplitSettings()
        settings.stratify = isStratified
        let split = try Splitter(examples, classes: names, settings: settings).holdout(random: random(round))
        let all = Array(examples.indices)
        return [(split.train, 0.7), (split.validation, 0.15), (split.test, 0.15)].reduce(0) { sum, part in
          (0...table.labels).reduce(sum) { sum, label in
            let share = part.1 * Double(count(all, examples, label, none: table.labels))
            return sum + abs(Double(count(part.0, examples, label, none: table.labels)) - share)
          }
        }
      }
      own += try distance(true)
      chance += try distance(false)
    }
    #expect(own < chance / 2)
  }

  @Test("Parts have their share of the rows, however many labels these have", arguments: tables)
  func sizes(table: (labels: Int, share: Double)) throws {
    for round in 0..<4 {
      let examples = labelled(500, labels: table.labels, share: table.share, seed: round)
      let most = examples.map(\.target.classes.count).max() ?? 0
      let distances = try parts(examples, classes: table.labels, seed: round).map { part in
        abs(Double(part.rows.count) - part.share * Double(part.pool.count))
      }
      #expect(distances.allSatisfy { $0 <= 2 + Double(most) / 2 }, "round \(round): \(distances)")
    }
  }

  @Test("Rows of one label or none are divided as classes are: within two rows of their shares")
  func oneLabelEach() throws {
    var dice = Random(seed: 5, stream: "labels")
    for round in 0..<20 {
      let examples = rows((0..<300).map { _ in dice.below(4) == 0 ? .labels([]) : .labels([dice.below(5)]) })
      for part in try parts(examples, classes: 5, seed: round) {
        for label in 0...5 {
          let share = part.share * Double(count(part.pool, examples, label, none: 5))
          #expect(abs(Double(count(part.rows, examples, label, none: 5)) - share) < 2, "round \(round), label \(label)")
        }
      }
    }
  }

  @Test("All rows are divided once, by a seed; equal texts and groups of rows with several labels stay together")
  func groups() throws {
    for round in 0..<8 {
      var examples = labelled(240, labels: 6, share: 0.25, seed: round)
      var dice = Random(seed: UInt64(round), stream: "groups")
      for index in examples.indices {
        if dice.below(4) == 0 { examples[index].text = "Text \(dice.below(40))!" }
        if dice.below(4) == 0 { examples[index].group = "g\(dice.below(50))" }
      }
      for split in try splits(examples, classes: 6, seed: round) {
        let parts = [split.train, split.validation, split.test]
        #expect(parts.flatMap { $0 }.sorted() == Array(examples.indices))
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
          #expect(
            Set(parts[a].compactMap { examples[$0].group }).isDisjoint(with: parts[b].compactMap { examples[$0].group })
          )
          #expect(Set(parts[a].map { examples[$0].text }).isDisjoint(with: parts[b].map { examples[$0].text }))
        }
      }
      #expect(try splits(examples, classes: 6, seed: round) == splits(examples, classes: 6, seed: round))
    }
  }

  @Test("A row is of the strata of its labels, and of one more where it has none")
  func strataOfLabels() {
    let strata = Strata(rows([.labels([0, 2]), .labels([]), .labels([1])]), classes: 3)
    #expect(strata[0].starts(with: [0, 2]) && strata[2].starts(with: [1]))
    #expect(Set(strata[1]).isDisjoint(with: [0, 1, 2]) && !strata[1].isEmpty)
    #expect((0..<3).allSatisfy { strata[$0].allSatisfy { 0..<strata.count ~= $0 } })
    let classes = Strata(rows([.label(1), .label(0)]), classes: 2)
    #expect(classes.count == 2 && classes[0] == [1] && classes[1] == [0])
  }

  @Test("Labels of too few rows are named, of which rows several labels may be short")
  func shortages() {
    let targets: [Target] = [.labels([0, 1]), .labels([1, 2]), .labels([])] + (0..<20).map { _ in .labels([2]) }
    let splitter = Splitter(rows(targets), classes: ["a", "b", "c"], settings: SplitSettings())
    #expect(
      splitter.shortages(parts: 3) == [
        ClassShortage(name: "a", rows: 1, separable: 1, first: "f:1"),
        ClassShortage(name: "b", rows: 2, separable: 2, first: "f:1"),
      ])
  }

  @Test("Without stratifying, neither labels nor numbers matter to a split")
  func unstratified() throws {
    var settings = SplitSettings()
    settings.stratify = false
    let labelled = labelled(60, labels: 3, share: 0.4, seed: 1)
    let numbers = rows(labelled.indices.map { .number(Double($0)) })
    let first = try Splitter(labelled, classes: ["a", "b", "c"], settings: settings).holdout(random: random(1))
    #expect(try Splitter(numbers, classes: [], settings: settings).holdout(random: random(1)) == first)
    #expect(first.test.count == 9 && first.validation.count == 9)
  }
}
