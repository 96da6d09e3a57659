import Compute
import Foundation

/// What a search proposes points of: numbers `[columns]`, each about from 0 to 1.
package protocol SearchDomain {
  /// The dimension of each column, in ascending order; those of one category belong together.
  var dimensionOfColumn: [Int] { get }
  /// Whether small changes of a column make sense, so that the way to a better point may follow its slope.
  var isContinuous: [Bool] { get }
  /// A point drawn at random, which `snapped` leaves as it is.
  func draw(_ random: Random) -> [Double]
  /// The nearest point that there is.
  func snapped(_ point: [Double]) -> [Double]
}

/// Proposes the next points of a search for the highest value: those of the largest expected improvement under a
/// Gaussian process (Jones, Schonlau and Welch 1998; Snoek, Larochelle and Adams 2012).
///
/// A proposal follows from the domain, the points and values seen and the random stream alone, to the bit.
package struct BayesianSearch<Domain: SearchDomain> {
  package let domain: Domain
  /// Points that are drawn at random before the first proposal, so that the process has something to go by.
  package let initial: Int

  /// - Parameters:
  ///   - domain: what points there are.
  ///   - trials: how many points will be tried in all; at most a third of them are drawn at random, and no more than one
  ///     beyond the number of dimensions.
  package init(_ domain: Domain, trials: Int) {
    self.domain = domain
    initial = max(2, min((domain.dimensionOfColumn.max() ?? 0) + 2, trials / 3))
  }

  /// A point and its value, the higher the better.
  package struct Observation: Sendable, Equatable {
    package var point: [Double]
    package var value: Double

    package init(_ point: [Double], _ value: Double) { (self.point, self.value) = (point, value) }
  }

  /// Points to try side by side, none of them seen or twice; fewer than `count` where there are no more.
  ///
  /// Each but the first takes for granted that those before it will reach the best value seen (constant liar; Ginsbourger,
  /// Le Riche and Carraro 2010, section 4.2, whose liar of the best value found the most).
  package func next(_ count: Int, after seen: [Observation], random: Random) -> [[Double]] {
    var known = seen, proposed: [[Double]] = []
    let best = seen.map(\.value).max() ?? 0
    while proposed.count < count {
      let own = random.stream("tuning trial \(known.count + 1)")
      guard let point = known.count < initial ? draw(unlike: known, own) : proposal(after: known, own) else { break }
      proposed.append(point)
      known.append(Observation(point, best))
    }
    return proposed
  }

  /// A new point, or nil where a long search finds none.
  private func draw(unlike known: [Observation], _ random: Random) -> [Double]? {
    for attempt in 0..<Self.attempts {
      let point = domain.draw(random.stream("draw \(attempt)"))
      if !known.contains(where: { $0.point == point }) { return point }
    }
    return nil
  }

  /// So many for a domain of few points, of which all may have been tried.
  private static var attempts: Int { 10_000 }

  // MARK: The largest improvement

  /// Drawn at random; those near the best point seen come on top.
  private static var candidates: Int { 512 }
  private static var neighbours: Int { 64 }
  /// The best of them that are improved along the slope.
  private static var refined: Int { 5 }

  private func proposal(after known: [Observation], _ random: Random) -> [Double]? {
    let observations = GaussianProcess.Observations(
      points: known.map(\.point), values: known.map(\.value), dimensionOfColumn: domain.dimensionOfColumn)
    guard let process = GaussianProcess.fitted(to: observations) else { return draw(unlike: known, random) }
    let improvement = ExpectedImprovement(process)
    var ranked: [(value: Double, point: [Double])] = []
    func consider(_ point: [Double]) {
      guard !known.contains(where: { $0.point == point }), !ranked.contains(where: { $0.point == point }) else {
        return
      }
      ranked.append((improvement.logarithm(at: point), point))
    }
    for index in 0..<Self.candidates { consider(domain.draw(random.stream("candidate \(index)"))) }
    for point in neighbours(of: known, random) { consider(point) }
    ranked = Self.sorted(ranked)
    for start in ranked.prefix(Self.refined) { consider(refined(start.point, improvement)) }
    return Self.sorted(ranked).first?.point ?? draw(unlike: known, random)
  }

  /// By value, the highest first; of equals the one that was found first.
  private static func sorted(_ ranked: [(value: Double, point: [Double])]) -> [(value: Double, point: [Double])] {
    ranked.enumerated().sorted { ($1.element.value, $0.offset) < ($0.element.value, $1.offset) }.map(\.element)
  }

  /// Points around the best one seen, each with some of its columns moved.
  private func neighbours(of known: [Observation], _ random: Random) -> [[Double]] {
    guard let best = known.enumerated().max(by: { ($0.element.value, -$0.offset) < ($1.element.value, -$1.offset) })
    else { return [] }
    var random = random.stream("neighbours")
    return (0..<Self.neighbours).map { index in
      let size = 0.2 / Double(1 << (index % 4))
      let other = domain.draw(random.stream("neighbour \(index)"))
      var point = best.element.point
      // A category moves as a whole or not at all.
      let isMoved = (0...(domain.dimensionOfColumn.last ?? 0)).map { _ in random.uniform() < 0.5 }
      for column in point.indices where isMoved[domain.dimensionOfColumn[column]] {
        point[column] = domain.isContinuous[column] ? point[column] + size * random.normal() : other[column]
      }
      return domain.snapped(point)
    }
  }

  private func refined(_ start: [Double], _ improvement: ExpectedImprovement) -> [Double] {
    guard domain.isContinuous.contains(true) else { return start }
    let lower = start.indices.map { domain.isContinuous[$0] ? 0 : start[$0] }
    let upper = start.indices.map { domain.isContinuous[$0] ? 1 : start[$0] }
    let end = BoxMinimum(from: start, lower: lower, upper: upper, iterations: 30) { point in
      let (value, gradient) = improvement.logarithmWithGradient(at: point)
      return (-value, gradient.map { -$0 })
    }
    return domain.snapped(end.point)
  }
}
