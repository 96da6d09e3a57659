import Compute
import TestSupport
import Testing

@Suite("FloatVectors") struct FloatVectorsTests {
  static func vector(_ count: Int, seed: UInt64) -> [Float] {
    var numbers = SparseRowsTests.Numbers(state: seed)
    return (0..<count).map { _ in numbers.next() }
  }

  @Test("every operation equals its naive twin", arguments: [0, 1, 7, 15, 16, 17, 1000, 140_000])
  func twins(count: Int) {
    let a = Self.vector(count, seed: 1), b = Self.vector(count, seed: 2)
    let pool = WorkerPool(threads: 2)
    expectClose(
      FloatVectors.dot(a, b, pool: pool), zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }, absolute: 1e-9,
      "dot of \(count)")
    var y = b
    FloatVectors.add(0.5, a, to: &y, pool: pool)
    expectClose(y, zip(a, b).map { 0.5 * $0 + $1 }, absolute: 1e-6, "add of \(count)")
    FloatVectors.combine(a, -2, b, into: &y, pool: pool)
    expectClose(y, zip(a, b).map { $0 - 2 * $1 }, absolute: 1e-6, "combine of \(count)")
    y = b
    FloatVectors.scale(&y, by: 3, pool: pool)
    expectClose(y, b.map { 3 * $0 }, absolute: 1e-6, "scale of \(count)")
    #expect(FloatVectors.maximumMagnitude(a) == a.map(abs).max() ?? 0)
  }

  @Test("only the first elements count where a count is given")
  func prefix() {
    let pool = WorkerPool(threads: 1)
    var y: [Float] = [1, 1, 1]
    FloatVectors.add(2, [1, 2, 3], to: &y, count: 2, pool: pool)
    #expect(y == [3, 5, 1])
    #expect(FloatVectors.dot(y, y, count: 2, pool: pool) == 34)
  }

  @Test("a NaN anywhere is the largest magnitude")
  func notANumber() {
    #expect(FloatVectors.maximumMagnitude([1, .nan, 3]).isNaN)
  }

  @Test("1, 2 and 3 threads give the same bits")
  func threads() {
    let a = Self.vector(300_000, seed: 3), b = Self.vector(300_000, seed: 4)
    let sums = [1, 2, 3].map { FloatVectors.dot(a, b, pool: WorkerPool(threads: $0)) }
    #expect(sums[0] == sums[1] && sums[0] == sums[2])
  }
}
