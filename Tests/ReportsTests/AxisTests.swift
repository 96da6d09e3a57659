import Foundation
import Testing

@testable import Reports

@Suite struct AxisTests {
  /// Ends of spans as they come, and as they should not.
  private static let ends: [Double] = [
    0, -0.0, 1, -1, 20.74074, 32, 50, 99.9, 100, 1e-7, 1e-12, .leastNonzeroMagnitude, 1e-200, 123_456.789, 9_999_999,
    1e9, 1e12,
    1e15 + 1,
    1e80, 1e300, .greatestFiniteMagnitude, .nan, .infinity, -.infinity, -1e300, -3.5e-9,
  ]
  /// As far from an end as a rounding error, a little, and a lot.
  private static let spans: [Double] = [0, 1e-18, 1e-9, 1e-6, 1e-4, 0.003, 0.02, 0.5, 1, 7, 18, 95, 4_000, 1e7, 1e120]

  private static func everySpan(_ body: (Double, Double) -> Void) {
    for end in ends {
      for other in ends { body(end, other) }
      for span in spans {
        body(end, end + span)
        body(end, end * (1 + span))
      }
    }
  }

  /// A step between neighbours of 1, 2 or 5 times a power of ten, within the rounding of the ticks themselves.
  private func isRound(_ step: Double, size: Double) -> Bool {
    let power = pow(10, (log10(step) + 1e-9).rounded(.down))
    return [1.0, 2, 5, 10].contains { abs(step / power - $0) < 1e-6 + 4 * size.ulp / power }
  }

  private func expectReadable(
    _ axis: Axis, _ from: Double, _ to: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let ticks = axis.ticks
    #expect(
      axis.low.isFinite && axis.high.isFinite && axis.low < axis.high, "\(from) \(to)", sourceLocation: sourceLocation)
    #expect((2...Axis.mostTicks).contains(ticks.count), "\(from) \(to): \(ticks)", sourceLocation: sourceLocation)
    #expect(Set(ticks.map(\.label)).count == ticks.count, "\(from) \(to): \(ticks)", sourceLocation: sourceLocation)
    #expect(
      ticks.allSatisfy { (1...16).contains($0.label.count) }, "\(from) \(to): \(ticks)", sourceLocation: sourceLocation)
    let size = max(axis.low.magnitude, axis.high.magnitude)
    for (tick, next) in zip(ticks, ticks.dropFirst()) {
      #expect(isRound(next.value - tick.value, size: size), "\(from) \(to): \(ticks)", sourceLocation: sourceLocation)
    }
    for tick in ticks {
      // The label says the tick, to within its rounding.
      let said = Double(tick.label.replacingOccurrences(of: "−", with: "-")) ?? .nan
      #expect(abs(said - tick.value) <= 1e-9 * size, "\(from) \(to): \(tick)", sourceLocation: sourceLocation)
      #expect((0...1).contains(axis.share(tick.value)), sourceLocation: sourceLocation)
    }
  }

  @Test("any two ends give two to ten round ticks with labels that differ and are short")
  func everySpan() {
    Self.everySpan { expectReadable(Axis(from: $0, to: $1), $0, $1) }
  }

  @Test("what must be reached and limits far away add no ticks, and both are kept to")
  func reachingFar() {
    Self.everySpan { from, to in
      for limits in [nil, -100...100, 0...1] as [ClosedRange<Double>?] {
        for highest in [nil, 50, 100, 0.3] as [Double?] {
          let axis = Axis(from: from, to: to, limits: limits, reaching: highest)
          #expect(axis.low < axis.high && axis.low.isFinite && axis.high.isFinite)
          #expect((1...Axis.mostTicks).contains(axis.ticks.count), "\(from) \(to) \(axis.ticks)")
          if let highest { #expect(axis.high >= highest) }
        }
      }
    }
  }

  @Test("a model at 32.0 below a floor at 50.0: ticks of 5 around both")
  func belowAFloor() {
    let axis = Axis(from: 32, to: 32, limits: -100...100, reaching: 50)
    #expect(axis.ticks.map(\.label) == ["30", "35", "40", "45", "50", "55"])
  }

  @Test("values that are one but for rounding have a readable axis around them")
  func oneValue() {
    #expect(Axis(from: 20.740740, to: 20.740741).ticks.map(\.label) == ["20.70", "20.75", "20.80"])
    #expect(Axis(from: 0, to: 0).ticks.map(\.label).first == "−0.2")
    #expect(
      Axis(from: .nan, to: .infinity).ticks.map(\.label) == ["−0.2", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "1.2"])
  }

  @Test("usual spans keep the ticks that they had")
  func usual() {
    #expect(Axis(from: 71.3, to: 88.2).ticks.map(\.label) == ["70", "75", "80", "85", "90"])
    #expect(
      Axis(from: 0.412, to: 0.436).ticks.map(\.label) == [
        "0.410", "0.415", "0.420", "0.425", "0.430", "0.435", "0.440",
      ])
    #expect(Axis(from: -3.2, to: 4.1).ticks.map(\.label) == ["−4", "−2", "0", "2", "4", "6"])
  }

  @Test("large and small numbers are powers of ten, with the digits that differ")
  func powers() {
    #expect(
      Axis(from: 1e12, to: 3.1e12).ticks.map(\.label) == ["5e11", "1e12", "1.5e12", "2e12", "2.5e12", "3e12", "3.5e12"])
    #expect(Axis(from: 0, to: 1e-8).ticks.map(\.label).suffix(2) == ["1e−8", "1.2e−8"])
  }

  @Test("a logarithmic axis has at most ten powers of ten, whatever the values")
  func logarithmic() {
    #expect(Axis(logarithmic: [0.02, 340]).ticks.map(\.label) == ["0.01", "0.1", "1", "10", "100", "1,000"])
    for values in [
      [], [0], [-1], [.nan, .infinity], [1], [1e-300, 1e300], [.leastNonzeroMagnitude], [3, 1e40], Self.ends,
    ] {
      let axis = Axis(logarithmic: values)
      #expect((2...Axis.mostTicks).contains(axis.ticks.count), "\(values): \(axis.ticks)")
      #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count)
      #expect((values + [0, -1, .nan]).allSatisfy { (0...1).contains(axis.share($0)) })
    }
  }
}
