import Foundation
import TestSupport
import Testing

@testable import Statistics

/// Values marked "50 digits" were computed with mpmath.
@Suite("Distributions")
struct DistributionTests {
  @Test("log-gamma agrees with 50-digit values from 1/512 to a million")
  func logGamma() {
    let expected = [
      (0.001953125, 6.2372003851753314), (0.5, 0.57236494292470009), (1.5, -0.12078223763524522),
      (3.25, 0.93580193110872536), (11.5, 16.292000476567241), (100.25, 360.28455963776423),
      (1e6, 12815504.569147612),
    ]
    for (z, value) in expected {
      expectClose(SpecialFunctions.logGamma(z), value, absolute: 1e-14, relative: 2e-15, "log-gamma of \(z)")
    }
    #expect(SpecialFunctions.logGamma(0).isNaN)
  }

  @Test("the incomplete gamma function agrees with 50-digit values, small and large")
  func incompleteGamma() {
    let expected: [(a: Double, x: Double, upper: Double, lower: Double)] = [
      (0.5, 30, 9.4857375710738484e-15, 0.99999999999999051), (5, 0.01, 0.99999999999917358, 8.2641856418064986e-13),
      (1000, 1200, 1.2881606086281433e-9, 0.99999999871183939),
      (1000, 900, 0.99945009773428822, 0.00054990226571178292),
      (0.05, 0.3, 0.045618878125654242, 0.95438112187434576), (3.7, 3.9, 0.39139513907756368, 0.60860486092243632),
    ]
    for (a, x, upper, lower) in expected {
      let value = SpecialFunctions.incompleteGamma(a, x)
      expectClose([value.lower, value.upper], [lower, upper], absolute: 0, relative: 1e-12, "gamma a \(a) x \(x)")
    }
  }

  @Test("the incomplete beta function agrees with 50-digit values, small and large")
  func incompleteBeta() {
    let expected: [(x: Double, a: Double, b: Double, value: Double)] = [
      (0.001953125, 3, 0.5, 2.3300137402204469e-9), (0.375, 1000, 1500, 0.0051111917924213882),
      (0.75, 0.1, 20, 0.99999999999999178), (0.5, 300.5, 300.5, 0.5), (0.48828125, 5000, 5000, 0.0095387439467704462),
    ]
    for (x, a, b, value) in expected {
      let tails = SpecialFunctions.incompleteBeta(x, complement: 1 - x, a, b)
      expectClose(tails.lower, value, absolute: 0, relative: 1e-12, "beta x \(x) a \(a) b \(b)")
      let mirrored = SpecialFunctions.incompleteBeta(1 - x, complement: x, b, a)
      expectClose(mirrored.upper, value, absolute: 0, relative: 1e-12, "mirrored beta x \(x) a \(a) b \(b)")
    }
  }

  @Test("the t distribution's tails agree with 50-digit values, also for many and fractional degrees of freedom")
  func studentT() {
    let expected = [
      (1e6, 4, 2.99999999998e-24), (0.01, 3.5, 0.49628235622596209), (3, 1e6, 0.0013499312707108985),
      (30, 1000, 7.6873437220217411e-142), (2.5, 2.2, 0.059144996507042524),
    ]
    for (t, degrees, value) in expected {
      let distribution = StudentT(degreesOfFreedom: degrees)
      expectClose(distribution.survival(t), value, absolute: 0, relative: 1e-11, "t \(t) df \(degrees)")
      expectClose(distribution.cdf(-t), value, absolute: 0, relative: 1e-11, "mirrored t \(t) df \(degrees)")
    }
  }

  @Test("t with one and two degrees of freedom has its closed forms")
  func closedForms() {
    for t in [-30, -1.5, -0.25, 0, 0.5, 3, 200.0] {
      expectClose(
        StudentT(degreesOfFreedom: 1).cdf(t), 0.5 + atan(t) / .pi, absolute: 1e-15, relative: 1e-12, "Cauchy \(t)")
      expectClose(
        StudentT(degreesOfFreedom: 2).cdf(t), 0.5 + t / (2 * (2 + t * t).squareRoot()), absolute: 1e-15,
        relative: 1e-12, "t with 2 df \(t)")
    }
    for x in [0.01, 1, 7, 300] {
      expectClose(ChiSquared(degreesOfFreedom: 2).survival(x), exp(-x / 2), absolute: 0, relative: 1e-12, "chi2 \(x)")
    }
  }

