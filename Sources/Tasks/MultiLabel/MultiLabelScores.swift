/// The scores of rows that have any number of labels, prepared so that those of a weighted resample are quick: what a
/// bootstrap asks for thousands of times.
///
/// All are fractions from 0 to 1. 0/0 is 0, as scikit-learn has it by default: in the precision, recall and F1 of a
/// label or of all together, and in the F1 of a row that has no label and is answered with none, which counts as wrong
/// there although the row is right in the subset accuracy. Ranking average precision is scikit-learn's
/// `label_ranking_average_precision_score`, in which a row of no label or of all labels counts 1.
///
/// - Complexity: `counts` O(rows + targets + answers), `value(_:over:)` of it O(labels).
public struct MultiLabelScores: Sendable {
  public let rows: Int
  public let labels: Int
  /// Where each label of a row is counted in `Counts.cells`, row after row: those answered rightly, missed and answered
  /// wrongly.
  private let cells: [Int32]
  /// Where each row begins in `cells`, and its end: `[rows + 1]`.
  private let starts: [Int]
  /// 1 where a row is answered with its labels and no others, `[rows]`.
  private let exact: [Int32]
  /// `[rows]`
  private let f1: [Double]
  /// Ranking average precision, `[rows]`, NaN where a probability is; empty without probabilities.
  private let rankings: [Double]

  /// Of each row its true labels and those answered, `[rows]` of different labels from 0 to labels − 1 in any order.
  ///
  /// `probabilities` are `[rows, labels]`, which only ranking average precision needs; empty where not known.
  public init(targets: [[Int]], answers: [[Int]], probabilities: [Float] = [], labels: Int) {
    precondition(targets.count == answers.count, "MultiLabelScores: \(targets.count) targets, \(answers.count) answers")
    precondition(
      probabilities.isEmpty || probabilities.count == targets.count * labels,
      "MultiLabelScores: \(targets.count) rows, \(labels) labels, \(probabilities.count) probabilities")
    var cells = [Int32]()
    var starts = [0]
    var exact = [Int32]()
    var f1 = [Double]()
    // The last row of which a label is a target, and an answer.
    var target = [Int](repeating: -1, count: labels)
    var answer = target
    for row in targets.indices {
      for label in targets[row] { Self.mark(label, of: row, in: &target, "targets") }
      for label in answers[row] { Self.mark(label, of: row, in: &answer, "answers") }
      var hits = 0
      for label in targets[row] {
        let isHit = answer[label] == row
        if isHit { hits += 1 }
        cells.append(Int32(isHit ? label : labels + label))
      }
      for label in answers[row] where target[label] != row { cells.append(Int32(2 * labels + label)) }
      starts.append(cells.count)
      exact.append(hits == targets[row].count && hits == answers[row].count ? 1 : 0)
      f1.append(ratio(2 * hits, targets[row].count + answers[row].count))
    }
    (self.cells, self.starts, self.exact, self.f1) = (cells, starts, exact, f1)
    (rows, self.labels) = (targets.count, labels)
    rankings =
      probabilities.isEmpty
      ? [] : targets.indices.map { Self.ranking(probabilities, start: $0 * labels, labels: labels, of: targets[$0]) }
  }

  /// The metric where row i counts weights[i] times, once where weights is nil.
  ///
  /// nil without rows that count, for a metric of other tasks, and for ranking average precision without probabilities
  /// or where one of them is NaN in a row that counts.
  ///
  /// `list` has the labels that macro averages are over; nil: those that stand among the targets or the answers of the
  /// rows that count.
  public func value(_ metric: MetricName, weights: [Int32]? = nil, over list: [Int]? = nil) -> Double? {
    counts(weights: weights).value(metric, over: list)
  }

  /// Precision, recall and F1 of each label, `[labels]`, where row i counts weights[i] times.
  public func perLabel(weights: [Int32]? = nil) -> [PerLabel] {
    let counts = counts(weights: weights)
    return (0..<labels).map { counts.label($0) }
  }

  /// All that the scores of one resample follow from, in one pass over its rows; row i counts weights[i] times.
  public func counts(weights: [Int32]? = nil) -> Counts {
    precondition(
      weights?.count ?? rows == rows, "MultiLabelScores: \(weights?.count ?? rows) weights for \(rows) rows")
    let weights = weights ?? [Int32](repeating: 1, count: rows)
    // Local sums: through self every step would check that it alone holds the array.
    var sums = [Int](repeating: 0, count: 3 * labels)
    var (total, right, samples, ranking) = (0, 0, 0.0, 0.0)
    let isRanked = !rankings.isEmpty
    for row in 0..<rows where weights[row] > 0 {
      let weight = weights[row]
      for position in starts[row]..<starts[row + 1] { sums[Int(cells[position])] += Int(weight) }
      total += Int(weight)
      right += Int(weight) * Int(exact[row])
      samples += Double(weight) * f1[row]
      if isRanked { ranking += Double(weight) * rankings[row] }
    }
    return Counts(
      labels: labels, rows: total, exact: right, cells: sums, f1: samples, ranking: isRanked ? ranking : .nan)
  }

