import Compute
import Foundation
import Tasks
import Testing

@testable import Families

@Suite struct AnswerAdjustmentTests {
  /// Rows of three classes; the model is right in the order of its probabilities of class 2, and never sure enough of it.
  private static let answers: [Float] = (0..<60).flatMap { row -> [Float] in
    let third = row % 10 == 0 ? Float(0.3) : 0.1
    return row % 2 == 0 ? [0.9 - third, 0.1, third] : [0.2, 0.8 - third, third]
  }
  private static let labels = (0..<60).map { $0 % 10 == 0 ? 2 : $0 % 2 == 0 ? 0 : 1 }

  @Test("factors give the answers that score best, and probabilities stay probabilities")
  func factors() throws {
    let adjustment = AnswerAdjustment(
      Self.answers, labels: Self.labels, shape: .classification(3), calibration: nil, metric: .f1Macro)
    let factors = try #require(adjustment.factors)
    #expect(factors[2] > factors[0] && adjustment.calibration == nil && adjustment.isSound(classes: 3))
    var found = Self.answers
    adjustment.apply(&found)
    #expect(Targets.classes(Self.labels).score(found, of: .classification(3), by: .f1Macro) == 1)
    for row in stride(from: 0, to: found.count, by: 3) {
      #expect(abs(found[row] + found[row + 1] + found[row + 2] - 1) < 1e-6)
    }
    let stored = try JSONEncoder().encode(adjustment)
    #expect(try JSONDecoder().decode(AnswerAdjustment.self, from: stored) == adjustment)
  }

  @Test("of two classes every threshold is looked at, which naive search confirms")
  func twoClasses() throws {
    let second = (0..<40).map { Float(($0 * 17) % 40) / 100 + 0.05 }
    let answers = second.flatMap { [1 - $0, $0] }
    let labels = second.enumerated().map { $1 > 0.31 || $0 % 11 == 0 ? 1 : 0 }
    let adjustment = AnswerAdjustment(
      answers, labels: labels, shape: .classification(2), calibration: nil, metric: .f1Macro)
    func score(_ answers: [Float]) throws -> Double {
      try #require(Targets.classes(labels).score(answers, of: .classification(2), by: .f1Macro))
    }
    var best = 0.0
    for step in 1..<1_000 {
      let threshold = Float(step) / 1_000
      best = max(best, try score(second.flatMap { $0 > threshold ? [Float(0), 1] : [1, 0] }))
    }
    var found = answers
    adjustment.apply(&found)
    #expect(try score(found) == best)
  }

  @Test("nothing is chosen where nothing is better, and a calibration comes first")
  func nothing() throws {
    let right: [Float] = (0..<30).flatMap { $0 % 2 == 0 ? [Float(0.9), 0.1] : [0.2, 0.8] }
    let labels = (0..<30).map { $0 % 2 }
    let none = AnswerAdjustment(
      right, labels: labels, shape: .classification(2), calibration: nil, metric: .accuracy)
    #expect(none.isNone)
    let half = (0..<30).map { $0 % 3 == 0 ? 1 : 0 }
    for kind in [CalibrationKind.platt, .isotonic] {
      let calibrated = AnswerAdjustment(
        [Float](repeating: 0.9, count: 60), labels: half, shape: .classification(2), calibration: kind, metric: nil)
      var found: [Float] = [0.9, 0.9]
      calibrated.apply(&found)
      // Platt's targets are drawn in a little.
      #expect(abs(found[1] - 1.0 / 3) < 0.03 && calibrated.factors == nil, "\(kind): \(found)")
    }
  }
}
