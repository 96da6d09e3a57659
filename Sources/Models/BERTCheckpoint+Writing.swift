import Foundation
import Text

extension BERTCheckpoint {
  /// Writes a folder in the form that is read: config.json, vocab.txt, tokenizer_config.json, model.safetensors.
  ///
  /// A classifier on [CLS] is a `BertForSequenceClassification` to Transformers; of any other network the encoder is a
  /// `BertModel`, and what stands above it keeps its own names.
  ///
  /// - Parameter labels: the classes' names, in order.
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  public static func write(
    _ weights: WeightSnapshot, _ configuration: TransformerConfiguration, tokenizer: WordPiece, labels: [String],
    maximumTokens: Int, to folder: URL
  ) throws {
    let manager = FileManager.default
    guard !CheckpointFile.exists(folder) else {
      throw CheckpointError.unreadable("\(folder.lastPathComponent) exists already")
    }
    let draft = folder.deletingLastPathComponent().appendingPathComponent(".\(folder.lastPathComponent).\(UUID())")
    try manager.createDirectory(at: draft, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: draft) }
    let isStandard =
      weights.tensors.contains { $0.name == "classifier.weight" }
      && weights.tensors.contains { $0.name == "bert.pooler.dense.weight" }
    try json(
      Settings(configuration, vocabulary: tokenizer.count, labels: labels, isClassifier: isStandard),
      to: draft.appendingPathComponent("config.json"))
    try json(
      TokenizerSettings(
        do_lower_case: tokenizer.casing.lowercases, strip_accents: tokenizer.casing.stripsAccents,
        model_max_length: maximumTokens),
      to: draft.appendingPathComponent("tokenizer_config.json"))
    try Data(tokenizer.tokens.map { $0 + "\n" }.joined().utf8).write(to: draft.appendingPathComponent("vocab.txt"))
    try Safetensors.write(
      weights.tensors, metadata: ["format": "pt"], to: draft.appendingPathComponent("model.safetensors"))
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
    var tokenize_chinese_chars = true
    var tokenizer_class = "BertTokenizer"
    var unk_token = "[UNK]", sep_token = "[SEP]", pad_token = "[PAD]", cls_token = "[CLS]", mask_token = "[MASK]"
  }

  private struct Settings: Encodable {
    var architectures: [String]
    var model_type = "bert", hidden_act = "gelu", position_embedding_type = "absolute"
    var hidden_size, num_attention_heads, num_hidden_layers, intermediate_size, vocab_size: Int
    var max_position_embeddings, type_vocab_size: Int
    var hidden_dropout_prob, attention_probs_dropout_prob, layer_norm_eps, initializer_range: Double
    var id2label: [String: String]
    var label2id: [String: Int]
    /// What the classifier reads of the token vectors: `cls` or `mean`.
    var bench_pooling: String

    init(_ sizes: TransformerConfiguration, vocabulary: Int, labels: [String], isClassifier: Bool) {
      architectures = [isClassifier ? "BertForSequenceClassification" : "BertModel"]
      (hidden_size, num_attention_heads, num_hidden_layers) = (sizes.hidden, sizes.heads, sizes.layers)
      (intermediate_size, vocab_size) = (sizes.intermediate, vocabulary)
      (max_position_embeddings, type_vocab_size) = (sizes.maximumPositions, sizes.typeVocabulary)
      (hidden_dropout_prob, attention_probs_dropout_prob) = (sizes.dropout, sizes.attentionDropout)
      (layer_norm_eps, initializer_range) = (sizes.layerNormEpsilon, sizes.initializerRange)
      id2label = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ("\($0)", $1) })
      label2id = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      bench_pooling = sizes.pooling.rawValue
    }
  }
}
