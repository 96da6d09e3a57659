import Foundation
import Models
import Text

extension ModelFile {
  /// The model as a Hugging Face checkpoint.
  ///
  /// - Throws: `CheckpointError.unsupported` where it has no encoder, or a tokenizer that such a checkpoint cannot hold.
  public func checkpoint() throws(CheckpointError) -> BERTCheckpoint.Contents {
    guard case .network(let pipeline, let weights) = model.state else { throw notAnEncoder }
    let encoder: TransformerConfiguration, head: LSTMConfiguration?
    switch model.configuration {
    case .bert(let sizes): (encoder, head) = (sizes, nil)
    case .bertLSTM(let sizes, let lstm): (encoder, head) = (sizes, lstm)
    case .lstm, .majority, .lookup, .tfidfLogistic: throw notAnEncoder
    }
    guard let tokenizer = pipeline.wordPiece else {
      throw .unsupported("got a model that reads whole words (tokenizer: words), expected one that reads word pieces")
    }
    return BERTCheckpoint.Contents(
      weights: weights, configuration: encoder, head: head, tokenizer: tokenizer, steps: pipeline.settings.steps,
      controls: pipeline.settings.controlTokens, maximumTokens: pipeline.settings.maximumTokens, labels: labels)
  }

  private var notAnEncoder: CheckpointError {
    .unsupported("got a model of the kind \(model.configuration.kind.rawValue), expected bert or bert-lstm")
  }
}
