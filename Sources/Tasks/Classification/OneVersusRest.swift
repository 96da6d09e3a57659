/// One class against the rest: rows in order of that class's probability, for AUC and average precision.
struct OneVersusRest: Sendable {
  /// Rows from the lowest probability to the highest.
  private let order: [Int]
  /// Where each run of equal probabilities begins in `order`, and its end.
  private let starts: [Int]
  private let positive: [Bool]
  private let isDefined: Bool

  init(labels: [Int], probabilities: [Double], classes: Int, label: Int) {
    let scores = labels.indices.map { probabilities[$0 * classes + label] }
    isDefined = !scores.contains(where: \.isNaN)
    positive = labels.map { $0 == label }
    guard isDefined else {
      (order, starts) = ([], [])
      return
    }
    let order = labels.indices.sorted { scores[$0] < scores[$1] || (scores[$0] == scores[$1] && $0 < $1) }
    var starts = [Int]()
    for position in order.indices where position == 0 || scores[order[position]] != scores[order[position - 1]] {
      starts.append(position)
    }
    starts.append(order.count)
    (self.order, self.starts) = (order, starts)
  }

  /// P(a row of the class scores above another) + ½·P(equal): the mid-rank area under the ROC curve.
  ///
  /// Row i counts weights[i] times. nil where the class has no rows or all of them, or a probability is NaN.
  func auc(weights: [Int32]? = nil) -> Double? {
    guard isDefined else { return nil }
    var (wins, positives, negatives) = (0.0, 0.0, 0.0)
    for run in 0..<max(starts.count - 1, 0) {
      var (inside, outside) = (0.0, 0.0)
      for position in starts[run]..<starts[run + 1] {
        let row = order[position]
        let weight = weights.map { Double($0[row]) } ?? 1
        if positive[row] { inside += weight } else { outside += weight }
      }
      wins += inside * (negatives + outside / 2)
      positives += inside
      negatives += outside
    }
    return positives > 0 && negatives > 0 ? wins / (positives * negatives) : nil
  }

  /// Σ over thresholds, from the highest, of (recall − previous recall)·precision; nil where the class has no rows or
  /// a probability is NaN.
  func averagePrecision() -> Double? {
    guard isDefined else { return nil }
    let total = Double(positive.count(where: \.self))
    guard total > 0 else { return nil }
    var (found, seen, sum) = (0.0, 0.0, 0.0)
    for run in stride(from: starts.count - 2, through: 0, by: -1) {
      var inside = 0.0
      for position in starts[run]..<starts[run + 1] where positive[order[position]] { inside += 1 }
      found += inside
      seen += Double(starts[run + 1] - starts[run])
      sum += inside / total * (found / seen)
    }
    return sum
  }

  /// Mean of the values that exist, each weighted; nil where none exists.
  static func average(_ values: [Double?], weights: [Int]?) -> Double? {
    var (sum, total) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      let weight = weights.map { Double($0[index]) } ?? 1
      sum += weight * value
      total += weight
    }
    return total > 0 ? sum / total : nil
  }
}
