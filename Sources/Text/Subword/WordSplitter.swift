/// Text in pieces: bytes, and where each piece starts and ends in them.
struct TextPieces: Sendable {
  var bytes = [UInt8]()
  /// Start and end of each piece, one after another; no piece is empty.
  var bounds = [Int32]()
  /// Whether the first piece begins where the original text does.
  var startsText = false
  /// Where a step writes what it makes, so that nothing is allocated in steady state.
  var spareBytes = [UInt8]()
  var spareBounds = [Int32]()
  var parts = [SplitBehavior.Part]()

  /// Moves what a step has written to where the next one reads.
  mutating func turn(text: Bool) {
    swap(&bounds, &spareBounds)
    spareBounds.removeAll(keepingCapacity: true)
    if text {
      swap(&bytes, &spareBytes)
      spareBytes.removeAll(keepingCapacity: true)
    }
  }
}

/// A step that cuts text into words before they are cut into tokens (the `pre_tokenizer` of Hugging Face's tokenizers).
enum WordSplitter: Sendable {
  enum PrependScheme: Sendable { case always, first, never }

  /// GPT-2's words of bytes. The last step: what follows it reads bytes and no scalars.
  case byteLevel(addsPrefixSpace: Bool, usesPattern: Bool)
  /// Spaces become a visible sign, as in SentencePiece (Kudo and Richardson 2018, section 3.1).
  case metaspace(replacement: [UInt8], prepend: PrependScheme, splits: Bool)
  case whitespaceSplit
  /// `\w+|[^\w\s]+`.
  case whitespace
  case punctuation(SplitBehavior)
  case digits(individual: Bool)
  case pattern(SplitPattern)
  case string([UInt8], SplitBehavior, inverted: Bool)
  case bert

  func apply(to pieces: inout TextPieces) {
    switch self {
    case .byteLevel(let addsPrefixSpace, let usesPattern):
      if addsPrefixSpace { Self.prependSpace(&pieces) }
      if usesPattern { Self.splitAtMatches(&pieces, .gpt2) }
    case .metaspace(let replacement, let prepend, let splits):
      Self.replaceSpaces(&pieces, replacement, prepend, splits: splits)
    case .pattern(let pattern): Self.splitAtMatches(&pieces, pattern)
    case .whitespaceSplit: Self.split(&pieces, at: .space, .removed)
    case .whitespace: Self.splitIntoWords(&pieces)
    case .punctuation(let behavior): Self.split(&pieces, at: .punctuation, behavior)
    case .digits(let individual): Self.split(&pieces, at: .number, individual ? .isolated : .contiguous)
    case .string(let string, let behavior, let inverted):
      Self.split(&pieces, at: string, behavior, inverted: inverted)
    case .bert:
      Self.split(&pieces, at: .space, .removed)
      Self.split(&pieces, at: .punctuation, .isolated)
    }
  }

  private static func splitAtMatches(_ pieces: inout TextPieces, _ pattern: SplitPattern) {
    for index in stride(from: 0, to: pieces.bounds.count, by: 2) {
      pattern.appendMatches(
        of: pieces.bytes, Int(pieces.bounds[index]), Int(pieces.bounds[index + 1]), to: &pieces.spareBounds)
    }
    pieces.turn(text: false)
  }

  private static func prependSpace(_ pieces: inout TextPieces) {
    let needsSpace = stride(from: 0, to: pieces.bounds.count, by: 2).contains {
      pieces.bytes[Int(pieces.bounds[$0])] != 0x20
    }
    guard needsSpace else { return }
    for index in stride(from: 0, to: pieces.bounds.count, by: 2) {
      let start = Int(pieces.bounds[index]), end = Int(pieces.bounds[index + 1])
      pieces.spareBounds.append(Int32(truncatingIfNeeded: pieces.spareBytes.count))
      if pieces.bytes[start] != 0x20 { pieces.spareBytes.append(0x20) }
      pieces.spareBytes.append(contentsOf: pieces.bytes[start..<end])
      pieces.spareBounds.append(Int32(truncatingIfNeeded: pieces.spareBytes.count))
    }
    pieces.turn(text: true)
  }

