import Foundation

/// What is lost with so many rows: a·n^(−b) + c, what more rows never bring being c (Hestness et al. 2017; Mohr and van Rijn
/// 2022 on how far such curves can be trusted).
public struct PowerLaw: Sendable, Equatable {
  public let a: Double
  public let b: Double
  public let c: Double

  /// Least squares, each loss weighted by the inverse square of its standard error; a and c are at least 0, b is from 0.02 to
  /// 2 in hundredths. With three sizes c is 0.
  ///
  /// nil for fewer than three different sizes, and where a value is not finite or a size not above 0.
  public init?(rows: [Double], losses: [Double], errors: [Double]) {
    precondition(
      rows.count == losses.count && rows.count == errors.count,
      "PowerLaw: \(rows.count) sizes, \(losses.count) losses, \(errors.count) errors")
    let sizes = Set(rows).count
    guard sizes >= 3, rows.allSatisfy({ $0 > 0 && $0.isFinite }), (losses + errors).allSatisfy(\.isFinite) else {
      return nil
    }
    // One point that seems to have no error must not be all that counts.
    let least = max((errors.max() ?? 0) * 0.1, 1e-6)
    let weights = errors.map { 1 / (max($0, least) * max($0, least)) }
    var best: (squares: Double, a: Double, b: Double, c: Double)?
    for step in 2...200 {
      let b = Double(step) / 100, x = rows.map { pow($0, -b) }
      let (a, c) = Self.line(x, losses, weights, hasConstant: sizes > 3)
      var squares = 0.0
      for place in rows.indices {
        let rest = losses[place] - a * x[place] - c
        squares += weights[place] * rest * rest
      }
      if squares < best?.squares ?? .infinity { best = (squares, a, b, c) }
    }
    guard let best else { return nil }
    (a, b, c) = (best.a, best.b, best.c)
  }

  /// a·x + c with a and c at least 0.
  private static func line(
    _ x: [Double], _ y: [Double], _ weights: [Double], hasConstant: Bool
  ) -> (a: Double, c: Double) {
    var (w, wx, wy, wxx, wxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for place in x.indices {
      let weight = weights[place]
      w += weight
      wx += weight * x[place]
      wy += weight * y[place]
      wxx += weight * x[place] * x[place]
      wxy += weight * x[place] * y[place]
    }
    let alone = (a: max(0, wxy / wxx), c: 0.0)
    let determinant = w * wxx - wx * wx
    guard hasConstant, determinant > 0 else { return alone }
    let a = (w * wxy - wx * wy) / determinant, c = (wy - a * wx) / w
    return c < 0 ? alone : a < 0 ? (0, wy / w) : (a, c)
  }

  public func loss(rows: Double) -> Double { a * pow(rows, -b) + c }
}

/// Where two curves over sizes of training parts cross.
public struct CurveCrossing: Sendable, Equatable {
  /// Rows from which on the sign of the difference is the other one, on a line over the logarithm of the rows between two
  /// sizes; nil where it never changes.
  public let rows: Double?
  /// Share of the draws in which the curves cross between the smallest and the largest size.
  public let share: Double
  /// 95 % of the crossings of these draws; nil where fewer than half of the draws have one.
  public let interval: Interval?

  /// - Parameters:
  ///   - sizes: ascending.
  ///   - contrasts: the differences of the scores at each size, each drawn for itself.
  ///   - draws: how many.
  ///   - seed: of the draws.
  public init?(sizes: [Double], contrasts: [Contrast], draws: Int = 999, seed: UInt64) {
    let differences = contrasts.map(\.estimate)
    guard sizes.count > 1, sizes.count == differences.count, zip(sizes, sizes.dropFirst()).allSatisfy(<), sizes[0] > 0,
      differences.allSatisfy(\.isFinite)
    else { return nil }
    rows = Self.crossing(sizes, differences)
    var generator = ResamplingGenerator(seed: seed)
    var found: [Double] = []
    for _ in 0..<draws {
      let drawn = contrasts.map { $0.draw(using: &generator) }
      if let rows = Self.crossing(sizes, drawn) { found.append(rows) }
    }
    found.sort()
    share = Double(found.count) / Double(draws)
    let ends = [0.025, 0.975].compactMap { Descriptive.quantile(sorted: found, $0) }
    interval = share >= 0.5 && ends.count == 2 ? Interval(low: ends[0], high: ends[1]) : nil
  }

  /// The last change of sign: from there on the order is the final one.
  private static func crossing(_ sizes: [Double], _ differences: [Double]) -> Double? {
    for place in sizes.indices.dropFirst().reversed() {
      let (before, after) = (differences[place - 1], differences[place])
      guard (before < 0) != (after < 0), before != after else { continue }
      let share = before / (before - after)
      return exp(log(sizes[place - 1]) + share * (log(sizes[place]) - log(sizes[place - 1])))
    }
    return nil
  }
}
