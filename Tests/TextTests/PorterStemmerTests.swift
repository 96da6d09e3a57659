import Foundation
import TestSupport
import Testing

@testable import Text

@Suite("PorterStemmer")
struct PorterStemmerTests {
  @Test("stems as the algorithm of 1980 does")
  func golden() throws {
    let file = Fixtures.golden.appendingPathComponent("porter.json")
    let stems = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
    #expect(!stems.isEmpty, "\(file.path) has no cases")
    for (word, stem) in stems.sorted(by: { $0.key < $1.key }) {
      #expect(PorterStemmer.stem(word) == stem, "\(file.path), case \(word)")
    }
  }

  @Test(
    "follows the examples of the paper",
    arguments: [
      ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
      ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"), ("conflated", "conflat"),
      ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("sky", "sky"),
      ("conformabli", "conform"), ("adoption", "adopt"), ("controll", "control"), ("rate", "rate"), ("cease", "ceas"),
    ])
  func paper(word: String, stem: String) { #expect(PorterStemmer.stem(word) == stem) }

  @Test("lower-cases, and takes any text without a trap")
  func anyText() {
    #expect(PorterStemmer.stem("Hopping") == "hop")
    #expect(PorterStemmer.stem("") == "")
    #expect(PorterStemmer.stem("s") == "")
    var random = RandomText(seed: 1)
    for _ in 0..<300 { _ = PorterStemmer.stem(random.fragments(["y", "ion", "eed", "ing", "s", "e", "l"], count: 6)) }
  }
}
