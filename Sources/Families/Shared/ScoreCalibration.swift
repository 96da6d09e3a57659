import Compute
import Foundation
import Models
import Statistics
import Training

/// From a score to a probability.
package typealias CalibrationKind = TrainingSettings.CalibrationKind

/// Of each class one against the rest, brought to the sum 1 over the classes (Zadrozny and Elkan 2002, section 4). Equal to
/// scikit-learn's `CalibratedClassifierCV` on the same scores. A temperature is one for all classes.
struct ScoreCalibration: Sendable, Codable, Equatable {
  /// One for each class.
  let curves: [Curve]

  enum Curve: Sendable, Codable, Equatable {
    /// 1 / (1 + e^(slope·score + offset)).
    case sigmoid(slope: Double, offset: Double)
    /// Values at ascending scores, joined by lines, the first and last beyond them.
    case steps(scores: [Double], values: [Double])
    /// e^(score / temperature).
    case exponential(temperature: Double)
  }

  /// Whether scores are logits, to be divided by one temperature.
  var isTemperature: Bool { if case .exponential = curves.first { true } else { false } }

  /// - Parameters:
  ///   - scores: `[rows, classes]`.
  ///   - labels: the class of each row.
  ///
  /// Nil where there is no row.
  init?(_ kind: CalibrationKind, scores: [Float], labels: [Int], classes: Int) {
    guard !labels.isEmpty else { return nil }
    if kind == .temperature {
      let curve = Curve.exponential(temperature: Self.temperature(scores, labels, classes))
      curves = [Curve](repeating: curve, count: classes)
      return
    }
    curves = (0..<classes).map { label in
      let own = labels.indices.map { Double(scores[$0 * classes + label]) }
      let isThere = labels.map { $0 == label }
      return kind == .platt ? Self.sigmoid(own, isThere) : Self.steps(own, isThere)
    }
  }

  /// Probabilities in place of scores `[rows, classes]`.
  func apply(_ scores: inout [Float]) {
    let classes = curves.count
    for first in stride(from: 0, to: scores.count, by: classes) {
      // Logits of a softmax may all be moved alike.
      let most = isTemperature ? Double(scores[first..<first + classes].max() ?? 0) : 0
      var values = curves.indices.map { curves[$0].value(Double(scores[first + $0]) - most) }
      if classes == 2, !isTemperature { values[0] = 1 - values[1] }
      let sum = values.reduce(0, +)
      for label in 0..<classes { scores[first + label] = Float(sum > 0 ? values[label] / sum : 1 / Double(classes)) }
    }
  }

  // MARK: Temperature

  /// At which the logarithms of the true classes' probabilities have the largest sum, from .01 to 100. By its inverse the sum
  /// is concave: where its derivative is 0 is found by halving.
  private static func temperature(_ scores: [Float], _ labels: [Int], _ classes: Int) -> Double {
    func derivative(_ inverse: Double) -> Double {
      labels.indices.reduce(0) { sum, row in
        let own = (0..<classes).map { Double(scores[row * classes + $0]) }
        let most = own.max() ?? 0
        let weights = own.map { exp(inverse * ($0 - most)) }
        let mean = zip(own, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        return sum + own[labels[row]] - mean
      }
    }
    var (low, high) = (0.01, 100.0)
    for _ in 0..<100 {
      let middle = (low * high).squareRoot()
      if derivative(middle) > 0 { low = middle } else { high = middle }
    }
    return 1 / (low * high).squareRoot()
  }

  // MARK: Platt

  /// Newton's method with backtracking (Lin, Lin and Weng 2007, appendix).
  private static func sigmoid(_ scores: [Double], _ isThere: [Bool]) -> Curve {
    let positive = Double(isThere.count { $0 }), negative = Double(isThere.count) - positive
    let high = (positive + 1) / (positive + 2), low = 1 / (negative + 2)
    let targets = isThere.map { $0 ? high : low }
    var slope = 0.0, offset = log((negative + 1) / (positive + 1))
    /// −Σ t log p + (1 − t) log (1 − p), so written that nothing overflows.
    func loss(_ slope: Double, _ offset: Double) -> Double {
      zip(scores, targets).reduce(0) { sum, row in
        let z = row.0 * slope + offset
        return sum + (z >= 0 ? row.1 * z + log1p(exp(-z)) : (row.1 - 1) * z + log1p(exp(z)))
      }
    }
    var now = loss(slope, offset)
    for _ in 0..<100 {
      var (aa, bb, ab, a, b) = (1e-12, 1e-12, 0.0, 0.0, 0.0)
      for (score, target) in zip(scores, targets) {
        let z = score * slope + offset
        let (p, q) = z >= 0 ? (exp(-z) / (1 + exp(-z)), 1 / (1 + exp(-z))) : (1 / (1 + exp(z)), exp(z) / (1 + exp(z)))
        aa += score * score * p * q
        bb += p * q
        ab += score * p * q
        a += score * (target - p)
        b += target - p
      }
      if abs(a) < 1e-5, abs(b) < 1e-5 { break }
      let determinant = aa * bb - ab * ab
      let (da, db) = (-(bb * a - ab * b) / determinant, -(-ab * a + aa * b) / determinant)
      let descent = a * da + b * db
      var step = 1.0
      while step >= 1e-10 {
        let next = loss(slope + step * da, offset + step * db)
        if next < now + 1e-4 * step * descent {
          (slope, offset, now) = (slope + step * da, offset + step * db, next)
          break
        }
        step /= 2
      }
      if step < 1e-10 { break }
    }
    return .sigmoid(slope: slope, offset: offset)
  }

  // MARK: Isotonic

  /// Isotonic regression; equal scores are one point.
  private static func steps(_ scores: [Double], _ isThere: [Bool]) -> Curve {
    var points = [Double](), sums = [Double](), weights = [Double]()
    for row in scores.indices.sorted(by: { scores[$0] < scores[$1] }) {
      if points.last != scores[row] {
        points.append(scores[row])
        sums.append(0)
        weights.append(0)
      }
      sums[sums.count - 1] += isThere[row] ? 1 : 0
      weights[weights.count - 1] += 1
    }
    var ends = [Double](), values = [Double]()
    for step in IsotonicRegression(sums: sums, weights: weights).steps {
      for place in Set([step.first, step.last]).sorted() {
        ends.append(points[place])
        values.append(step.value)
      }
    }
    return .steps(scores: ends, values: values)
  }
}

extension ScoreCalibration.Curve {
  func value(_ score: Double) -> Double {
    switch self {
    case .sigmoid(let slope, let offset): return 1 / (1 + exp(slope * score + offset))
    case .exponential(let temperature): return exp(score / temperature)
    case .steps(let scores, let values):
      guard let place = scores.firstIndex(where: { $0 >= score }) else { return values.last ?? 0 }
      guard place > 0, scores[place] > score else { return values[place] }
      let share = (score - scores[place - 1]) / (scores[place] - scores[place - 1])
      return values[place - 1] + share * (values[place] - values[place - 1])
    }
  }

  /// Whether every number is one, and scores rise.
  var isSound: Bool {
    switch self {
    case .sigmoid(let slope, let offset): slope.isFinite && offset.isFinite
    case .exponential(let temperature): temperature > 0 && temperature.isFinite
    case .steps(let scores, let values):
      scores.count == values.count && !scores.isEmpty && zip(scores, scores.dropFirst()).allSatisfy(<)
        && values.allSatisfy { 0...1 ~= $0 }
    }
  }
}
