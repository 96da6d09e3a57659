import Compute
import Testing

@testable import Training

@Suite struct BatchesTests {
  private let lengths: [Int] = {
    var random = Random(seed: 2, stream: "lengths")
    return (0..<1003).map { _ in 1 + random.below(40) }
  }()

  private func epoch(_ seed: UInt64, size: Int = 8) -> [[Int]] {
    Batches.epoch(
      rows: Array(lengths.indices), lengths: lengths, size: size, random: Random(seed: seed, stream: "order"))
  }

  @Test("every row stands in exactly one batch, and all batches but one are full", arguments: [1, 8, 32, 2000])
  func partition(size: Int) {
    let batches = epoch(1, size: size)
    #expect(batches.joined().sorted() == Array(lengths.indices))
    #expect(batches.count == (lengths.count + size - 1) / size)
    #expect(batches.count { $0.count != size } <= 1)
  }

  @Test("a batch holds rows of similar length, the shortest first")
  func grouping() {
    let batches = epoch(1)
    for batch in batches { #expect(batch.map { lengths[$0] } == batch.map { lengths[$0] }.sorted()) }
    let spread = batches.reduce(0) { $0 + lengths[$1[$1.count - 1]] - lengths[$1[0]] }
    #expect(Double(spread) / Double(batches.count) < 3)
  }

  @Test("the order follows the seed, and the batches are not in order of length")
  func order() {
    #expect(epoch(1) == epoch(1))
    #expect(epoch(1) != epoch(2))
    let firsts = epoch(1).map { lengths[$0[0]] }
    #expect(firsts != firsts.sorted())
  }

  @Test("shards keep the rows in order and differ by less than one row's tokens")
  func shards() {
    for batch in epoch(3) {
      let parts = Batches.shards(batch, lengths: lengths)
      #expect(Array(parts.joined()) == batch)
      let tokens = parts.map { $0.reduce(0) { $0 + lengths[$1] } }
      if parts.count == 2 { #expect(abs(tokens[0] - tokens[1]) <= lengths[batch[batch.count - 1]]) }
    }
    #expect(Batches.shards([4], lengths: lengths) == [[4]])
    let batch = Array(0..<11), eighths = Batches.shards(batch, lengths: lengths, count: 8)
    #expect(eighths.count == 8 && Array(eighths.joined()) == batch)
    #expect(Batches.shards([4, 2, 7], lengths: lengths, count: 8) == [[4], [2], [7]])
    #expect(Batches.shards(batch, lengths: lengths, count: 2) == Batches.shards(batch, lengths: lengths))
    #expect(Batches.shards([], lengths: lengths).isEmpty)
  }
}
