import Autograd
import Foundation

/// A Hugging Face BERT folder: config.json, model.safetensors or its shards, and the tokenizer's files.
public struct BERTCheckpoint: Sendable {
  public let folder: URL
  /// The encoder's sizes.
  public let configuration: TransformerConfiguration
  /// Rows of the word embeddings: one a piece, and more where the checkpoint has them.
  public let vocabulary: Int
  public let tensors: CheckpointTensors

  /// Beginnings of names that belong to heads, or to buffers of old versions: left out where they are not needed.
  private static let heads = ["cls.", "classifier.", "qa_outputs.", "pooler.", "head.", "embeddings.position_ids"]

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
    let odd = tensors.names.first { name in
      let bare = name.hasPrefix("bert.") ? name.dropFirst("bert.".count) : name[...]
      return !known.contains(name) && !Self.heads.contains { bare.hasPrefix($0) }
    }
    if let odd { throw .unexpected(tensor: odd) }
  }

  /// The files that the checkpoint is read from: configuration, tokenizer, tensors.
  public var files: [URL] {
    let names = [
      "config.json", "tokenizer_config.json", "vocab.txt", "tokenizer.json", "added_tokens.json",
      "special_tokens_map.json",
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
    ["bert.pooler.dense.weight", "bert.pooler.dense.bias"].first { entry(for: $0) == nil }
  }

  /// Takes the values of every parameter named `bert.…`, and of a masked language model's head; nothing is changed where
  /// a tensor does not fit.
  ///
  /// Checkpoints of a bare encoder have no `bert.` in front, and old ones call a norm's tensors gamma and beta. Where the
  /// network has fewer word vectors than the checkpoint, it takes the first.
  ///
  /// - Returns: the tensors of the checkpoint that the network does not have.
  /// - Throws: `CheckpointError` naming the first tensor that is missing or has another shape.
  @discardableResult
  public func load(into network: some Parameterised) throws(CheckpointError) -> [String] {
    var used = Set<String>()
    let own = network.parameters.filter { $0.name.hasPrefix("bert.") || Self.maskedHead.contains($0.name) }
    let values = try own.assembled { (part) throws(CheckpointError) in
      guard let entry = entry(for: part.name) else { throw .missing(tensor: part.name) }
      let isTable = ["bert.embeddings.word_embeddings.weight", "cls.predictions.bias"].contains(part.name)
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
      name.hasPrefix("bert.")
      ? [name, String(name.dropFirst("bert.".count))]
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

extension TransformerConfiguration {
  /// Calls `body` with the name and shape of every tensor of the encoder and its pooler, in the network's order.
  func eachTensor(
    vocabulary: Int, _ body: (_ name: String, _ shape: [Int]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    func pair(_ name: String, _ outputs: Int, _ inputs: Int) throws(CheckpointError) {
      try body("\(name).weight", [outputs, inputs])
      try body("\(name).bias", [outputs])
    }
    func norm(_ name: String) throws(CheckpointError) {
      try body("\(name).LayerNorm.weight", [hidden])
      try body("\(name).LayerNorm.bias", [hidden])
    }
    try body("bert.embeddings.word_embeddings.weight", [vocabulary, hidden])
    try body("bert.embeddings.position_embeddings.weight", [maximumPositions, hidden])
    try body("bert.embeddings.token_type_embeddings.weight", [typeVocabulary, hidden])
    try norm("bert.embeddings")
    for layer in 0..<layers {
      let name = "bert.encoder.layer.\(layer)"
      for part in ["query", "key", "value"] { try pair("\(name).attention.self.\(part)", hidden, hidden) }
      try pair("\(name).attention.output.dense", hidden, hidden)
      try norm("\(name).attention.output")
      try pair("\(name).intermediate.dense", intermediate, hidden)
      try pair("\(name).output.dense", hidden, intermediate)
      try norm("\(name).output")
    }
    try pair("bert.pooler.dense", hidden, hidden)
  }
}