  @Test(
    "a quantile is the inverse of the distribution function",
    arguments: [1e-12, 1e-4, 0.025, 0.3, 0.5, 0.77, 0.975, 0.9999])
  func quantiles(p: Double) {
    expectClose(Normal.cdf(Normal.quantile(p)), p, absolute: 0, relative: 1e-12, "normal \(p)")
    for degrees in [1, 2.5, 9, 400] {
      let t = StudentT(degreesOfFreedom: degrees)
      expectClose(t.cdf(t.quantile(p)), p, absolute: 0, relative: 1e-10, "t \(degrees) \(p)")
      let chi = ChiSquared(degreesOfFreedom: degrees)
      expectClose(chi.cdf(chi.quantile(p)), p, absolute: 1e-15, relative: 1e-8, "chi2 \(degrees) \(p)")
      let f = FDistribution(numerator: degrees, denominator: 7)
      expectClose(f.cdf(f.quantile(p)), p, absolute: 1e-15, relative: 1e-8, "F \(degrees) \(p)")
    }
  }

  @Test("quantiles agree with independent values")
  func quantileValues() {
    let normal = [(0.5, 0), (0.6, 0.25334710313579974), (0.025, -1.9599639845400542), (1e-10, -6.3613409024040562)]
    for (p, value) in normal {
      expectClose(Normal.quantile(p), value, absolute: 1e-15, relative: 1e-14, "normal quantile \(p)")
    }
    let chi = ChiSquared(degreesOfFreedom: 3)
    expectClose(
      [chi.quantile(0.05), chi.quantile(0.95)], [0.35184631774927144, 7.814727903251179], absolute: 0, relative: 1e-12,
      "chi2")
    let f = FDistribution(numerator: 3, denominator: 28)
    expectClose(
      [f.quantile(0.05), f.quantile(0.95)], [0.11597074260606917, 2.946685266017264], absolute: 0, relative: 1e-12, "F")
  }

  @Test("quantiles at the ends and outside are infinite or NaN")
  func quantileEnds() {
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity && Normal.quantile(1.5).isNaN)
    let t = StudentT(degreesOfFreedom: 4)
    #expect(t.quantile(0) == -.infinity && t.quantile(1) == .infinity && t.quantile(-1).isNaN)
    #expect(StudentT(degreesOfFreedom: 0).survival(1).isNaN)
    #expect(ChiSquared(degreesOfFreedom: 3).quantile(0) == 0)
    #expect(t.survival(.infinity) == 0 && t.survival(-.infinity) == 1 && t.survival(.nan).isNaN)
  }

  @Test("the binomial distribution is the sum of its probabilities")
  func binomial() {
    for p in [0.0, 0.02, 0.5, 0.9, 1] {
      let binomial = Binomial(trials: 23, probability: p)
      var sum = 0.0
      for k in -1...24 {
        sum += binomial.probability(of: k)
        expectClose(binomial.cdf(k), sum, absolute: 1e-14, relative: 1e-12, "binomial p \(p) k \(k)")
        expectClose(binomial.survival(k), 1 - sum, absolute: 1e-14, relative: 0, "binomial survival p \(p) k \(k)")
      }
    }
    let expected = [
      (3, 10, 0.25, 0.77587509155273438), (200, 1000, 0.25, 0.00010898019880887953),
      (59, 180, 0.5, 2.2172246318775883e-6),
    ]
    for (k, n, p, value) in expected {
      expectClose(
        Binomial(trials: n, probability: p).cdf(k), value, absolute: 0, relative: 1e-12, "binomial \(k) of \(n)")
    }
    #expect(Binomial(trials: 0, probability: 0.3).cdf(0) == 1)
  }

  @Test("the binomial quantile is the smallest count that reaches p")
  func binomialQuantile() {
    let binomial = Binomial(trials: 40, probability: 0.3)
    for p in [0.001, 0.025, 0.5, 0.975, 1] {
      let k = binomial.quantile(p)
      #expect(binomial.cdf(k) >= p && (k == 0 || binomial.cdf(k - 1) < p), "p \(p)")
    }
  }

  @Test("the range of two normals is a folded normal, and q agrees with Demšar's table 5")
  func studentizedRange() {
    for q in [0.1, 1, 2.77, 6] {
      expectClose(
        StudentizedRange(groups: 2).cdf(q), 2 * Normal.cdf(q / 2.0.squareRoot()) - 1, absolute: 1e-12, relative: 0,
        "range \(q)")
    }
    expectClose(StudentizedRange(groups: 5).cdf(3.3), 0.865678522589848, absolute: 1e-9, relative: 0, "range of 5")
    let table = [1.960, 2.344, 2.569, 2.728, 2.850, 2.948, 3.031, 3.102, 3.164]
    let ours = (2...10).map { StudentizedRange(groups: $0).quantile(0.95) / 2.0.squareRoot() }
    expectClose(ours, table, absolute: 6e-4, "q")
  }
}
