import Compute
import Testing
import Text

@testable import Corpora

@Suite("Near duplicates")
struct NearDuplicatesTests {
  /// Texts of random words, some of them edited copies of earlier ones, so that coefficients from 0 to 1 occur.
  private func texts(_ count: Int, seed: UInt64) -> [String] {
    var random = Random(seed: seed, stream: "near")
    func word() -> String {
      String((0..<2 + random.below(6)).map { _ in Character(Unicode.Scalar(UInt8(97 + random.below(20)))) })
    }
    var texts: [String] = []
    while texts.count < count {
      var words = (0..<1 + random.below(25)).map { _ in word() }
      if !texts.isEmpty, random.uniform() < 0.6 {
        words = texts[random.below(texts.count)].split(separator: " ").map(String.init)
        for _ in 0..<1 + random.below(3) { words[random.below(words.count)] = word() }
      }
      let text = words.joined(separator: " ")
      if !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  private func strings(_ text: String) -> Set<String> {
    let scalars = Array(text)
    guard scalars.count > 5 else { return scalars.isEmpty ? [] : [text] }
    return Set((0...scalars.count - 5).map { String(scalars[$0..<$0 + 5]) })
  }

  private func jaccard(_ a: Set<String>, _ b: Set<String>) -> Double {
    a.isEmpty || b.isEmpty ? 0 : Double(a.intersection(b).count) / Double(a.union(b).count)
  }

  @Test("The same pairs as those of all pairs compared by sets of strings", arguments: [1, 2, 3] as [UInt64])
  func naiveTwin(seed: UInt64) {
    let texts = texts(120, seed: seed)
    let sets = texts.map(strings)
    let near = NearDuplicates(texts)
    var pairs = 0
    for a in texts.indices {
      for b in texts.indices where a != b {
        let expected = jaccard(sets[a], sets[b]) >= 0.8
        pairs += expected ? 1 : 0
        #expect(near.hasNeighbour(a) { $0 == b } == expected, "\(texts[a]) / \(texts[b])")
      }
    }
    #expect(pairs > 10)
  }

  @Test("0.8 is near, less is not")
  func threshold() {
    // Eight shingles in common of ten: "abcdefghijkl" has eight, each of the two one more.
    let (a, b) = (Shingles("abcdefghijklm"), Shingles("xabcdefghijkl"))
    #expect(a.hashes.count == 9 && b.hashes.count == 9)
    #expect(a.isNear(b))
    #expect(!Shingles("abcdefghijkm").isNear(Shingles("xabcdefghijk")))
  }

  @Test("A short text is one shingle, an empty one has none and is near nothing")
  func short() {
    #expect(Shingles("hi").hashes.count == 1)
    #expect(Shingles("hi") != Shingles("ho"))
    #expect(Shingles("").hashes.isEmpty)
    #expect(!Shingles("").isNear(Shingles("")))
    #expect(Shingles("aaaaaaaa") == Shingles("aaaaaa"))
    let near = NearDuplicates(["", "hi", "ho", "aaaaaaa", "aaaaaaaa"])
    #expect((0..<5).map { near.hasNeighbour($0) { _ in true } } == [false, false, false, true, true])
  }

  @Test("Minimum hashes agree as often as the coefficient says")
  func minimumHashes() {
    var random = Random(seed: 5, stream: "sets")
    var (agreed, expected) = (0.0, 0.0)
    for _ in 0..<100 {
      let stem = String((0..<120).map { _ in Character(Unicode.Scalar(UInt8(97 + random.below(26)))) })
      let other = stem.prefix(60 + random.below(60)) + "zzzzzzzz"
      let (a, b) = (Shingles(stem), Shingles(String(other)))
      let common = Set(a.hashes).intersection(b.hashes).count
      expected += Double(common) / Double(a.hashes.count + b.hashes.count - common)
      let (x, y) = (MinHash.shared.signature(a), MinHash.shared.signature(b))
      for (u, v) in zip(x, y) { agreed += Double((0..<16).count { u[$0] == v[$0] }) / 128 }
    }
    // 100 × 128 draws: a standard error of 0.004.
    #expect(abs(agreed - expected) / 100 < 0.017)
  }

  @Test("All texts of one template are found")
  func template() {
    let stem = "thank you very much for your kind and quick help with my order number "
    let texts = (0..<1_000).map { stem + "\(100_000 + $0)" }
    let near = NearDuplicates(texts)
    #expect((0..<1_000).allSatisfy { text in near.hasNeighbour(text) { $0 < text } == (text > 0) })
    // Thousands of companions in each of 25 bands: more than are looked at, for every one of them.
    #expect(near.crowded.count == 1_000)
    #expect(NearDuplicates(Array(texts.prefix(100))).crowded.isEmpty, "at most 25 × 99")
  }

  @Test("Rows are counted as crowded by their text")
  func crowded() {
    let stem = "thank you very much for your kind and quick help with my order number "
    let template = (0..<1_000).map { Example(id: "\($0)", text: stem + "\(100_000 + $0)", label: 0) }
    let repeated = [template[0], template[0], Example(id: "other", text: "where is my card", label: 0)]
    let index = TextIndex([template, repeated])
    #expect(index.crowdedRows(of: 0) == 1_000 && index.crowdedRows(of: 1) == 2)
  }
}

@Suite("Text index")
struct TextIndexTests {
  private func examples(_ texts: [String]) -> [Example] {
    texts.enumerated().map { Example(id: "\($0)", text: $1, label: 0) }
  }

  @Test("A text is seen, near or novel after the rows trained on, of this data set or another")
  func novelty() {
    let shop = examples(["Where is my order?", "I want to speak to a manager about my last order now", "Thanks!"])
    let bank = examples([
      "where is MY order", "Please, I want to speak to a manager about my last order now", "thanks", "Lost my card",
      "Thank",
    ])
    let index = TextIndex([shop, bank])
    func novelty(_ rows: [Int], after training: [Int]) -> [Novelty] {
      index.novelty(of: .init(rows, of: 1), trainedOn: .init(training, of: 0))
    }
    #expect(novelty([0, 1, 2, 3, 4], after: [0, 1, 2]) == [.seen, .near, .seen, .novel, .novel])
    #expect(novelty([4, 3, 2, 1, 0], after: [0]) == [.novel, .novel, .novel, .novel, .seen])
    #expect(novelty([0, 1], after: []) == [.novel, .novel])
    #expect(novelty([], after: [0]) == [])
    #expect(index.novelty(of: .init([0, 3], of: 1), trainedOn: .init([3], of: 1)) == [.novel, .seen])
  }
}
