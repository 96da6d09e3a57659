import Compute

/// Makes variants of texts that say about the same: words swapped, left out, put in, hidden or replaced, or a few words of
/// the text alone.
///
/// Swapping, leaving out and putting in are the operations of Wei and Zou 2019 without their synonyms; hiding, n-grams and
/// replacing those of Tang et al. 2019, section 2.3, but that a word of any kind may stand for another. Words are what stands
/// between white space, and new ones are drawn from the training texts, each as often as it stands there. Every variant of a
/// text has words, unless the text has none. What is drawn depends on the random numbers alone.
package struct Augmentation: Sendable {
  private let shares: AugmentationSettings
  /// Stands for a hidden word.
  private let maskToken: String
  /// Every word of the training texts, as often as it stands there.
  private let words: [Substring]

  package init(_ shares: AugmentationSettings, trainingTexts: [String], maskToken: String = "[MASK]") {
    (self.shares, self.maskToken) = (shares, maskToken)
    words = trainingTexts.flatMap(Self.words)
  }

  private static func words(of text: String) -> [Substring] { text.split { $0.isWhitespace } }

  package func variant(of text: String, random: inout Random) -> String {
    let all = Self.words(of: text)
    guard !all.isEmpty else { return text }
    var variant = all
    if shares.ngram > 0, random.uniform() < shares.ngram {
      let length = min(all.count, 1 + random.below(5))
      let start = random.below(all.count - length + 1)
      variant = Array(all[start..<start + length])
    }
    for place in variant.indices {
      let draw = random.uniform()
      if draw < shares.mask {
        variant[place] = maskToken[...]
      } else if draw < shares.mask + shares.replace {
        variant[place] = words[random.below(words.count)]
      }
    }
    for _ in 0..<count(shares.swap, of: variant.count) where variant.count > 1 {
      let first = random.below(variant.count)
      variant.swapAt(first, (first + 1 + random.below(variant.count - 1)) % variant.count)
    }
    for _ in 0..<count(shares.insert, of: variant.count) {
      variant.insert(words[random.below(words.count)], at: random.below(variant.count + 1))
    }
    if shares.delete > 0 {
      let kept = variant.filter { _ in random.uniform() >= shares.delete }
      variant = kept.isEmpty ? [variant[random.below(variant.count)]] : kept
    }
    return variant.joined(separator: " ")
  }

  /// At least one where there is a share.
  private func count(_ share: Double, of words: Int) -> Int {
    share > 0 ? max(1, Int((share * Double(words)).rounded())) : 0
  }
}
