import Testing

@testable import Text

@Suite struct SpellingTests {
  @Test("The distance counts insertions, deletions, substitutions and exchanges of neighbours")
  func distance() {
    let cases: [(String, String, Int)] = [
      ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("lable", "label", 1), ("hiden", "hidden", 1),
      ("kitten", "sitting", 3),
      ("ca", "abc", 3), ("abcd", "acbd", 1),
    ]
    for (a, b, expected) in cases {
      #expect(Spelling.distance(Array(a), Array(b)) == expected, "\(a) \(b)")
      #expect(Spelling.distance(Array(b), Array(a)) == expected, "\(b) \(a)")
    }
  }

  @Test("The nearest word is suggested only where it is near")
  func nearest() {
    let words = ["layers", "hidden", "heads", "batch_size", "kind"]
    #expect(Spelling.nearest(to: "layer", among: words) == "layers")
    #expect(Spelling.nearest(to: "batch-size", among: words) == "batch_size")
    #expect(Spelling.nearest(to: "batchSize", among: words) == "batch_size")
    #expect(Spelling.nearest(to: "kidn", among: words) == "kind")
    #expect(Spelling.nearest(to: "Kind", among: words) == "kind")
    #expect(Spelling.nearest(to: "colour", among: words) == nil)
    #expect(Spelling.nearest(to: "", among: words) == nil)
  }
}
