import Models
import Records
import Text

/// The trials of a search that is not done: a `StoredFile` of the format `bench-search 1`, without tensors.
package struct StoredSearch {
  /// Digest of the fit's key.
  package var key: String
  /// In their order; none of them chosen.
  package var trials: [TuningRecord.Trial]

  private static let format = "bench-search 1"

  private struct Outline: Codable {
    var key: String
    var trials: [TuningRecord.Trial]
  }

  package init(key: String, trials: [TuningRecord.Trial]) { (self.key, self.trials) = (key, trials) }

  /// - Throws: `CheckpointError` where the bytes are no such file, or are damaged.
  package init(bytes: [UInt8]) throws(CheckpointError) {
    let file = try StoredFile(bytes: bytes, format: Self.format)
    do {
      let outline = try StoredJSON.decode(Outline.self, from: file.outline)
      (key, trials) = (outline.key, outline.trials)
    } catch {
      throw .malformed("its outline is not that of a search: \(error)")
    }
  }

  package var draft: StoredFile.Draft {
    StoredFile.Draft(
      format: Self.format, outline: StoredJSON.encode(Outline(key: key, trials: trials)), tensors: [])
  }
}
