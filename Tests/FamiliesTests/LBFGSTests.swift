import Compute
import TestSupport
import Testing

@testable import Families
@testable import Models

@Suite("LBFGS") struct LBFGSTests {
  let pool = WorkerPool(threads: 1)

  @Test("finds the minimum of an ill-conditioned quadratic")
  func quadratic() {
    // f = Σ k (x_k − k/10)² / 2 with k from 1 to 50
    let outcome = LBFGS().minimise(from: [Float](repeating: 3, count: 50), pool: pool) { x, gradient in
      var value = 0.0
      for k in 0..<50 {
        let distance = Double(x[k]) - Double(k + 1) / 10
        value += Double(k + 1) * distance * distance / 2
        gradient[k] = Float(Double(k + 1) * distance)
      }
      return value
    }
    #expect(outcome.ending == .converged && outcome.gradientMaximum <= 1e-4)
    expectClose(outcome.point, (1...50).map { Double($0) / 10 }, absolute: 1e-4, "minimum")
    #expect(outcome.iterations < 60 && outcome.evaluations < 80)
  }

  @Test("operations are counted as by hand")
  func flops() {
    func outcome(_ iterations: Int) -> LBFGS.Outcome {
      var optimizer = LBFGS()
      optimizer.maximumIterations = iterations
      return optimizer.minimise(from: [Float](repeating: 3, count: 50), pool: pool) { x, gradient in
        var value = 0.0
        for k in 0..<50 {
          gradient[k] = Float(k + 1) * x[k]
          value += Double(k + 1) * Double(x[k]) * Double(x[k]) / 2
        }
        return value
      }
    }
    // Products or sums of vectors: direction 1 and its slope 1, each sample 2, what is remembered 4; with one pair
    // remembered the direction takes 2 + 4 more.
    let (none, one, two) = (outcome(0), outcome(1), outcome(2))
    #expect(none.flops == 0)
    #expect(one.flops == Double(2 * 50 * (2 + 2 * (one.evaluations - 1) + 4)))
    #expect(two.flops == Double(2 * 50 * (4 + 2 * (two.evaluations - 1) + 8 + 6)))
  }

  /// f = 100 (x₁ − x₀²)² + (1 − x₀)²
  static func rosenbrock(_ x: [Float], _ gradient: inout [Float]) -> Double {
    let a = Double(x[0]), b = Double(x[1])
    let valley = b - a * a
    gradient[0] = Float(-400 * a * valley - 2 * (1 - a))
    gradient[1] = Float(200 * valley)
    return 100 * valley * valley + (1 - a) * (1 - a)
  }

  @Test("finds the minimum of Rosenbrock's valley from the usual start")
  func valley() {
    let outcome = LBFGS().minimise(from: [-1.2, 1], pool: pool, objective: Self.rosenbrock)
    expectClose(outcome.point, [1.0, 1.0], absolute: 1e-3, "minimum")
    #expect(outcome.value < 1e-6 && outcome.iterations < 60)
  }

  @Test("never ends above where it started, whatever the limit on iterations")
  func descends() {
    var last = Double.infinity
    for limit in 0..<30 {
      var optimizer = LBFGS()
      optimizer.maximumIterations = limit
      let outcome = optimizer.minimise(from: [-1.2, 1], pool: pool, objective: Self.rosenbrock)
      #expect(outcome.iterations <= limit && outcome.value <= last)
      last = outcome.value
    }
  }

  @Test("says that the limit ended it")
  func limit() {
    var optimizer = LBFGS()
    optimizer.maximumIterations = 2
    var seen: [Int] = []
    let outcome = optimizer.minimise(
      from: [-1.2, 1], pool: pool, progress: { iteration, _ in seen.append(iteration) }, objective: Self.rosenbrock)
    #expect(outcome.ending == .iterationLimit && seen == [1, 2])
  }

  @Test("steps back from where the function is not finite")
  func barrier() {
    // f = x − ln x, infinite for x ≤ 0, from far right: the minimum is at 1.
    let outcome = LBFGS().minimise(from: [0.01], pool: pool) { x, gradient in
      guard x[0] > 0 else { return .nan }
      gradient[0] = 1 - 1 / x[0]
      return Double(x[0]) - Double(logarithm(x[0]))
    }
    expectClose(outcome.point, [1.0], absolute: 1e-3, "minimum")
  }

  @Test("a start at the minimum costs one evaluation")
  func start() {
    let outcome = LBFGS().minimise(from: [1, 1], pool: pool, objective: Self.rosenbrock)
    #expect(outcome.evaluations == 1 && outcome.iterations == 0 && outcome.ending == .converged)
  }
}
