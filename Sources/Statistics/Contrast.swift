/// A difference of scores, or a mean of such differences, with where its uncertainty comes from: what decides, from
/// which interval, p-value and word all follow, so that they cannot contradict each other.
///
/// The variance has two parts. One counts as known: what the choice of many examples brings. The other comes from few
/// repetitions (seeds, folds, domains), so that it is itself uncertain. Each part takes its own quantile, and the two
/// half-widths add as squares: √(z²·known + t²·estimated), t with the degrees of freedom of the second part. Where one part
/// is missing that is the normal or the t interval.
///
/// Satterthwaite's degrees of freedom for the whole variance (1946) are not used across the two parts: with three seeds
/// they call equal models different up to 4.6 times as often as a corrected level of .0006 allows, because a variance of
/// seeds that came out small leaves the normal's quantile. Within the estimated part they are.
public struct Contrast: Sendable, Equatable, Codable {
  /// In any unit; the variances are in its square.
  public let estimate: Double
  public let knownVariance: Double
  public let estimatedVariance: Double
  /// Of `estimatedVariance`; infinite where that is 0.
  public let degreesOfFreedom: Double
  /// The part of `estimatedVariance` that falls as 1/J with the number of repetitions J.
  public let shrinkingVariance: Double
  /// J; of a mean of contrasts the smallest of theirs. 1 where nothing is repeated.
  public let repetitions: Int

  /// A negative variance counts as 0.
  public init(
    estimate: Double, knownVariance: Double = 0, estimatedVariance: Double = 0, degreesOfFreedom: Double = .infinity,
    shrinkingVariance: Double = 0, repetitions: Int = 1
  ) {
    (self.estimate, self.repetitions) = (estimate, repetitions)
    (self.knownVariance, self.estimatedVariance) = (max(0, knownVariance), max(0, estimatedVariance))
    self.degreesOfFreedom = estimatedVariance > 0 ? degreesOfFreedom : .infinity
    self.shrinkingVariance = min(max(0, shrinkingVariance), self.estimatedVariance)
  }

  /// Repetitions whose training parts overlap: variance s²·(1/J + n_test/n_train) with J − 1 degrees of freedom (Nadeau
  /// and Bengio 2003; folds: Bouckaert and Frank 2004), s² being at least `floor`, the sampling variance of one
  /// repetition's difference on its own test part. Few repetitions that agree by chance would else show no variance.
  ///
  /// nil for fewer than two differences, and where a value is not finite.
  public init?(corrected differences: [Double], testOverTrain: Double, floor: Double = 0) {
    guard differences.count > 1, differences.allSatisfy(\.isFinite), testOverTrain >= 0, testOverTrain.isFinite,
      floor.isFinite, let mean = Descriptive.mean(differences), let variance = Descriptive.variance(differences)
    else { return nil }
    let (count, spread) = (Double(differences.count), max(variance, floor))
    self.init(
      estimate: mean, estimatedVariance: spread * (1 / count + testOverTrain), degreesOfFreedom: count - 1,
      shrinkingVariance: spread / count, repetitions: differences.count)
  }

  /// With another independent source of variance that repetitions do not shrink; known where its degrees of freedom are
  /// infinite.
  public func adding(_ variance: Double, degreesOfFreedom freedom: Double = .infinity) -> Contrast {
    guard freedom < .infinity, variance > 0 else {
      return Contrast(
        estimate: estimate, knownVariance: knownVariance + variance, estimatedVariance: estimatedVariance,
        degreesOfFreedom: degreesOfFreedom, shrinkingVariance: shrinkingVariance, repetitions: repetitions)
    }
    let whole = estimatedVariance + variance
    let uncertainty = variance * variance / freedom + estimatedVariance * estimatedVariance / degreesOfFreedom
    return Contrast(
      estimate: estimate, knownVariance: knownVariance, estimatedVariance: whole,
      degreesOfFreedom: whole * whole / uncertainty, shrinkingVariance: shrinkingVariance, repetitions: repetitions)
  }

  public var standardError: Double { (knownVariance + estimatedVariance).squareRoot() }

  /// Half of the interval at `level` (0.95 for 95 %).
  public func halfWidth(level: Double) -> Double {
    let tail = (1 - level) / 2
    let z = knownVariance > 0 ? -Normal.quantile(tail) : 0
    let t = estimatedVariance > 0 ? -quantile(tail) : 0
    return (z * z * knownVariance + t * t * estimatedVariance).squareRoot()
  }

  public func interval(level: Double) -> Interval {
    let reach = halfWidth(level: level)
    return Interval(low: estimate - reach, high: estimate + reach)
  }

