import Statistics
import Testing

@testable import Claims

@Suite struct DecompositionTests {
  private func made(_ factors: [String], _ cells: [(String, UInt64)]) -> Decomposition {
    var own = Decomposition()
    own.factors = factors
    own.cells = cells.map { Decomposition.Cell(model: $0.0, factors: $0.1) }
    return own
  }

  /// Parts of a gap whose cells have these scores.
  private func parts(_ own: Decomposition, _ scores: [Double]) -> [Double] {
    own.weights.map { weights in zip(weights, scores).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  @Test("with all cells the parts are Shapley values: by the formula over subsets, and they add up to the gap")
  func shapley() {
    let cells = (0..<8).map { ("c\($0)", UInt64($0)) }
    let own = made(["a", "b", "c"], cells)
    let scores = [60.0, 64, 61, 70, 63, 69, 62, 80]
    #expect(own.orders == 6)
    let found = parts(own, scores)
    // The mean over the six orders, each added by hand.
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    var expected = [0.0, 0, 0]
    for order in orders {
      var set = 0
      for factor in order {
        expected[factor] += (scores[set | 1 << factor] - scores[set]) / 6
        set |= 1 << factor
      }
    }
    for (value, other) in zip(found, expected) { #expect(abs(value - other) < 1e-12) }
    #expect(abs(found.reduce(0, +) - 20) < 1e-12)
  }

  @Test("orders without a cell at some step do not count; what must come later is never first")
  func precedence() {
    // b needs a: cells {}, {a}, {a, b}, {a, c}, {c}, {a, b, c}.
    let own = made(["a", "b", "c"], [("0", 0), ("a", 1), ("ab", 3), ("ac", 5), ("c", 4), ("abc", 7)])
    #expect(own.orders == 3)
    let scores = [60.0, 64, 70, 69, 63, 80]
    // a b c: 4, 6, 10; a c b: 4, 11 (b), 5 (c); c a b: 3 (c), 6 (a), 11 (b).
    let found = parts(own, scores)
    for (value, expected) in zip(found, [14.0 / 3, 28.0 / 3, 6]) { #expect(abs(value - expected) < 1e-12) }
    #expect(made(["a", "b"], [("0", 0), ("ab", 3)]).orders == 0)
  }

  @Test("one factor alone gets all of the gap that it makes")
  func alone() {
    let own = made(["a", "b"], [("0", 0), ("a", 1), ("b", 2), ("ab", 3)])
    #expect(parts(own, [60, 75, 60, 75]) == [15, 0])
  }
}
