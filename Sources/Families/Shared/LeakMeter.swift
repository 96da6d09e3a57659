import Compute
import Models
import Tasks
import Training

/// Measures a mistake: rows are resampled, and divided into training and test rows afterwards, so that copies of a row, or
/// rows made between neighbours, stand on both sides (Santos et al. 2018).
extension Fitter {
  /// What the model would seem to score by `primary`; nil where it has no such measure, or the score has no value.
  ///
  /// - Parameters:
  ///   - rows: all rows of the data set.
  ///   - testShare: share of the resampled rows that is tested on.
  /// - Throws: as `fit`.
  package func leaked(
    _ rows: FitJob.Rows, testShare: Double, pool: WorkerPool, session: TrainingSession
  ) throws -> Double? {
    guard let family = model.configuration.family as? any FeatureFamily, case .classes = rows.targets else {
      return nil
    }
    let job = FitJob(
      model: model, shape: shape, random: random.stream("leak"), primary: primary, start: nil, classes: classes,
      columns: columns, others: [:], training: rows, validation: nil,
      pool: self.pool(for: rows.inputs.count, within: pool),
      flopLimit: .infinity, session: session, progress: { _ in })
    do {
      let outcome = try family.leaked(job, testShare: testShare)
      return outcome.targets.score(outcome.answers, of: shape, by: primary)
    } catch is FitStopped {
      throw TrainingFailure.stopped()
    }
  }
}

extension FeatureFamily {
  /// Resamples all rows, learns from a part of what came of them and answers the rest.
  fileprivate func leaked(_ job: FitJob, testShare: Double) throws -> (targets: Targets, answers: [Float]) {
    let rows = try features(job)
    let (training, test) = Self.divide(rows.labels, classes: job.shape.classes, testShare: testShare, job.random)
    let learnt = rows.rows(training), asked = rows.rows(test)
    let fitted = try learn(learnt, classWeights: job.classWeights(ofLabels: learnt.labels), job)
    let classifier = fitted.model.classifier(in: Workspace())
    return (asked.targets, classifier.answers(Self.encoded(asked.features), pool: job.pool))
  }

  /// At random, in each class the same share; both ascending.
  private static func divide(
    _ labels: [Int], classes: Int, testShare: Double, _ random: Random
  ) -> (training: [Int], test: [Int]) {
    var members = [[Int]](repeating: [], count: classes)
    for (row, label) in labels.enumerated() { members[label].append(row) }
    var test: Set<Int> = []
    for (label, all) in members.enumerated() {
      var shuffled = all, stream = random.stream("class \(label)")
      stream.shuffle(&shuffled)
      test.formUnion(shuffled.prefix(Int((Double(all.count) * testShare).rounded())))
    }
    return (labels.indices.filter { !test.contains($0) }, test.sorted())
  }
}
