import Compute
import Models
import Text

/// A linear support vector machine for each class against all others.
package struct OneAgainstRest {
  struct Settings: Sendable {
    /// Weight of the losses.
    var c: Double
    /// Largest difference of projected gradients at which a machine's fit ends.
    var tolerance: Double
    /// Limit on passes over the rows.
    var passes: Int
  }

  /// How the fits ended.
  struct Fit: Sendable, Codable, Equatable {
    /// Passes over the rows, of the class that took most.
    var iterations: Int
    /// Every class ended below the tolerance.
    var hasConverged: Bool
    /// The primal objective's sum over the classes.
    var objective: Double
    var flops: Double
  }

  let fit: Fit
  /// Of each class the weights of all features, the bias last.
  var weights: [[Double]]

  /// The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - random: of the order in which each machine visits the rows.
  ///   - isStopped: asked before each class; true ends the fit.
  ///   - scales: a factor for each feature, by which a class' machine sees it; all are 1 where nil.
  /// - Throws: `FitStopped` where it was ended so.
  init(
    _ data: FeatureRows, classes: Int, classWeights: [Float]?, settings: Settings, random: Random, pool: WorkerPool,
    isStopped: () -> Bool, scales: (_ label: Int) -> [Float]?
  ) throws(FitStopped) {
    let costs = data.labels.map { settings.c * Double(classWeights?[$0] ?? 1) }
    func problem(_ rows: SparseRows) -> DualCoordinateDescent {
      DualCoordinateDescent(rows: rows, costs: costs, tolerance: settings.tolerance, passes: settings.passes)
    }
    let shared = problem(data.features)
    var machines = [DualCoordinateDescent.Outcome]()
    // So many at a time that they can be stopped between.
    for group in WorkerPool.parts(classes, of: pool.threads) {
      if isStopped() { throw FitStopped() }
      machines += pool.map(group.count) { place in
        let label = group.lowerBound + place
        let own = scales(label).map { problem(data.features.scaled(columns: $0)) } ?? shared
        return own.minimise(isPositive: data.labels.map { $0 == label }, random: random.stream("class \(label)"))
      }
    }
    fit = Fit(
      iterations: machines.map(\.passes).max() ?? 0, hasConverged: machines.allSatisfy(\.hasConverged),
      objective: machines.reduce(0) { $0 + $1.objective }, flops: machines.reduce(0) { $0 + $1.flops })
    weights = machines.map(\.weights)
  }

  func linear(_ encoder: FeatureEncoder) -> LinearText {
    let features = encoder.count, classes = self.weights.count
    var weights = [Float](repeating: 0, count: features * classes)
    for (label, own) in self.weights.enumerated() {
      for feature in 0..<features { weights[feature * classes + label] = Float(own[feature]) }
    }
    return LinearText(
      encoder: encoder, classes: classes, weights: weights,
      biases: self.weights.map { Float($0[features]) })
  }
}
