import Compute
import Models
import Text

/// Keys of a linear SVM.
package struct LinearSVMConfiguration: NGramFeatures, Sendable, Equatable, Codable {
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  /// Weight of the losses, as scikit-learn's C.
  package var c = 1.0
  /// As LIBLINEAR's -e and scikit-learn's tol.
  package var tolerance = 1e-4
  /// Limit on passes over the rows.
  package var iterations = 1_000

  package init() {}
}

/// Linear support vector machines with squared hinge loss, one class against the rest: the largest of x W + b decides.
///
/// Of each class the minimum of ½ ‖(w, b)‖² + C Σ v_i max(0, 1 − y_i (w x_i + b))², y = ±1, v the weight of the row's
/// class: the objective of LIBLINEAR's `-s 1 -B 1` and of scikit-learn's `LinearSVC`. Scores are no probabilities.
struct LinearSVMState: LinearNGramState {
  static let kind = LinearSVMFamily.kind
  let linear: LinearText
  let fit: Fit

  struct Fit: Sendable, Codable, Equatable {
    /// Passes over the rows, of the class that took most.
    var iterations: Int
    /// Every class ended below the tolerance.
    var hasConverged: Bool
    /// The primal objective's sum over the classes.
    var objective: Double
    var flops: Double
  }

  init(linear: LinearText, fit: Fit) { (self.linear, self.fit) = (linear, fit) }

  /// The result does not depend on the number of threads.
  ///
  /// - Parameter isStopped: asked before each class; true ends the fit.
  /// - Throws: `FitStopped` where it was ended so.
  init(
    fitting data: NGramRows, classes: Int, configuration: LinearSVMConfiguration, text: TextSettings,
    classWeights: [Float]?, random: Random, pool: WorkerPool, isStopped: () -> Bool
  ) throws(FitStopped) {
    let costs = data.labels.map { configuration.c * Double(classWeights?[$0] ?? 1) }
    let problem = DualCoordinateDescent(
      rows: data.features, costs: costs, tolerance: configuration.tolerance, passes: configuration.iterations)
    var machines = [DualCoordinateDescent.Outcome?](repeating: nil, count: classes)
    // So many at a time that they can be stopped between.
    for first in stride(from: 0, to: classes, by: pool.threads) {
      if isStopped() { throw FitStopped() }
      let group = first..<min(classes, first + pool.threads)
      unsafe machines.withUnsafeMutableBufferPointer { machines in
        pool.run(group.count) { place in
          let label = first + place
          unsafe machines[label] = problem.minimise(
            isPositive: data.labels.map { $0 == label }, random: random.stream("class \(label)"))
        }
      }
    }
    self.init(
      text: text, data: data, classes: classes, machines: machines.compactMap(\.self))
  }

  private init(
    text: TextSettings, data: NGramRows, classes: Int, machines: [DualCoordinateDescent.Outcome]
  ) {
    let features = data.features.columns
    var weights = [Float](repeating: 0, count: features * classes)
    for (label, machine) in machines.enumerated() {
      for feature in 0..<features { weights[feature * classes + label] = Float(machine.weights[feature]) }
    }
    linear = LinearText(
      text: text, vectorizer: data.vectorizer, classes: classes, weights: weights,
      biases: machines.map { Float($0.weights[features]) })
    fit = Fit(
      iterations: machines.map(\.passes).max() ?? 0, hasConverged: machines.allSatisfy(\.hasConverged),
      objective: machines.reduce(0) { $0 + $1.objective }, flops: machines.reduce(0) { $0 + $1.flops })
  }

  struct Outline: Codable {
    var tfidf: LinearText.Outline
    var svm: Fit
  }

  var outline: any Encodable { Outline(tfidf: linear.outline, svm: fit) }
}
