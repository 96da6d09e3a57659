import Compute
import Models
import Settings
import Tasks
import Text
import Training

/// Keys of nearest neighbours.
package struct NearestNeighboursConfiguration: ColumnFeatures, Sendable, Equatable, Codable {
  package var inputs: [FeatureInput]?
  package var wordNGrams: NGramRange? = NGramRange(1, 2)
  package var characterNGrams: NGramRange? = NGramRange(2, 5)
  package var minimumDocuments = 2
  package var maximumFeatures: Int?
  package var sublinear = true
  /// k; all training texts where there are fewer.
  package var neighbours = 15
  package var weights = NearestNeighbours.Weights.distance

  package init() {}
}

/// Word and character n-grams, weighted by TF-IDF; a text is answered as the training texts of the nearest directions are.
package struct NearestNeighboursFamily: FeatureFamily {
  package var sizes: NearestNeighboursConfiguration

  package init(_ sizes: NearestNeighboursConfiguration) { self.sizes = sizes }

  // MARK: In a manifest

  package static let kind = ModelKind("nearest-neighbours")
  package static let role = ModelRole.other
  package static let isExported = false
  package static let problems: Set<Problem> = [.classification, .regression]
  package static let training: Binding<TrainingSettings>? = nil
  package static let binding = Binding<NearestNeighboursConfiguration>(
    "nearest neighbours", NearestNeighboursConfiguration(),
    FeatureKeys.withColumns() + [
      .integer("neighbours", \.neighbours, 1...100_000, "Training texts that answer a text."),
      .choice("weights", \.weights, "`distance`: each counts by 1 / (1 − cosine); `uniform`: all count the same."),
    ])

  // MARK: Its size

  package func work(of texts: TextLengths, classes: Int, training: TrainingSettings) -> ModelWork {
    // An answer looks at the training texts that share an n-gram: as much as a text of thousands takes.
    ModelWork(training: 33_000 * texts.bytes, answer: 200_000 * texts.bytes)
  }

  // MARK: Fitting and storing

  package func learn(_ rows: FeatureRows, classWeights: [Float]?, _ job: FitJob) throws -> Fitted {
    let settings = NearestNeighbours.Settings(neighbours: sizes.neighbours, weights: sizes.weights)
    let model =
      switch rows.targets {
      case .numbers(let numbers): NearestNeighbours(rows: rows.features, numbers: numbers, settings: settings)
      default:
        NearestNeighbours(
          rows: rows.features, labels: rows.labels, classes: job.shape.classes, settings: settings)
      }
    var fitted = job.fitted(FeatureState(Self.kind, rows.encoder, model))
    fitted.flops = 3 * Double(rows.features.nonZeros)
    return fitted
  }

  package func state(
    outline: String, tensors: Safetensors, shape: TaskShape
  ) throws(CheckpointError) -> any ModelState {
    let settings = NearestNeighbours.Settings(neighbours: sizes.neighbours, weights: sizes.weights)
    return try FeatureState(Self.kind, outline: outline, shape: shape, stored: tensors) {
      file, features throws(CheckpointError) in
      try NearestNeighbours(
        stored: file, columns: features, classes: shape.problem == .regression ? nil : shape.classes, settings: settings
      )
    }
  }

  // MARK: In words

  package func title(of model: ModelDeclaration) -> String {
    FeatureKeys.title(model, sizes, and: "nearest neighbours")
  }

  package func account(of model: ModelDeclaration) -> ModelAccount {
    ModelAccount(
      reads: FeatureKeys.reading(model, sizes),
      learns:
        "nothing: it keeps the features of every training row, and answers as the \(sizes.neighbours) do whose features "
        + "have the nearest direction"
        + (sizes.weights == .distance ? ", each counting by 1 / (1 − cosine)" : ""),
      keeps: FeatureKeys.keeping(sizes)
        + "; and the features of every training row"
        + (sizes.readsNGrams ? ", from which much of its text can be read" : "")
        + (sizes.readsVectors ? "; a text's vector tells much of what it is about" : ""))
  }
}

extension NearestNeighbours: FeatureModel {
  var parameterCount: Int { index.nonZeros }
  var byteCount: Int { index.nonZeros * 8 + (columns + 1) * 8 + count * 4 }
  func answers(_ rows: SparseRows, pool: WorkerPool) -> [Float] { predict(rows, pool: pool) }

  /// Two for each training text that holds a row's column.
  func flops(_ rows: SparseRows) -> Double {
    rows.indices.reduce(0) { $0 + 2 * Double(index.offsets[Int($1) + 1] - index.offsets[Int($1)]) }
  }
}

extension ModelKind { package static let nearestNeighbours = NearestNeighboursFamily.kind }
