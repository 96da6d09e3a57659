import Foundation
import Text

extension BERTCheckpoint {
  /// `model_type` of an export that no class of Transformers answers as.
  static let ownType = "bench-bert"

  /// A fine-tuned network with all that another program needs to answer as it does.
  public struct Contents: Sendable {
    public var weights: WeightSnapshot
    public var configuration: TransformerConfiguration
    /// The LSTM above the encoder; nil where a classifier reads the encoder's vectors.
    public var head: LSTMConfiguration?
    public var tokenizer: WordPiece
    /// Steps from a raw text to what the tokenizer is given, by their names in manifests.
    public var steps: [String]
    /// Longest sequence.
    public var maximumTokens: Int
    /// The classes' names, in order.
    public var labels: [String]

    public init(
      weights: WeightSnapshot, configuration: TransformerConfiguration, head: LSTMConfiguration? = nil,
      tokenizer: WordPiece, steps: [String] = [], maximumTokens: Int, labels: [String]
    ) {
      (self.weights, self.configuration, self.head) = (weights, configuration, head)
      (self.tokenizer, self.steps) = (tokenizer, steps)
      (self.maximumTokens, self.labels) = (maximumTokens, labels)
    }

    /// The class of Transformers that reads it. `BertForSequenceClassification` answers as the network does; of a
    /// `BertModel` the encoder alone is read, and what stands above it keeps its own names in the file.
    public var architecture: String {
      head == nil && configuration.pooling == .cls ? "BertForSequenceClassification" : "BertModel"
    }
  }

  /// Writes a folder in the form that is read: config.json, vocab.txt, tokenizer_config.json, model.safetensors.
  ///
  /// What Transformers has no key for stands in config.json under names that begin with `bench_`.
  ///
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  public static func write(_ contents: Contents, to folder: URL) throws {
    let manager = FileManager.default
    guard !CheckpointFile.exists(folder) else {
      throw CheckpointError.unreadable("\(folder.lastPathComponent) exists already")
    }
    let draft = folder.deletingLastPathComponent().appendingPathComponent(".\(folder.lastPathComponent).\(UUID())")
    try manager.createDirectory(at: draft, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: draft) }
    try json(Settings(contents), to: draft.appendingPathComponent("config.json"))
    try json(TokenizerSettings(contents), to: draft.appendingPathComponent("tokenizer_config.json"))
    try Data(contents.tokenizer.tokens.map { $0 + "\n" }.joined().utf8)
      .write(to: draft.appendingPathComponent("vocab.txt"))
    try Safetensors.write(
      contents.weights.tensors, metadata: ["format": "pt"], to: draft.appendingPathComponent("model.safetensors"))
    try manager.moveItem(at: draft, to: folder)
  }

  private static func json(_ value: some Encodable, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(value) + Data("\n".utf8)).write(to: url)
  }

  private struct TokenizerSettings: Encodable {
    var do_lower_case: Bool
    var strip_accents: Bool
    var model_max_length: Int
    /// Pieces that are never cut.
    var additional_special_tokens: [String]
    var tokenize_chinese_chars = true
    var tokenizer_class = "BertTokenizer"
    var unk_token = "[UNK]", sep_token = "[SEP]", pad_token = "[PAD]", cls_token = "[CLS]", mask_token = "[MASK]"

    init(_ contents: Contents) {
      do_lower_case = contents.tokenizer.casing.lowercases
      strip_accents = contents.tokenizer.casing.stripsAccents
      model_max_length = contents.maximumTokens
      additional_special_tokens = contents.tokenizer.added.filter { !$0.isControl }.map(\.content)
    }
  }

  private struct Settings: Encodable {
    var architectures: [String]
    var model_type = "bert", hidden_act = "gelu", position_embedding_type = "absolute", torch_dtype = "float32"
    var hidden_size, num_attention_heads, num_hidden_layers, intermediate_size, vocab_size: Int
    var max_position_embeddings, type_vocab_size: Int
    var pad_token_id: Int32
    var hidden_dropout_prob, attention_probs_dropout_prob, layer_norm_eps, initializer_range: Double
    var id2label: [String: String]
    var label2id: [String: Int]
    /// What the classifier reads of the token vectors: `cls` or `mean`; absent with an LSTM.
    var bench_pooling: String?
    /// The LSTM that reads the token vectors.
    var bench_head: LSTMConfiguration?
    /// What is done to a text before the tokenizer.
    var bench_text: [String]

    init(_ contents: Contents) {
      let sizes = contents.configuration, labels = contents.labels
      architectures = [contents.architecture]
      (hidden_size, num_attention_heads, num_hidden_layers) = (sizes.hidden, sizes.heads, sizes.layers)
      (intermediate_size, vocab_size) = (sizes.intermediate, contents.tokenizer.count)
      (max_position_embeddings, type_vocab_size) = (sizes.maximumPositions, sizes.typeVocabulary)
      pad_token_id = contents.tokenizer.paddingID
      (hidden_dropout_prob, attention_probs_dropout_prob) = (sizes.dropout, sizes.attentionDropout)
      (layer_norm_eps, initializer_range) = (sizes.layerNormEpsilon, sizes.initializerRange)
      id2label = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) })
      label2id = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      bench_pooling = contents.head == nil ? sizes.pooling.rawValue : nil
      bench_head = contents.head
      bench_text = contents.steps
    }
  }
}
