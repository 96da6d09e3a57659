import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Word and character n-grams, weighted by TF-IDF, into multinomial logistic regression.
package struct TFIDFLogisticFamily: FeatureFamily {
  package var sizes: TFIDFLogisticConfiguration

  package init(_ sizes: TFIDFLogisticConfiguration) { self.sizes = sizes }

  private enum CodingKeys: String, CodingKey { case sizes = "_0" }

  // MARK: In a manifest

  package static let kind = ModelKind("tfidf-logistic")
  package static let role = ModelRole.other
  package static let problems: Set<Problem> = [.classification, .multiLabel]
  package static let storedName = "tfidfLogistic"
  package static let binding = Binding<TFIDFLogisticConfiguration>(
    "a TF-IDF model", TFIDFLogisticConfiguration(),
    FeatureKeys.withColumns() + [
      .number("c", \.c, .above(0), "Inverse of the L2 penalty's weight."),
      .integer("iterations", \.iterations, 1...1_000_000, "Limit on L-BFGS iterations."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: (33_000 + 2_000 * Double(classes)) * texts.bytes, answer: 20_000 * texts.bytes)
  }

  /// Sums over rows are cut into as many pieces as are wanted.
  package func mostThreads(rows: Int, training: TrainingSettings) -> Int { max(1, rows) }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    let state = try TFIDFLogisticState(
      fitting: rows, classes: job.shape.classes, configuration: sizes, classWeights: classWeights,
      pool: job.pool, isStopped: job.session.isStopped)
    var fitted = job.fitted(state)
    (fitted.flops, fitted.mayBeUndertrained) = (state.fit.flops, state.fit.ending == .iterationLimit)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    let outline = try TFIDFLogisticState.part(TFIDFLogisticState.Outline.self, of: outline).tfidf
    return TFIDFLogisticState(
      linear: try LinearText(outline: outline.features, shape: shape, stored: tensors), fit: outline.fit)
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String {
    FeatureKeys.title(model, sizes, and: "logistic regression")
  }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "weights by L-BFGS in at most \(sizes.iterations) iterations, C = \(NumberFormat.exact(sizes.c))",
      keeps: FeatureKeys.keeping(sizes))
  }

  package static let undertrainedEnd = "ended at L-BFGS's last allowed iteration, before it had converged"
}

extension TFIDFLogisticState: LinearFeatureState {
  package static let kind = TFIDFLogisticFamily.kind

  struct Outline: Codable {
    /// Both in one map.
    struct Parts: Codable {
      var features: LinearText.Outline
      var fit: Fit

      private enum CodingKeys: CodingKey { case fit }

      init(features: LinearText.Outline, fit: Fit) { (self.features, self.fit) = (features, fit) }

      init(from decoder: any Decoder) throws {
        features = try LinearText.Outline(from: decoder)
        fit = try decoder.container(keyedBy: CodingKeys.self).decode(Fit.self, forKey: .fit)
      }

      func encode(to encoder: any Encoder) throws {
        try features.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(fit, forKey: .fit)
      }
    }
    var tfidf: Parts
  }

  package var outline: any Encodable { Outline(tfidf: .init(features: linear.outline, fit: fit)) }
}

extension ModelKind { package static let tfidfLogistic = TFIDFLogisticFamily.kind }

extension ModelConfiguration {
  package static func tfidfLogistic(_ sizes: TFIDFLogisticConfiguration) -> Self { Self(TFIDFLogisticFamily(sizes)) }
}
