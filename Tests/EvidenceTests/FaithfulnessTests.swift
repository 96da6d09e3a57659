import Compute
import TestSupport
import Testing
import Text

@testable import Evidence

@Suite struct FaithfulnessTests {
  private let texts = (0..<40).map { number in
    let words = (0..<10).map { $0 == number % 10 ? "key" : "word\($0)" }
    return TextRuns(words.joined(separator: " "))
  }
  private let random = Random(seed: 1, stream: "chance")

  /// A model whose answer hangs on one word.
  private func probability(_ texts: [String], _ classes: [Int]) -> [Double] {
    texts.map { $0.contains("key") ? 0.9 : 0.1 }
  }

  private static func others(_ word: Int) -> [Int] { (0..<10).filter { $0 != word } }

  private func faithfulness(_ rankings: [[Int]]) -> Faithfulness {
    Faithfulness(texts, rankings: rankings, classes: texts.map { _ in 0 }, random: random, probability: probability)
  }

  @Test("the word that all hangs on, named first, is needed and enough; named last it is neither")
  func planted() throws {
    let first = faithfulness(texts.indices.map { [$0 % 10] + Self.others($0 % 10) })
    for row in first.rows {
      expectClose(row.comprehensiveness, 0.8, "lost without it")
      expectClose(row.sufficiency, 0, absolute: 1e-12, "lost with it alone")
    }
    #expect(first.mean(\.needed).value > 0.4 && first.mean(\.enough).value > 0.4)
    #expect(try #require(first.mean(\.needed).interval).low > 0.3)
    let last = faithfulness(texts.indices.map { Self.others($0 % 10) + [$0 % 10] })
    // Half of the words without it: nothing is lost without them, all with them alone.
    for row in last.rows {
      expectClose(row.comprehensiveness, 0, absolute: 1e-12, "nothing lost")
      expectClose(row.sufficiency, 0.8, "all lost")
    }
    let difference = first.difference(from: last, \.needed)
    expectClose(difference.value, 0.8, "in pairs")
  }

  @Test("a ranking by chance is no better than chance, and the same random rankings serve two models")
  func chance() throws {
    var stream = Random(seed: 2, stream: "other")
    let found = faithfulness(
      texts.map { text in
        var order = Array(0..<text.count)
        stream.shuffle(&order)
        return order
      })
    for mean in [found.mean(\.needed), found.mean(\.enough)] {
      let interval = try #require(mean.interval)
      #expect(interval.low < 0 && 0 < interval.high)
    }
    let other = faithfulness(texts.map { Array(0..<$0.count) })
    #expect(found.rows.map(\.randomSufficiency) == other.rows.map(\.randomSufficiency))
  }

  @Test("shares of words: one at least, and never all")
  func counts() {
    #expect(Faithfulness.shares.map { Faithfulness.count($0, of: 10) } == [1, 1, 1, 2, 5])
    #expect(Faithfulness.shares.map { Faithfulness.count($0, of: 2) } == [1, 1, 1, 1, 1])
    #expect(Faithfulness.shares.map { Faithfulness.count($0, of: 100) } == [1, 5, 10, 20, 50])
  }
}
