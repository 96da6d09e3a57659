/// One model and another that differ in several things at once: what each of these adds to the gap between the two.
public struct Decomposition: Sendable, Equatable {
  /// A model that has some of the factors as the second model has them, and all others as the first.
  public struct Cell: Sendable, Equatable {
    public var model: String
    /// Places among the factors, a bit each.
    var factors: UInt64
  }

  public var name = ""
  public var called = ""
  /// Names of corpora.
  public var over: [String] = []
  public var factors: [String] = []
  public var cells: [Cell] = []

  public init() {}

  /// Places of the model without any factor and of that with all.
  public var first: Int? { cell(0) }
  public var last: Int? { cell(all) }

  var all: UInt64 { (1 << UInt64(factors.count)) - 1 }

  func cell(_ factors: UInt64) -> Int? { cells.firstIndex { $0.factors == factors } }

  /// In how many orders the factors can be changed one by one, with a cell at every step.
  public var orders: Double { paths(from: 0).reduce(0) { $1.key == all ? $1.value : $0 } }

  /// What each cell's score counts in each factor's part, `[factor][cell]`: the mean over all orders of the score with the
  /// factor less the score before (Shapley 1953, "A value for n-person games"; with orders that not all exist, Faigle and
  /// Kern 1992, "The Shapley value for cooperative games under precedence constraints"). Without an order all are 0.
  public var weights: [[Double]] {
    var weights = [[Double]](repeating: [Double](repeating: 0, count: cells.count), count: factors.count)
    let before = paths(from: 0), after = paths(to: all), orders = before[all] ?? 0
    guard orders > 0 else { return weights }
    for (place, cell) in cells.enumerated() {
      for factor in factors.indices where cell.factors & (1 << UInt64(factor)) == 0 {
        let next = cell.factors | 1 << UInt64(factor)
        guard let other = self.cell(next), let into = before[cell.factors], let onwards = after[next] else { continue }
        let share = into * onwards / orders
        weights[factor][other] += share
        weights[factor][place] -= share
      }
    }
    return weights
  }

  /// Ways to each cell, adding a factor at each step.
  private func paths(from start: UInt64) -> [UInt64: Double] {
    paths(start, cells.map(\.factors).sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }) { $0 & ~$1 }
  }

  /// Ways from each cell.
  private func paths(to end: UInt64) -> [UInt64: Double] {
    paths(end, cells.map(\.factors).sorted { $0.nonzeroBitCount > $1.nonzeroBitCount }) { ~$0 & $1 }
  }

  private func paths(
    _ start: UInt64, _ order: [UInt64], changed: (_ cell: UInt64, _ former: UInt64) -> UInt64
  ) -> [UInt64: Double] {
    var ways: [UInt64: Double] = [start: 1]
    for cell in order where cell != start {
      let count = order.reduce(0.0) { sum, former in
        let isStep = (cell ^ former).nonzeroBitCount == 1 && changed(cell, former).nonzeroBitCount == 1
        return isStep ? sum + (ways[former] ?? 0) : sum
      }
      if count > 0 { ways[cell] = count }
    }
    return ways
  }
}
