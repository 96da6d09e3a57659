import Compute
import Foundation
import Models
import Tasks

/// What is done to a fitted model's probabilities, learned on validation rows: calibrated, then each times its class'
/// factor and brought to the sum 1, so that the most probable class is the one that scores best.
package struct AnswerAdjustment: Sendable, Codable, Equatable {
  /// Of the logarithms of odds; nil where probabilities stay as they are.
  var calibration: ScoreCalibration?
  /// One for each class, above 0; nil where all are 1.
  var factors: [Float]?

  package var isNone: Bool { calibration == nil && factors == nil }

  /// Whether it is one of so many classes.
  package func isSound(classes: Int) -> Bool {
    (calibration.map { $0.curves.count == classes && $0.curves.allSatisfy(\.isSound) } ?? true)
      && (factors.map { $0.count == classes && $0.allSatisfy { $0 > 0 && $0.isFinite } } ?? true)
  }

  /// In place of `[rows, classes]`.
  func apply(_ answers: inout [Float]) {
    if let calibration {
      Self.toScores(&answers, logits: calibration.isTemperature)
      calibration.apply(&answers)
    }
    if let factors { Self.scale(&answers, by: factors) }
  }

  /// The model with its probabilities adjusted.
  func classifier(_ model: some TextClassifier) -> any TextClassifier {
    AdjustedClassifier(model) { model, encoded, pool in
      var answers = model.answers(encoded, pool: pool)
      apply(&answers)
      return answers
    }
  }

  static func scale(_ answers: inout [Float], by factors: [Float]) {
    for first in stride(from: 0, to: answers.count, by: factors.count) {
      var sum: Float = 0
      for label in factors.indices {
        answers[first + label] *= factors[label]
        sum += answers[first + label]
      }
      guard sum > 0 else { continue }
      for label in factors.indices { answers[first + label] /= sum }
    }
  }

  /// ln(p / (1 − p)), p no nearer to 0 and 1 than 1e-7; of `logits` ln p.
  private static func toScores(_ answers: inout [Float], logits: Bool) {
    for index in answers.indices {
      if logits {
        answers[index] = Float(log(Double(max(answers[index], .leastNormalMagnitude))))
        continue
      }
      let p = min(max(Double(answers[index]), 1e-7), 1 - 1e-7)
      answers[index] = Float(log(p / (1 - p)))
    }
  }

  /// - Parameters:
  ///   - answers: probabilities of validation rows, `[rows, classes]`.
  ///   - calibration: which curve is learned; none where nil.
  ///   - metric: what the factors are chosen by; no factors where nil.
  init(
    _ answers: [Float], labels: [Int], shape: TaskShape, calibration kind: CalibrationKind?, metric: MetricName?
  ) {
    var answers = answers
    if let kind {
      var scores = answers
      Self.toScores(&scores, logits: kind == .temperature)
      calibration = ScoreCalibration(kind, scores: scores, labels: labels, classes: shape.classes)
      calibration?.apply(&scores)
      if calibration != nil { answers = scores }
    }
    if let metric {
      factors = ClassFactors(answers, labels: labels, shape: shape, metric: metric).best()
    }
  }
}

/// Chooses a factor for each class' probability by a score of the answers.
private struct ClassFactors {
  private let answers: [Float]
  private let targets: Targets
  private let shape: TaskShape
  private let metric: MetricName

  init(_ answers: [Float], labels: [Int], shape: TaskShape, metric: MetricName) {
    (self.answers, targets, self.shape, self.metric) = (answers, .classes(labels), shape, metric)
  }

  /// nil where no factors score better than none.
  func best() -> [Float]? {
    guard targets.count > 0, let plain = score(nil) else { return nil }
    let found = shape.classes == 2 ? ofTwo(plain) : ofMany(plain)
    return found.score > plain + 1e-12 ? found.factors : nil
  }

  private func score(_ factors: [Float]?) -> Double? {
    var scaled = answers
    if let factors { AnswerAdjustment.scale(&scaled, by: factors) }
    return targets.score(scaled, of: shape, by: metric).map { metric.higherIsBetter ? $0 : -$0 }
  }

  /// Every threshold between two neighbouring probabilities of the second class, at most 500 of them, spread evenly; of
  /// equally good ones that nearest to one half.
  private func ofTwo(_ plain: Double) -> (factors: [Float], score: Double) {
    let all = Set(stride(from: 1, to: answers.count, by: 2).map { answers[$0] }).sorted()
    let middles = zip(all, all.dropFirst()).map { ($0 + $1) / 2 }.filter { $0 > 0 && $0 < 1 }
    let step = max(1, middles.count / 500)
    let candidates = stride(from: step / 2, to: middles.count, by: step).map { middles[$0] }
      .sorted { (abs($0 - 0.5), $0) < (abs($1 - 0.5), $1) }
    var best: (factors: [Float], score: Double) = ([1, 1], plain)
    for threshold in candidates {
      let factors = [threshold, 1 - threshold]
      if let score = score(factors), score > best.score + 1e-12 { best = (factors, score) }
    }
    return best
  }

  /// One class after another, three times: factors from a thirtieth to thirty.
  private func ofMany(_ plain: Double) -> (factors: [Float], score: Double) {
    let steps = (1...14).flatMap { [Float($0), -Float($0)] }.map { exp($0 / 4) }
    var best: (factors: [Float], score: Double) = ([Float](repeating: 1, count: shape.classes), plain)
    for _ in 0..<3 {
      let before = best.score
      for label in 0..<shape.classes {
        let start = best.factors[label]
        for step in steps {
          var factors = best.factors
          factors[label] = min(max(start * step, 1 / 30), 30)
          if let score = score(factors), score > best.score + 1e-12 { best = (factors, score) }
        }
      }
      if best.score <= before { break }
    }
    return best
  }
}
