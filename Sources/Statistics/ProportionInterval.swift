/// Confidence intervals for accuracies and their differences, all fractions from −1 to 1.
public enum ProportionInterval {
  /// Wilson's score interval (Wilson 1927); nil without trials.
  public static func wilson(successes: Int, trials: Int, level: Double = 0.95) -> Interval? {
    guard valid(successes, trials, level) else { return nil }
    return wilson(share: Double(successes) / Double(trials), rows: Double(trials), level: level)
  }

  /// The same for a share of a number of rows that need not be whole.
  static func wilson(share p: Double, rows n: Double, level: Double) -> Interval {
    let z = Normal.quantile(0.5 + level / 2)
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let reach = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return Interval(low: p == 0 ? 0 : max(0, centre - reach), high: p == 1 ? 1 : min(1, centre + reach))
  }

  /// Clopper and Pearson's exact interval (1934): never too narrow, often too wide; nil without trials.
  public static func clopperPearson(successes: Int, trials: Int, level: Double = 0.95) -> Interval? {
    guard valid(successes, trials, level) else { return nil }
    let tail = (1 - level) / 2
    let (k, n) = (Double(successes), Double(trials))
    let low =
      successes == 0
      ? 0
      : SpecialFunctions.root(low: 0, high: 1) {
        SpecialFunctions.incompleteBeta($0, complement: 1 - $0, k, n - k + 1).lower - tail
      }
    let high =
      successes == trials
      ? 1
      : SpecialFunctions.root(low: 0, high: 1) {
        tail - SpecialFunctions.incompleteBeta($0, complement: 1 - $0, k + 1, n - k).upper
      }
    return Interval(low: low, high: high)
  }

  /// Difference a − b of two independent proportions by Newcombe's score method (1998, method 10); nil without trials.
  public static func newcombe(
    successesA: Int, trialsA: Int, successesB: Int, trialsB: Int, level: Double = 0.95
  ) -> Interval? {
    guard let a = wilson(successes: successesA, trials: trialsA, level: level),
      let b = wilson(successes: successesB, trials: trialsB, level: level)
    else { return nil }
    return difference(
      Double(successesA) / Double(trialsA), a, Double(successesB) / Double(trialsB), b, correlation: 0)
  }

  /// Difference of two models' accuracies on the same examples by Newcombe's score method for paired proportions
  /// (1998, "Improved confidence intervals for the difference between binomial proportions based on paired data",
  /// method 10); nil without examples.
  public static func newcombe(paired test: McNemarTest, level: Double = 0.95) -> Interval? {
    let n = test.examples
    let (rightA, rightB) = (test.bothRight + test.onlyA, test.bothRight + test.onlyB)
    guard let a = wilson(successes: rightA, trials: n, level: level),
      let b = wilson(successes: rightB, trials: n, level: level)
    else { return nil }
    let margins = Double(rightA) * Double(n - rightA) * Double(rightB) * Double(n - rightB)
    var correlation = 0.0
    if margins > 0 {
      let product =
        Double(test.bothRight) * Double(test.bothWrong) - Double(test.onlyA) * Double(test.onlyB)
      // Newcombe takes n/2 from a positive correlation, so that it is never overrated.
      correlation = (product > 0 ? max(product - Double(n) / 2, 0) : product) / margins.squareRoot()
    }
    return difference(
      Double(rightA) / Double(n), a, Double(rightB) / Double(n), b, correlation: correlation)
  }

  static func difference(
    _ a: Double, _ intervalA: Interval, _ b: Double, _ intervalB: Interval, correlation: Double
  ) -> Interval {
    func reach(_ x: Double, _ y: Double) -> Double { max(0, x * x - 2 * correlation * x * y + y * y).squareRoot() }
    let down = reach(a - intervalA.low, intervalB.high - b)
    let up = reach(intervalA.high - a, b - intervalB.low)
    return Interval(low: a - b - down, high: a - b + up)
  }

  private static func valid(_ successes: Int, _ trials: Int, _ level: Double) -> Bool {
    trials > 0 && successes >= 0 && successes <= trials && level > 0 && level < 1
  }
}
