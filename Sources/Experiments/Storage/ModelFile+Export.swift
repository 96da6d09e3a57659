import Foundation
import Models
import Text

extension ModelFile {
  /// A model in a form that other programs read.
  public enum Export: Sendable {
    /// A Hugging Face checkpoint, of a transformer.
    case checkpoint(BERTCheckpoint.Contents)
    /// A folder that NumPy is enough for, of TF-IDF or an LSTM.
    case numPy(NumPyFolder)
  }

  /// - Throws: `CheckpointError.unsupported` where it is a floor, or has a tokenizer that its folder cannot hold.
  public func export() throws(CheckpointError) -> Export {
    switch (model.configuration, model.state) {
    case (.bert(let sizes), .network(let pipeline, let weights)):
      return .checkpoint(try checkpoint(sizes, head: nil, pipeline, weights))
    case (.bertLSTM(let sizes, let head), .network(let pipeline, let weights)):
      return .checkpoint(try checkpoint(sizes, head: head, pipeline, weights))
    case (.lstm(let sizes), .network(let pipeline, let weights)):
      guard pipeline.wordPiece == nil else {
        throw .unsupported(
          "got an LSTM that reads word pieces (tokenizer: wordpiece), expected one that reads whole words")
      }
      return .numPy(NumPyFolder(sizes, weights, words: pipeline, labels: labels))
    case (_, .tfidfLogistic(let state)): return .numPy(NumPyFolder(state, labels: labels))
    default:
      let kind = model.configuration.kind.rawValue
      throw .unsupported("got a model of the kind \(kind), expected bert, bert-lstm, lstm or tfidf-logistic")
    }
  }

  private func checkpoint(
    _ encoder: TransformerConfiguration, head: LSTMConfiguration?, _ pipeline: TextPipeline, _ weights: WeightSnapshot
  ) throws(CheckpointError) -> BERTCheckpoint.Contents {
    guard let tokenizer = pipeline.wordPiece else {
      throw .unsupported("got a model that reads whole words (tokenizer: words), expected one that reads word pieces")
    }
    return BERTCheckpoint.Contents(
      weights: weights, configuration: encoder, head: head, tokenizer: tokenizer, steps: pipeline.settings.steps,
      controls: pipeline.settings.controlTokens, maximumTokens: pipeline.settings.maximumTokens, labels: labels)
  }
}