  /// Two-sided: 1 less the level whose interval ends at 0. Without any variance 1 where the estimate is 0, else 0.
  public var p: Double {
    let size = abs(estimate)
    guard standardError > 0 else { return size == 0 ? 1 : 0 }
    if estimatedVariance == 0 { return 2 * Normal.survival(size / knownVariance.squareRoot()) }
    let upper = size / estimatedVariance.squareRoot()
    guard knownVariance > 0 else { return twoSided(upper) }
    // The t at which the two half-widths, at one level, reach the estimate.
    let t = SpecialFunctions.root(low: 0, high: upper) { t in
      let z = -Normal.quantile(max(twoSided(t) / 2, .leastNormalMagnitude))
      return (z * z * knownVariance + t * t * estimatedVariance).squareRoot() - size
    }
    return twoSided(t)
  }

  public func scaled(by factor: Double) -> Contrast {
    Contrast(
      estimate: estimate * factor, knownVariance: knownVariance * factor * factor,
      estimatedVariance: estimatedVariance * factor * factor, degreesOfFreedom: degreesOfFreedom,
      shrinkingVariance: shrinkingVariance * factor * factor, repetitions: repetitions)
  }

  /// The mean of independent contrasts: their variances are added, the estimated ones with Satterthwaite's degrees of
  /// freedom (1946, "An approximate distribution of estimates of variance components"). nil for none.
  public static func mean(of parts: [Contrast]) -> Contrast? {
    guard let smallest = parts.map(\.repetitions).min() else { return nil }
    let count = Double(parts.count), square = count * count
    func sum(_ value: (Contrast) -> Double) -> Double { parts.reduce(0) { $0 + value($1) } }
    let estimated = sum(\.estimatedVariance)
    let uncertainty = sum { $0.estimatedVariance * $0.estimatedVariance / $0.degreesOfFreedom }
    return Contrast(
      estimate: sum(\.estimate) / count, knownVariance: sum(\.knownVariance) / square,
      estimatedVariance: estimated / square,
      degreesOfFreedom: uncertainty > 0 ? estimated * estimated / uncertainty : .infinity,
      shrinkingVariance: sum(\.shrinkingVariance) / square, repetitions: smallest)
  }

  /// The mean of contrasts that may depend on each other in any way: its deviation is at most the mean of theirs, its
  /// degrees of freedom are the fewest of theirs. nil for none.
  public static func mean(ofDependent parts: [Contrast]) -> Contrast? {
    guard let smallest = parts.map(\.repetitions).min(), let fewest = parts.map(\.degreesOfFreedom).min() else {
      return nil
    }
    let count = Double(parts.count)
    func square(_ variance: (Contrast) -> Double) -> Double {
      let deviation = parts.reduce(0) { $0 + variance($1).squareRoot() } / count
      return deviation * deviation
    }
    return Contrast(
      estimate: parts.reduce(0) { $0 + $1.estimate } / count, knownVariance: square(\.knownVariance),
      estimatedVariance: square(\.estimatedVariance), degreesOfFreedom: fewest,
      shrinkingVariance: square(\.shrinkingVariance), repetitions: smallest)
  }

  func quantile(_ p: Double) -> Double {
    degreesOfFreedom < Self.manyDegrees ? StudentT(degreesOfFreedom: degreesOfFreedom).quantile(p) : Normal.quantile(p)
  }

  private func twoSided(_ t: Double) -> Double {
    degreesOfFreedom < Self.manyDegrees
      ? StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(t) : 2 * Normal.survival(t)
  }

  /// From so many on the t is the normal to all digits that matter.
  private static let manyDegrees = 1e7
}

extension Contrast {
  /// As it might come out were `truth` the difference: the estimate by both its variances, the estimated one with the error
  /// that its degrees of freedom leave.
  public func redrawn(around truth: Double, using generator: inout ResamplingGenerator) -> Contrast {
    let known = knownVariance.squareRoot() * generator.normal()
    let estimated = estimatedVariance.squareRoot() * generator.normal()
    let factor = Self.variance(degreesOfFreedom, using: &generator)
    return Contrast(
      estimate: truth + known + estimated, knownVariance: knownVariance, estimatedVariance: estimatedVariance * factor,
      degreesOfFreedom: degreesOfFreedom, shrinkingVariance: shrinkingVariance * factor, repetitions: repetitions)
  }

  /// An estimate of a variance of 1 with so many degrees of freedom, rounded down; 1 where they are many.
  private static func variance(_ freedom: Double, using generator: inout ResamplingGenerator) -> Double {
    guard freedom < 200 else { return 1 }
    let count = max(1, Int(freedom))
    return (0..<count).reduce(0.0) { sum, _ in
      let one = generator.normal()
      return sum + one * one
    } / Double(count)
  }

  /// A difference as it might have come out: the known part as a normal value, the estimated part as one of a t distribution,
  /// whose degrees of freedom are rounded down.
  func draw(using generator: inout ResamplingGenerator) -> Double {
    var value = estimate + knownVariance.squareRoot() * generator.normal()
    guard estimatedVariance > 0 else { return value }
    let normal = generator.normal()
    let spread = Self.variance(degreesOfFreedom, using: &generator)
    value += estimatedVariance.squareRoot() * normal / spread.squareRoot()
    return value
  }
}
