import Foundation
import TestSupport
import Testing

@testable import Text

@Suite("TokenizerFile")
struct TokenizerFileTests {
  private static let plain = #"""
    {
      "added_tokens": [
        {"id": 3, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}
      ],
      "normalizer": {"type": "NFC"},
      "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
      "post_processor": {"type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [3], "tokens": ["<s>"]}}},
      "model": {"type": "BPE", "dropout": null, "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}
    }
    """#

  private func read(_ text: String) throws -> CheckpointTokenizer {
    try SubwordTokenizerTests.tokenizer(["tokenizer.json": Data(text.utf8)])
  }

  @Test("reads the file that the mistakes below are put into")
  func whole() throws {
    let tokenizer = try read(Self.plain)
    #expect(tokenizer.encode("abab<s>") == [3, 2, 2, 3])
    #expect(tokenizer.tokens == ["a", "b", "ab", "<s>"] && tokenizer.specialIDs == [3])
    #expect(tokenizer.id(of: "ab") == 2 && tokenizer.id(of: "c") == nil && tokenizer.unknownID == nil)
  }

  @Test(
    "says where a file says something that is not known",
    arguments: [
      (#""NFC""#, #""NFX""#, 5, #"normalizer.type: got "NFX", expected one of Sequence, NFC,"#),
      (#"{"type": "NFC"}"#, #"{"type": "NFC", "x": 1}"#, 5, "normalizer.x: is not known; expected type"),
      (
        #"{"type": "NFC"}"#, #"{"type": "Replace", "pattern": {"Regex": "a+"}, "content": ""}"#, 5,
        #"normalizer.pattern.Regex: got "a+", expected the regular expression " {2,}", or a String"#
      ),
      (
        #"{"type": "NFC"}"#, #"{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip"}]}"#, 5,
        "normalizer.normalizers.1: has no strip_left"
      ),
      (
        #"{"type": "NFC"}"#, #"{"type": "Precompiled", "precompiled_charsmap": "AAAA"}"#, 5,
        "normalizer.precompiled_charsmap: is shorter than its own head"
      ),
      (
        #"{"type": "NFC"}"#, #"{"type": "Precompiled", "precompiled_charsmap": "?"}"#, 5,
        "normalizer.precompiled_charsmap: is not base64"
      ),
      (
        #""ByteLevel""#, #""ByteLevels""#, 6,
        #"pre_tokenizer.type: got "ByteLevels", expected one of Sequence, ByteLevel,"#
      ),
      (#""use_regex": true"#, #""use_regex": 1"#, 6, "pre_tokenizer.use_regex: got 1, expected true or false"),
      (
        #"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}"#,
        #"{"type": "Split", "pattern": {"Regex": "\\d"}, "behavior": "Isolated", "invert": false}"#, 6,
        #"pre_tokenizer.pattern.Regex: got "\\d", expected a String, or a regular expression of GPT-2,"#
      ),
      (
        #""A", "type_id""#, #""B", "type_id""#, 8,
        #"post_processor.single.1.Sequence.id: got "B", expected the one text, A, once"#
      ),
      (#""ids": [3]"#, #""ids": [4]"#, 7, "post_processor: the id 4 belongs to no token"),
      (#""BPE""#, #""WordLevel""#, 10, #"model.type: got "WordLevel", expected one of BPE, Unigram, WordPiece"#),
      (#""dropout": null"#, #""dropout": 0.5"#, 10, "model.dropout: got 0.5, expected null"),
      (#""dropout": null"#, #""unk_token": "?""#, 10, #"model.unk_token: got "?", expected a token of vocab"#),
      (#""dropout": null"#, #""cache": null"#, 10, "model.cache: is not known; expected type, dropout,"),
      (#""ab": 2"#, #""ab": 1"#, 10, "model.vocab.ab: got 1, expected an id of its own, 0 to 2"),
      (#""ab": 2"#, #""a": 2"#, 10, "model.vocab.a: stands there twice"),
      (#""a b""#, #""a b c""#, 10, #"model.merges.0: got "a b c", expected two tokens"#),
      (#""a b""#, #"["a", "c"]"#, 10, #"model.merges.0: the token "c" is not in vocab"#),
      (#""a b""#, #""b a""#, 10, #"model.merges.0: the token "ba" is not in vocab"#),
      (#""id": 3, "#, #""id": 7, "#, 3, "added_tokens.0.id: got 7, expected 3, the next"),
      (#""content": "<s>""#, #""content": "a""#, 3, "added_tokens.0.id: got 3, expected that of the same token, 0"),
      (#""content": "<s>", "#, "", 3, "added_tokens.0: has no content"),
      (#""<s>", "single_word""#, #""\ud83d", "single_word""#, 3, "is no JSON: half of a surrogate pair"),
      (#""merges": ["a b"]}"#, #""merges": ["a b"]"#, 11, "is no JSON: expected a comma or }"),
      (#""model": {"#, #""models": {"#, 10, "models: is not known; expected type, version,"),
    ])
  func mistakes(_ old: String, _ new: String, _ line: Int, _ says: String) throws {
    let text = Self.plain.replacingOccurrences(of: old, with: new)
    #expect(text != Self.plain, "\(old) is not there")
    do {
      _ = try read(text)
      Issue.record("read without an error: \(new)")
    } catch let error as TextError {
      let message = error.description.replacing(#/^.*?/tokenizer.json/#, with: "tokenizer.json")
      #expect(message.hasPrefix("tokenizer.json:\(line): \(says)"), "\(message)")
    }
  }

  @Test("no other part of a tokenizer.json is passed over in silence")
  func cut() throws {
    let bytes = Array(Self.plain.utf8)
    for count in stride(from: 0, to: bytes.count - 1, by: 7) {
      #expect(throws: TextError.self) {
        try SubwordTokenizerTests.tokenizer(["tokenizer.json": Data(bytes.prefix(count))])
      }
    }
    #expect(throws: TextError.self) {
      try SubwordTokenizerTests.tokenizer(["tokenizer.json": Data([0x22, 0xFF, 0x22])])
    }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: TextError.self) { try read(deep) }
  }

  @Test("damaged files are read or refused, and trap nowhere")
  func damaged() throws {
    let reference = try SubwordTokenizerTests.read()
    var random = RandomText(seed: 8)
    for name in ["roberta", "byte fallback", "xlm-r", "characters, BERT's words"] {
      let item = try #require(reference.cases.first { $0.name == name })
      let whole = Array(try #require(item.files["tokenizer.json"]).utf8)
      for _ in 0..<60 {
        var bytes = whole
        for _ in 0...random.below(4) {
          let place = random.below(bytes.count)
          switch random.below(3) {
          case 0: bytes[place] = UInt8(random.below(128))
          case 1: bytes.remove(at: place)
          default: bytes.insert(bytes[random.below(bytes.count)], at: place)
          }
        }
        guard let tokenizer = try? SubwordTokenizerTests.tokenizer(["tokenizer.json": Data(bytes)]) else { continue }
        for text in reference.texts { #expect(tokenizer.encode(text).allSatisfy { $0 >= 0 && $0 < tokenizer.count }) }
      }
    }
  }

  @Test("a folder without a tokenizer says what is expected, and two files without a kind say so")
  func folders() throws {
    func message(_ files: [String: String]) -> String {
      do {
        _ = try SubwordTokenizerTests.tokenizer(files.mapValues { Data($0.utf8) })
        return ""
      } catch { return "\(error)" }
    }
    #expect(message([:]).contains("has no tokenizer; expected tokenizer.json, vocab.json with merges.txt"))
    let vocabulary = #"{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}"#
    #expect(message(["vocab.json": vocabulary]).contains("merges.txt: cannot be read"))
    #expect(
      message(["vocab.json": vocabulary, "merges.txt": "#version: 0.2\na b\n"]).contains(
        "vocab.json:1: no file says which special tokens stand around a text"))
    #expect(
      message(["vocab.json": vocabulary, "merges.txt": "#version: 0.2\na b\na c\n"]).contains(
        "merges.txt:3: the token \"c\" is not in vocab.json"))
    let kind = #"{"tokenizer_class": "RobertaTokenizer"}"#
    #expect(
      message(["vocab.json": vocabulary, "merges.txt": "a b", "tokenizer_config.json": kind]).contains(
        "vocab.json:1: has no token <s>"))
    let gpt = try SubwordTokenizerTests.tokenizer([
      "vocab.json": Data(vocabulary.utf8), "merges.txt": Data("#version: 0.2\na b\n".utf8),
      "config.json": Data(#"{"model_type": "gpt2"}"#.utf8),
    ])
    #expect(gpt.encode("ab<|endoftext|>ab") == [2, 3, 2])
  }
}
