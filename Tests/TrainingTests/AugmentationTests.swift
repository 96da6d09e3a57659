import Compute
import Testing

@testable import Training

@Suite struct AugmentationTests {
  private static let texts = ["where is my card", "the card has not come yet", "refund me please"]

  private func variants(
    _ text: String, _ count: Int = 400, seed: UInt64 = 1, _ change: (inout AugmentationSettings) -> Void
  ) -> [[String]] {
    var settings = AugmentationSettings()
    (settings.mask, settings.replace, settings.ngram) = (0, 0, 0)
    change(&settings)
    let augmentation = Augmentation(settings, trainingTexts: Self.texts)
    var random = Random(seed: seed, stream: "variants")
    return (0..<count).map { _ in
      augmentation.variant(of: text, random: &random).split(separator: " ").map(String.init)
    }
  }

  private static let text = "the card has not come yet", words = text.split(separator: " ").map(String.init)

  @Test("nothing asked for changes nothing but white space")
  func nothing() {
    #expect(variants(" the card\thas not\ncome  yet ") { _ in }.allSatisfy { $0 == Self.words })
    #expect(variants("  ") { $0.delete = 0.5 }.allSatisfy { $0.isEmpty })
  }

  @Test("swapping keeps the words, in another order")
  func swapping() {
    let found = variants(Self.text) { $0.swap = 0.2 }
    #expect(found.allSatisfy { $0.sorted() == Self.words.sorted() })
    let moved = found.map { zip($0, Self.words).count { $0 != $1 } }
    #expect(Set(moved) == [2])
  }

  @Test("leaving out keeps the order, about the share that is asked for, and one word at least")
  func deleting() {
    let found = variants(Self.text) { $0.delete = 0.3 }
    for variant in found {
      var rest = Self.words[...]
      for word in variant {
        guard let place = rest.firstIndex(of: word) else {
          Issue.record("\(variant)")
          break
        }
        rest = rest[(place + 1)...]
      }
    }
    let mean = Double(found.reduce(0) { $0 + $1.count }) / Double(found.count)
    #expect(abs(mean - 4.2) < 0.2)
    #expect(variants("late") { $0.delete = 0.99 }.allSatisfy { $0 == ["late"] })
  }

  @Test("words put in stand in training texts; hidden and replaced ones are as many as asked for")
  func newWords() {
    let known = Set(Self.texts.flatMap { $0.split(separator: " ").map(String.init) })
    let inserted = variants(Self.text) { $0.insert = 0.5 }
    #expect(inserted.allSatisfy { $0.count == 9 && Set($0).isSubset(of: known) && Set(Self.words).isSubset(of: $0) })
    let hidden = variants(Self.text) { $0.mask = 0.25 }
    let share = Double(hidden.joined().count { $0 == "[MASK]" }) / Double(hidden.joined().count)
    #expect(abs(share - 0.25) < 0.03)
    let replaced = variants("one two three four") { $0.replace = 0.5 }
    #expect(
      replaced.allSatisfy { $0.count == 4 && Set($0).isSubset(of: known.union(["one", "two", "three", "four"])) })
    let changed = Double(replaced.joined().count { known.contains($0) }) / Double(replaced.joined().count)
    #expect(abs(changed - 0.5) < 0.04)
    // "card" stands twice among fourteen words.
    let cards =
      Double(replaced.joined().count { $0 == "card" }) / Double(replaced.joined().count { known.contains($0) })
    #expect(abs(cards - 2 / 13.0) < 0.04)
  }

  @Test("an n-gram is one to five words in a row")
  func ngrams() {
    let found = variants(Self.text) { $0.ngram = 1 }
    #expect(Set(found.map(\.count)) == [1, 2, 3, 4, 5])
    for variant in found {
      #expect((0...Self.words.count - variant.count).contains { Array(Self.words[$0..<$0 + variant.count]) == variant })
    }
  }

  @Test("the same numbers give the same variants, others others")
  func seeds() {
    func all(_ seed: UInt64) -> [[String]] {
      variants(Self.text, 20, seed: seed) { ($0.swap, $0.delete, $0.mask, $0.replace) = (0.2, 0.1, 0.1, 0.1) }
    }
    #expect(all(1) == all(1) && all(1) != all(2))
  }
}
