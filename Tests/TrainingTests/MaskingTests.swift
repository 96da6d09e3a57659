import Compute
import Testing

@testable import Training

@Suite struct MaskingTests {
  /// Five special pieces, 20 words, 20 continuations.
  private static let pieces =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + (0..<20).map { "w\($0)" } + (0..<20).map { "##c\($0)" }
  private func masking(_ share: Double = 0.15, wholeWords: Bool = true) -> Masking {
    Masking(pieces: Self.pieces, special: [0, 1, 2, 3, 4], mask: 4, share: share, isWholeWords: wholeWords)
  }
  /// [CLS], words of one to three pieces, [SEP].
  private func sequence(_ words: Int, _ random: inout Random) -> [Int32] {
    var ids: [Int32] = [2]
    for _ in 0..<words {
      ids.append(Int32(5 + random.below(20)))
      for _ in 0..<random.below(3) { ids.append(Int32(25 + random.below(20))) }
    }
    return ids + [3]
  }

  @Test("15 % of the tokens are chosen; of these 80 % are hidden, 10 % others, 10 % stay; special pieces never")
  func shares() {
    var random = Random(seed: 1, stream: "m")
    var chosen = 0, hidden = 0, kept = 0, all = 0
    for row in 0..<2_000 {
      let ids = sequence(30, &random), masked = masking().mask(ids, random: random.stream("\(row)"))
      all += ids.count - 2
      chosen += masked.places.count
      #expect(masked.places == masked.places.sorted() && Set(masked.places).count == masked.places.count)
      #expect(masked.labels == masked.places.map { Int(ids[$0]) })
      #expect(masked.ids.indices.allSatisfy { masked.places.contains($0) || masked.ids[$0] == ids[$0] })
      for place in masked.places {
        #expect(ids[place] > 4)
        if masked.ids[place] == 4 { hidden += 1 } else { #expect(masked.ids[place] > 4) }
        if masked.ids[place] == ids[place] { kept += 1 }
      }
    }
    // Words that no longer fit leave a little less than the share; drawn pieces are the same one in 40.
    #expect(0.14...0.151 ~= Double(chosen) / Double(all))
    #expect(0.79...0.81 ~= Double(hidden) / Double(chosen))
    #expect(0.095...0.11 ~= Double(kept) / Double(chosen))
  }

  @Test("a word is hidden with all its pieces or not at all; single pieces where that is switched off")
  func wholeWords() {
    var random = Random(seed: 2, stream: "m")
    var torn = 0
    for row in 0..<300 {
      let ids = sequence(20, &random)
      for isWhole in [true, false] {
        let places = Set(masking(0.3, wholeWords: isWhole).mask(ids, random: random.stream("\(row)")).places)
        for place in ids.indices where ids[place] >= 25 && places.contains(place) != places.contains(place - 1) {
          #expect(!isWhole)
          torn += 1
        }
      }
    }
    #expect(torn > 100)
  }

  @Test("at least one token is chosen, of the longest word too; none where there is none; the stream alone decides")
  func ends() {
    let long: [Int32] = [2, 5, 25, 26, 27, 28, 29, 3]
    #expect(masking().mask(long, random: Random(seed: 1, stream: "a")).places == [1, 2, 3, 4, 5, 6])
    #expect(masking().mask([2, 7, 3], random: Random(seed: 1, stream: "a")).places == [1])
    #expect(!masking().canMask([2, 1, 3]) && masking().canMask([2, 7, 3]))
    #expect(masking().mask([2, 1, 3], random: Random(seed: 1, stream: "a")).places.isEmpty)
    var random = Random(seed: 3, stream: "m")
    let ids = sequence(60, &random)
    func masked(_ stream: String) -> Masking.Masked { masking().mask(ids, random: Random(seed: 1, stream: stream)) }
    #expect(masked("a") == masked("a") && masked("a").places != masked("b").places)
  }
}
