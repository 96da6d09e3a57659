import Compute
import Text

/// What TF-IDF and logistic regression learn, as plain values: can be stored, and carried between threads.
public struct TFIDFLogisticState: Sendable, Equatable {
  /// How texts are prepared before they are cut into n-grams; its tokenizer and vocabulary settings are not used.
  public let text: TextSettings
  public let vectorizer: TFIDFVectorizer
  public let classes: Int
  /// `[features, classes]`
  public let weights: [Float]
  /// `[classes]`
  public let biases: [Float]
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

  init(
    text: TextSettings, vectorizer: TFIDFVectorizer, classes: Int, weights: [Float], biases: [Float], fit: Fit
  ) {
    (self.text, self.vectorizer, self.classes) = (text, vectorizer, classes)
    (self.weights, self.biases, self.fit) = (weights, biases, fit)
  }

  /// Fits vocabulary, IDF and weights on the training texts alone.
  ///
  /// `labels` are in `0 ..< classes`; `classWeights`, one for each class, weigh the rows. The weights are learnt from
  /// `rows`, in which a text may stand more than once or not at all; from every text once where nil. `progress` receives the
  /// iteration, from 1, and the objective; `tolerance` is the largest gradient element at which the fit ends. The
  /// result does not depend on the number of threads.
  ///
  /// - Parameter isStopped: asked every few hundred texts and before every iteration; true ends the fit.
  /// - Throws: `FitStopped` where it was ended so.
  public init(
    fitting texts: [String], labels: [Int], classes: Int, configuration: TFIDFLogisticConfiguration,
    text: TextSettings, rows: [Int]? = nil, classWeights: [Float]? = nil, tolerance: Double = 1e-4, pool: WorkerPool,
    isStopped: () -> Bool = { false }, progress: ((Int, Double) -> Void)? = nil
  ) throws(FitStopped) {
    precondition(texts.count == labels.count, "TFIDFLogisticState: \(texts.count) texts for \(labels.count) labels")
    precondition(
      classes >= 1 && labels.allSatisfy { $0 >= 0 && $0 < classes },
      "TFIDFLogisticState: a label outside 0 ..< \(classes)")
    let preparation = TextPreparation(text)
    var prepared: [String] = []
    prepared.reserveCapacity(texts.count)
    for (number, text) in texts.enumerated() {
      if FitStopped.isToAsk(number), isStopped() { throw FitStopped() }
      prepared.append(preparation.prepare(text))
    }
    let vectorizer = try TFIDFVectorizer(fitting: prepared, configuration: configuration, isStopped: isStopped)
    let (learnt, learntLabels) =
      rows.map { rows in (rows.map { prepared[$0] }, rows.map { labels[$0] }) } ?? (prepared, labels)
    var objective = LogisticObjective(
      rows: try vectorizer.transform(learnt, isStopped: isStopped), labels: learntLabels, classes: classes,
      c: configuration.c, classWeights: classWeights)
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
    (self.text, self.vectorizer, self.classes, self.weights) = (text, vectorizer, classes, weights)
    biases = Array(outcome.point[features * stride..<features * stride + classes])
    fit = Fit(
      iterations: outcome.iterations, evaluations: outcome.evaluations, ending: outcome.ending,
      objective: outcome.value,
      flops: Double(outcome.evaluations) * objective.flops + outcome.flops * Double(classes) / Double(stride))
  }
}
