import Autograd
import Compute
import Foundation
import Tasks

/// What stands on a network's outputs: the loss that trains them, and how they become answers.
///
/// - One class of several: a softmax, by cross-entropy or `ClassLoss`.
/// - Several labels: a sigmoid each, by the mean binary cross-entropy over rows and labels (PyTorch's
///   `BCEWithLogitsLoss`).
/// - A number: as it stands, by the squared error of (number − mean) / deviation of the training rows, so that learning
///   rates mean the same whatever the numbers' unit.
struct Head: Sendable {
  let targets: Targets
  private let shape: TaskShape
  /// The weight of each class; nil where all weigh the same.
  private let classWeights: [Float]?
  private let classLoss: ClassLoss
  /// What a teacher gives for the rows, `[rows, outputs]`: scores that the outputs are to be, by the mean squared error
  /// (Tang et al. 2019, section 2), or with a temperature the probabilities that they are to become (Hinton et al. 2015).
  private let taught: [Float]?
  private let temperature: Double?
  let scale: NumberScale

  /// - Parameters:
  ///   - scores: a teacher's, `[rows, outputs]`.
  ///   - temperature: what these are divided by before they become probabilities; they stay scores where nil.
  ///   - scale: that of the training rows.
  init(
    _ targets: Targets, outputs: Int, classWeights: [Float]? = nil, classLoss: ClassLoss = ClassLoss(),
    scores: [Float]? = nil, temperature: Double? = nil, scale: NumberScale? = nil
  ) {
    precondition(
      scores.map { $0.count == targets.count * outputs } ?? true,
      "Head: \(scores?.count ?? 0) scores for [\(targets.count), \(outputs)]")
    (self.targets, self.classWeights, self.classLoss) = (targets, classWeights, classLoss)
    self.temperature = temperature
    taught =
      if let scores, let temperature {
        SoftmaxRows.probabilities(
          scores.map { Float(Double($0) / temperature) }, rows: targets.count, classes: outputs, stride: outputs)
      } else { scores }
    shape = TaskShape(targets.problem, classes: targets.problem == .regression ? 0 : outputs)
    self.scale = scale ?? NumberScale(targets)
  }

  /// What a batch counts: the sum of the weights of its rows.
  func weight(of batch: [Int]) -> Double {
    guard let classWeights, taught == nil, case .classes(let labels) = targets else { return Double(batch.count) }
    return batch.reduce(0) { $0 + Double(classWeights[labels[$1]]) }
  }

  /// The loss of some rows as their part of a batch of the weight `normaliser`.
  func loss(_ outputs: Tensor, rows: [Int], normaliser: Double, on tape: Tape) -> (loss: Double, tensor: Tensor) {
    if let taught {
      let width = shape.outputs, own = rows.flatMap { taught[$0 * width..<($0 + 1) * width] }
      return temperature.map {
        tape.softCrossEntropy(outputs, targets: own, temperature: $0, normaliser: normaliser)
      } ?? tape.squaredError(outputs, targets: own, normaliser: normaliser * Double(width))
    }
    switch targets {
    case .classes(let labels):
      return tape.crossEntropy(
        outputs, labels: rows.map { labels[$0] }, classWeights: classWeights, offsets: classLoss.offsets,
        gamma: classLoss.gamma, normaliser: normaliser)
    case .labels:
      return tape.binaryCrossEntropy(
        outputs, targets: targets.rows(rows).outputs(of: shape), normaliser: normaliser * Double(shape.classes))
    case .numbers(let numbers):
      return tape.squaredError(
        outputs, targets: rows.map { Float(scale.standardised(numbers[$0])) }, normaliser: normaliser)
    }
  }

  /// The mean loss of answers to all rows: cross-entropy in nats, where a probability of 0 counts as the smallest positive
  /// Float, or the standardised numbers' squared error.
  func meanLoss(_ answers: [Float]) -> Double {
    func surprise(_ p: Double) -> Double { -log(p == 0 ? Double(Float.leastNonzeroMagnitude) : p) }
    var sum = 0.0
    switch targets {
    case .classes(let labels):
      for (row, label) in labels.enumerated() { sum += surprise(Double(answers[row * shape.classes + label])) }
      return sum / Double(labels.count)
    case .labels(let sets):
      let truth = targets.outputs(of: shape)
      for (answer, isTrue) in zip(answers, truth) { sum += surprise(isTrue == 1 ? Double(answer) : 1 - Double(answer)) }
      return sum / Double(max(1, sets.count * shape.classes))
    case .numbers(let numbers):
      for (row, number) in numbers.enumerated() {
        let error = scale.standardised(Double(answers[row])) - scale.standardised(number)
        sum += error * error
      }
      return sum / Double(numbers.count)
    }
  }
}

/// How the loss of classes differs from cross-entropy, for classes of unequal size.
struct ClassLoss: Sendable {
  /// γ of the focal loss (Lin et al. 2017, section 3.2).
  var gamma = 0.0
  /// Added to each class' output in training: τ ln of its share of the rows, by which answers without them make all classes
  /// as likely (Menon et al. 2021, section 4). A class without rows counts as one. nil where τ = 0.
  var offsets: [Float]?

  init() {}

  init(_ settings: TrainingSettings, _ targets: Targets, rows: [Int], classes: Int) {
    guard case .classes(let labels) = targets else { return }
    gamma = settings.focalGamma
    guard settings.logitAdjustment > 0 else { return }
    var counts = [Double](repeating: 0, count: classes)
    for row in rows { counts[labels[row]] += 1 }
    offsets = counts.map { Float(settings.logitAdjustment * log(max(1, $0) / Double(rows.count))) }
  }
}

extension Problem {
  /// Turns a network's outputs `[rows, outputs]` into answers: probabilities, or the numbers as they stand.
  func decode(_ outputs: Buffer, rows: Int, columns: Int) {
    switch self {
    case .classification: Kernels.softmaxRows(outputs, rows: rows, columns: columns)
    case .multiLabel: Kernels.sigmoidRows(outputs)
    case .regression: break
    }
  }
}
