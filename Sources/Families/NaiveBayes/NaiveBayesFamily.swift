import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Word and character n-grams, weighted by TF-IDF, into naive Bayes.
package struct NaiveBayesFamily: FeatureFamily {
  package var sizes: NaiveBayesConfiguration

  package init(_ sizes: NaiveBayesConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("naive-bayes")
  package static let role = ModelRole.other
  package static let binding = Binding<NaiveBayesConfiguration>(
    "naive Bayes", NaiveBayesConfiguration(),
    FeatureKeys.members() + [
      .choice(
        "form", \.form,
        "`multinomial`; `complement`: a class is weighed by what stands in all others, for uneven classes."),
      .number("alpha", \.alpha, .above(0), "Added to the count of every n-gram in every class."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    ModelWork(training: 33_000 * texts.bytes, answer: 20_000 * texts.bytes)
  }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    var fitted = job.fitted(
      NaiveBayesState(
        fitting: rows, classes: job.shape.classes, configuration: sizes, classWeights: classWeights))
    fitted.flops = 2 * Double(rows.features.nonZeros) + 3 * Double(rows.features.columns * job.shape.classes)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    NaiveBayesState(
      linear: try LinearText(
        outline: NaiveBayesState.part(NaiveBayesState.Outline.self, of: outline).tfidf, shape: shape,
        stored: tensors))
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String {
    sizes.form == .multinomial ? "TF-IDF and naive Bayes" : "TF-IDF and complement naive Bayes"
  }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns: "how much of each n-gram a class has, alpha = \(NumberFormat.exact(sizes.alpha))",
      keeps: FeatureKeys.keeping(sizes))
  }
}

extension ModelKind { package static let naiveBayes = NaiveBayesFamily.kind }
