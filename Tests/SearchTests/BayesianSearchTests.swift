import Compute
import Dispatch
import Synchronization
import Testing

@testable import Search

/// A category of three, and a whole number from 0 to 4.
private struct SmallDomain: SearchDomain {
  let dimensionOfColumn = [0, 0, 0, 1]
  let isContinuous = [false, false, false, true]

  func draw(_ random: Random) -> [Double] {
    var random = random
    let category = random.below(3)
    return (0..<3).map { $0 == category ? 1 : 0 } + [Double(random.below(5)) / 4]
  }

  func snapped(_ point: [Double]) -> [Double] {
    Array(point[..<3]) + [min(1, max(0, (point[3] * 4).rounded() / 4))]
  }
}

@Suite struct BayesianSearchTests {
  private typealias Observation = BayesianSearch<SmallDomain>.Observation

  /// Highest in the last category at 3.
  private func value(_ point: [Double]) -> Double { point[2] - (point[3] - 0.75) * (point[3] - 0.75) }

  private func search(width: Int, trials: Int = 15) -> [Observation] {
    let search = BayesianSearch(SmallDomain(), trials: trials), random = Random(seed: 1, stream: "search")
    var seen: [Observation] = []
    while true {
      let next = search.next(width, after: seen, random: random)
      if next.isEmpty { return seen }
      seen += next.map { Observation($0, value($0)) }
    }
  }

  @Test("a domain of fifteen points is tried whole, each once, the best of them early", arguments: [1, 2, 4])
  func whole(width: Int) {
    let seen = search(width: width)
    #expect(seen.count == 15 && Set(seen.map(\.point)).count == 15)
    #expect(seen.allSatisfy { SmallDomain().snapped($0.point) == $0.point })
    let best = seen.firstIndex { $0.point == [0, 0, 1, 0.75] }
    #expect(best.map { $0 < 10 } == true, "\(best ?? -1)")
  }

  @Test("proposals are the same to the bit on any thread, and follow from the points seen")
  func threads() {
    let expected = search(width: 3), others = Mutex<[[Observation]]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let own = search(width: 3)
      others.withLock { $0.append(own) }
    }
    #expect(others.withLock { $0 } == Array(repeating: expected, count: 4))
    let again = BayesianSearch(SmallDomain(), trials: 15).next(
      3, after: Array(expected[..<6]), random: Random(seed: 1, stream: "search"))
    #expect(again == expected[6..<9].map(\.point))
  }

  @Test("points chosen together differ, though nothing is known of the first of them")
  func liar() {
    let cube = UnitCube(dimensions: 2), search = BayesianSearch(cube, trials: 20)
    typealias Seen = BayesianSearch<UnitCube>.Observation
    let random = Random(seed: 2, stream: "liar")
    let seen = (0..<8).map { index -> Seen in
      let point = cube.draw(random.stream("seen \(index)"))
      return Seen(point, -SearchProblem.branin.value(point))
    }
    let points = search.next(4, after: seen, random: random)
    for (index, point) in points.enumerated() {
      for other in points[..<index] {
        #expect((0..<2).reduce(0) { $0 + abs(point[$1] - other[$1]) } > 0.01)
      }
    }
  }
}

@Suite struct SearchSelftestTests {
  @Test("the functions have their minima where they are known to be")
  func minima() {
    let branin = [[-3.141592653589793, 12.275], [3.141592653589793, 2.275], [9.42477796076938, 2.475]]
    for place in branin {
      let value = SearchProblem.branin.value([(place[0] + 5) / 15, place[1] / 15])
      #expect(abs(value - SearchProblem.branin.minimum) < 1e-9)
    }
    let hartmann = SearchProblem.hartmann6.value([0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573])
    #expect(abs(hartmann - SearchProblem.hartmann6.minimum) < 1e-6)
  }

  @Test("both searches begin at the same points, and the Bayesian one is ahead of random on a few seeds")
  func ahead() {
    var test = SearchSelftest(.branin, trials: 15, width: 1)
    test.outcomes = (1...12).map { test.outcome(seed: $0) }
    #expect(test.outcomes.allSatisfy { $0.bayesian[..<3] == $0.random[..<3] })
    #expect(test.outcomes.allSatisfy { $0.bayesian.count == 15 && $0.random.count == 15 })
    #expect(test.wins > test.losses)
    #expect(test.medians(after: 15).bayesian < test.medians(after: 15).random)
  }

  @Test("the sign test is the binomial one, ties left out")
  func signs() {
    var test = SearchSelftest(.branin, trials: 1, width: 1)
    typealias Outcome = SearchSelftest.Outcome
    test.outcomes =
      Array(repeating: Outcome(bayesian: [1], random: [2]), count: 8) + [Outcome(bayesian: [2], random: [1])]
      + [Outcome(bayesian: [1], random: [1])]
    // scipy.stats.binomtest(1, 9).pvalue
    #expect(test.wins == 8 && test.losses == 1 && abs(test.p - 0.0390625) < 1e-12)
  }
}
