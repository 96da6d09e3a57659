import Compute
import Models
import TestSupport
import Testing

@testable import Families

@Suite struct RidgeRegressionTests {
  private func ridge(_ alpha: Double, tolerance: Double = 1e-12) -> RidgeRegression {
    RidgeRegression(alpha: alpha, tolerance: tolerance)
  }

  @Test("weights and bias equal scikit-learn's", arguments: try LinearTasksFixture.load().cases)
  func reference(reference: LinearTasksFixture.Case) throws {
    for expected in reference.ridge {
      let found = try ridge(expected.alpha).minimise(rows: reference.features, targets: reference.targets)
      #expect(found.hasConverged)
      let what = "\(reference.testDescription), alpha = \(expected.alpha)"
      expectClose(found.weights, expected.weights, absolute: 1e-9, "weights, \(what)")
      expectClose(found.bias, expected.bias, absolute: 1e-9, "bias, \(what)")
    }
  }

  @Test("the objective is the penalised sum of squares, and every step away from the minimum raises it")
  func minimum() throws {
    let reference = try #require(try LinearTasksFixture.load().cases.first)
    let rows = reference.features, alpha = 0.7
    func value(_ weights: [Double], _ bias: Double) -> Double {
      (0..<rows.count).reduce(alpha * weights.reduce(0) { $0 + $1 * $1 }) { sum, row in
        let error = reference.targets[row] - rows.dot(row, weights) - bias
        return sum + error * error
      }
    }
    let found = try ridge(alpha).minimise(rows: rows, targets: reference.targets)
    let lowest = value(found.weights, found.bias)
    expectClose(found.objective, lowest, relative: 1e-10, "objective")
    for place in 0...rows.columns {
      for step in [-1e-4, 1e-4] {
        var (weights, bias) = (found.weights, found.bias)
        if place < rows.columns { weights[place] += step } else { bias += step }
        #expect(value(weights, bias) > lowest)
      }
    }
  }

  @Test("targets and features far from 0 change the bias alone")
  func centring() throws {
    let reference = try #require(try LinearTasksFixture.load().cases.first)
    let plain = try ridge(1).minimise(rows: reference.features, targets: reference.targets)
    let moved = try ridge(1).minimise(rows: reference.features, targets: reference.targets.map { $0 + 1e6 })
    expectClose(moved.weights, plain.weights, absolute: 1e-6, "weights")
    expectClose(moved.bias, plain.bias + 1e6, relative: 1e-12, "bias")
    // A column of one value says nothing, whatever alpha is.
    var constant = SparseRows(columns: 2)
    for row in 0..<5 { constant.append(indices: [0, 1], values: [8, Float(row)]) }
    let found = try ridge(0).minimise(rows: constant, targets: (0..<5).map { 2 * Double($0) + 1 })
    expectClose(found.weights, [0, 2], absolute: 1e-9, "weights")
    expectClose(found.bias, 1, absolute: 1e-9, "bias")
  }

  @Test("no rows, no features and equal targets need no iteration")
  func nothingToLearn() throws {
    let none = try ridge(1).minimise(rows: SparseRows(columns: 3), targets: [])
    #expect(none.weights == [0, 0, 0] && none.bias == 0 && none.iterations == 0 && none.hasConverged)
    var bare = SparseRows(columns: 0)
    for _ in 0..<4 { bare.append(indices: [], values: []) }
    let mean = try ridge(1).minimise(rows: bare, targets: [1, 2, 3, 6])
    #expect(mean.weights.isEmpty && mean.bias == 3 && mean.objective == 14 && mean.hasConverged)
    let reference = try #require(try LinearTasksFixture.load().cases.first)
    let equal = try ridge(1).minimise(
      rows: reference.features, targets: [Double](repeating: 2.5, count: reference.targets.count))
    #expect(equal.weights.allSatisfy { $0 == 0 } && equal.bias == 2.5 && equal.iterations == 0 && equal.hasConverged)
  }

  @Test("a limit on iterations is said, a stop ends it, and progress falls to the objective")
  func limits() throws {
    let reference = try #require(try LinearTasksFixture.load().cases.last)
    var limited = ridge(0.01)
    limited.maximumIterations = 2
    var values: [Double] = []
    let found = try limited.minimise(
      rows: reference.features, targets: reference.targets,
      progress: {
        #expect($0 == values.count + 1)
        values.append($1)
      })
    #expect(!found.hasConverged && found.iterations == 2 && values.count == 2)
    #expect(values[1] < values[0] && values[1] == found.objective)
    #expect(throws: FitStopped.self) {
      try limited.minimise(rows: reference.features, targets: reference.targets, isStopped: { true })
    }
  }

  @Test("operations are counted as by hand")
  func flops() throws {
    let rows = LogisticObjectiveTests.rows
    var ridge = ridge(1)
    ridge.maximumIterations = 3
    let found = try ridge.minimise(rows: rows, targets: [1, -2, 0.5, 3, 4])
    #expect(found.iterations == 3)
    // 9 stored values, 5 rows, 4 features.
    #expect(found.flops == Double(3 * 9 + 5 * 5 + 9 * 4 + 3 * (4 * 9 + 6 * 5 + 14 * 4)))
  }
}
