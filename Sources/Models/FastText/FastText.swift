import Compute
import Foundation
import Tasks

/// The mean of a text's word and n-gram vectors into a linear classifier (Joulin et al. 2017).
///
/// Classes share a softmax; of several labels each has a sigmoid of its own. There are no biases.
public struct FastText: Sendable, Equatable {
  /// Numbers of a vector.
  public let width: Int
  /// Classes or labels.
  public let outputs: Int
  /// Whether a text may have several of them.
  public let isMultiLabel: Bool
  /// `[features, width]`.
  public var table: [Float]
  /// `[outputs, width]`.
  public var weights: [Float]

  public init(width: Int, outputs: Int, isMultiLabel: Bool, table: [Float], weights: [Float]) {
    precondition(
      width > 0 && table.count % width == 0 && weights.count == outputs * width,
      "FastText: \(table.count) and \(weights.count) numbers of width \(width), \(outputs) outputs")
    (self.width, self.outputs, self.isMultiLabel) = (width, outputs, isMultiLabel)
    (self.table, self.weights) = (table, weights)
  }

  /// Vectors uniform in ±1/width, weights 0, as fastText begins.
  public init(width: Int, features: Int, outputs: Int, isMultiLabel: Bool, random: Random) {
    var stream = random.stream("vectors")
    let limit = 1 / Double(width)
    let table = (0..<features * width).map { _ in Float(limit * (2 * stream.uniform() - 1)) }
    self.init(
      width: width, outputs: outputs, isMultiLabel: isMultiLabel, table: table,
      weights: [Float](repeating: 0, count: outputs * width))
  }

  /// Probabilities `[rows, outputs]`.
  public func probabilities(_ rows: SparseRows) -> [Float] {
    var answers = [Float](), memory = FeatureBags.Row(width: width, outputs: outputs)
    answers.reserveCapacity(rows.count * outputs)
    for row in 0..<rows.count {
      FeatureBags.answer(rows, row, table: table, weights: weights, isMultiLabel: isMultiLabel, in: &memory)
      answers += memory.answers
    }
    return answers
  }

  /// Whether no number is infinite or NaN.
  public var isFinite: Bool { table.allSatisfy(\.isFinite) && weights.allSatisfy(\.isFinite) }

  /// Floating-point operations to answer for these rows.
  public func flops(_ rows: SparseRows) -> Double {
    2 * Double(width) * (Double(rows.nonZeros) + Double(rows.count) * Double(outputs))
  }

  // MARK: Training

  /// Gradient descent on one row after another, at a rate that falls in a line to 0 (section 2).
  ///
  /// - Parameters:
  ///   - rows: the shares of each training text's features.
  ///   - targets: classes or labels of each.
  ///   - classWeights: of each class' rows; all are 1 where nil.
  ///   - epochs: passes over the rows.
  ///   - rate: at the first row.
  ///   - random: the order of the rows, another one in each pass.
  ///   - isStopped: asked every few hundred rows; true ends it.
  /// - Returns: the mean loss of each pass.
  /// - Throws: `FitStopped` where it was ended so.
  package mutating func train(
    _ rows: SparseRows, targets: Targets, classWeights: [Float]?, epochs: Int, rate: Double, random: Random,
    isStopped: () -> Bool = { false }
  ) throws(FitStopped) -> [Double] {
    let all = Double(epochs * rows.count)
    var losses = [Double](), seen = 0
    var memory = FeatureBags.Row(width: width, outputs: outputs)
    for epoch in 0..<epochs {
      var order = Array(0..<rows.count), stream = random.stream("order of pass \(epoch + 1)"), loss = 0.0
      stream.shuffle(&order)
      for row in order {
        if FitStopped.isToAsk(seen), isStopped() { throw FitStopped() }
        let now = Float(rate * (1 - Double(seen) / all))
        loss += step(rows, row, targets, classWeights, rate: now, &memory)
        seen += 1
      }
      losses.append(loss / Double(max(1, rows.count)))
    }
    return losses
  }

  /// One step on one row; its loss before.
  mutating func step(
    _ rows: SparseRows, _ row: Int, _ targets: Targets, _ classWeights: [Float]?, rate: Float,
    _ memory: inout FeatureBags.Row
  ) -> Double {
    FeatureBags.answer(rows, row, table: table, weights: weights, isMultiLabel: isMultiLabel, in: &memory)
    var loss = 0.0, weight: Float = 1
    switch targets {
    case .classes(let labels):
      weight = classWeights?[labels[row]] ?? 1
      loss = Self.loss(memory.answers[labels[row]])
      for output in 0..<outputs { memory.answers[output] = (output == labels[row] ? 1 : 0) - memory.answers[output] }
    case .labels(let sets):
      for output in 0..<outputs {
        let answer = memory.answers[output], isThere = sets[row].contains(output)
        loss += Self.loss(isThere ? answer : 1 - answer)
        memory.answers[output] = (isThere ? 1 : 0) - answer
      }
    case .numbers: preconditionFailure("FastText: numbers as targets")
    }
    FeatureBags.step(rows, row, table: &table, weights: &weights, rate: rate * weight, in: &memory)
    return Double(weight) * loss
  }

  private static func loss(_ probability: Float) -> Double { -log(Double(max(probability, .leastNormalMagnitude))) }
}
