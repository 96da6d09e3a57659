import Statistics
import Testing

@testable import Evidence

@Suite("Slices")
struct SliceSearchTests {
  /// Messages of words drawn from a list, of which `planted` stands in a fifth.
  private static func texts(_ generator: inout ResamplingGenerator, rows: Int) -> [String] {
    let words = (0..<60).map { "word\(["a", "b", "c", "d", "e", "f"][$0 % 6])\($0)" }
    return (0..<rows).map { _ in
      var list = (0..<(4 + generator.below(12))).map { _ in words[generator.below(words.count)] }
      if generator.below(5) == 0 { list.insert("planted", at: generator.below(list.count)) }
      return list.joined(separator: " ")
    }
  }

  /// One row of three classes is wrong in one case of ten; with `isPlanted` the labels of rows with the word say nothing.
  private static func search(_ seed: UInt64, isPlanted: Bool, perGroup: Int = 1) -> SliceSearch {
    var generator = ResamplingGenerator(seed: seed)
    let texts = texts(&generator, rows: 600)
    let errors = texts.map { text -> Double in
      let share = isPlanted && text.contains("planted") ? 2.0 / 3 : 0.1
      return generator.uniform() < share ? 1 : 0
    }
    var candidates = SliceCandidates(rows: texts.count)
    candidates.add(texts: texts)
    return SliceSearch(
      candidates.all, values: errors, groups: texts.indices.map { $0 / perGroup }, isSigned: false, seed: seed)
  }

  @Test("a planted slice is found in at least 45 of 50 runs")
  func planted() {
    let found = (0..<50).count { seed in
      Self.search(UInt64(seed), isPlanted: true).findings.contains { $0.isCalled && $0.name == "with “planted”" }
    }
    #expect(found >= 45, "\(found) of 50")
  }

  @Test("without one at most 10 of 100 runs call any")
  func none() {
    let called = (100..<200).count { seed in
      Self.search(UInt64(seed), isPlanted: false).findings.contains(where: \.isCalled)
    }
    #expect(called <= 10, "\(called) of 100")
  }

  @Test("one half is searched and the other tested, groups whole, and the figures are of the other")
  func halves() throws {
    let found = Self.search(3, isPlanted: true, perGroup: 4)
    #expect(found.searchedRows == 300 && found.testedRows == 300)
    let first = try #require(found.findings.first)
    #expect(first.isCalled && first.name == "with “planted”" && first.kind == .word)
    let (inside, outside) = (try #require(first.inside), try #require(first.outside))
    #expect(first.rows < 100 && inside > 0.4 && outside < 0.2)
    let range = try #require(first.interval)
    #expect(range.contains(try #require(first.difference)) && range.low > 0)
    #expect(found.findings == Self.search(3, isPlanted: true, perGroup: 4).findings)
    #expect(found.findings.count <= SliceSearch.mostCarried)
  }

  @Test("where two models differ the other way it is found as well")
  func signed() throws {
    var generator = ResamplingGenerator(seed: 9)
    let texts = Self.texts(&generator, rows: 800)
    let gap = texts.map { text in
      (generator.uniform() < 0.2 ? 1.0 : 0) - (generator.uniform() < (text.contains("planted") ? 0.7 : 0.2) ? 1.0 : 0)
    }
    var candidates = SliceCandidates(rows: texts.count)
    candidates.add(texts: texts)
    let groups = Array(texts.indices)
    let found = SliceSearch(candidates.all, values: gap, groups: groups, isSigned: true, seed: 1)
    let first = try #require(found.findings.first)
    #expect(first.isCalled && first.name == "with “planted”" && (first.difference ?? 0) < -0.3)
    let stated = SliceFinding.stated(candidates.all.filter { $0.kind == .length }, values: gap, groups: groups)
    #expect(stated.count == 4 && stated.allSatisfy { $0.leastDetectable ?? 0 > 0 })
    #expect(stated.map(\.rows).reduce(0, +) == 800)
  }

  @Test("candidates have at least 20 rows inside and outside, and none stands twice")
  func candidates() {
    var found = SliceCandidates(rows: 60)
    found.add(.label, values: (0..<60).map { $0 < 19 ? "few" : $0 < 40 ? "many" : "" }) { $0 }
    #expect(found.all.map(\.name) == ["many"] && found.all[0].rows == 21)
    found.add(.declared, values: (0..<60).map { 19..<40 ~= $0 ? "same rows" : "" }) { $0 }
    #expect(found.all.count == 1)
    found.add(.declared, values: ["too few values"]) { $0 }
    #expect(found.all.count == 1)
    let texts = (0..<60).map { row in
      row < 30
        ? "the card is not here \(row)"
        : row == 31 ? "the crad came" : row < 50 ? "my card came" : "so my card came late"
    }
    found.add(texts: texts)
    let names = found.all.map(\.name)
    // “here” stands in the rows with a negation and no others.
    #expect(names.contains("with a negation") && names.contains("with “came”") && !names.contains("with “here”"))
    #expect(!names.contains("with “card”") && !names.contains("with “crad”"))
  }

  @Test("a misspelling is one letter off a common word, and another form of it is none")
  func misspellings() {
    let common: Set = ["transfer", "payment"]
    for word in ["transfre", "tranfer", "transsfer", "tramsfer", "paymemt"] {
      #expect(SliceCandidates.isMisspelling(word, 1, of: common), "\(word)")
    }
    for word in ["transfers", "payments", "transfe", "pay", "payed", "trnsfre"] {
      #expect(!SliceCandidates.isMisspelling(word, 1, of: common), "\(word)")
    }
    #expect(!SliceCandidates.isMisspelling("tranfer", 3, of: common))
  }
}
