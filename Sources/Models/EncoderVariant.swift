/// The encoders that Hugging Face checkpoints are read of, by their `model_type`.
public enum EncoderArchitecture: String, Sendable, CaseIterable, Codable {
  /// Devlin et al. 2019.
  case bert
  /// BERT without token types and pooler, of half the layers (Sanh et al. 2019).
  case distilBERT = "distilbert"
  /// BERT trained longer on more text, whose positions begin behind the padding's id (Liu et al. 2019).
  case roBERTa = "roberta"
  /// RoBERTa in a hundred languages (Conneau et al. 2020).
  case xlmRoBERTa = "xlm-roberta"
  /// BERT that tells replaced tokens from others; its embeddings may be narrower than its layers (Clark et al. 2020).
  case electra
  /// Norms before the sums, no biases, gated feed-forward layers, rotated positions, and layers that see a window of a
  /// text alone (Warner et al. 2024).
  case modernBERT = "modernbert"

  /// What the names of the encoder's tensors begin with.
  var prefix: String {
    switch self {
    case .bert: "bert"
    case .distilBERT: "distilbert"
    case .roBERTa, .xlmRoBERTa: "roberta"
    case .electra: "electra"
    case .modernBERT: "model"
    }
  }

  /// What the names of all encoders' tensors begin with.
  package static let prefixes = Set(allCases.map(\.prefix))

  /// Beginnings of names that belong to heads, or to buffers of old versions: left out where they are not needed.
  var heads: [String] {
    switch self {
    case .bert: ["cls.", "classifier.", "qa_outputs.", "pooler.", "head.", "embeddings.position_ids"]
    case .distilBERT:
      [
        "vocab_transform.", "vocab_layer_norm.", "vocab_projector.", "pre_classifier.", "classifier.", "qa_outputs.",
        "head.",
      ]
    case .roBERTa, .xlmRoBERTa:
      ["lm_head.", "classifier.", "qa_outputs.", "pooler.", "head.", "embeddings.position_ids"]
    case .electra:
      [
        "discriminator_predictions.", "generator_predictions.", "generator_lm_head.", "sequence_summary.",
        "classifier.", "qa_outputs.", "head.", "embeddings.position_ids",
      ]
    case .modernBERT: ["head.", "decoder.", "classifier.", "qa_outputs."]
    }
  }

  /// The class of Transformers that reads a classifier above it.
  var classifierClass: String { classPrefix + "ForSequenceClassification" }

  /// `RobertaModel` without its end.
  var classPrefix: String {
    switch self {
    case .bert: "Bert"
    case .distilBERT: "DistilBert"
    case .roBERTa: "Roberta"
    case .xlmRoBERTa: "XLMRoberta"
    case .electra: "Electra"
    case .modernBERT: "ModernBert"
    }
  }
}

/// What an encoder of another architecture than BERT's has besides BERT's sizes.
public struct EncoderVariant: Sendable, Equatable, Codable {
  public var architecture: EncoderArchitecture
  /// The padding token's id in RoBERTa: positions begin behind it, and the token itself takes none.
  public var padding: Int?
  /// Width of ELECTRA's embeddings, where it is not that of the layers.
  public var embedding: Int?
  /// Dropout before the last layer, a probability, where it is not that of the layers.
  public var headDropout: Double?
  public var modern: ModernSettings?

  public init(_ architecture: EncoderArchitecture) { self.architecture = architecture }

  /// What ModernBERT's configuration says of its own.
  public struct ModernSettings: Sendable, Equatable, Codable {
    /// θ of the rotations in layers that see all of a text, and in the others.
    public var globalBase = 160_000.0, localBase = 10_000.0
    /// Of each layer: whether it sees all of a text.
    public var isGlobal: [Bool]
    /// How far the other layers see to each side.
    public var window = 64
    /// A probability.
    public var embeddingDropout = 0.0

    /// Every third layer sees all of a text.
    public init(layers: Int, globalEvery: Int = 3) { isGlobal = (0..<layers).map { $0 % globalEvery == 0 } }
  }

  /// Whether an encoder of these sizes can be made.
  func isPossible(in sizes: TransformerConfiguration) -> Bool {
    let shares = [headDropout ?? 0, modern?.embeddingDropout ?? 0]
    guard shares.allSatisfy({ 0..<1 ~= $0 }), 0...(1 << 24) ~= padding ?? 0, 1...(1 << 24) ~= embedding ?? 1 else {
      return false
    }
    guard let modern else { return architecture != .modernBERT }
    return architecture == .modernBERT && modern.isGlobal.count == sizes.layers && modern.window >= 0
      && (sizes.hidden / sizes.heads) % 2 == 0
      && [modern.globalBase, modern.localBase].allSatisfy { $0 >= 1 && $0.isFinite }
  }
}

extension TransformerConfiguration {
  public var architecture: EncoderArchitecture { variant?.architecture ?? .bert }

  /// Width of the embeddings, before they are projected to the layers'.
  var embeddingWidth: Int { variant?.embedding ?? hidden }

  /// Rows of the table of positions.
  var positionRows: Int { maximumPositions + (variant?.padding.map { $0 + 1 } ?? 0) }

  /// Whether a dense layer stands between the encoder and a classifier that reads it: ModernBERT's always, others' where
  /// [CLS] is read.
  package var hasDenseHead: Bool { architecture == .modernBERT || pooling == .cls }
}