  /// The labels that stand in any row of any of the lists, ascending.
  public static func occurring(in lists: [[[Int]]], labels: Int) -> [Int] {
    var occurs = [Bool](repeating: false, count: labels)
    for list in lists {
      for row in list {
        for label in row { occurs[label] = true }
      }
    }
    return occurs.indices.filter { occurs[$0] }
  }

  /// How well one label, or all together, are told from their absence.
  public struct PerLabel: Sendable, Equatable {
    /// Rows that have it.
    public let support: Int
    /// Rows answered with it.
    public let predicted: Int
    /// Rows that have it and are answered with it.
    public let correct: Int

    public var precision: Double { ratio(correct, predicted) }
    public var recall: Double { ratio(correct, support) }
    /// 2·correct / (support + predicted), the harmonic mean of precision and recall.
    public var f1: Double { ratio(2 * correct, support + predicted) }
  }

  /// The sums over one resample that every score follows from.
  public struct Counts: Sendable {
    public let labels: Int
    /// Rows, each as often as it counts.
    public let rows: Int
    /// Rows answered with their labels and no others.
    public let exact: Int
    /// Rows of each label, `[3, labels]`: answered rightly, missed, answered wrongly.
    fileprivate let cells: [Int]
    /// Σ F1 of the rows.
    fileprivate let f1: Double
    /// Σ ranking average precision of the rows; NaN where it is not known.
    fileprivate let ranking: Double

    /// The metric's value; nil as in `MultiLabelScores.value`, which also says what `list` is.
    public func value(_ metric: MetricName, over list: [Int]? = nil) -> Double? {
      guard rows > 0 else { return nil }
      switch metric {
      case .subsetAccuracy: return ratio(exact, rows)
      case .precisionMicro: return together.precision
      case .recallMicro: return together.recall
      case .f1Micro: return together.f1
      case .precisionMacro: return macro(list) { $0.precision }
      case .recallMacro: return macro(list) { $0.recall }
      case .f1Macro: return macro(list) { $0.f1 }
      case .f1Weighted: return weightedF1
      case .f1Samples: return f1 / Double(rows)
      case .rankingAP: return ranking.isNaN ? nil : ranking / Double(rows)
      default: return nil
      }
    }

    public func label(_ label: Int) -> PerLabel {
      let (hits, missed, wrong) = (cells[label], cells[labels + label], cells[2 * labels + label])
      return PerLabel(support: hits + missed, predicted: hits + wrong, correct: hits)
    }

    /// Sums over all labels.
    private var together: PerLabel {
      var (support, predicted, correct) = (0, 0, 0)
      for index in 0..<labels {
        let own = label(index)
        support += own.support
        predicted += own.predicted
        correct += own.correct
      }
      return PerLabel(support: support, predicted: predicted, correct: correct)
    }

    /// Mean F1 of the labels, each as often as it stands among the targets.
    private var weightedF1: Double {
      var (sum, total) = (0.0, 0)
      for index in 0..<labels {
        let own = label(index)
        sum += Double(own.support) * own.f1
        total += own.support
      }
      return total > 0 ? sum / Double(total) : 0
    }

    private func macro(_ list: [Int]?, _ value: (PerLabel) -> Double) -> Double {
      var (sum, count) = (0.0, 0)
      if let list {
        for index in list { sum += value(label(index)) }
        count = list.count
      } else {
        for index in 0..<labels {
          let own = label(index)
          guard own.support + own.predicted > 0 else { continue }
          sum += value(own)
          count += 1
        }
      }
      return count > 0 ? sum / Double(count) : 0
    }
  }

  /// Notes that the row has the label.
  private static func mark(_ label: Int, of row: Int, in last: inout [Int], _ what: String) {
    precondition(
      last.indices.contains(label), "MultiLabelScores: label \(label) among the \(what) of row \(row), of \(last.count)"
    )
    precondition(last[label] != row, "MultiLabelScores: label \(label) twice among the \(what) of row \(row)")
    last[label] = row
  }

  /// Mean over the row's labels of the share of them among all labels whose probability is at least as high; 1 where it
  /// has none, NaN where a probability is.
  private static func ranking(_ probabilities: [Float], start: Int, labels: Int, of targets: [Int]) -> Double {
    for position in start..<start + labels where probabilities[position].isNaN { return .nan }
    guard !targets.isEmpty else { return 1 }
    var sum = 0.0
    for target in targets {
      let own = probabilities[start + target]
      var (found, above) = (0, 0)
      for position in start..<start + labels where probabilities[position] >= own { above += 1 }
      for other in targets where probabilities[start + other] >= own { found += 1 }
      sum += Double(found) / Double(above)
    }
    return sum / Double(targets.count)
  }
}

private func ratio(_ numerator: Int, _ denominator: Int) -> Double {
  denominator == 0 ? 0 : Double(numerator) / Double(denominator)
}
