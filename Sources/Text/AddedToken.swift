/// A token that is found in a text before words are cut into pieces, as Hugging Face's tokenizers have them.
///
/// White space beside it, which their `lstrip` and `rstrip` take into it, is no part of any piece, so these change no id.
public struct AddedToken: Sendable, Equatable, Codable {
  public var content: String
  public var id: Int32
  /// Stands for no text of its own, as `[SEP]`: `ControlTokens.escape` leaves it to the words.
  public var isControl: Bool
  /// Looked for in the folded text, its own spelling folded too; else in the raw text, to the byte.
  public var isNormalized: Bool
  /// Counts only where no letter, digit, mark or underscore stands beside it.
  public var isSingleWord: Bool

  public init(
    _ content: String, id: Int32, isControl: Bool, isNormalized: Bool = false, isSingleWord: Bool = false
  ) {
    (self.content, self.id, self.isControl) = (content, id, isControl)
    (self.isNormalized, self.isSingleWord) = (isNormalized, isSingleWord)
  }
}

/// What a control token's spelling means in a customer's text.
public enum ControlTokens: String, Sendable, CaseIterable, Codable {
  /// Its letters and signs, as in any other text.
  case escape
  /// The control token, as Transformers reads it unless `split_special_tokens` is set.
  case keep
}

extension KeyedDecodingContainer {
  /// Models of before this setting kept them.
  func decode(_ type: ControlTokens.Type, forKey key: Key) throws -> ControlTokens {
    try decodeIfPresent(type, forKey: key) ?? .keep
  }
}

/// Cuts a text at its added tokens (the semantics of Hugging Face's `AddedVocabulary`): first those of the raw text, then,
/// in what is left and folded, the others; from left to right, the longest of those that start at one place. What is
/// passed over (a part of a longer word, an escaped control token) is not searched again.
struct AddedTokenSplitter: Sendable {
  /// A piece of the text: a token, or folded text between tokens.
  enum Part {
    case token(Int32, Range<Int>)
    case text(FoldedText)
  }

  private let tokens: [AddedToken]
  private let raw: PieceTrie
  private let folded: PieceTrie
  private let folding: BertFolding

  init(_ added: [AddedToken], folding: BertFolding) {
    // Of two that fold alike the first counts, and control tokens come last there.
    let tokens = added.filter { !$0.isControl } + added.filter(\.isControl)
    var raw = PieceTrie(lowercases: false), folded = PieceTrie(lowercases: false)
    for (index, token) in tokens.enumerated() {
      if token.isNormalized {
        let spelling = FoldedText(Array(token.content.utf8), folding: folding).bytes
        if !spelling.isEmpty { _ = folded.insert(spelling, root: PieceTrie.wordRoot, id: Int32(index)) }
      } else {
        _ = raw.insert(token.content.utf8, root: PieceTrie.wordRoot, id: Int32(index))
      }
    }
    (self.tokens, self.raw, self.folded, self.folding) = (tokens, raw, folded, folding)
  }

  func parts(of text: String, _ controls: ControlTokens) -> [Part] {
    let bytes = Array(text.utf8)
    var parts = [Part]()
    for (range, token) in matches(in: bytes, raw, controls) {
      if let token {
        parts.append(.token(token.id, range))
        continue
      }
      let rest = FoldedText(Array(bytes[range]), folding: folding, at: range.lowerBound)
      for (range, token) in matches(in: rest.bytes, folded, controls) {
        if let token {
          parts.append(.token(token.id, rest.source(of: range)))
        } else {
          parts.append(.text(rest.part(range)))
        }
      }
    }
    return parts
  }

  /// The tokens and what stands between them, in order.
  private func matches(
    in bytes: [UInt8], _ trie: PieceTrie, _ controls: ControlTokens
  ) -> [(range: Range<Int>, token: AddedToken?)] {
    var found = [(range: Range<Int>, token: AddedToken?)]()
    var position = 0, start = 0
    while position < bytes.count {
      let match = trie.longest(in: bytes, from: position, to: bytes.count, root: PieceTrie.wordRoot)
      guard match.id >= 0 else {
        position += 1
        continue
      }
      let token = tokens[Int(match.id)], range = position..<match.end
      position = match.end
      let isEscaped = token.isControl && controls == .escape
      if isEscaped || token.isSingleWord && !Self.isApart(range, in: bytes) { continue }
      if start < range.lowerBound { found.append((start..<range.lowerBound, nil)) }
      found.append((range, token))
      start = range.upperBound
    }
    if start < bytes.count { found.append((start..<bytes.count, nil)) }
    return found
  }

