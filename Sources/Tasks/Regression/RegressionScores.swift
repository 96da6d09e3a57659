/// The scores of numbers answered for numbers, prepared so that those of a weighted resample of the rows are quick:
/// what a bootstrap asks for thousands of times.
///
/// R² and Spearman's correlation have no unit, the mean absolute error has that of the targets, the mean squared error
/// its square.
///
/// - Complexity: O(rows) a value.
public struct RegressionScores: Sendable {
  public let rows: Int
  /// Less their mean, `[rows]`: sums of squares of large numbers that differ little would lose the difference.
  private let centred: [Double]
  /// Targets less answers, `[rows]`.
  private let errors: [Double]
  private let targets: Ranking
  private let answers: Ranking
  /// The rows whose target or answer is NaN.
  private let gaps: [Int]

  /// Both `[rows]`, in one unit.
  public init(targets: [Double], answers: [Double]) {
    precondition(targets.count == answers.count, "RegressionScores: \(targets.count) targets, \(answers.count) answers")
    rows = targets.count
    let known = targets.filter(\.isFinite)
    let mean = known.reduce(0, +) / Double(max(known.count, 1))
    centred = targets.map { $0 - mean }
    errors = zip(targets, answers).map { $0 - $1 }
    (self.targets, self.answers) = (Ranking(targets), Ranking(answers))
    gaps = targets.indices.filter { targets[$0].isNaN || answers[$0].isNaN }
  }

  /// The metric where row i counts weights[i] times, once where weights is nil.
  ///
  /// nil without rows that count, where one of these has NaN, where the value would not be finite and for a metric of
  /// other tasks; R² also where the targets are all equal, Spearman's correlation where the targets or the answers are.
  public func value(_ metric: MetricName, weights: [Int32]? = nil) -> Double? {
    precondition(
      weights?.count ?? rows == rows, "RegressionScores: \(weights?.count ?? rows) weights for \(rows) rows")
    let weights = weights ?? [Int32](repeating: 1, count: rows)
    guard !gaps.contains(where: { weights[$0] > 0 }) else { return nil }
    let value: Double?
    switch metric {
    case .r2: value = determination(weights)
    case .mse: value = mean(weights) { errors[$0] * errors[$0] }
    case .mae: value = mean(weights) { abs(errors[$0]) }
    case .spearman: value = spearman(weights)
    default: value = nil
    }
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  /// 1 − Σ(target − answer)² / Σ(target − mean target)².
  private func determination(_ weights: [Int32]) -> Double? {
    // Whether targets vary is a matter of their ranks: a mean of equal numbers may differ from them in its last digit.
    guard targets.vary(weights), let mean = mean(weights, { centred[$0] }) else { return nil }
    var (left, spread) = (0.0, 0.0)
    for row in 0..<rows where weights[row] > 0 {
      let weight = Double(weights[row])
      let distance = centred[row] - mean
      left += weight * (errors[row] * errors[row])
      spread += weight * (distance * distance)
    }
    return spread > 0 ? 1 - left / spread : nil
  }

  /// Pearson's correlation of the ranks; equal numbers share the mean of theirs.
  private func spearman(_ weights: [Int32]) -> Double? {
    let (x, y) = (targets.ranks(weights), answers.ranks(weights))
    var (product, xSquares, ySquares) = (0.0, 0.0, 0.0)
    for row in 0..<rows {
      let weight = Double(weights[row])
      let (a, b) = (x[targets.runs[row]], y[answers.runs[row]])
      product += weight * (a * b)
      xSquares += weight * (a * a)
      ySquares += weight * (b * b)
    }
    guard xSquares > 0, ySquares > 0 else { return nil }
    return min(max(product / (xSquares * ySquares).squareRoot(), -1), 1)
  }

  private func mean(_ weights: [Int32], _ value: (Int) -> Double) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for row in 0..<rows where weights[row] > 0 {
      sum += Double(weights[row]) * value(row)
      total += Double(weights[row])
    }
    return total > 0 ? sum / total : nil
  }
}

/// Numbers sorted once, so that their ranks in any weighted resample take one pass and no sorting.
private struct Ranking: Sendable {
  /// The place of each row's number among the different numbers, from the smallest, `[rows]`; NaN stands last.
  let runs: [Int]
  /// How many different numbers there are.
  let count: Int

  init(_ values: [Double]) {
    let order = values.indices.sorted {
      values[$0] < values[$1] || (values[$1].isNaN && !values[$0].isNaN)
    }
    var runs = [Int](repeating: 0, count: values.count)
    var count = 0
    for position in order.indices {
      if position == 0 || values[order[position]] != values[order[position - 1]] { count += 1 }
      runs[order[position]] = count - 1
    }
    (self.runs, self.count) = (runs, count)
  }

  /// Twice the rank of each different number, `[count]`, less twice the mean rank, where row i stands weights[i] times:
  /// whole numbers, so that those that are all equal have exactly 0.
  func ranks(_ weights: [Int32]) -> [Double] {
    var rows = [Int](repeating: 0, count: count)
    for row in runs.indices { rows[runs[row]] += Int(weights[row]) }
    let total = rows.reduce(0, +)
    var below = 0
    return rows.map { own in
      defer { below += own }
      return Double(2 * below + own - total)
    }
  }

  /// Whether the rows that count have different numbers.
  func vary(_ weights: [Int32]) -> Bool {
    guard let first = weights.firstIndex(where: { $0 > 0 }) else { return false }
    return runs.indices.contains { weights[$0] > 0 && runs[$0] != runs[first] }
  }
}
