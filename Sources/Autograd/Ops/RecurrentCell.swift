/// What a recurrent layer does at each step, in the notation of its paper; σ(x) = 1 / (1 + e⁻ˣ).
public enum RecurrentCell: String, Sendable, CaseIterable {
  /// h ← tanh(W x + b + U h + d) (Elman 1990).
  case rnn
  /// r, z = σ(W x + b + U h + d), n = tanh(W x + b + r ⊙ (U h + d)), h ← (1 − z) ⊙ n + z ⊙ h; gate order r, z, n
  /// (Cho et al. 2014, with the reset gate on the product as cuDNN and PyTorch have it).
  case gru
  /// i, f, o = σ(W x + b + U h + d), g = tanh(W x + b + U h + d), c ← f ⊙ c + i ⊙ g, h ← o ⊙ tanh(c); gate order
  /// i, f, g, o (Hochreiter and Schmidhuber 1997; Gers et al. 2000 for the forget gate).
  case lstm

  /// Rows of the weights for each number of a state.
  public var gates: Int {
    switch self {
    case .rnn: 1
    case .gru: 3
    case .lstm: 4
    }
  }
}
