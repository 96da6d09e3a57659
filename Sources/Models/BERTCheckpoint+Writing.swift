import Foundation
import Text

extension BERTCheckpoint {
  /// What stands before the `model_type` of an export that no class of Transformers answers as.
  static let ownPrefix = "bench-"

  /// A fine-tuned network with all that another program needs to answer as it does.
  public struct Contents: Sendable {
    public var weights: WeightSnapshot
    public var configuration: TransformerConfiguration
    /// The LSTM above the encoder; nil where a classifier reads the encoder's vectors.
    public var head: RecurrentConfiguration?
    public var tokenizer: CheckpointTokenizer
    /// Steps from a raw text to what the tokenizer is given, by their names in manifests.
    public var steps: [String]
    public var controls: ControlTokens
    /// Longest sequence.
    public var maximumTokens: Int
    /// The classes' names, in order.
    public var labels: [String]

    public init(
      weights: WeightSnapshot, configuration: TransformerConfiguration, head: RecurrentConfiguration? = nil,
      tokenizer: CheckpointTokenizer, steps: [String] = [], controls: ControlTokens = .escape, maximumTokens: Int,
      labels: [String]
    ) {
      (self.weights, self.configuration, self.head) = (weights, configuration, head)
      (self.tokenizer, self.steps, self.controls) = (tokenizer, steps, controls)
      (self.maximumTokens, self.labels) = (maximumTokens, labels)
    }

    /// Whether a class of Transformers itself answers as the network does.
    public var isTransformers: Bool { head == nil && configuration.hasDenseHead }

    /// The class that reads it: Transformers' own, or that of the loader in the folder.
    public var architecture: String {
      isTransformers ? configuration.architecture.classifierClass : "BenchForSequenceClassification"
    }
  }

  /// The loader's name in a written folder.
  public static let loaderName = "bench_model.py"

  /// Writes a folder in the form that is read: config.json, the tokenizer's files, model.safetensors; and the loader, a
  /// Python program that answers as the network does.
  ///
  /// What Transformers has no key for stands in config.json under names that begin with `bench_`. A network that no class
  /// of Transformers answers as has a `model_type` of its own, so that none is read with random weights in its place.
  ///
  /// - Throws: an error of the file system; nothing is left then. A folder that exists is an error.
  public static func write(_ contents: Contents, to folder: URL) throws {
    func data(_ text: String) -> Data { Data(text.utf8) }
    let files = [
      ("config.json", data(settings(contents).text() + "\n")),
      ("tokenizer_config.json", data(tokenizerSettings(contents).text() + "\n")),
      (loaderName, data(loader(contents))),
    ]
    try ExportFolder.write(
      files + vocabulary(contents.tokenizer), tensors: contents.weights.tensors.map(\.tensor),
      metadata: ["format": "pt"], to: folder)
  }

  private static func vocabulary(_ tokenizer: CheckpointTokenizer) -> [(name: String, content: Data)] {
    switch tokenizer {
    case .wordPiece(let tokenizer):
      let pieces = tokenizer.tokens.prefix(tokenizer.pieceCount)
      return [("vocab.txt", Data(pieces.map { $0 + "\n" }.joined().utf8))]
    case .subword(let tokenizer): return tokenizer.vocabularyFiles
    }
  }

  private static func tokenizerSettings(_ contents: Contents) -> JSONValue {
    switch contents.tokenizer {
    case .wordPiece(let tokenizer): settings(of: tokenizer, contents)
    case .subword(let tokenizer): settings(of: tokenizer, contents)
    }
  }

  private static func settings(of tokenizer: SubwordTokenizer, _ contents: Contents) -> JSONValue {
    var entries: [(String, JSONValue)] = [("tokenizer_class", .text(tokenizer.transformersClass))]
    if let addsPrefixSpace = tokenizer.addsPrefixSpace { entries.append(("add_prefix_space", .flag(addsPrefixSpace))) }
    entries += [
      ("model_max_length", .integer(contents.maximumTokens)),
      ("split_special_tokens", .flag(contents.controls == .escape)),
    ]
    entries += tokenizer.roles.map { ($0.role, .text($0.token)) }
    return .object(entries)
  }

  private static func settings(of tokenizer: WordPiece, _ contents: Contents) -> JSONValue {
    let added = tokenizer.added.map { token -> (String, JSONValue) in
      (
        "\(token.id)",
        .object([
          ("content", .text(token.content)), ("lstrip", .flag(false)), ("normalized", .flag(token.isNormalized)),
          ("rstrip", .flag(false)), ("single_word", .flag(token.isSingleWord)), ("special", .flag(token.isControl)),
        ])
      )
    }
    return .object([
      ("tokenizer_class", .text("BertTokenizer")), ("do_lower_case", .flag(tokenizer.casing.lowercases)),
      ("strip_accents", .flag(tokenizer.casing.stripsAccents)), ("tokenize_chinese_chars", .flag(true)),
      ("model_max_length", .integer(contents.maximumTokens)),
      ("split_special_tokens", .flag(contents.controls == .escape)), ("unk_token", .text("[UNK]")),
      ("sep_token", .text("[SEP]")), ("pad_token", .text("[PAD]")), ("cls_token", .text("[CLS]")),
      ("mask_token", .text("[MASK]")), ("added_tokens_decoder", .object(added)),
    ])
  }
}
