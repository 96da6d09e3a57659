import Foundation
import TestSupport
import Testing

@testable import Statistics

@Suite struct StepDetectionTests {
  /// Every way to cut the series, scored by the same criterion.
  private func naive(_ values: [Double], minimumLength: Int) -> Double {
    let n = values.count
    var best = Double.infinity
    for mask in 0..<(1 << (n - 1)) {
      let cuts = (1..<n).filter { mask >> ($0 - 1) & 1 == 1 }
      let bounds = [0] + cuts + [n]
      let parts = zip(bounds, bounds.dropFirst()).map { Array(values[$0..<$1]) }
      guard parts.allSatisfy({ $0.count >= minimumLength }) else { continue }
      best = min(best, score(parts, n))
    }
    return best
  }

  private func score(_ parts: [[Double]], _ n: Int) -> Double {
    let cost = parts.reduce(0.0) { sum, part in
      let middle = part.sorted()[part.count / 2]
      return sum + part.reduce(0) { $0 + abs($1 - middle) }
    }
    return Double(n) * log(cost / Double(n)) + 2 * Double(parts.count - 1) * log(Double(n))
  }

  private func noise(_ count: Int, seed: UInt64) -> [Double] {
    var generator = ResamplingGenerator(seed: seed)
    return (0..<count).map { _ in Normal.quantile((Double(generator.below(1 << 20)) + 0.5) / Double(1 << 20)) }
  }

  @Test("no way to cut a series is cheaper than the one found", arguments: 1...30)
  func exact(seed: Int) {
    var values = noise(11, seed: UInt64(seed))
    for index in 6..<11 { values[index] += Double(seed % 5) }
    let found = StepDetection.segments(values, minimumLength: 2)
    let parts = found.map { Array(values[$0.range]) }
    #expect(found.first?.range.lowerBound == 0 && found.last?.range.upperBound == 11)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.range.upperBound == $1.range.lowerBound })
    expectClose(score(parts, 11), naive(values, minimumLength: 2), absolute: 1e-9, "score")
  }

  @Test("steps up and down are found where they are; levels are medians")
  func steps() {
    let wiggle = noise(60, seed: 3)
    let values = wiggle.indices.map { (20..<45).contains($0) ? 8 + wiggle[$0] : wiggle[$0] }
    let found = StepDetection.segments(values)
    #expect(found.map(\.range) == [0..<20, 20..<45, 45..<60])
    #expect(found.allSatisfy { segment in segment.level == Descriptive.median(Array(values[segment.range])) })
  }

  @Test("equal values have no step; a step between equal values has one, however small")
  func constant() {
    #expect(StepDetection.segments([Double](repeating: 0.1 + 0.2, count: 40)).count == 1)
    let small = [Double](repeating: 80, count: 10) + [Double](repeating: 79.99, count: 5)
    #expect(StepDetection.segments(small).map(\.range) == [0..<10, 10..<15])
  }

  @Test("one wild value is no step")
  func outlier() {
    var values = noise(30, seed: 8)
    values[14] = 500
    #expect(StepDetection.segments(values).count == 1)
  }

  @Test("noise alone seldom shows a step")
  func falseSteps() {
    let count = (0..<200).count { StepDetection.segments(noise(30, seed: UInt64(1_000 + $0))).count > 1 }
    #expect(count <= 14, "\(count) of 200")
  }

  @Test("short series, and those with a value that is not finite")
  func edges() {
    #expect(StepDetection.segments([]).isEmpty)
    #expect(StepDetection.segments([1, .nan]).isEmpty)
    #expect(StepDetection.segments([7]) == [.init(range: 0..<1, level: 7)])
    #expect(StepDetection.segments([1, 9]) == [.init(range: 0..<2, level: 5)])
    #expect(StepDetection.segments([1, 1, 1, 1, 9, 9]).count == 2)
  }
}
