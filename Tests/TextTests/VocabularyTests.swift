import Foundation
import Testing

@testable import Text

@Suite("Vocabulary")
struct VocabularyTests {
  private let texts = [["b", "a", "b"], ["c", "a", "Z"], ["é"]]

  @Test("orders by frequency, then by Unicode scalars, after padding and unknown")
  func order() {
    let vocabulary = Vocabulary(fitting: texts)
    #expect(vocabulary.tokens == ["[PAD]", "[UNK]", "a", "b", "Z", "c", "é"])
    #expect(vocabulary.id(of: "b") == 3)
    #expect(vocabulary.id(of: "never seen") == Vocabulary.unknownID)
  }

  @Test("leaves out what is rare or past its size")
  func limits() {
    #expect(Vocabulary(fitting: texts, minimumFrequency: 2).tokens == ["[PAD]", "[UNK]", "a", "b"])
    #expect(Vocabulary(fitting: texts, maximumSize: 3).tokens == ["[PAD]", "[UNK]", "a"])
    #expect(Vocabulary(fitting: texts, maximumSize: 0).tokens == ["[PAD]", "[UNK]"])
  }

  @Test("comes back from its encoded form, and refuses one that is none")
  func coding() throws {
    let vocabulary = Vocabulary(fitting: texts)
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(Vocabulary.self, from: data) == vocabulary)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Vocabulary.self, from: Data(#"["a"]"#.utf8)) }
  }
}