  private static func isApart(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
    var last = range.lowerBound - 1
    while last > 0, bytes[last] & 0xC0 == 0x80 { last -= 1 }
    return (last < 0 || !isWordCharacter(bytes, last))
      && (range.upperBound == bytes.count || !isWordCharacter(bytes, range.upperBound))
  }

  /// `\w` of Unicode's regular expressions (UTS #18, annex C).
  private static func isWordCharacter(_ bytes: [UInt8], _ position: Int) -> Bool {
    let properties = Unicode.Scalar(ScalarClass.decode(bytes, at: position).value)!.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return properties.isAlphabetic || properties.isJoinControl
    }
  }
}

/// A text as BERT's normaliser leaves it, before it is cut into words, with the source of every byte.
struct FoldedText {
  private(set) var bytes = [UInt8]()
  /// Where the source of each byte starts and ends.
  private var sources = [Range<Int>]()

  /// - Parameter offset: where `text` starts in what the sources count in.
  init(_ text: [UInt8], folding: BertFolding, at offset: Int = 0) {
    /// Scalars of a combining class > 0 that canonical order may move.
    var marks = [(combiningClass: UInt8, value: UInt32, source: Range<Int>)]()
    func flush(_ folded: inout FoldedText) {
      // Stable, as canonical order is (Unicode, section 3.11).
      let sorted = marks.indices.sorted { (marks[$0].combiningClass, $0) < (marks[$1].combiningClass, $1) }
      for index in sorted { folded.append(marks[index].value, marks[index].source) }
      marks.removeAll(keepingCapacity: true)
    }
    var position = 0
    while position < text.count {
      let (value, length) = ScalarClass.decode(text, at: position)
      let entry = value < 0x10000 ? folding.plane[Int(value)] : folding.entry(value)
      let source = offset + position..<offset + position + length
      position += length
      switch entry >> 24 {
      case BertFolding.Kind.dropped: continue
      case BertFolding.Kind.complex:
        for part in folding.expansion(of: entry & 0x1F_FFFF) {
          if part.combiningClass > 0 {
            marks.append((part.combiningClass, part.entry & 0x1F_FFFF, source))
            continue
          }
          flush(&self)
          if part.entry >> 24 != BertFolding.Kind.barrier { append(part.entry & 0x1F_FFFF, source) }
        }
      case let kind:
        flush(&self)
        if kind == BertFolding.Kind.barrier { continue }
        let isIdeograph = kind == BertFolding.Kind.isolated && ScalarClass.isIdeograph(value)
        if isIdeograph { append(0x20, source) }
        append(kind == BertFolding.Kind.space ? 0x20 : entry & 0x1F_FFFF, source)
        if isIdeograph { append(0x20, source) }
      }
    }
    flush(&self)
  }

  private mutating func append(_ value: UInt32, _ source: Range<Int>) {
    ScalarClass.append(value, to: &bytes)
    while sources.count < bytes.count { sources.append(source) }
  }

  /// What a range of the folded bytes stands for; marks may have moved, so the outermost bytes count.
  func source(of range: Range<Int>) -> Range<Int> {
    var (low, high) = (sources[range.lowerBound].lowerBound, sources[range.lowerBound].upperBound)
    for source in sources[range] { (low, high) = (min(low, source.lowerBound), max(high, source.upperBound)) }
    return low..<high
  }

  /// Where the source of the first byte starts; nil where nothing is left.
  var startOfSource: Int? { sources.first?.lowerBound }

  func part(_ range: Range<Int>) -> FoldedText {
    var part = self
    (part.bytes, part.sources) = (Array(bytes[range]), Array(sources[range]))
    return part
  }
}
