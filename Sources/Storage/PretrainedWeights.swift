import Families
import Foundation
import Models
import Planning
import Text
import Training

/// An encoder or word vectors that were pre-trained in this run or an earlier one, with their vocabulary: what fits start
/// from.
///
/// It is kept as a `StoredFile` of the format `bench-pretrained 1`.
package struct PretrainedWeights: Sendable {
  package var pipeline: TextPipeline
  /// `bert.*`, without the head that names hidden tokens, or `embedding.weight`.
  package var weights: WeightSnapshot
  package var outcome: PretrainingOutcome
  /// Texts left out, as in `PretrainingPlan.Job`.
  package var removed: Int
  /// Measured.
  package var seconds: Double
  /// That it trained on.
  package var threads: Int

  package var start: PretrainedStart { PretrainedStart(pipeline: pipeline, weights: weights) }

  private static let format = "bench-pretrained 1"

  private struct Outline: Codable {
    var key: String
    var pipeline: TextPipeline
    var outcome: PretrainingOutcome
    var removed: Int
    var seconds: Double
    var threads: Int
  }

  package init(
    pipeline: TextPipeline, weights: WeightSnapshot, outcome: PretrainingOutcome, removed: Int, seconds: Double,
    threads: Int
  ) {
    (self.pipeline, self.weights, self.outcome) = (pipeline, weights, outcome)
    (self.removed, self.seconds, self.threads) = (removed, seconds, threads)
  }

  /// - Throws: `CheckpointError` where the bytes are no such file, are damaged, or belong to another key.
  package init(bytes: [UInt8], key: FitKey) throws(CheckpointError) {
    let file = try StoredFile(bytes: bytes, format: Self.format)
    let outline: Outline
    do { outline = try StoredJSON.decode(Outline.self, from: file.outline) } catch {
      throw .malformed("its outline is not that of a pre-training: \(error)")
    }
    guard outline.key == key.digest else { throw .malformed("it is another pre-training's") }
    var tensors = [NamedTensor]()
    for entry in file.tensors.entries {
      tensors.append(NamedTensor(name: entry.name, shape: entry.shape, values: try file.tensors.floats(entry.name)))
    }
    self.init(
      pipeline: outline.pipeline, weights: WeightSnapshot(tensors), outcome: outline.outcome, removed: outline.removed,
      seconds: outline.seconds, threads: outline.threads)
  }

  package func draft(key: FitKey) -> StoredFile.Draft {
    let outline = Outline(
      key: key.digest, pipeline: pipeline, outcome: outcome, removed: removed, seconds: seconds, threads: threads)
    return StoredFile.Draft(
      format: Self.format, outline: StoredJSON.encode(outline), tensors: weights.tensors.map(\.tensor))
  }
}
