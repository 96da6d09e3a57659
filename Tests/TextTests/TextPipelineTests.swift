import Foundation
import TestSupport
import Testing

@testable import Text

@Suite("TextPipeline")
struct TextPipelineTests {
  private let texts = ["my card is lost, my CARD!", "where is my card?", "the transfer failed again"]

  private func settings(_ tokenizer: TextSettings.Tokenizer) -> TextSettings {
    var settings = TextSettings()
    settings.tokenizer = tokenizer
    settings.minimumFrequency = 1
    return settings
  }

  @Test("fits on the given texts and sees no other", arguments: TextSettings.Tokenizer.allCases)
  func fitting(tokenizer: TextSettings.Tokenizer) throws {
    let pipeline = try TextPipeline.fit(settings(tokenizer), texts: texts)
    let before = pipeline.vocabularyTokens
    let unseen = pipeline.encode("zzz 我")
    #expect(unseen.unknown > 0)
    #expect(pipeline.vocabularyTokens == before)
    #expect(!before.contains { $0.contains("z") || $0.contains("我") })
    for text in texts { #expect(pipeline.encode(text).unknown == 0, "\(text)") }
    #expect(pipeline.vocabularyCount == before.count)
    #expect(before[Int(pipeline.paddingID)] == "[PAD]")
    #expect(before[Int(pipeline.unknownID)] == "[UNK]")
  }

  @Test("gives at least one token for an empty text")
  func empty() throws {
    let words = try TextPipeline.fit(settings(.words), texts: texts)
    #expect(words.encode(" ") == EncodedText(ids: [1], unknown: 1, isTruncated: false))
    let pieces = try TextPipeline.fit(settings(.wordpiece), texts: texts)
    #expect(pieces.encode("") == EncodedText(ids: [2, 3], unknown: 0, isTruncated: false))
  }

  @Test("cuts at the limit and says so", arguments: TextSettings.Tokenizer.allCases)
  func truncation(tokenizer: TextSettings.Tokenizer) throws {
    var settings = settings(tokenizer)
    let whole = try TextPipeline.fit(settings, texts: texts).encode(texts[1])
    #expect(!whole.isTruncated)
    settings.maximumTokens = whole.ids.count
    #expect(try TextPipeline.fit(settings, texts: texts).encode(texts[1]) == whole)
    settings.maximumTokens = whole.ids.count - 1
    let cut = try TextPipeline.fit(settings, texts: texts).encode(texts[1])
    #expect(cut.isTruncated)
    #expect(cut.ids.count == whole.ids.count - 1)
    #expect(cut.ids.prefix(3) == whole.ids.prefix(3))
  }

  @Test("comes back from its encoded form and reads the same", arguments: TextSettings.Tokenizer.allCases)
  func coding(tokenizer: TextSettings.Tokenizer) throws {
    var settings = settings(tokenizer)
    settings.anonymise = true
    let pipeline = try TextPipeline.fit(settings, texts: texts + ["mail me@example.com"])
    let copy = try JSONDecoder().decode(TextPipeline.self, from: JSONEncoder().encode(pipeline))
    #expect(copy.settings == pipeline.settings)
    #expect(copy.vocabularyTokens == pipeline.vocabularyTokens)
    for text in texts + ["you@example.com wrote"] {
      #expect(copy.encode(text) == pipeline.encode(text))
      #expect(copy.prepare(text) == pipeline.prepare(text))
    }
    let placeholder = try #require(pipeline.vocabularyTokens.firstIndex(of: "<email>"))
    #expect(copy.encode("you@example.com").ids.contains(Int32(placeholder)))
  }

  @Test("what a customer types never becomes a control token, unless they are kept; placeholders stay whole")
  func controlTokens() throws {
    let typed = "[SEP] [MASK] [CLS] [PAD] [UNK] [MISSING] my card"
    let plain = "[ SEP ] [ MASK ] [ CLS ] [ PAD ] [ UNK ] [ MISSING ] my card"
    for anonymise in [false, true] {
      for lowercase in [false, true] {
        var settings = settings(.wordpiece)
        (settings.anonymise, settings.lowercase) = (anonymise, lowercase)
        let pipeline = try TextPipeline.fit(settings, texts: texts + [typed])
        let ids = pipeline.encode(typed).ids
        #expect(ids == pipeline.encode(plain).ids && ids.dropFirst().dropLast().allSatisfy { $0 > 4 })
        // The texts that are learnt from are read the same way: every letter of them has a piece.
        #expect(pipeline.encode(typed).unknown == 0)
        let email = pipeline.vocabularyTokens.firstIndex(of: "<email>").map(Int32.init)
        #expect((email != nil) == anonymise)
        if let email { #expect(pipeline.encode("[SEP] you@example.com").ids.contains(email)) }
        settings.controlTokens = .keep
        let kept = try TextPipeline.fit(settings, texts: texts + [typed])
        if !lowercase { #expect(Array(kept.encode(typed).ids.dropFirst().prefix(5)) == [3, 4, 2, 0, 1]) }
      }
    }
    let words = try TextPipeline.fit(settings(.words), texts: texts + [typed, "<pad> <unk>"])
    let ids = words.encode(typed + " <pad> <unk>").ids
    #expect(ids.allSatisfy { $0 != Vocabulary.paddingID && $0 != Vocabulary.unknownID })
    #expect(words.vocabularyTokens.filter { $0.hasPrefix("[") }.sorted() == ["[", "[PAD]", "[UNK]"])
  }

  @Test("a model stored before control tokens were escaped keeps them")
  func storedBefore() throws {
    var settings = settings(.wordpiece)
    settings.lowercase = false
    let pipeline = try TextPipeline.fit(settings, texts: texts)
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(pipeline))
    var outline = try #require(object as? [String: Any])
    var own = try #require(outline["settings"] as? [String: Any])
    #expect(own.removeValue(forKey: "controlTokens") as? String == "escape")
    #expect(outline.removeValue(forKey: "added") != nil)
    outline["settings"] = own
    let old = try JSONDecoder().decode(TextPipeline.self, from: JSONSerialization.data(withJSONObject: outline))
    #expect(old.settings.controlTokens == .keep && old.encode("[MASK]").ids == [2, 4, 3])
    #expect(pipeline.encode("[MASK]").ids.count > 3)
  }

  @Test("a pipeline with a checkpoint's tokenizer of another kind comes back from its encoded form")
  func subword() throws {
    let reference = try SubwordTokenizerTests.read()
    var settings = settings(.wordpiece)
    (settings.clean, settings.lowercase) = (false, false)
    for item in reference.cases {
      let tokenizer = try SubwordTokenizerTests.tokenizer(item)
      let pipeline = TextPipeline(settings, tokenizer: tokenizer, rows: tokenizer.count + 3)
      let copy = try JSONDecoder().decode(TextPipeline.self, from: JSONEncoder().encode(pipeline))
      #expect(copy.vocabularyTokens == tokenizer.tokens && copy.embeddingRows == tokenizer.count + 3, "\(item.name)")
      #expect(copy.subword != nil && copy.wordPiece == nil)
      for (text, ids) in zip(reference.texts, item.escape) {
        // At least one id, also of a text and a tokenizer without any.
        let expected = ids.isEmpty ? [pipeline.unknownID] : Array(ids)
        let encoded = copy.encode(text)
        if ids.count <= settings.maximumTokens { #expect(encoded.ids == expected, "\(item.name)") }
        #expect(encoded == pipeline.encode(text) && encoded.isTruncated == (ids.count > settings.maximumTokens))
      }
    }
  }

  @Test("loads a vocabulary file in place of fitting")
  func vocabularyFile() throws {
    var settings = settings(.wordpiece)
    settings.vocabularyFile = Fixtures.golden.appendingPathComponent("vocab.txt").path
    let pipeline = try TextPipeline.fit(settings, texts: [])
    let wordPiece = try WordPieceTests.small()
    #expect(pipeline.vocabularyTokens == wordPiece.tokens)
    #expect(pipeline.encode("can you expedite it").ids == wordPiece.encode("can you expedite it"))
  }

  @Test("refuses settings that make no vocabulary")
  func refusals() {
    #expect(throws: TextError.noTexts) { try TextPipeline.fit(settings(.words), texts: []) }
    func expectRefusal(_ key: String, _ tokenizer: TextSettings.Tokenizer, _ change: (inout TextSettings) -> Void) {
      var settings = settings(tokenizer)
      change(&settings)
      do {
        _ = try TextPipeline.fit(settings, texts: texts)
        Issue.record("\(key) was accepted")
      } catch {
        #expect(error.description.contains(key), "\(error)")
      }
    }
    expectRefusal("maximum_tokens", .wordpiece) { $0.maximumTokens = 2 }
    expectRefusal("maximum_tokens", .words) { $0.maximumTokens = 0 }
    expectRefusal("vocabulary_size", .wordpiece) { $0.vocabularySize = 5 }
    expectRefusal("vocabulary_size", .words) { $0.vocabularySize = 2 }
    expectRefusal("vocabulary_file", .words) { $0.vocabularyFile = "vocab.txt" }
    expectRefusal("no-such-file.txt", .wordpiece) { $0.vocabularyFile = "no-such-file.txt" }
  }
}
