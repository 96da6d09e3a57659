import Autograd
import Foundation

/// The folder of a Hugging Face BERT, or of one of its descendants (`EncoderArchitecture`): config.json, model.safetensors
/// or its shards, and the tokenizer's files.
public struct BERTCheckpoint: Sendable {
  public let folder: URL
  /// The encoder's sizes.
  public let configuration: TransformerConfiguration
  /// Rows of the word embeddings: one a piece, and more where the checkpoint has them.
  public let vocabulary: Int
  public let tensors: CheckpointTensors

  /// Reads the configuration and the tensors' names and shapes, and checks these against each other. No values are read.
  ///
  /// - Throws: `CheckpointError` where a file is unreadable, malformed or asks for another kind of encoder, or naming
  ///   the first tensor that is missing, not a part of the model, or of another shape or kind.
  public init(folder: URL) throws(CheckpointError) {
    self.folder = folder
    (configuration, vocabulary) = try TransformerConfiguration.huggingFace(folder.appendingPathComponent("config.json"))
    tensors = try CheckpointTensors(folder: folder)
    var known = Set<String>()
    try configuration.eachTensor(vocabulary: vocabulary) { (name, shape) throws(CheckpointError) in
      guard let entry = entry(for: name) else {
        if name.hasPrefix("bert.pooler.") { return }
        throw .missing(tensor: name)
      }
      guard entry.shape == shape else { throw .shape(tensor: entry.name, got: entry.shape, expected: shape) }
      guard entry.element.isFloat else {
        throw .kind(tensor: entry.name, got: entry.element.rawValue, expected: "F32, F16, BF16 or F64")
      }
      known.insert(entry.name)
    }
    let heads = configuration.architecture.heads
    let odd = tensors.names.first { name in
      let bare = name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...]
      return !known.contains(name) && !heads.contains { bare.hasPrefix($0) }
    }
    if let odd { throw .unexpected(tensor: odd) }
  }

  /// What the encoder's names begin with, `bert.`; a bare encoder's do not.
  private var prefix: String { configuration.architecture.prefix + "." }

  /// The files that the checkpoint is read from: configuration, tokenizer, tensors.
  public var files: [URL] {
    let names = [
      "config.json", "tokenizer_config.json", "vocab.txt", "tokenizer.json", "added_tokens.json",
      "special_tokens_map.json", "vocab.json", "merges.txt", "sentencepiece.bpe.model",
    ]
    return names.map { folder.appendingPathComponent($0) }.filter { CheckpointFile.exists($0) } + tensors.files
  }

  /// Tensors of the head that names hidden tokens; its output's weights are the word vectors.
  private static let maskedHead = [
    "transform.dense.weight", "transform.dense.bias", "transform.LayerNorm.weight", "transform.LayerNorm.bias", "bias",
  ].map { "cls.predictions.\($0)" }

  /// The first tensor that the checkpoint lacks of the head that names hidden tokens; nil where it has all.
  public var missingHeadTensor: String? { Self.maskedHead.first { entry(for: $0) == nil } }

  /// Whether the head that names hidden tokens has weights of its own in place of the word vectors.
  public var hasUntiedHead: Bool {
    struct Ties: Decodable { var tie_word_embeddings: Bool? }
    let url = folder.appendingPathComponent("config.json")
    let ties = try? CheckpointFile.json(url, as: Ties.self, what: "the configuration of a BERT").tie_word_embeddings
    return ties == false && tensors["cls.predictions.decoder.weight"] != nil
  }

  /// The first tensor that the checkpoint lacks of the pooler, through which [CLS] is read; nil where it has all.
  public var missingPoolerTensor: String? {
    guard configuration.architecture == .bert else { return nil }
    return ["bert.pooler.dense.weight", "bert.pooler.dense.bias"].first { entry(for: $0) == nil }
  }

  /// Whether values are taken from the checkpoint without being asked for: the encoder's, and ModernBERT's head's, which
  /// comes with its pre-training as BERT's pooler does, where it is there.
  private func isTaken(_ name: String) -> Bool {
    name.hasPrefix(prefix) || Self.maskedHead.contains(name)
      || configuration.architecture == .modernBERT && name.hasPrefix("head.") && entry(for: name) != nil
  }

  /// Takes the values of every parameter of the encoder and its pooler, and of a masked language model's head; nothing is
  /// changed where a tensor does not fit.
  ///
  /// Checkpoints of a bare encoder have no `bert.` or the like in front, and old ones call a norm's tensors gamma and beta.
  /// Where the network has fewer word vectors than the checkpoint, it takes the first.
  ///
  /// - Returns: the tensors of the checkpoint that the network does not have.
  /// - Throws: `CheckpointError` naming the first tensor that is missing or has another shape.
  @discardableResult
  public func load(into network: some Parameterised) throws(CheckpointError) -> [String] {
    var used = Set<String>()
    let own = network.parameters.filter { isTaken($0.name) }
    let values = try own.assembled { (part) throws(CheckpointError) in
      guard let entry = entry(for: part.name) else { throw .missing(tensor: part.name) }
      let isTable = [configuration.tableName, "cls.predictions.bias"].contains(part.name)
      let hasRows = entry.shape.dropFirst() == part.shape.dropFirst() && entry.shape.first ?? 0 >= part.shape[0]
      guard entry.shape == part.shape || isTable && hasRows else {
        throw .shape(tensor: entry.name, got: entry.shape, expected: part.shape)
      }
      used.insert(entry.name)
      let values = try tensors.floats(entry.name)
      return entry.shape == part.shape ? values : Array(values.prefix(part.range.count))
    }
    for (parameter, values) in zip(own, values) { parameter.value.copy(from: values) }
    return tensors.names.filter { !used.contains($0) }
  }

  private func entry(for name: String) -> Safetensors.Entry? {
    let spellings =
      name.hasPrefix(prefix)
      ? [name, String(name.dropFirst(prefix.count))]
      : name == "cls.predictions.bias" ? [name, "cls.predictions.decoder.bias"] : [name]
    for spelling in spellings {
      if let entry = tensors[spelling] { return entry }
      for (new, old) in [("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")]
      where spelling.hasSuffix(new) {
        if let entry = tensors[spelling.dropLast(new.count) + old] { return entry }
      }
    }
    return nil
  }
}
