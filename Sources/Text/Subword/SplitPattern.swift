/// The regular expressions by which byte-level tokenizers cut a text into words, as scanners over UTF-8.
///
/// Every scalar of a text belongs to a match, so a match ends where the next begins.
enum SplitPattern: Sendable, Equatable {
  /// GPT-2's (Radford et al. 2019, the reference implementation's `encoder.py`): contractions; runs of letters, of
  /// numbers, of other signs, each with a space before; white space.
  case gpt2
  /// That of GPT-4's `cl100k_base` and Llama 3: contractions in capitals too; a sign before letters; at most so many
  /// digits together; line ends with the signs before them.
  case cl100k(digits: Int)

  /// Spellings that tokenizer.json files have.
  static let known: KeyValuePairs<String, SplitPattern> = [
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
    #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#: .gpt2,
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      .cl100k(digits: 3),
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      .cl100k(digits: 1),
    #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#:
      .cl100k(digits: 3),
  ]

  private static let apostrophe = UInt8(ascii: "'")

  /// Appends the bounds of the matches in a piece of the text.
  func appendMatches(of bytes: [UInt8], _ start: Int, _ end: Int, to bounds: inout [Int32]) {
    let table = ScalarTraits.table
    var position = start
    while position < end {
      let next =
        switch self {
        case .gpt2: Self.gpt2(bytes, position, end, table)
        case .cl100k(let digits): Self.cl100k(bytes, position, end, digits: digits, table)
        }
      bounds.append(Int32(truncatingIfNeeded: position))
      bounds.append(Int32(truncatingIfNeeded: next))
      position = next
    }
  }

  /// Where a run of scalars with any of the traits ends, or of scalars with none of them.
  @inline(__always)
  private static func run(
    _ bytes: [UInt8], _ start: Int, _ end: Int, _ traits: ScalarTraits, has: Bool, _ table: [UInt8]
  ) -> Int {
    var position = start
    while position < end {
      let (own, length) = ScalarTraits.at(position, of: bytes, table)
      if own.isDisjoint(with: traits) == has { break }
      position += length
    }
    return position
  }

  @inline(__always)
  private static func gpt2(_ bytes: [UInt8], _ start: Int, _ end: Int, _ table: [UInt8]) -> Int {
    if bytes[start] == apostrophe, let next = contraction(bytes, start, end, ignoresCase: false) { return next }
    // A space goes with what follows it, unless that is white space.
    let first = bytes[start] == 0x20 && start + 1 < end ? start + 1 : start
    let (traits, length) = ScalarTraits.at(first, of: bytes, table)
    if traits.contains(.letter) { return run(bytes, first + length, end, .letter, has: true, table) }
    if traits.contains(.number) { return run(bytes, first + length, end, .number, has: true, table) }
    if !traits.contains(.space) {
      return run(bytes, first + length, end, .letterNumberOrSpace, has: false, table)
    }
    return space(bytes, start, end, table, keepsLines: false)
  }

  @inline(__always)
  private static func cl100k(_ bytes: [UInt8], _ start: Int, _ end: Int, digits: Int, _ table: [UInt8]) -> Int {
    if bytes[start] == apostrophe, let next = contraction(bytes, start, end, ignoresCase: true) { return next }
    let (traits, length) = ScalarTraits.at(start, of: bytes, table)
    let second = start + length
    if traits.contains(.letter) { return run(bytes, second, end, .letter, has: true, table) }
    if traits.contains(.number) {
      var position = second, left = digits - 1
      while left > 0, position < end {
        let (own, length) = ScalarTraits.at(position, of: bytes, table)
        if !own.contains(.number) { break }
        position += length
        left -= 1
      }
      return position
    }
    let following = second < end ? ScalarTraits.at(second, of: bytes, table) : (traits: .space, length: 0)
    if !traits.contains(.newline), following.traits.contains(.letter) {
      return run(bytes, second + following.length, end, .letter, has: true, table)
    }
    let isSign = !traits.contains(.space)
    if isSign || bytes[start] == 0x20 && following.traits.isDisjoint(with: .letterNumberOrSpace) {
      let signs = run(bytes, second, end, .letterNumberOrSpace, has: false, table)
      return run(bytes, signs, end, .newline, has: true, table)
    }
    return space(bytes, start, end, table, keepsLines: true)
  }

  /// White space: up to its last line end where lines are kept, else all of it but the last, which goes with what
  /// follows; all of it at the end of the piece.
  private static func space(_ bytes: [UInt8], _ start: Int, _ end: Int, _ table: [UInt8], keepsLines: Bool) -> Int {
    var position = start, last = start, line = start
    while position < end {
      let (traits, length) = ScalarTraits.at(position, of: bytes, table)
      if !traits.contains(.space) { break }
      last = position
      position += length
      if traits.contains(.newline) { line = position }
    }
    if keepsLines, line > start { return line }
    return position == end || last == start ? position : last
  }

  /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`; nil where none of them begins at `start`.
  private static func contraction(_ bytes: [UInt8], _ start: Int, _ end: Int, ignoresCase: Bool) -> Int? {
    func letter(_ offset: Int) -> UInt8 {
      guard start + offset < end else { return 0 }
      let byte = bytes[start + offset]
      return ignoresCase && ScalarClass.isASCIILetter(byte) ? byte | 0x20 : byte
    }
    switch letter(1) {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"): return letter(2) == UInt8(ascii: "e") ? start + 3 : nil
    case UInt8(ascii: "l"): return letter(2) == UInt8(ascii: "l") ? start + 3 : nil
    // U+017F, the long s, is an S in another case.
    case 0xC5: return ignoresCase && letter(2) == 0xBF ? start + 3 : nil
    default: return nil
    }
  }
}
