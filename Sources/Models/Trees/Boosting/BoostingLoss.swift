import Foundation

/// What boosting makes small (Friedman 2001, section 4), as sums over rows of functions of their scores.
///
/// - numbers: ½ (s − y)², the score is the answer;
/// - two classes: −ln of the true one's probability, that of class 1 is 1 / (1 + e^−s);
/// - more: −ln of the true one's probability, softmax of a score for each class. Second derivatives are p (1 − p) times
///   classes / (classes − 1), as in LightGBM.
struct BoostingLoss {
  private let labels: [Int]
  private let numbers: [Double]
  private let classes: Int
  /// Of each class' rows.
  private let weights: [Double]
  /// Scores of a row.
  let scores: Int
  /// Scores that every row begins with: the mean, or the logarithms of the classes' odds or shares.
  let start: [Float]

  /// - Parameter classWeights: what the loss of each class' rows is multiplied by, above 0; nothing where nil.
  init(_ targets: TreeTargets, classWeights: [Float]? = nil) {
    weights = classWeights?.map { Double($0) } ?? [Double](repeating: 1, count: targets.outputs)
    precondition(
      weights.count == targets.outputs && weights.allSatisfy { $0 > 0 && $0.isFinite },
      "BoostingLoss: \(weights) as weights of \(targets.outputs) classes")
    switch targets {
    case .numbers(let all):
      (labels, numbers, classes, scores) = ([], all, 0, 1)
      start = [Float(all.reduce(0, +) / Double(max(all.count, 1)))]
    case .classes(let all, let classes):
      (labels, numbers, self.classes) = (all, [], classes)
      var counts = [Double](repeating: 0, count: classes)
      for label in all { counts[label] += weights[label] }
      let total = counts.reduce(0, +)
      // A class without rows begins with a share of almost none.
      let shares = counts.map { min(max($0 / max(total, .leastNormalMagnitude), 1e-15), 1 - 1e-15) }
      switch classes {
      case 1: (scores, start) = (0, [])
      case 2: (scores, start) = (1, [Float(log(shares[1] / shares[0]))])
      default: (scores, start) = (classes, shares.map { Float(log($0)) })
      }
    }
  }

  var rows: Int { classes == 0 ? numbers.count : labels.count }

  /// First and second derivatives at scores `[rows, scores]`.
  func derivatives(_ all: [Double], _ gradients: inout [Double], _ hessians: inout [Double]) {
    switch classes {
    case 0:
      for row in numbers.indices {
        gradients[row] = all[row] - numbers[row]
        hessians[row] = 1
      }
    case 2:
      for row in labels.indices {
        let share = 1 / (1 + exp(-all[row])), weight = weights[labels[row]]
        gradients[row] = weight * (share - Double(labels[row]))
        hessians[row] = weight * share * (1 - share)
      }
    default:
      let factor = Double(scores) / Double(max(scores - 1, 1))
      for row in labels.indices {
        let first = row * scores, weight = weights[labels[row]]
        let (greatest, sum) = Self.exponentials(all, first, scores)
        for place in first..<first + scores {
          let share = exp(all[place] - greatest) / sum
          gradients[place] = weight * (share - (place - first == labels[row] ? 1 : 0))
          hessians[place] = weight * factor * share * (1 - share)
        }
      }
    }
  }

  /// The largest of some scores, and Σ e^(s − largest).
  private static func exponentials(_ all: [Double], _ first: Int, _ count: Int) -> (greatest: Double, sum: Double) {
    var greatest = -Double.infinity, sum = 0.0
    for place in first..<first + count { greatest = max(greatest, all[place]) }
    for place in first..<first + count { sum += exp(all[place] - greatest) }
    return (greatest, sum)
  }

  /// The weighted mean of the rows' losses at scores `[rows, scores]`; of numbers the mean squared error.
  func mean(_ all: [Double]) -> Double {
    var sum = 0.0, total = 0.0
    for row in 0..<rows {
      let weight = classes == 0 ? 1 : weights[labels[row]]
      total += weight
      switch classes {
      case 0: sum += (all[row] - numbers[row]) * (all[row] - numbers[row])
      case 1: break
      case 2:
        // ln (1 + e^−z) with z the score on the side of the true class.
        let z = labels[row] == 1 ? all[row] : -all[row]
        sum += weight * (max(-z, 0) + log1p(exp(-z.magnitude)))
      default:
        let (greatest, exponentials) = Self.exponentials(all, row * scores, scores)
        sum += weight * (greatest + log(exponentials) - all[row * scores + labels[row]])
      }
    }
    return total > 0 ? sum / total : 0
  }

  /// Probabilities of all classes, or the number, of rows with scores `[rows, scores]`.
  static func answers(_ all: [Double], rows: Int, outputs: Int, isNumber: Bool) -> [Float] {
    var answers = [Float](repeating: 1, count: rows * outputs)
    for row in 0..<rows {
      if isNumber {
        answers[row] = Float(all[row])
      } else if outputs == 2 {
        let z = exp(-all[row].magnitude), share = Float(1 / (1 + z)), rest = Float(z / (1 + z))
        answers[2 * row] = all[row] >= 0 ? rest : share
        answers[2 * row + 1] = all[row] >= 0 ? share : rest
      } else if outputs > 2 {
        let (greatest, sum) = exponentials(all, row * outputs, outputs)
        for place in row * outputs..<(row + 1) * outputs { answers[place] = Float(exp(all[place] - greatest) / sum) }
      }
    }
    return answers
  }
}
