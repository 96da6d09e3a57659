import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Linear support vector machines over weights of n-grams, one class against the rest; families differ in how a machine sees
/// an n-gram.
package protocol MarginFamily: FeatureFamily where Sizes: MarginSizes {
  /// The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - rows: what is learned from.
  ///   - classes: each has a machine.
  ///   - classWeights: of each class' rows; all are 1 where nil.
  ///   - random: of the order in which each machine visits the rows.
  ///   - pool: machines are fitted side by side.
  ///   - isStopped: asked before each class; true ends the fit.
  /// - Throws: `FitStopped` where it was ended so.
  func machines(
    _ rows: FeatureRows, classes: Int, classWeights: [Float]?, random: Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) -> OneAgainstRest
}

/// Keys of such machines.
package protocol MarginSizes: NGramFeatures {
  /// Weight of the losses, as scikit-learn's C.
  var c: Double { get set }
  /// As LIBLINEAR's -e and scikit-learn's tol.
  var tolerance: Double { get set }
  /// Limit on passes over the rows.
  var iterations: Int { get set }
  /// What makes probabilities of scores; scores stay scores where nil.
  var calibration: CalibrationKind? { get set }
}

extension MarginSizes {
  var descent: OneAgainstRest.Settings { .init(c: c, tolerance: tolerance, passes: iterations) }

  static var margins: [Member<Self>] {
    [
      .number("c", \.c, .above(0), "Weight of the losses against the squared length of the weights."),
      .number("tolerance", \.tolerance, .above(0), "Largest difference of projected gradients at which the fit ends."),
      .integer("iterations", \.iterations, 1...1_000_000, "Limit on passes over the rows."),
      .optionalChoice(
        "calibration", \.calibration,
        "What makes probabilities of scores, on validation rows or held-out fifths: a sigmoid (`platt`), a rising curve (`isotonic`) or one `temperature`."
      ),
    ]
  }
}

extension MarginFamily {
  package static var role: ModelRole { .other }
  package static var training: Binding<TrainingSettings>? { SharedKeys.marginBalance }
  package var givesProbabilities: Bool { sizes.calibration != nil }

  /// Each class is a machine of its own, whatever the rows.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { max(1, rows) }

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    func fit(_ rows: FeatureRows) throws(FitStopped) -> MarginState {
      // The optimum is unique: another order would change rounding alone.
      let machines = try machines(
        rows, classes: job.shape.classes, classWeights: classWeights,
        random: Random(seed: 0, stream: "order of the rows"), pool: job.pool, isStopped: job.session.isStopped)
      return MarginState(
        kind: Self.kind, linear: machines.linear(rows.encoder), fit: machines.fit)
    }
    var state = try fit(rows)
    state.calibration = try sizes.calibration.flatMap { kind throws(FitStopped) in
      try job.calibration(kind, rows, state.linear) { rows throws(FitStopped) in try fit(rows).linear }
    }
    var fitted = job.fitted(state)
    (fitted.flops, fitted.mayBeUndertrained) = (state.fit.flops, !state.fit.hasConverged)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    try MarginState(Self.kind, outline: outline, stored: tensors, shape: shape)
  }

  package static var undertrainedEnd: String {
    "ended at the last allowed pass of coordinate descent, before it had converged"
  }

  // MARK: In words

  /// What it learns beside other things.
  var learning: String {
    "weights by dual coordinate descent in at most \(sizes.iterations) passes, C = \(NumberFormat.exact(sizes.c))"
  }
}
