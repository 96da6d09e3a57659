import Foundation
import TestSupport
import Testing

@testable import Families

/// Tests/Fixtures/families/calibration.json, by Scripts/fixtures/calibration.py with scikit-learn.
@Suite struct ScoreCalibrationTests {
  private struct Reference: Decodable {
    var labels: [Int]
    var scores, new: [Float]
    var platt, isotonic, temperature: [Double]

    func values(_ kind: CalibrationKind) -> [Double] {
      switch kind {
      case .platt: platt
      case .isotonic: isotonic
      case .temperature: temperature
      }
    }
  }

  @Test(
    "sigmoids and rising curves give scikit-learn's probabilities, a temperature SciPy's",
    arguments: CalibrationKind.allCases)
  func reference(kind: CalibrationKind) throws {
    let file = Fixtures.root.appendingPathComponent("families/calibration.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let calibration = try #require(
      ScoreCalibration(kind, scores: reference.scores, labels: reference.labels, classes: 3))
    var found = reference.new
    calibration.apply(&found)
    // Newton's method ends at a slope of 1e-5.
    expectClose(found, reference.values(kind), absolute: kind == .platt ? 2e-5 : 1e-6, "\(kind)")
    #expect(calibration.curves.allSatisfy { $0.isSound })
    let stored = try JSONEncoder().encode(calibration)
    #expect(try JSONDecoder().decode(ScoreCalibration.self, from: stored) == calibration)
  }

  @Test("scores that tell apart without a mistake, or nothing, stay numbers; where all curves are 0 all are as likely")
  func extremes() throws {
    for kind in CalibrationKind.allCases {
      let split = try #require(ScoreCalibration(kind, scores: [5, -5, -5, 5], labels: [0, 1], classes: 2))
      var scores: [Float] = [100, -100, -100, 100, 0, 0]
      split.apply(&scores)
      #expect(scores.allSatisfy { 0...1 ~= $0 } && scores[0] > 0.5 && scores[3] > 0.5)
      let flat = try #require(ScoreCalibration(kind, scores: [1, 1, 1, 1, 1, 1], labels: [0, 1, 0], classes: 2))
      scores = [1, 1]
      flat.apply(&scores)
      #expect(abs(scores[0] + scores[1] - 1) < 1e-6)
    }
    let none = try #require(
      ScoreCalibration(.isotonic, scores: [1, 1, 1, 0, 0, 0, 0, 0, 0], labels: [0, 1, 2], classes: 3))
    var scores: [Float] = [-1, 2, 2]
    none.apply(&scores)
    #expect(abs(scores.reduce(0, +) - 1) < 1e-6)
    #expect(ScoreCalibration(.platt, scores: [], labels: [], classes: 2) == nil)
  }

  @Test("a temperature changes no answer, and leaves two classes' odds a power of what they were")
  func temperature() throws {
    let answers: [Float] = [0.9, 0.1, 0.2, 0.8, 0.7, 0.3, 0.4, 0.6]
    // Half of the sure answers are wrong.
    let adjustment = AnswerAdjustment(
      answers, labels: [0, 0, 1, 1], shape: .classification(2), calibration: .temperature, metric: nil)
    var found = answers
    adjustment.apply(&found)
    for row in 0..<4 {
      #expect((found[2 * row] > found[2 * row + 1]) == (answers[2 * row] > answers[2 * row + 1]))
      #expect(abs(found[2 * row] + found[2 * row + 1] - 1) < 1e-6)
      #expect(abs(found[2 * row] - 0.5) < abs(answers[2 * row] - 0.5))
    }
    func odds(_ values: [Float], _ row: Int) -> Double { log(Double(values[2 * row] / values[2 * row + 1])) }
    expectClose(odds(found, 0) / odds(answers, 0), odds(found, 3) / odds(answers, 3), absolute: 1e-4, "power")
  }
}
