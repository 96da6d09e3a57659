import Compute
import Models
import Text

/// What TF-IDF and multinomial logistic regression learn: p = softmax(x W + b); with several labels a logistic regression
/// for each, p = 1 / (1 + e^−(x w + b)), all minimised at once.
///
/// The baseline that short, topical texts are hard to beat; it sees which n-grams stand in a text, not where.
/// Equal to scikit-learn's `TfidfVectorizer` (one for words, one with `char_wb`, side by side) and
/// `LogisticRegression`, but for two classes: the softmax has one weight vector for each class there too, which is
/// scikit-learn's binary model at C = 2c.
public struct TFIDFLogisticState: Sendable, Equatable {
  public let linear: LinearText
  public let fit: Fit

  /// How the minimisation went.
  public struct Fit: Sendable, Codable, Equatable {
    public let iterations: Int
    public let evaluations: Int
    public let ending: LBFGS.Ending
    /// Mean loss and penalty at the end.
    public let objective: Double
    /// Floating-point operations of the minimisation; cutting texts into n-grams has next to none.
    public let flops: Double
  }

  package init(linear: LinearText, fit: Fit) { (self.linear, self.fit) = (linear, fit) }

  /// Fits vocabulary, IDF and weights on the training texts alone.
  ///
  /// `labels` are in `0 ..< classes`; `classWeights`, one for each class, weigh the rows. The weights are learnt from
  /// `rows`, in which a text may stand more than once or not at all; from every text once where nil. `progress` receives the
  /// iteration, from 1, and the objective; `tolerance` is the largest gradient element at which the fit ends. The
  /// result does not depend on the number of threads.
  ///
  /// `isStopped` is asked every few hundred texts and before every iteration; true ends the fit.
  ///
  /// - Throws: `FitStopped` where it was ended so.
  public init(
    fitting texts: [String], labels: [Int], classes: Int, configuration: TFIDFLogisticConfiguration,
    text: TextSettings, rows: [Int]? = nil, classWeights: [Float]? = nil, tolerance: Double = 1e-4, pool: WorkerPool,
    isStopped: () -> Bool = { false }, progress: ((Int, Double) -> Void)? = nil
  ) throws(FitStopped) {
    let data = try FeatureRows(
      texts, targets: .classes(labels), configuration: configuration, text: text, rows: rows,
      isStopped: isStopped)
    try self.init(
      fitting: data, classes: classes, configuration: configuration, classWeights: classWeights,
      tolerance: tolerance, pool: pool, isStopped: isStopped, progress: progress)
  }

  /// The same of rows whose n-grams are there.
  init(
    fitting data: FeatureRows, classes: Int, configuration: TFIDFLogisticConfiguration,
    classWeights: [Float]?, tolerance: Double = 1e-4, pool: WorkerPool, isStopped: () -> Bool,
    progress: ((Int, Double) -> Void)? = nil
  ) throws(FitStopped) {
    var objective =
      if case .labels(let sets) = data.targets {
        LogisticObjective(rows: data.features, labelSets: sets, classes: classes, c: configuration.c)
      } else {
        LogisticObjective(
          rows: data.features, labels: data.labels, classes: classes, c: configuration.c, classWeights: classWeights)
      }
    var optimizer = LBFGS()
    optimizer.gradientTolerance = tolerance
    optimizer.maximumIterations = configuration.iterations
    let outcome = optimizer.minimise(
      from: [Float](repeating: 0, count: objective.count), pool: pool, isStopped: isStopped, progress: progress
    ) { point, gradient in objective.evaluate(point, &gradient, pool: pool) }
    guard outcome.ending != .stopped else { throw FitStopped() }

    let (stride, features) = (objective.stride, objective.features)
    var weights: [Float] = []
    weights.reserveCapacity(features * classes)
    for feature in 0..<features { weights += outcome.point[feature * stride..<feature * stride + classes] }
    linear = LinearText(
      encoder: data.encoder, problem: data.targets.problem, classes: classes, weights: weights,
      biases: Array(outcome.point[features * stride..<features * stride + classes]))
    fit = Fit(
      iterations: outcome.iterations, evaluations: outcome.evaluations, ending: outcome.ending,
      objective: outcome.value,
      flops: Double(outcome.evaluations) * objective.flops + outcome.flops * Double(classes) / Double(stride))
  }
}
