import Compute
import Models
import Tasks
import Training

extension FeatureRows {
  /// With rows that are none of the training rows, where the manifest asks for such a sampling.
  func resampled(_ job: FitJob) throws(FitStopped) -> FeatureRows {
    let sampling = job.model.training.sampling
    guard sampling.isSynthetic, case .classes(let labels) = targets else { return self }
    let made = try SMOTE.rows(
      features, labels: labels, classes: job.shape.classes,
      random: job.random.stream("training").stream("sampling"), pool: job.pool, isStopped: job.session.isStopped)
    let rows = FeatureRows(encoder: encoder, features: made.features, targets: .classes(made.labels))
    guard sampling == .smoteENN else { return rows }
    let kept = try EditedNeighbours.kept(
      made.features, labels: made.labels, pool: job.pool, isStopped: job.session.isStopped)
    // A class that would be left without a row stays whole.
    let left = Set(kept.map { made.labels[$0] })
    return rows.rows(made.labels.indices.filter { !left.contains(made.labels[$0]) } + kept)
  }
}
