import Autograd

/// A trained vector for each token id.
public struct Embedding {
  /// `[vocabulary, width]`.
  public let table: Parameter

  /// Parameter `name.weight`.
  public init(
    _ name: String, vocabulary: Int, width: Int, initializer: Initializer = .normal(deviation: 1),
    from source: ParameterSource
  ) {
    table = source.weight(name + ".weight", [vocabulary, width], initializer)
  }

  /// n ids → `[n, width]`. An id outside the vocabulary is a programmer's mistake.
  public func callAsFunction(_ ids: [Int32], on tape: Tape) -> Tensor { tape.embedding(ids, table: table) }

  public var parameters: [Parameter] { [table] }
}
