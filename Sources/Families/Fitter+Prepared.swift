import Compute
import Foundation
import Models
import Tasks
import Text
import Training

extension [String: TrainedModel] {
  /// - Parameter part: what the model is to the one that asks it, for the message.
  /// - Throws: `TrainingFailure` where it is not among them.
  func fitted(_ name: String, _ part: String) throws(TrainingFailure) -> TrainedModel {
    guard let model = self[name] else {
      throw TrainingFailure(epoch: 0, step: 0, reason: "`\(name)`, \(part), has not been fitted")
    }
    return model
  }
}

extension Fitter {
  /// The training rows as the model learns them: with the variants of texts that the manifest asks for, and where it has
  /// a teacher with that one's scores.
  ///
  /// - Throws: `TrainingFailure` where the teacher has not been fitted.
  package func prepared(_ training: FitJob.Rows, pool: WorkerPool) throws -> FitJob.Rows {
    var rows = training
    if let settings = model.training.augmentation { rows = augmented(rows, settings) }
    guard let name = model.teacher else { return rows }
    let classifier = try others.fitted(name, "its teacher").classifier(in: Workspace())
    rows.scores = Self.scores(
      classifier.answers(classifier.encode(rows.inputs), pool: pool), classes: shape.classes)
    return rows
  }

  /// Logarithms of probabilities `[rows, classes]`, those of each row less their mean: outputs that a softmax makes these
  /// probabilities of.
  static func scores(_ answers: [Float], classes: Int) -> [Float] {
    var scores = answers.map { log(max(Double($0), 1e-12)) }
    for first in stride(from: 0, to: scores.count, by: classes) {
      let mean = scores[first..<first + classes].reduce(0, +) / Double(classes)
      for place in first..<first + classes { scores[place] -= mean }
    }
    return scores.map { Float($0) }
  }

  /// The rows, then the variants of each, with what is true of it.
  private func augmented(_ rows: FitJob.Rows, _ settings: AugmentationSettings) -> FitJob.Rows {
    let augmentation = Augmentation(settings, trainingTexts: rows.texts)
    var stream = random.stream("augmentation"), inputs = rows.inputs, origins = Array(rows.inputs.indices)
    for (row, input) in rows.inputs.enumerated() {
      for _ in 0..<settings.copies {
        inputs.append(Input(text: augmentation.variant(of: input.text, random: &stream), cells: input.cells))
        origins.append(row)
      }
    }
    return FitJob.Rows(inputs: inputs, targets: rows.targets.rows(origins))
  }
}
