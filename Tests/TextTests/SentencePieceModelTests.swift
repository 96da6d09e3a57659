import Foundation
import TestSupport
import Testing

@testable import Text

@Suite("SentencePieceModel")
struct SentencePieceModelTests {
  /// A field of a message with a length, and one that is an integer.
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }

  private func piece(_ text: String, score: Float = 0, kind: UInt8 = 1) -> [UInt8] {
    let bits = score.bitPattern
    let number = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> UInt32($0)) }
    return field(1, field(1, Array(text.utf8)) + [2 << 3 | 5] + number + [3 << 3, kind])
  }

  private var special: [UInt8] { piece("<unk>", kind: 2) + piece("<s>", kind: 3) + piece("</s>", kind: 3) }

  private func read(_ bytes: [UInt8]) throws -> CheckpointTokenizer {
    try SubwordTokenizerTests.tokenizer(["sentencepiece.bpe.model": Data(bytes)])
  }

  @Test("gives XLM-R's ids, with <mask> behind the pieces")
  func ids() throws {
    let tokenizer = try read(
      special + piece("\u{2581}", score: -1) + piece("\u{2581}a", score: -1.5) + piece("b", score: -2))
    #expect(tokenizer.tokens == ["<s>", "<pad>", "</s>", "<unk>", "\u{2581}", "\u{2581}a", "b", "<mask>"])
    #expect(tokenizer.encode("ab  a <mask>c") == [0, 5, 6, 5, 7, 4, 3, 2])
    #expect(tokenizer.encode(" ") == [0, 2] && tokenizer.paddingID == 1 && tokenizer.unknownID == 3)
  }

  @Test("says what a file has that is not known")
  func mistakes() throws {
    for (bytes, says) in [
      (special + [2 << 3 | 2, 2, 3 << 3, 2], "trainer_spec.model_type: got BPE, expected 1, unigram"),
      (special + [2 << 3 | 2, 3, 24 << 3 & 0x7F | 0x80, 1, 1], "trainer_spec.treat_whitespace_as_suffix: got true"),
      (piece("a") + special, "its first pieces are a, <unk>, <s>, expected <unk>, <s>, </s>"),
      (special + piece("a") + piece("a"), "piece 4, \"a\", stands there twice"),
      (special + piece(""), "piece 3 is empty"),
      (special + piece("a", kind: 9), "piece 3 is of type 9, expected 1 to 6"),
      (special + piece("a", score: .nan), "piece 3 has the score nan"), ([], "has no pieces"),
      (special + field(3, field(2, [1, 2, 3])), "normalizer_spec.precompiled_charsmap: is shorter than its own head"),
      (special + field(1, field(1, [0xFF])), "piece 3 is not valid UTF-8"), (special + [0x0A, 200], "at byte"),
      (special + piece("<0xZZ>", kind: 6), "expected <0x00> to <0xFF>"),
    ] {
      do {
        _ = try read(bytes)
        Issue.record("read without an error: \(says)")
      } catch let error as TextError {
        #expect(error.description.contains("sentencepiece.bpe.model: ") && error.description.contains(says), "\(error)")
      }
    }
  }

  @Test("damaged models are read or refused, and trap nowhere")
  func damaged() throws {
    let reference = try SubwordTokenizerTests.read()
    let item = try #require(reference.cases.first { $0.name == "SentencePiece with own symbols" })
    let whole = [UInt8](try #require(Data(base64Encoded: item.files["sentencepiece.bpe.model"] ?? "")))
    var random = RandomText(seed: 3)
    for round in 0..<300 {
      var bytes = whole
      if round % 3 == 0 { bytes.removeLast(random.below(bytes.count)) }
      for _ in 0..<random.below(20) where !bytes.isEmpty { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      guard let tokenizer = try? read(bytes) else { continue }
      for text in reference.texts { #expect(tokenizer.encode(text).allSatisfy { $0 >= 0 && $0 < tokenizer.count }) }
    }
  }
}
