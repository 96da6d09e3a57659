import Models
import Settings

/// LSTMs that start from word vectors: the width of a word vector comes from the file.
enum VectorFiles {
  /// Fills in the width, and gives every mistake. Files are looked into only with `readsFiles`.
  static func resolve(_ root: inout Checked, readsFiles: Bool) -> [ManifestError] {
    var errors = [ManifestError]()
    root.update("models") { models in
      models.updateEach { name, model in
        guard let file = model["vectors"], let path = file.text, let position = file.position else { return }
        let place = KeyPathText("models")[name]
        if let pretrain = model["pretrain"], case .map = pretrain.content, let position = pretrain.position {
          errors.append(
            ManifestError(
              at: position, keyPath: place["pretrain"].text, got: "`pretrain` beside `vectors`",
              expected: "one of them: both set the word vectors"))
        }
        // A file that is not there is found with all others.
        guard readsFiles, FileKind.of(path) == .file else { return }
        do {
          let vectors = try WordVectors(contentsOf: path) { _ in false }
          errors += fill(&model, width: vectors.width, place["embedding"])
        } catch {
          errors.append(
            ManifestError(
              at: position, keyPath: place["vectors"].text, got: "\(error)",
              expected: "word vectors of GloVe, word2vec or fastText"))
        }
      }
    }
    return errors
  }

  private static func fill(_ model: inout Checked, width: Int, _ place: KeyPathText) -> [ManifestError] {
    var errors = [ManifestError]()
    model.update("embedding") { embedding in
      guard let position = embedding.position else {
        embedding = Checked(.integer(width))
        embedding.origin = "the vectors' width"
        return
      }
      guard embedding.isValid, let stated = embedding.integer, stated != width else { return }
      errors.append(
        ManifestError(
          at: position, keyPath: place.text, got: "\(stated)",
          expected: "\(width), the width of the vectors, or nothing"))
    }
    return errors
  }
}
