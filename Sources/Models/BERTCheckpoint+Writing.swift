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
    public var head: RecurrentConfiguration?
    public var tokenizer: WordPiece
    /// Steps from a raw text to what the tokenizer is given, by their names in manifests.
    public var steps: [String]
    public var controls: ControlTokens
    /// Longest sequence.
    public var maximumTokens: Int
    /// The classes' names, in order.
    public var labels: [String]

    public init(
      weights: WeightSnapshot, configuration: TransformerConfiguration, head: RecurrentConfiguration? = nil,
      tokenizer: WordPiece, steps: [String] = [], controls: ControlTokens = .escape, maximumTokens: Int,
      labels: [String]
    ) {
      (self.weights, self.configuration, self.head) = (weights, configuration, head)
      (self.tokenizer, self.steps, self.controls) = (tokenizer, steps, controls)
      (self.maximumTokens, self.labels) = (maximumTokens, labels)
    }

    /// Whether a class of Transformers itself answers as the network does.
    var isTransformers: Bool { head == nil && configuration.pooling == .cls }

    /// The class that reads it: Transformers' own, or that of the loader in the folder.
    public var architecture: String {
      isTransformers ? "BertForSequenceClassification" : "BenchForSequenceClassification"
    }
  }

  /// The loader's name in a written folder.
  public static let loaderName = "bench_model.py"

  /// Writes a folder in the form that is read: config.json, vocab.txt, tokenizer_config.json, model.safetensors; and the
  /// loader, a Python program that answers as the network does.
  ///
  /// What Transformers has no key for stands in config.json under names that begin with `bench_`. A network that no class
  /// of Transformers answers as has a `model_type` of its own, so that none is read with random weights in its place.
  ///
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  public static func write(_ contents: Contents, to folder: URL) throws {
    let pieces = contents.tokenizer.tokens.prefix(contents.tokenizer.pieceCount)
    let files = [
      ("config.json", settings(contents).text() + "\n"),
      ("tokenizer_config.json", tokenizerSettings(contents).text() + "\n"),
      ("vocab.txt", pieces.map { $0 + "\n" }.joined()), (loaderName, loader),
    ]
    try ExportFolder.write(
      files, tensors: contents.weights.tensors.map(\.tensor), metadata: ["format": "pt"], to: folder)
  }

  private static func tokenizerSettings(_ contents: Contents) -> JSONValue {
    let added = contents.tokenizer.added.map { token -> (String, JSONValue) in
      (
        "\(token.id)",
        .object([
          ("content", .text(token.content)), ("lstrip", .flag(false)), ("normalized", .flag(token.isNormalized)),
          ("rstrip", .flag(false)), ("single_word", .flag(token.isSingleWord)), ("special", .flag(token.isControl)),
        ])
      )
    }
    return .object([
      ("tokenizer_class", .text("BertTokenizer")), ("do_lower_case", .flag(contents.tokenizer.casing.lowercases)),
      ("strip_accents", .flag(contents.tokenizer.casing.stripsAccents)), ("tokenize_chinese_chars", .flag(true)),
      ("model_max_length", .integer(contents.maximumTokens)),
      ("split_special_tokens", .flag(contents.controls == .escape)), ("unk_token", .text("[UNK]")),
      ("sep_token", .text("[SEP]")), ("pad_token", .text("[PAD]")), ("cls_token", .text("[CLS]")),
      ("mask_token", .text("[MASK]")), ("added_tokens_decoder", .object(added)),
    ])
  }

  private static func settings(_ contents: Contents) -> JSONValue {
    let sizes = contents.configuration
    let table = contents.weights.tensors.first { $0.name == "bert.embeddings.word_embeddings.weight" }
    var entries: [(String, JSONValue)] = [("architectures", .list([.text(contents.architecture)]))]
    if contents.isTransformers {
      entries.append(("model_type", .text("bert")))
    } else {
      let place = loaderName.dropLast(".py".count)
      entries += [
        ("model_type", .text(ownType)),
        (
          "auto_map",
          .object([
            ("AutoConfig", .text("\(place).BenchConfig")),
            ("AutoModelForSequenceClassification", .text("\(place).\(contents.architecture)")),
          ])
        ),
      ]
    }
    entries += [
      ("hidden_act", .text("gelu")), ("position_embedding_type", .text("absolute")), ("torch_dtype", .text("float32")),
      ("hidden_size", .integer(sizes.hidden)), ("num_attention_heads", .integer(sizes.heads)),
      ("num_hidden_layers", .integer(sizes.layers)), ("intermediate_size", .integer(sizes.intermediate)),
      ("vocab_size", .integer(table?.shape.first ?? contents.tokenizer.count)),
      ("max_position_embeddings", .integer(sizes.maximumPositions)),
      ("type_vocab_size", .integer(sizes.typeVocabulary)),
      ("pad_token_id", .integer(Int(contents.tokenizer.paddingID))),
      ("hidden_dropout_prob", .number(sizes.dropout)),
      ("attention_probs_dropout_prob", .number(sizes.attentionDropout)),
      ("layer_norm_eps", .number(sizes.layerNormEpsilon)), ("initializer_range", .number(sizes.initializerRange)),
      // In the order of the numbers, which is that of the classes.
      ("id2label", .object(contents.labels.enumerated().map { ("\($0)", .text($1)) })),
      ("label2id", .object(contents.labels.enumerated().map { ($1, .integer($0)) })),
    ]
    if let head = contents.head {
      entries.append(
        (
          "bench_head",
          .object([
            ("embedding", .integer(head.embedding)), ("hidden", .integer(head.hidden)),
            ("layers", .integer(head.layers)),
            ("bidirectional", .flag(head.bidirectional)), ("dropout", .number(head.dropout)),
            ("pooling", .text(head.pooling.rawValue)),
          ])
        ))
    } else {
      entries.append(("bench_pooling", .text(sizes.pooling.rawValue)))
    }
    entries.append(("bench_text", .list(contents.steps.map { .text($0) })))
    return .object(entries)
  }
}
