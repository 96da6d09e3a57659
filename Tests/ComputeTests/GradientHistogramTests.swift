import Compute
import Testing

@Suite struct GradientHistogramTests {
  @Test(
    "sums equal those of a loop over rows and columns, and those of parts add up to them", arguments: [0, 1, 7, 300])
  func naive(rows: Int) {
    var random = Random(seed: 1, stream: "histogram \(rows)")
    let counts = [3, 256, 1, 17]
    let offsets: [Int32] = [0, 3, 259, 260]
    let bins = (0..<rows).flatMap { _ in counts.map { UInt8(random.below($0)) } }
    let pairs = (0..<rows).map { _ in SIMD2(Int64(random.below(2_000)) - 1_000, Int64(1) << 40 + 1) }
    var order = (0..<Int32(rows)).map { $0 }
    random.shuffle(&order)
    let start = 5, range = rows / 5..<rows
    var expected = [SIMD2<Int64>](repeating: SIMD2(1, 2), count: start + 260 + 256)
    for place in range {
      let row = Int(order[place])
      for column in counts.indices {
        expected[start + Int(offsets[column]) + Int(bins[row * 4 + column])] &+= pairs[row]
      }
    }
    for cut in [range.lowerBound, (range.lowerBound + rows) / 2] {
      var sums = [SIMD2<Int64>](repeating: SIMD2(1, 2), count: expected.count)
      for part in [cut..<rows, range.lowerBound..<cut] {
        GradientHistogram.add(order, part, bins: bins, offsets: offsets, pairs: pairs, to: &sums, at: start)
      }
      #expect(sums == expected)
    }
  }
}
