import Autograd
import Layers

/// Token ids to one vector a token, each aware of others in its text.
public protocol TokenEncoder {
  var configuration: TransformerConfiguration { get }
  /// The table of the tokens' vectors, `[vocabulary, width]`.
  var words: Embedding { get }
  /// A batch of n tokens → `[n, hidden]`. What is given as words, `[n, width]`, stands in place of the tokens' vectors.
  func callAsFunction(_ batch: TokenBatch, words: Tensor?, on tape: Tape) -> Tensor
  /// Counts the products over sequences of these lengths.
  func count(lengths: [Int], in count: inout OperationCount)
  var parameters: [Parameter] { get }
}

extension TokenEncoder {
  /// A batch of n tokens → `[n, hidden]`.
  public func callAsFunction(_ batch: TokenBatch, on tape: Tape) -> Tensor { self(batch, words: nil, on: tape) }
}

extension TransformerConfiguration {
  /// The encoder of these sizes, its parameters under the names that Hugging Face has for its architecture.
  func encoder(vocabulary: Int, from source: ParameterSource) -> any TokenEncoder {
    guard let modern = variant?.modern else {
      return TransformerEncoder(architecture.prefix, self, vocabulary: vocabulary, from: source)
    }
    return ModernEncoder(architecture.prefix, self, modern, vocabulary: vocabulary, from: source)
  }
}
