import Compute
import Foundation
import TestSupport
import Testing
import Text

@testable import Models

@Suite struct CheckpointFilesTests {
  private func messages(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "no error"
  }

  private func network() -> BERTClassifier {
    BERTClassifier(
      TinyCheckpoint.configuration, vocabulary: TinyCheckpoint.pieces.count, classes: 3,
      random: Random(seed: 9, stream: "n"), workspace: Workspace())
  }

  @Test("the tensors that a configuration asks for are those of the network")
  func names() throws {
    var expected = [String: [Int]]()
    try TinyCheckpoint.configuration.eachTensor(vocabulary: TinyCheckpoint.pieces.count) { expected[$0] = $1 }
    let parts = network().parameters.filter { $0.name.hasPrefix("bert.") }.flatMap(\.checkpointParts)
    #expect(expected == Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.shape) }))
  }

  @Test("what was written is read again, bit for bit; an existing folder is left alone")
  func roundTrip() throws {
    let tiny = try TinyCheckpoint(), network = network()
    let checkpoint = try BERTCheckpoint(folder: tiny.folder)
    #expect(checkpoint.configuration == TinyCheckpoint.configuration)
    try checkpoint.load(into: network)
    for tensor in network.snapshot().tensors where tensor.name.hasPrefix("bert.") {
      #expect(try checkpoint.tensors.floats(tensor.name) == tensor.values, "\(tensor.name)")
    }
    #expect(try checkpoint.wordPiece().tokens == TinyCheckpoint.pieces)
    #expect(throws: CheckpointError.self) {
      try BERTCheckpoint.write(
        BERTCheckpoint.Contents(
          weights: network.snapshot(), configuration: TinyCheckpoint.configuration, tokenizer: checkpoint.tokenizer(),
          maximumTokens: 40, labels: ["a", "b", "c"]),
        to: tiny.folder)
    }
  }

  @Test("classes are written in the order of their numbers, beyond ten too")
  func classOrder() throws {
    let tiny = try TinyCheckpoint(), labels = (0..<12).map { "class \((7 * $0) % 12)" }
    let tokenizer = try BERTCheckpoint(folder: tiny.folder).tokenizer()
    let folder = tiny.url("twelve")
    try BERTCheckpoint.write(
      BERTCheckpoint.Contents(
        weights: network().snapshot(), configuration: TinyCheckpoint.configuration, tokenizer: tokenizer,
        maximumTokens: 40, labels: labels), to: folder)
    let text = try String(contentsOf: folder.appendingPathComponent("config.json"), encoding: .utf8)
    let expected = labels.enumerated().map { "    \"\($0)\": \"\($1)\"" }.joined(separator: ",\n")
    #expect(text.contains("\"id2label\": {\n\(expected)\n  }"), "\(text)")
    let reverse = labels.enumerated().map { "    \"\($1)\": \($0)" }.joined(separator: ",\n")
    #expect(text.contains("\"label2id\": {\n\(reverse)\n  }"), "\(text)")
  }

  @Test("added tokens, spare word vectors and what is escaped are written as they are read")
  func addedTokens() throws {
    let reference = try CheckpointTokenizerTests.read()
    for item in reference.cases {
      try CheckpointTokenizerTests.withFolder(item, config: reference.config) { folder in
        let checkpoint = try BERTCheckpoint(folder: folder), tokenizer = try checkpoint.wordPiece()
        let network = BERTClassifier(
          checkpoint.configuration, vocabulary: checkpoint.vocabulary, classes: 3, random: Random(seed: 1, stream: "n"),
          workspace: Workspace())
        try checkpoint.load(into: network)
        let copy = folder.appendingPathComponent("copy")
        try BERTCheckpoint.write(
          BERTCheckpoint.Contents(
            weights: network.snapshot(), configuration: checkpoint.configuration, tokenizer: .wordPiece(tokenizer),
            controls: .keep, maximumTokens: 40, labels: ["a", "b", "c"]), to: copy)
        let again = try BERTCheckpoint(folder: copy)
        #expect(try again.vocabulary == checkpoint.vocabulary && again.wordPiece().added == tokenizer.added)
        for (text, ids) in zip(reference.texts, item.keep) {
          #expect(try again.wordPiece().encode(text) == ids, "\(item.name): \(text.debugDescription)")
        }
        let settings = try String(contentsOf: copy.appendingPathComponent("tokenizer_config.json"), encoding: .utf8)
        #expect(settings.contains("\"split_special_tokens\": false"))
      }
    }
  }

  @Test("shards with an index give the same tensors as one file")
  func shards() throws {
    let tiny = try TinyCheckpoint()
    let whole = try Safetensors(contentsOf: tiny.url("model.safetensors"))
    let tensors = try whole.entries.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: try whole.floats($0.name))
    }
    let one = network(), two = network()
    _ = try BERTCheckpoint(folder: tiny.folder).load(into: one)
    let shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    try Safetensors.write(Array(tensors.prefix(7)), to: tiny.url(shards[0]))
    #expect(throws: (any Error).self, "a file that is there") {
      try Safetensors.write(Array(tensors.prefix(7)), to: tiny.url(shards[0]))
    }
    try Safetensors.write(Array(tensors.dropFirst(7)), to: tiny.url(shards[1]))
    try FileManager.default.removeItem(at: tiny.url("model.safetensors"))
    #expect(messages { _ = try BERTCheckpoint(folder: tiny.folder) } == "model.safetensors is missing")
    for (name, says) in [
      ("pytorch_model.bin", "a pickle is code"), ("tf_model.h5", "save_pretrained"),
      ("adapter_model.safetensors", "PEFT"),
    ] {
      try Data("x".utf8).write(to: tiny.url(name))
      let message = messages { _ = try BERTCheckpoint(folder: tiny.folder) }
      #expect(message.hasPrefix("model.safetensors is missing; \(name) ") && message.contains(says), "\(message)")
      try FileManager.default.removeItem(at: tiny.url(name))
    }
    let map = tensors.enumerated().map { "\"\($1.name)\": \"\(shards[$0 < 7 ? 0 : 1])\"" }
    let index = "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {\(map.joined(separator: ", "))}}"
    let file = tiny.url("model.safetensors.index.json")
    try Data(index.utf8).write(to: file)
    _ = try BERTCheckpoint(folder: tiny.folder).load(into: two)
    #expect(one.snapshot().tensors.prefix(30) == two.snapshot().tensors.prefix(30))
    let first = tensors[0].name
    for (from, to, says) in [
      ("\"\(first)\": \"\(shards[0])\"", "\"\(first)\": \"\(shards[1])\"", "tensor \(first) is missing"),
      ("\"\(first)\": \"\(shards[0])\", ", "", "tensor \(first) is not a part of this model"),
      (shards[1], "../x.safetensors", "not the name of a file beside it"),
      (shards[1], "no.safetensors", "no.safetensors"),
      ("weight_map", "map", "the key weight_map is missing"),
    ] {
      try Data(index.replacingOccurrences(of: from, with: to).utf8).write(to: file)
      #expect(messages { _ = try BERTCheckpoint(folder: tiny.folder) }.contains(says), "\(says)")
    }
  }

  @Test("a tensor of a layer that the configuration does not have, or of integers, is named")
  func oddTensors() throws {
    let tiny = try TinyCheckpoint()
    try tiny.replace("config.json", "\"num_hidden_layers\": 1", with: "\"num_hidden_layers\": 2")
    #expect(
      messages { _ = try BERTCheckpoint(folder: tiny.folder) }
        == "tensor bert.encoder.layer.1.attention.self.query.weight is missing")
    try tiny.replace("config.json", "\"num_hidden_layers\": 2", with: "\"num_hidden_layers\": 0")
    #expect(messages { _ = try BERTCheckpoint(folder: tiny.folder) }.contains("impossible sizes"))
    try tiny.replace("config.json", "\"num_hidden_layers\": 0", with: "\"num_hidden_layers\": 1")
    let file = tiny.url("model.safetensors")
    let whole = try Data(contentsOf: file)
    func write(_ from: String, _ to: String) throws {
      var data = whole
      let range = try #require(data.range(of: Data(from.utf8)))
      data.replaceSubrange(range, with: Data(to.utf8))
      try data.write(to: file)
    }
    try write(
      "\"bert.embeddings.LayerNorm.bias\":{\"dtype\":\"F32\"", "\"bert.embeddings.LayerNorm.bias\":{\"dtype\":\"I32\"")
    #expect(
      messages { _ = try BERTCheckpoint(folder: tiny.folder) }.contains("tensor bert.embeddings.LayerNorm.bias is I32"))
    try write("\"classifier.bias\"", "\"classifiex.bias\"")
    #expect(
      messages { _ = try BERTCheckpoint(folder: tiny.folder) } == "tensor classifiex.bias is not a part of this model")
  }

  @Test("values that cannot be computed with are named with their tensor and file, and nothing is loaded")
  func oddValues() throws {
    for (value, says) in [
      (Float.nan, "values that are not finite (nan)"), (-Float.infinity, "values that are not finite (-inf)"),
      (Float(3e38), "3e+38"),
    ] {
      let tiny = try TinyCheckpoint(), network = network(), before = network.snapshot()
      let file = tiny.url("model.safetensors"), whole = try Safetensors(contentsOf: file)
      var tensors = try whole.entries.map {
        NamedTensor(name: $0.name, shape: $0.shape, values: try whole.floats($0.name))
      }
      let place = try #require(tensors.firstIndex { $0.name.hasSuffix("attention.self.query.bias") })
      var values = tensors[place].values
      values[1] = value
      tensors[place] = NamedTensor(name: tensors[place].name, shape: tensors[place].shape, values: values)
      try FileManager.default.removeItem(at: file)
      try Safetensors.write(tensors, to: file)
      let checkpoint = try BERTCheckpoint(folder: tiny.folder)
      #expect(
        messages { try checkpoint.load(into: network) }.hasPrefix(
          "model.safetensors: tensor \(tensors[place].name) holds \(says), expected numbers up to 1e9"))
      #expect(network.snapshot().tensors == before.tensors)
    }
  }

  @Test("another kind of file under the name of the weights is named, with what to do")
  func foreignWeights() throws {
    let tiny = try TinyCheckpoint()
    for (bytes, says) in [
      (
        Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90868376\n".utf8),
        "got a pointer of Git LFS, expected safetensors: fetch the file itself (git lfs pull)"
      ),
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "got a gzip file, expected safetensors: unpack it (gunzip FILE)"),
      (Array("\n<!DOCTYPE HTML><title>404</title>".utf8), "got a web page, expected safetensors: fetch the file again"),
      (Array("<html><body></body></html>".utf8), "got a web page"),
      (
        Array("PK\u{3}\u{4}archive/data.pkl".utf8),
        "got a zip archive (PyTorch writes such), expected safetensors: load"
      ),
      ([0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9], "got a pickle of Python, expected safetensors: load the"),
      (
        [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "got an HDF5 file, expected safetensors: load the checkpoint"
      ),
      (Array("neither of these".utf8), "the header claims"),
    ] as [([UInt8], String)] {
      try Data(bytes).write(to: tiny.url("model.safetensors"))
      let message = messages { _ = try BERTCheckpoint(folder: tiny.folder) }
      #expect(message.hasPrefix("model.safetensors: \(says)"), "\(message)")
    }
  }

  @Test(
    "casing follows tokenizer_config.json, as Transformers', else is uncased, whatever tokenizer.json says",
    arguments: [
      (nil, nil, BertCasing.uncased), (#"{"do_lower_case": false}"#, nil, .cased),
      (#"{"do_lower_case": true, "strip_accents": false}"#, nil, BertCasing(lowercases: true, stripsAccents: false)),
      (#"{"do_lower_case": false, "strip_accents": true}"#, nil, BertCasing(lowercases: false, stripsAccents: true)),
      (#"{"strip_accents": null}"#, #""lowercase": false"#, .uncased), (nil, #""lowercase": false"#, .uncased),
      (#"{"do_lower_case": false}"#, #""lowercase": true, "strip_accents": true"#, .cased),
      (#"{"do_lower_case": true}"#, #""lowercase": false"#, .uncased),
    ] as [(String?, String?, BertCasing)])
  func casing(config: String?, normalizer: String?, expected: BertCasing) throws {
    let tiny = try TinyCheckpoint()
    try FileManager.default.removeItem(at: tiny.url("tokenizer_config.json"))
    if let config { try Data(config.utf8).write(to: tiny.url("tokenizer_config.json")) }
    if let normalizer {
      try FileManager.default.removeItem(at: tiny.url("vocab.txt"))
      let vocabulary = TinyCheckpoint.pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ",")
      let text = """
        {"normalizer": {"type": "BertNormalizer", \(normalizer)},
         "model": {"type": "WordPiece", "vocab": {\(vocabulary)}}, "added_tokens": [{"id": 0, "content": "[PAD]"}]}
        """
      try Data(text.utf8).write(to: tiny.url("tokenizer.json"))
    }
    let tokenizer = try BERTCheckpoint(folder: tiny.folder).wordPiece()
    #expect(tokenizer.casing == expected && tokenizer.tokens == TinyCheckpoint.pieces)
    let pieces = tokenizer.tokens(of: tokenizer.encode("A é"))
    let letter = expected.lowercases ? "a" : "A", accented = expected.stripsAccents ? "e" : "é"
    #expect(pieces == ["[CLS]", letter, accented, "[SEP]"])
  }

  @Test("a tokenizer of another kind, or with more pieces than vectors, is an error")
  func tokenizers() throws {
    for (name, text, says) in [
      ("tokenizer_config.json", #"{"tokenizer_class": "RobertaTokenizer"}"#, "tokenizer_class is RobertaTokenizer"),
      ("tokenizer_config.json", #"{"tokenize_chinese_chars": false}"#, "tokenize_chinese_chars"),
      ("tokenizer_config.json", #"{"do_lower_case": "yes"}"#, "do_lower_case: expected Bool"),
      ("tokenizer_config.json", String(repeating: "[", count: 100_000), "it is no JSON"),
      ("tokenizer.json", #"{"model": {"type": "BPE", "vocab": {}}}"#, "model.type is BPE"),
      ("tokenizer.json", #"{"model": {"vocab": {"[PAD]": 0, "a": 2}}}"#, "the ids of the pieces"),
      ("tokenizer.json", #"{"model": {"vocab": {"[PAD]": 0, "a": 999999999999}}}"#, "the ids of the pieces"),
      ("tokenizer.json", #"{"model": {"vocab": {"[PAD]": 0, "a": 1}}}"#, "[UNK]"),
      ("tokenizer.json", #"{"model": {"unk_token": "<unk>", "vocab": {}}}"#, "model.unk_token is <unk>"),
      (
        "tokenizer.json", #"{"model": {"max_input_chars_per_word": 50, "vocab": {}}}"#, "max_input_chars_per_word is 50"
      ),
      ("tokenizer.json", #"{"pre_tokenizer": {"type": "Whitespace"}, "model": {"vocab": {}}}"#, "pre_tokenizer.type"),
      ("added_tokens.json", #"{"<x>": 70}"#, "\"<x>\" has the id 70, expected 62, the next"),
      ("added_tokens.json", #"{"the": 3}"#, "\"the\" has the id 3, expected that of the piece, 61"),
      ("added_tokens.json", #"{"<x>": -1}"#, "added_tokens.json: \"<x>\" has the id -1"),
      ("added_tokens.json", #"{"<x>": 99999999999999}"#, "added_tokens.json: \"<x>\" has the id 99999999999999"),
      ("added_tokens.json", #"{"<x>": 62}"#, "62 pieces and 1 added tokens, config.json's vocab_size is 62"),
      ("added_tokens.json", #"{" x": 62}"#, "added_tokens.json: an added token that is empty, or begins or ends"),
      ("special_tokens_map.json", #"{"cls_token": "<s>"}"#, "special_tokens_map.json: cls_token is \"<s>\""),
      ("special_tokens_map.json", #"{"mask_token": {"content": "<mask>"}}"#, "mask_token is \"<mask>\""),
      ("special_tokens_map.json", #"{"additional_special_tokens": ["<x>"]}"#, "62 pieces and 1 added tokens"),
      ("tokenizer_config.json", #"{"sep_token": "</s>"}"#, "tokenizer_config.json: sep_token is \"</s>\""),
      ("tokenizer_config.json", #"{"added_tokens_decoder": {"a": {"content": "<x>"}}}"#, "expected an id"),
      ("vocab.txt", "\u{FEFF}" + TinyCheckpoint.pieces.joined(separator: "\n"), "begins with a byte order mark"),
      ("vocab.txt", TinyCheckpoint.pieces.joined(separator: "\n") + "\nmore\n", "config.json's vocab_size is 62"),
    ] {
      let tiny = try TinyCheckpoint()
      if name == "tokenizer.json" { try FileManager.default.removeItem(at: tiny.url("vocab.txt")) }
      // Without it the older files count.
      if name != "vocab.txt" { try FileManager.default.removeItem(at: tiny.url("tokenizer_config.json")) }
      try Data(text.utf8).write(to: tiny.url(name))
      let message = messages { _ = try BERTCheckpoint(folder: tiny.folder).wordPiece() }
      #expect(message.contains(says), "\(message)")
    }
  }

  @Test("fewer pieces than vectors are allowed: the network takes the first vectors")
  func fewerPieces() throws {
    let tiny = try TinyCheckpoint()
    try Data(TinyCheckpoint.pieces.dropLast(2).joined(separator: "\n").utf8).write(to: tiny.url("vocab.txt"))
    let checkpoint = try BERTCheckpoint(folder: tiny.folder), count = try checkpoint.wordPiece().count
    let network = BERTClassifier(
      checkpoint.configuration, vocabulary: count, classes: 2, random: Random(seed: 1, stream: "n"),
      workspace: Workspace())
    _ = try checkpoint.load(into: network)
    let table = try checkpoint.tensors.floats("bert.embeddings.word_embeddings.weight")
    #expect(network.snapshot().tensors[0].values == Array(table.prefix(count * 8)))
  }
}
