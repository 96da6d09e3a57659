import Autograd
import Layers

/// What stands between the token vectors and a classifier's last layer, as Hugging Face's classifier of each architecture
/// has it; the mean of the token vectors (Reimers and Gurevych 2019) where that is chosen.
///
/// | architecture | of [CLS] | of the mean |
/// |:---|:---|:---|
/// | BERT | tanh(W h + b), dropout | dropout |
/// | RoBERTa, XLM-RoBERTa | dropout, tanh(W h + b), dropout | dropout |
/// | ELECTRA | dropout, gelu(W h + b), dropout | dropout |
/// | DistilBERT | relu(W h + b), dropout | dropout |
/// | ModernBERT | N(gelu(W h)), dropout | N(gelu(W m)), dropout |
public struct SentenceHead {
  /// `[hidden]` → `[hidden]`; nil where the last layer reads what is pooled.
  public let dense: Linear?
  /// ModernBERT's.
  public let norm: LayerNorm?
  public let pooling: TransformerConfiguration.Pooling
  public let activation: Activation
  /// Probability of dropping an element of what the last layer reads.
  public let dropout: Float
  private let dropsInput: Bool

  /// Parameters of the dense layer and its norm under Hugging Face's names: `bert.pooler.dense`, `classifier.dense`,
  /// `pre_classifier`, or `head.dense` and `head.norm`.
  init(_ configuration: TransformerConfiguration, from source: ParameterSource) {
    let architecture = configuration.architecture, hidden = configuration.hidden
    let isModern = architecture == .modernBERT
    switch architecture {
    case .bert, .roBERTa, .xlmRoBERTa: activation = .tanh
    case .electra, .modernBERT: activation = .gelu
    case .distilBERT: activation = .relu
    }
    dense = configuration.denseLayer.map {
      Linear(
        $0, inputs: hidden, outputs: hidden, hasBias: !isModern,
        initializer: .normal(deviation: configuration.initializerRange), from: source)
    }
    norm =
      isModern
      ? LayerNorm("head.norm", width: hidden, epsilon: configuration.layerNormEpsilon, hasBias: false, from: source)
      : nil
    pooling = configuration.pooling
    dropout = Float(configuration.variant?.headDropout ?? configuration.dropout)
    dropsInput = dense != nil && configuration.lastLayer != "classifier"
  }

  /// `[n, hidden]` → `[b, hidden]`: what the last layer reads of each sequence, but for dropout.
  func pool(_ states: Tensor, offsets: [Int], on tape: Tape) -> Tensor {
    var pooled =
      pooling == .mean
      ? tape.pool(states, offsets: offsets, .mean) : tape.rows(states, Array(offsets.dropLast()))  // [b, hidden]
    guard let dense else { return pooled }
    if dropsInput { pooled = tape.dropout(pooled, probability: dropout) }
    let made = dense(pooled, on: tape, activation: activation)  // [b, hidden]
    return norm.map { $0(made, on: tape) } ?? made
  }

  func count(sequences: Int, in count: inout OperationCount) {
    dense?.count(rows: sequences, in: &count)
    if let norm { count.read(norm.parameters) }
  }

  public var parameters: [Parameter] { (dense?.parameters ?? []) + (norm?.parameters ?? []) }
}

extension TransformerConfiguration {
  /// The name of the dense layer between the encoder and a classifier's last layer; nil where there is none.
  var denseLayer: String? {
    guard hasDenseHead else { return nil }
    return switch architecture {
    case .bert: "bert.pooler.dense"
    case .roBERTa, .xlmRoBERTa, .electra: "classifier.dense"
    case .distilBERT: "pre_classifier"
    case .modernBERT: "head.dense"
    }
  }

  /// The name of a classifier's last layer. Two of Hugging Face's heads are modules of two layers.
  var lastLayer: String {
    let hasTwo = [.roBERTa, .xlmRoBERTa, .electra].contains(architecture)
    return hasTwo && hasDenseHead ? "classifier.out_proj" : "classifier"
  }
}