  private static func replaceSpaces(
    _ pieces: inout TextPieces, _ replacement: [UInt8], _ prepend: PrependScheme, splits: Bool
  ) {
    func begins(_ bytes: [UInt8], _ position: Int, _ end: Int) -> Bool {
      guard position + replacement.count <= end else { return false }
      for index in replacement.indices where bytes[position + index] != replacement[index] { return false }
      return true
    }
    for index in stride(from: 0, to: pieces.bounds.count, by: 2) {
      let end = Int(pieces.bounds[index + 1])
      var position = Int(pieces.bounds[index])
      let prepends = prepend == .always || prepend == .first && index == 0 && pieces.startsText
      var start = pieces.spareBytes.count
      if prepends, pieces.bytes[position] != 0x20, !begins(pieces.bytes, position, end) {
        pieces.spareBytes.append(contentsOf: replacement)
      }
      while position < end {
        let isSpace = pieces.bytes[position] == 0x20
        if splits, isSpace || begins(pieces.bytes, position, end), pieces.spareBytes.count > start {
          pieces.spareBounds.append(Int32(truncatingIfNeeded: start))
          start = pieces.spareBytes.count
          pieces.spareBounds.append(Int32(truncatingIfNeeded: start))
        }
        if isSpace {
          pieces.spareBytes.append(contentsOf: replacement)
        } else {
          pieces.spareBytes.append(pieces.bytes[position])
        }
        position += 1
      }
      pieces.spareBounds.append(Int32(truncatingIfNeeded: start))
      pieces.spareBounds.append(Int32(truncatingIfNeeded: pieces.spareBytes.count))
    }
    pieces.turn(text: true)
  }

  /// At every scalar that has a trait.
  private static func split(_ pieces: inout TextPieces, at traits: ScalarTraits, _ behavior: SplitBehavior) {
    splitByParts(&pieces, behavior) { bytes, start, end, parts in
      let table = ScalarTraits.table
      var position = start, plain = start
      while position < end {
        let (own, length) = ScalarTraits.at(position, of: bytes, table)
        if !own.isDisjoint(with: traits) {
          if plain < position { parts.append(SplitBehavior.Part(start: plain, end: position, isMatch: false)) }
          plain = position + length
          parts.append(SplitBehavior.Part(start: position, end: plain, isMatch: true))
        }
        position += length
      }
      if plain < end { parts.append(SplitBehavior.Part(start: plain, end: end, isMatch: false)) }
    }
  }

  private static func splitIntoWords(_ pieces: inout TextPieces) {
    splitByParts(&pieces, .removed) { bytes, start, end, parts in
      let table = ScalarTraits.table
      func kind(_ position: Int) -> (kind: Int, length: Int) {
        let (own, length) = ScalarTraits.at(position, of: bytes, table)
        return (own.contains(.word) ? 0 : own.contains(.space) ? 1 : 2, length)
      }
      var position = start
      while position < end {
        let first = position, (own, length) = kind(position)
        position += length
        while position < end {
          let (other, length) = kind(position)
          if other != own { break }
          position += length
        }
        parts.append(SplitBehavior.Part(start: first, end: position, isMatch: own == 1))
      }
    }
  }

  private static func split(
    _ pieces: inout TextPieces, at string: [UInt8], _ behavior: SplitBehavior, inverted: Bool
  ) {
    splitByParts(&pieces, behavior) { bytes, start, end, parts in
      var position = start, plain = start
      while position + string.count <= end {
        guard bytes[position] == string[0], bytes[position..<position + string.count].elementsEqual(string) else {
          position += 1
          continue
        }
        if plain < position { parts.append(SplitBehavior.Part(start: plain, end: position, isMatch: inverted)) }
        plain = position + string.count
        parts.append(SplitBehavior.Part(start: position, end: plain, isMatch: !inverted))
        position = plain
      }
      if plain < end { parts.append(SplitBehavior.Part(start: plain, end: end, isMatch: inverted)) }
    }
  }

  private static func splitByParts(
    _ pieces: inout TextPieces, _ behavior: SplitBehavior,
    _ find: (_ bytes: [UInt8], _ start: Int, _ end: Int, _ parts: inout [SplitBehavior.Part]) -> Void
  ) {
    if pieces.bounds.isEmpty { return }
    let first = pieces.bounds[0]
    for index in stride(from: 0, to: pieces.bounds.count, by: 2) {
      pieces.parts.removeAll(keepingCapacity: true)
      find(pieces.bytes, Int(pieces.bounds[index]), Int(pieces.bounds[index + 1]), &pieces.parts)
      behavior.append(pieces.parts, to: &pieces.spareBounds)
    }
    pieces.turn(text: false)
    if let start = pieces.bounds.first, start != first { pieces.startsText = false }
  }
}
