import Compute
import Testing
import Text

@testable import Corpora

@Suite("Splitter")
struct SplitterTests {
  /// Rows of distinct texts with labels of the given counts, shuffled.
  private func rows(_ counts: [Int], seed: UInt64 = 1) -> [Example] {
    var labels = counts.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
    var random = Random(seed: seed, stream: "rows")
    random.shuffle(&labels)
    return labels.enumerated().map { Example(id: "f:\($0.offset + 1)", text: "text \($0.offset)", label: $0.element) }
  }

  private func splitter(_ examples: [Example], _ change: (inout SplitSettings) -> Void = { _ in }) -> Splitter {
    var settings = SplitSettings()
    change(&settings)
    let classes = (0...(examples.map(\.label).max() ?? 0)).map { "class \($0)" }
    return Splitter(examples, classes: classes, settings: settings)
  }

  private func random(_ seed: UInt64) -> Random { Random(seed: seed, stream: "split") }

  private func counts(_ part: [Int], _ examples: [Example], _ classes: Int) -> [Int] {
    part.reduce(into: [Int](repeating: 0, count: classes)) { $0[examples[$1].label] += 1 }
  }

  @Test("Hold-out divides all rows once, each class within one row of its share, for random sizes and fractions")
  func holdout() throws {
    var dice = Random(seed: 2, stream: "dice")
    for round in 0..<60 {
      let sizes = (0..<(2 + dice.below(12))).map { _ in 7 + dice.below(80) }
      let examples = rows(sizes, seed: UInt64(round))
      let validation = 0.15 + 0.01 * Double(dice.below(10)), test = 0.15 + 0.01 * Double(dice.below(15))
      let fractions = [1 - validation - test, validation, test]
      let split = try splitter(examples) { ($0.train, $0.validation, $0.test) = (fractions[0], validation, test) }
        .holdout(random: random(UInt64(round)))
      let parts = [split.train, split.validation, split.test]
      #expect(parts.flatMap { $0 }.sorted() == Array(examples.indices))
      #expect(parts.allSatisfy { $0 == $0.sorted() })
      for (part, fraction) in zip(parts, fractions) {
        for (label, count) in counts(part, examples, sizes.count).enumerated() {
          #expect(
            abs(Double(count) - fraction * Double(sizes[label])) < 1 + 1e-9, "sizes \(sizes), fractions \(fractions)")
        }
        #expect(
          abs(Double(part.count) - fraction * Double(examples.count)) <= 2, "sizes \(sizes), fractions \(fractions)")
      }
    }
  }

  @Test("The same seed gives the same split, another seed another one")
  func determinism() throws {
    let splitter = splitter(rows([60, 60]))
    let split = try splitter.holdout(random: random(1))
    #expect(try splitter.holdout(random: random(1)) == split)
    #expect(try splitter.holdout(random: random(2)) != split)
    let folds = try splitter.folds(5, validationShare: 0.15, random: random(1))
    #expect(try splitter.folds(5, validationShare: 0.15, random: random(1)) == folds)
    #expect(try splitter.folds(5, validationShare: 0.15, random: random(2)) != folds)
  }

  @Test("Over many seeds every row is tested about equally often")
  func uniformity() throws {
    let splitter = splitter(rows([20, 20]))
    var tested = [Int](repeating: 0, count: 40)
    for seed in 0..<400 { for row in try splitter.holdout(random: random(UInt64(seed))).test { tested[row] += 1 } }
    // 400 draws of probability 0.15: mean 60, standard deviation 7.1; five of them on either side.
    #expect(tested.allSatisfy { abs($0 - 60) < 36 }, "\(tested)")
  }

  @Test("Folds test every row once, stratified, and each training part gives its own validation rows")
  func folds() throws {
    let sizes = [53, 20, 31, 5]
    let examples = rows(sizes)
    let folds = try splitter(examples).folds(5, validationShare: 0.15, random: random(3))
    #expect(folds.count == 5)
    #expect(folds.flatMap(\.test).sorted() == Array(examples.indices))
    for fold in folds {
      #expect((fold.train + fold.validation + fold.test).sorted() == Array(examples.indices))
      for (label, count) in counts(fold.test, examples, 4).enumerated() {
        #expect(abs(Double(count) - Double(sizes[label]) / 5) < 1)
      }
      let carved = counts(fold.validation, examples, 4)
      for label in sizes.indices {
        let training = sizes[label] - counts(fold.test, examples, 4)[label]
        #expect(abs(Double(carved[label]) - 0.15 * Double(training)) <= 1)
      }
    }
    #expect(Set(folds.map(\.validation)).count == 5)
  }

  @Test("Equal normalised texts and equal groups never straddle, chains of them included; sizes stay near")
  func groups() throws {
    var dice = Random(seed: 5, stream: "groups")
    for round in 0..<40 {
      var examples = rows([120, 80, 40], seed: UInt64(round))
      for index in examples.indices {
        if dice.below(4) == 0 { examples[index].text = "Text \(dice.below(40))!" }
        if dice.below(3) == 0 { examples[index].group = "g\(dice.below(50))" }
      }
      let splitter = splitter(examples)
      var splits = [try splitter.holdout(random: random(UInt64(round)))]
      splits += try splitter.folds(4, validationShare: 0.2, random: random(UInt64(round)))
      for split in splits {
        #expect((split.train + split.validation + split.test).sorted() == Array(examples.indices))
        let parts = [split.train, split.validation, split.test].map { rows in
          (
            texts: Set(rows.map { normalised(examples[$0].text) }),
            groups: Set(rows.compactMap { examples[$0].group })
          )
        }
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
          #expect(parts[a].texts.isDisjoint(with: parts[b].texts))
          #expect(parts[a].groups.isDisjoint(with: parts[b].groups))
        }
      }
      let largest = UnitFinder.units(of: examples, texts: examples.map(\.text)).map(\.count).max() ?? 0
      if largest <= 36 {
        #expect(abs(splits[0].test.count - 36) <= 2 && abs(splits[0].validation.count - 36) <= 2, "round \(round)")
      }
    }
  }

  @Test("Units are what a flood over equal texts and groups finds")
  func units() {
    var dice = Random(seed: 6, stream: "units")
    for _ in 0..<50 {
      let examples = (0..<30).map { index in
        Example(
          id: "\(index)", text: "t\(dice.below(25))", label: 0, group: dice.below(2) == 0 ? "g\(dice.below(12))" : nil)
      }
      let units = UnitFinder.units(of: examples, texts: examples.map(\.text))
      var naive: [[Int]] = []
      var reached = Set<Int>()
      for start in examples.indices where !reached.contains(start) {
        var unit: Set<Int> = [start], frontier = [start]
        while let row = frontier.popLast() {
          for other in examples.indices where !unit.contains(other) {
            let isLinked =
              examples[other].text == examples[row].text
              || (examples[other].group != nil && examples[other].group == examples[row].group)
            if isLinked {
              unit.insert(other)
              frontier.append(other)
            }
          }
        }
        reached.formUnion(unit)
        naive.append(unit.sorted())
      }
      #expect(units == naive)
    }
  }

  @Test("`drop` keeps the first of equal texts, `keep` lets them fall anywhere")
  func duplicates() throws {
    var examples = rows([40, 40])
    for index in 0..<20 { examples[index + 20].text = examples[index].text.uppercased() + " ." }
    let dropped = try splitter(examples) { $0.duplicates = .drop }.holdout(random: random(1))
    #expect((dropped.train + dropped.validation + dropped.test).sorted() == Array(0..<20) + Array(40..<80))
    let kept = try splitter(examples) { $0.duplicates = .keep }.holdout(random: random(1))
    #expect((kept.train + kept.validation + kept.test).count == 80)
    let seen = Set(kept.train.map { normalised(examples[$0].text) })
    #expect(kept.test.contains { seen.contains(normalised(examples[$0].text)) })
  }

  @Test("Official parts are never changed, but `drop` takes straddling rows out of training")
  func official() throws {
    var examples = rows([60, 60])
    for index in examples.indices { examples[index].part = index < 80 ? .train : .test }
    examples[3].text = examples[100].text.uppercased()
    let split = try splitter(examples).official(validationShare: 0.15, random: random(1))
    #expect(split.test == Array(80..<120))
    #expect((split.train + split.validation).sorted() == Array(0..<80))
    #expect(split.validation.count == 12)
    let dropped = try splitter(examples) { $0.duplicates = .drop }.official(validationShare: 0.15, random: random(1))
    #expect((dropped.train + dropped.validation).sorted() == Array(0..<80).filter { $0 != 3 })
    #expect(dropped.test == Array(80..<120))
    let all = try splitter(examples).official(validationShare: 0, random: random(1))
    #expect(all.train == Array(0..<80) && all.validation.isEmpty)

    for index in 70..<80 { examples[index].part = .validation }
    let given = try splitter(examples).official(validationShare: 0.15, random: random(1))
    #expect(given.validation == Array(70..<80) && given.train == Array(0..<70))
  }

  @Test("Validation rows carved from an official training part respect groups, and rare classes stay in training")
  func carving() throws {
    var examples = rows([60, 40, 1])
    for index in examples.indices { examples[index].group = "g\(index % 30)" }
    examples += rows([5, 5], seed: 2).map { row in
      var row = row
      (row.id, row.text, row.part) = ("t" + row.id, "test " + row.text, .test)
      return row
    }
    let split = try splitter(examples).official(validationShare: 0.15, random: random(1))
    let groups = [split.train, split.validation].map { Set($0.compactMap { examples[$0].group }) }
    #expect(groups[0].isDisjoint(with: groups[1]))
    #expect(abs(split.validation.count - 15) <= 3)
    let lone = rows([60, 40, 1])
    let carved = try splitter(lone + examples.filter { $0.part == .test }).official(
      validationShare: 0.15, random: random(1))
    #expect(counts(carved.train, lone, 3)[2] == 1)
  }

  @Test("Hold-out and folds of a data set with official parts divide its training rows only")
  func officialFolds() throws {
    var examples = rows([60, 60])
    for index in 90..<120 { examples[index].part = index < 100 ? .validation : .test }
    for index in 0..<90 { examples[index].part = .train }
    let folds = try splitter(examples).folds(5, validationShare: 0.15, random: random(1))
    #expect(folds.flatMap(\.test).sorted() == Array(0..<90))
  }

  @Test("Classes with too few rows are named together, with their rows and those that can be told apart")
  func shortages() throws {
    var examples = rows([40, 2, 4])
    func first(_ label: Int) -> String { examples.first { $0.label == label }!.id }
    let two = ClassShortage(name: "class 1", rows: 2, separable: 2, first: first(1))
    #expect(splitter(examples).shortages(parts: 3) == [two])
    #expect(
      splitter(examples).shortages(parts: 5) == [
        two, ClassShortage(name: "class 2", rows: 4, separable: 4, first: first(2)),
      ])
    examples = rows([40, 6])
    for index in examples.indices where examples[index].label == 1 { examples[index].text = "the same" }
    #expect(
      splitter(examples).shortages(parts: 3) == [ClassShortage(name: "class 1", rows: 6, separable: 1, first: first(1))]
    )
    for index in examples.indices where examples[index].label == 1 {
      (examples[index].text, examples[index].group) = ("text \(index)", "g\(index % 2)")
    }
    #expect(splitter(examples) { $0.duplicates = .keep }.shortages(parts: 3).map(\.separable) == [2])
  }

  @Test("Classes with fewer rows than parts are divided: training is served first, then test; folds share them evenly")
  func rarerThanParts() throws {
    let examples = rows([60, 1, 2])
    for seed in 0..<20 {
      let split = try splitter(examples).holdout(random: random(UInt64(seed)))
      #expect((split.train + split.validation + split.test).sorted() == Array(examples.indices))
      #expect(counts(split.train, examples, 3)[1...] == [1, 1])
      #expect(counts(split.test, examples, 3)[1...] == [0, 1])
    }
    // Forty classes of one row beside one of sixty: no fold takes them all.
    let many = rows([60] + [Int](repeating: 1, count: 40))
    for seed in 0..<20 {
      let folds = try splitter(many).folds(5, validationShare: 0.2, random: random(UInt64(seed)))
      #expect(folds.flatMap(\.test).sorted() == Array(many.indices))
      #expect(folds.allSatisfy { abs($0.test.count - 20) <= 1 }, "\(folds.map(\.test.count))")
      for fold in folds { #expect(fold.validation.allSatisfy { many[$0].label == 0 }) }
    }
  }

  @Test("What cannot be divided is an error that says why")
  func indivisible() throws {
    let small = #expect(throws: SplitError.self) {
      try splitter(rows([2])) { $0.stratify = false }.holdout(random: random(1))
    }
    #expect(small == .tooFewInAll(rows: 2, separable: 2, needed: 3))
    #expect(small?.description == "got 2 rows, expected at least 3, one for each part or fold")
    var examples = rows([5, 5])
    for index in examples.indices { examples[index].group = "g\(index % 2)" }
    #expect(throws: SplitError.tooFewInAll(rows: 10, separable: 2, needed: 3)) {
      try splitter(examples).folds(3, validationShare: 0.2, random: random(1))
    }
    var talk = rows([9, 9])
    for index in talk.indices { (talk[index].group, talk[index].part) = ("one", .train) }
    talk += [Example(id: "t:1", text: "tested", label: 0, part: .test)]
    #expect(throws: SplitError.emptyParts(["training"], rows: 18, separable: 1)) {
      try splitter(talk).official(validationShare: 0.9, random: random(1))
    }
    #expect(throws: SplitError.noTestRows) {
      try splitter(rows([9, 9])).official(validationShare: 0.1, random: random(1))
    }
  }

  @Test("Classes of one unit each are divided as far as they go: no part stays empty while another has two")
  func oneUnitEach() throws {
    for sizes in [[1, 1, 1, 1, 1, 1], [20, 20, 20], [30, 5, 5], [1, 1, 1], [40, 1, 1, 1]] {
      var examples = rows(sizes)
      for index in examples.indices { examples[index].group = "g\(examples[index].label)" }
      for seed in 0..<10 {
        let split = try splitter(examples).holdout(random: random(UInt64(seed)))
        let parts = [split.train, split.validation, split.test]
        #expect(parts.allSatisfy { !$0.isEmpty } && parts.flatMap { $0 }.sorted() == Array(examples.indices))
        for part in parts {
          // A group stays whole.
          for label in sizes.indices {
            #expect([0, sizes[label]].contains(part.count { examples[$0].label == label }))
          }
        }
        let folds = try splitter(examples).folds(3, validationShare: 0, random: random(UInt64(seed)))
        #expect(folds.allSatisfy { !$0.test.isEmpty && !$0.train.isEmpty })
        #expect(folds.flatMap(\.test).sorted() == Array(examples.indices))
      }
    }
    // The part that gives keeps its classes where it can: of the large class there are two groups.
    var examples = rows([40, 20, 20])
    for index in examples.indices {
      examples[index].group = "g\(examples[index].label)" + (examples[index].label == 0 ? "\(index % 2)" : "")
    }
    let split = try splitter(examples).holdout(random: random(1))
    #expect(counts(split.train, examples, 3)[0] == 20)
  }

  @Test("A class with as many rows as parts has one in each")
  func rareClasses() throws {
    let examples = rows([200, 3, 4, 5])
    for seed in 0..<20 {
      let split = try splitter(examples).holdout(random: random(UInt64(seed)))
      for part in [split.train, split.validation, split.test] {
        #expect(counts(part, examples, 4).allSatisfy { $0 >= 1 })
      }
    }
  }

  @Test("Without stratifying, parts have their sizes and classes fall by chance")
  func unstratified() throws {
    let examples = rows([50, 50])
    let splits = try (0..<20).map { seed in
      try splitter(examples) { $0.stratify = false }.holdout(random: random(UInt64(seed)))
    }
    #expect(splits.allSatisfy { $0.train.count == 70 && $0.validation.count == 15 && $0.test.count == 15 })
    #expect(Set(splits.map { counts($0.test, examples, 2) }).count > 2)
  }

  @Test("Hashes tell row lists apart by order and by where one id ends")
  func hashes() {
    // sha256sum of "1:a2:bc".
    #expect(Split.hash(of: ["a", "bc"]) == "5310a58788781ab25d5ad7c3f85035824b4eb7bdfa394e0ac2186271472b5492")
    #expect(Split.hash(of: ["a", "bc"]) != Split.hash(of: ["ab", "c"]))
    #expect(Split.hash(of: ["a", "b"]) != Split.hash(of: ["b", "a"]))
    let examples = rows([3, 3])
    let one = Split(train: [0, 1], validation: [2], test: [3])
    let two = Split(train: [0, 1, 2], validation: [], test: [3])
    #expect(one.hash { examples[$0].id } != two.hash { examples[$0].id })
  }

  @Test(
    "train_rows caps the training part, validation keeps its share of it, and all else is tested; what is below stays")
  func trainRows() throws {
    let examples = rows([300, 700])
    let split = try splitter(examples) { $0.trainRows = 140 }.holdout(random: random(1))
    #expect([split.train, split.validation, split.test].map(\.count) == [140, 30, 830])
    #expect(counts(split.train, examples, 2) == [42, 98])
    #expect((split.train + split.validation + split.test).sorted() == Array(examples.indices))
    let whole = try splitter(examples).holdout(random: random(1))
    #expect(try splitter(examples) { $0.trainRows = 700 }.holdout(random: random(1)) == whole)
    #expect(try splitter(examples) { $0.trainRows = 5_000 }.holdout(random: random(1)) == whole)
  }

  @Test("with near duplicates kept together no part has a text that is near one of another, and chains stay whole")
  func near() throws {
    // Forty templates of six rows each: rows of one differ in a word.
    let words = ["parcel", "letter", "refund", "order", "ticket", "invoice"]
    let examples = (0..<240).map { row in
      let template = row / 6
      let text =
        "customer number \(template * 7919) would like to be told at once where in the world the long awaited "
        + "\(words[row % 6]) of week \(template * 104_729) may be found"
      return Example(id: "f:\(row + 1)", text: text, label: template % 2)
    }
    for seed in 1...5 {
      let split = try splitter(examples) { $0.duplicates = .near }.holdout(random: random(UInt64(seed)))
      var parts: [Int: Set<Int>] = [:]
      for (part, rows) in [split.train, split.validation, split.test].enumerated() {
        for row in rows { parts[row / 6, default: []].insert(part) }
      }
      #expect(parts.count == 40 && parts.values.allSatisfy { $0.count == 1 })
      #expect((split.train + split.validation + split.test).sorted() == Array(examples.indices))
    }
    // Without it they straddle.
    let apart = try splitter(examples).holdout(random: random(1))
    #expect(Set(apart.train.map { $0 / 6 }).intersection(apart.test.map { $0 / 6 }).count > 10)
    let folds = try splitter(examples) { $0.duplicates = .near }.folds(4, validationShare: 0.1, random: random(1))
    for fold in folds {
      let other = Set((fold.train + fold.validation).map { $0 / 6 })
      #expect(fold.test.allSatisfy { !other.contains($0 / 6) })
    }
  }
}
