/// Porter's stemmer as published: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, pp. 130–137.
///
/// Later variants are left out: words of one or two letters have no exception, `abli` becomes `able`, and there is no
/// rule for `logi`.
public enum PorterStemmer {
  /// The stem of a word; letters are lower-cased first. What is no vowel (a, e, i, o, u, and y after a consonant) counts as
  /// a consonant.
  public static func stem(_ word: String) -> String {
    var stemming = Stemming(letters: word.lowercased().unicodeScalars.map(\.value))
    stemming.run()
    var scalars = String.UnicodeScalarView()
    for letter in stemming.letters { scalars.append(Unicode.Scalar(letter)!) }
    return String(scalars)
  }
}

private struct Rule {
  let suffix: [UInt32]
  let replacement: [UInt32]

  /// `"ational ate, al"`: each suffix with what stands in its place.
  static func list(_ text: String) -> [Rule] {
    text.split(separator: ",").map { rule in
      let parts = rule.split(separator: " ").map { $0.unicodeScalars.map(\.value) }
      return Rule(suffix: parts[0], replacement: parts.count > 1 ? parts[1] : [])
    }
  }

  static let step1a = list("sses ss, ies i, ss ss, s")
  static let step2 = list(
    """
    ational ate, tional tion, enci ence, anci ance, izer ize, abli able, alli al, entli ent, eli e, ousli ous, ization ize, \
    ation ate, ator ate, alism al, iveness ive, fulness ful, ousness ous, aliti al, iviti ive, biliti ble
    """)
  static let step3 = list("icate ic, ative, alize al, iciti ic, ical ic, ful, ness")
  static let step4 = list(
    "al, ance, ence, er, ic, able, ible, ant, ement, ment, ent, ion, ou, ism, ate, iti, ous, ive, ize")
}

private struct Stemming {
  var letters: [UInt32]

  private static let a = UInt32(UInt8(ascii: "a")), e = UInt32(UInt8(ascii: "e")), i = UInt32(UInt8(ascii: "i"))
  private static let o = UInt32(UInt8(ascii: "o")), u = UInt32(UInt8(ascii: "u")), y = UInt32(UInt8(ascii: "y"))
  private static let b = UInt32(UInt8(ascii: "b")), d = UInt32(UInt8(ascii: "d")), g = UInt32(UInt8(ascii: "g"))
  private static let n = UInt32(UInt8(ascii: "n"))
  private static let l = UInt32(UInt8(ascii: "l")), s = UInt32(UInt8(ascii: "s")), t = UInt32(UInt8(ascii: "t"))
  private static let w = UInt32(UInt8(ascii: "w")), x = UInt32(UInt8(ascii: "x")), z = UInt32(UInt8(ascii: "z"))

  private static let eed = [e, e, d], ed = [e, d], ing = [i, n, g]
  private static let at = [a, t], bl = [b, l], iz = [i, z]

  mutating func run() {
    apply(Rule.step1a) { _, _ in true }
    stripPast()
    if letters.last == Self.y, hasVowel(letters.count - 1) { letters[letters.count - 1] = Self.i }
    apply(Rule.step2) { word, stem in word.measure(stem) > 0 }
    apply(Rule.step3) { word, stem in word.measure(stem) > 0 }
    apply(Rule.step4) { word, stem in
      guard word.measure(stem) > 1 else { return false }
      // "ion" goes only after s or t.
      if word.letters.count - stem == 3, word.letters[stem] == Self.i, word.letters[stem + 1] == Self.o {
        return word.letters[stem - 1] == Self.s || word.letters[stem - 1] == Self.t
      }
      return true
    }
    tidy()
  }

  /// Step 1b: "eed", "ed" and "ing".
  private mutating func stripPast() {
    if ends(Self.eed) {
      if measure(letters.count - 3) > 0 { letters.removeLast() }
      return
    }
    let length = ends(Self.ed) ? 2 : ends(Self.ing) ? 3 : 0
    guard length > 0, hasVowel(letters.count - length) else { return }
    letters.removeLast(length)
    if ends(Self.at) || ends(Self.bl) || ends(Self.iz) {
      letters.append(Self.e)
    } else if endsInDoubleConsonant, let last = letters.last, last != Self.l, last != Self.s, last != Self.z {
      letters.removeLast()
    } else if measure(letters.count) == 1, endsInShortSyllable(letters.count) {
      letters.append(Self.e)
    }
  }

  /// Step 5: a final "e", and one of two final l.
  private mutating func tidy() {
    if letters.last == Self.e {
      let stem = letters.count - 1, m = measure(stem)
      if m > 1 || (m == 1 && !endsInShortSyllable(stem)) { letters.removeLast() }
    }
    if letters.last == Self.l, endsInDoubleConsonant, measure(letters.count) > 1 { letters.removeLast() }
  }

  /// Applies the first rule whose suffix the word has, if the condition on the stem's length holds.
  private mutating func apply(_ rules: [Rule], where condition: (Stemming, Int) -> Bool) {
    for rule in rules where ends(rule.suffix) {
      let stem = letters.count - rule.suffix.count
      if condition(self, stem) { letters.replaceSubrange(stem..., with: rule.replacement) }
      return
    }
  }

  private func ends(_ suffix: [UInt32]) -> Bool {
    let offset = letters.count - suffix.count
    guard offset >= 0 else { return false }
    for index in suffix.indices.reversed() where letters[offset + index] != suffix[index] { return false }
    return true
  }

  private func isVowel(_ index: Int) -> Bool {
    switch letters[index] {
    case Self.a, Self.e, Self.i, Self.o, Self.u: return true
    case Self.y: break
    default: return false
    }
    // y is a vowel after a consonant: in a run of y's every second one from the first after a consonant.
    var start = index
    while start > 0, letters[start - 1] == Self.y { start -= 1 }
    let firstIsVowel = start > 0 && !isVowel(start - 1)
    return (index - start).isMultiple(of: 2) == firstIsVowel
  }

  /// m of [C](VC)^m[V] for the first `count` letters.
  private func measure(_ count: Int) -> Int {
    var m = 0, afterVowel = false
    for index in 0..<count {
      let vowel = isVowel(index, afterVowel: afterVowel)
      if afterVowel, !vowel { m += 1 }
      afterVowel = vowel
    }
    return m
  }

  /// *v*
  private func hasVowel(_ count: Int) -> Bool {
    var afterVowel = false
    for index in 0..<count {
      afterVowel = isVowel(index, afterVowel: afterVowel)
      if afterVowel { return true }
    }
    return false
  }

  /// For loops from the start of the word, which know what the letter before is.
  private func isVowel(_ index: Int, afterVowel: Bool) -> Bool {
    switch letters[index] {
    case Self.a, Self.e, Self.i, Self.o, Self.u: true
    case Self.y: index > 0 && !afterVowel
    default: false
    }
  }

  /// *d
  private var endsInDoubleConsonant: Bool {
    let count = letters.count
    return count > 1 && letters[count - 1] == letters[count - 2] && !isVowel(count - 1)
  }

  /// *o: consonant, vowel, consonant, and the last is not w, x or y.
  private func endsInShortSyllable(_ count: Int) -> Bool {
    guard count > 2, !isVowel(count - 1), isVowel(count - 2), !isVowel(count - 3) else { return false }
    let last = letters[count - 1]
    return last != Self.w && last != Self.x && last != Self.y
  }
}
