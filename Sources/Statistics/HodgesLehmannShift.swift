/// How far one sample lies above another: the median of all differences between a value of each (Hodges and Lehmann
/// 1963), with the distribution-free interval that belongs to the Mann–Whitney test.
public struct HodgesLehmannShift: Sendable, Equatable {
  /// In the unit of the values; positive where the first sample is the higher one.
  public let estimate: Double
  private let differences: [Double]
  private let sizes: (first: Double, second: Double)

  /// nil where a sample is empty or holds a value that is not finite. Costs the product of the sizes.
  public init?(_ a: [Double], _ b: [Double]) {
    guard !a.isEmpty, !b.isEmpty, a.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return nil }
    differences = a.flatMap { x in b.map { x - $0 } }.sorted()
    sizes = (Double(a.count), Double(b.count))
    guard let median = Descriptive.quantile(sorted: differences, 0.5) else { return nil }
    estimate = median
  }

  /// Order statistics of the differences by the normal approximation (Hollander, Wolfe and Chicken 2014, section 4.3);
  /// from the smallest to the largest difference where the samples are too small for the level.
  public func interval(level: Double = 0.95) -> Interval {
    let (m, n) = sizes
    let reach = Normal.quantile(0.5 + level / 2) * (m * n * (m + n + 1) / 12).squareRoot()
    let rank = Int((m * n / 2 - reach).rounded())
    let low = max(0, min(rank - 1, differences.count - 1))
    return Interval(low: differences[low], high: differences[differences.count - 1 - low])
  }

  public static func == (a: HodgesLehmannShift, b: HodgesLehmannShift) -> Bool {
    a.differences == b.differences && a.sizes == b.sizes
  }
}
