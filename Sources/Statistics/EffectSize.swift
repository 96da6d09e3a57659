/// How large a difference is, beside every p-value.
public enum EffectSize {
  /// d_z = d̄ / s of paired differences (Cohen 1988, section 2.3.5).
  ///
  /// nil for fewer than two differences and where they are equal but not 0; 0 where all are 0.
  public static func cohenDz(_ differences: [Double]) -> Double? {
    guard let mean = Descriptive.mean(differences), let deviation = deviation(differences) else { return nil }
    return ratio(mean, deviation)
  }

  /// d_z times Hedges' factor for small samples, n − 1 degrees of freedom; nil as for `cohenDz`.
  public static func hedgesGz(_ differences: [Double]) -> Double? {
    cohenDz(differences).map { $0 * hedgesFactor(degreesOfFreedom: Double(differences.count - 1)) }
  }

  /// d = (mean of a − mean of b) / pooled s of independent samples.
  ///
  /// nil where a sample has fewer than two values, and where neither varies though their means differ.
  public static func cohenD(_ a: [Double], _ b: [Double]) -> Double? {
    guard let meanA = Descriptive.mean(a), let meanB = Descriptive.mean(b), let sA = deviation(a), let sB = deviation(b)
    else { return nil }
    let (m, n) = (Double(a.count - 1), Double(b.count - 1))
    return ratio(meanA - meanB, ((m * sA * sA + n * sB * sB) / (m + n)).squareRoot())
  }

  /// Hedges' g: d times the factor for small samples (Hedges 1981); nil as for `cohenD`.
  public static func hedgesG(_ a: [Double], _ b: [Double]) -> Double? {
    cohenD(a, b).map { $0 * hedgesFactor(degreesOfFreedom: Double(a.count + b.count - 2)) }
  }

  /// J = 1 − 3/(4·df − 1), the usual approximation of Hedges' factor.
  public static func hedgesFactor(degreesOfFreedom: Double) -> Double { 1 - 3 / (4 * degreesOfFreedom - 1) }

  /// Cliff's delta, P(a > b) − P(a < b), from −1 to 1 (Cliff 1993); nil for an empty sample.
  public static func cliffsDelta(_ a: [Double], _ b: [Double]) -> Double? {
    guard !a.isEmpty, !b.isEmpty else { return nil }
    let sorted = b.sorted()
    var balance = 0
    for value in a {
      let below = firstIndex(in: sorted) { $0 >= value }
      let above = sorted.count - firstIndex(in: sorted) { $0 > value }
      balance += below - above
    }
    return Double(balance) / (Double(a.count) * Double(b.count))
  }

  /// Vargha and Delaney's A₁₂ = P(a > b) + ½·P(a = b), from 0 to 1 (2000); nil for an empty sample.
  public static func varghaDelaneyA(_ a: [Double], _ b: [Double]) -> Double? {
    cliffsDelta(a, b).map { ($0 + 1) / 2 }
  }

  private static func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1, values.contains(where: { $0 != values[0] }) else { return values.count > 1 ? 0 : nil }
    return Descriptive.standardDeviation(values)
  }

  private static func ratio(_ difference: Double, _ deviation: Double) -> Double? {
    if deviation > 0 { return difference / deviation }
    return difference == 0 ? 0 : nil
  }

  /// First index of a sorted list from which `holds` is true; the count where nowhere.
  private static func firstIndex(in sorted: [Double], where holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
