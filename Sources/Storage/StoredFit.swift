import Foundation
import Manifests
import Models
import Planning
import Records
import Text
import Training

/// What is kept of a finished fit beside its model: how training went, and what the model said of each test row.
///
/// A `StoredFile` of the format `bench-fit 1`, with one F32 tensor `[rows, classes]` of probabilities for each target.
/// Neither texts nor row ids are in it, only hashes of them.
package struct StoredFit {
  /// One target's rows, and the probabilities of each class for each row.
  package struct Prediction: Equatable {
    /// Name of the domain tested on.
    package var target: String
    /// Hash of the rows: they must be the same ones to use the probabilities.
    package var rows: String
    package var probabilities: [Float]

    package init(target: String, rows: String, probabilities: [Float]) {
      (self.target, self.rows, self.probabilities) = (target, rows, probabilities)
    }
  }

  /// How training went.
  package struct Summary: Codable {
    package var epochs: Int?
    package var mayBeUndertrained: Bool
    /// Floating-point operations of the training.
    package var flops: Double
    /// Share of the vocabulary that a file of word vectors has.
    package var vectorCoverage: Double?
    /// Lines of that file whose word stands further up already.
    package var vectorRepetitions: Int?
    /// The search's trials; nil where the model was fitted as it is declared.
    package var tuning: [TuningRecord.Trial]?
    /// Epoch by epoch; nil for what has no epochs, and in files of versions that did not keep it.
    package var curve: TrainingCurve?
    /// Nil where it is not measured.
    package var leakedScore: Double?
    package var measured: TrialRecord.Measured

    package init(
      epochs: Int? = nil, mayBeUndertrained: Bool, flops: Double, vectorCoverage: Double? = nil,
      vectorRepetitions: Int? = nil, tuning: [TuningRecord.Trial]? = nil, curve: TrainingCurve? = nil,
      measured: TrialRecord.Measured
    ) {
      (self.epochs, self.mayBeUndertrained, self.flops, self.vectorCoverage) = (
        epochs, mayBeUndertrained, flops, vectorCoverage
      )
      (self.vectorRepetitions, self.tuning, self.curve, self.measured) = (vectorRepetitions, tuning, curve, measured)
    }
  }

  package var key: FitKey
  package var summary: Summary
  /// SHA-256 of the model's file: both files belong to the same fit.
  package var modelHash: String
  package var predictions: [Prediction]
  package static let format = "bench-fit 1"

  package init(key: FitKey, summary: Summary, modelHash: String, predictions: [Prediction]) {
    (self.key, self.summary, self.modelHash, self.predictions) = (key, summary, modelHash, predictions)
  }

  private struct Outline: Codable {
    struct Target: Codable {
      var name: String
      var rows: String
    }
    var key: FitKey
    var summary: Summary
    var modelHash: String
    var targets: [Target]
  }

  package func draft(outputs: Int) -> StoredFile.Draft {
    let outline = Outline(
      key: key, summary: summary, modelHash: modelHash,
      targets: predictions.map { Outline.Target(name: $0.target, rows: $0.rows) })
    return StoredFile.Draft(
      format: Self.format, outline: StoredJSON.encode(outline),
      tensors: predictions.enumerated().map { index, prediction in
        Safetensors.Tensor(
          "probabilities.\(index)", [prediction.probabilities.count / outputs, outputs],
          .floats(prediction.probabilities))
      })
  }

  /// - Throws: `CheckpointError` where the bytes are no such file, or are damaged.
  package init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try StoredFile(bytes: bytes, format: Self.format)
    let outline: Outline
    do { outline = try StoredJSON.decode(Outline.self, from: file.outline) } catch {
      throw .malformed("its outline is not that of a fit: \(error)")
    }
    (key, summary, modelHash) = (outline.key, outline.summary, outline.modelHash)
    predictions = []
    for (index, target) in outline.targets.enumerated() {
      predictions.append(
        Prediction(
          target: target.name, rows: target.rows, probabilities: try file.tensors.floats("probabilities.\(index)")))
    }
  }

  /// The key alone, from the file's head; for saying what changed.
  package static func key(of url: URL) -> FitKey? {
    struct KeyOnly: Decodable { var key: FitKey }
    guard let file = try? Safetensors(contentsOf: url), file.metadata["format"] == format,
      let outline = file.metadata["outline"]
    else { return nil }
    return try? StoredJSON.decode(KeyOnly.self, from: outline).key
  }
}
