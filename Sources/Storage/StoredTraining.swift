import Models
import Text
import Training

/// A training run at the end of an epoch, to go on from: a `StoredFile` of the format `bench-training 1`.
package struct StoredTraining {
  /// Digest of the fit's key.
  package var key: String
  /// Trained so far, in seconds; measured.
  package var seconds: Double
  package var state: TrainingState

  private static let format = "bench-training 1"

  private struct Outline: Codable {
    var key: String
    var seconds: Double
    var state: TrainingState.Outline
  }

  package init(key: String, seconds: Double, state: TrainingState) {
    (self.key, self.seconds, self.state) = (key, seconds, state)
  }

  /// - Throws: `CheckpointError` where the bytes are no such file, or are damaged.
  package init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try StoredFile(bytes: bytes, format: Self.format)
    let outline: Outline
    do { outline = try StoredJSON.decode(Outline.self, from: file.outline) } catch {
      throw .malformed("its outline is not that of a training: \(error)")
    }
    (key, seconds) = (outline.key, outline.seconds)
    state = try TrainingState(outline: outline.state, stored: file.tensors)
  }

  package var draft: StoredFile.Draft {
    let outline = Outline(key: key, seconds: seconds, state: state.outline)
    return StoredFile.Draft(format: Self.format, outline: StoredJSON.encode(outline), tensors: state.tensors)
  }
}
