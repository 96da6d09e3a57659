import Compute
import Statistics

/// Bayesian search against random search on one function, seed by seed with the same number of trials.
///
/// Both begin at the centre of the cube, as a search of settings does with those declared, and a seed's first points are
/// the same for both.
package struct SearchSelftest: Sendable {
  package let problem: SearchProblem
  package let trials: Int
  /// Trials chosen together.
  package let width: Int
  package var outcomes: [Outcome] = []

  package init(_ problem: SearchProblem, trials: Int, width: Int) {
    (self.problem, self.trials, self.width) = (problem, trials, width)
  }

  /// By how much the best value of the first k trials lies above the minimum, at k − 1.
  package struct Outcome: Sendable, Equatable {
    package var bayesian: [Double]
    package var random: [Double]
  }

  /// One seed.
  package func outcome(seed: UInt64) -> Outcome {
    let random = Random(seed: seed, stream: problem.rawValue), cube = UnitCube(dimensions: problem.dimensions)
    let search = BayesianSearch(cube, trials: trials)
    let centre = [Double](repeating: 0.5, count: problem.dimensions)
    typealias Observation = BayesianSearch<UnitCube>.Observation
    func observation(_ point: [Double]) -> Observation { Observation(point, -problem.value(point)) }
    var seen = [observation(centre)], drawn = seen
    while seen.count < trials {
      let next = search.next(min(width, trials - seen.count), after: seen, random: random)
      seen += next.map(observation)
    }
    for number in 2..<max(2, trials + 1) {
      drawn.append(observation(cube.draw(random.stream("tuning trial \(number)").stream("draw 0"))))
    }
    return Outcome(bayesian: regrets(seen.map(\.value)), random: regrets(drawn.map(\.value)))
  }

  private func regrets(_ values: [Double]) -> [Double] {
    var best = -Double.infinity
    return values.map { value in
      best = max(best, value)
      return max(0, -best - problem.minimum)
    }
  }

  // MARK: What the seeds say

  package var wins: Int { outcomes.count { ($0.bayesian.last ?? 0) < ($0.random.last ?? 0) } }
  package var losses: Int { outcomes.count { ($0.bayesian.last ?? 0) > ($0.random.last ?? 0) } }

  /// Two-sided sign test of the last regrets; seeds that are equal count for nothing (Conover 1999, section 3.4).
  package var p: Double {
    let count = wins + losses
    guard count > 0 else { return 1 }
    return min(1, 2 * Binomial(trials: count, probability: 0.5).cdf(min(wins, losses)))
  }

  /// The medians over the seeds after so many trials.
  package func medians(after count: Int) -> (bayesian: Double, random: Double) {
    func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    return (median(outcomes.map { $0.bayesian[count - 1] }), median(outcomes.map { $0.random[count - 1] }))
  }
}
