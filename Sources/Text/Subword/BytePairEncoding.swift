/// Byte-pair encoding (Sennrich, Haddow and Birch 2016, section 3.2), over scalars or, as in GPT-2 (Radford et al. 2019,
/// section 2.2), over bytes: the tokens of a word are joined two by two, the pair of the lowest rank first, the leftmost
/// of equal ones.
struct BytePairEncoding: Sendable {
  /// What a file says beside tokens and merges.
  struct Options: Sendable {
    /// Words are bytes, each spelt as a letter of its own in the vocabulary.
    var isByteLevel = false
    var unknown: Int32?
    /// Unknown scalars in a row are one token.
    var fusesUnknown = false
    /// An unknown scalar becomes the tokens `<0x00>` to `<0xFF>` of its bytes, where all of them are there.
    var fallsBackToBytes = false
    /// A word that is a token is that token, whatever the merges come to.
    var ignoresMerges = false
    /// Stands before what does not begin a word, and after what ends one.
    var prefix = [UInt8](), suffix = [UInt8]()
  }

  /// What a word is cut in, kept from one to the next.
  struct Scratch: Sendable {
    var cache = WordCache()
    fileprivate var tokens = [Int32]()
    fileprivate var merges = [UInt64]()
    fileprivate var spelling = [UInt8]()
    fileprivate var chain = MergeChain()
  }

  /// Words of more tokens are joined with a heap.
  private static let shortWord = 40

  private let trie: PieceTrie
  private let merges: MergeTable
  private let options: Options
  /// The token of each byte, of `<0x00>` to `<0xFF>` where they are fallen back to; -1 where there is none.
  private let bytes, fallback: [Int32]

  init(trie: PieceTrie, merges: MergeTable, options: Options) {
    (self.trie, self.merges, self.options) = (trie, merges, options)
    let own = (0...UInt8.max).map { byte -> [UInt8] in
      options.isByteLevel ? ByteAlphabet.spelling(of: byte) : byte < 0x80 ? [byte] : []
    }
    bytes = own.map { trie.find($0, root: PieceTrie.wordRoot) ?? -1 }
    fallback = (0...UInt8.max).map { trie.find(ByteAlphabet.code(of: $0).utf8, root: PieceTrie.wordRoot) ?? -1 }
  }

  /// Appends the tokens of a word.
  @inline(__always)
  func append(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, to ids: inout [Int32]) {
    guard end - start <= WordCache.longest else { return cut(text, start, end, &scratch, to: &ids) }
    let key = WordCache.Key(text, start, end)
    if scratch.cache.append(key, to: &ids) { return }
    let first = ids.count
    cut(text, start, end, &scratch, to: &ids)
    scratch.cache.insert(key, ids[first...])
  }

  private func cut(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, to ids: inout [Int32]) {
    if options.ignoresMerges {
      scratch.spelling.removeAll(keepingCapacity: true)
      for byte in text[start..<end] {
        if options.isByteLevel {
          scratch.spelling += ByteAlphabet.spelling(of: byte)
        } else {
          scratch.spelling.append(byte)
        }
      }
      if let id = trie.find(scratch.spelling, root: PieceTrie.wordRoot) { return ids.append(id) }
    }
    scratch.tokens.removeAll(keepingCapacity: true)
    if options.isByteLevel, options.prefix.isEmpty, options.suffix.isEmpty {
      appendBytes(text, start, end, &scratch)
    } else {
      appendScalars(text, start, end, &scratch)
    }
    if scratch.tokens.count <= Self.shortWord {
      join(&scratch)
      ids.append(contentsOf: scratch.tokens)
    } else {
      scratch.chain.join(scratch.tokens, by: merges, to: &ids)
    }
  }

  private func appendBytes(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch) {
    var afterUnknown = false
    for position in start..<end {
      let id = bytes[Int(text[position])]
      if id >= 0 {
        scratch.tokens.append(id)
      } else if let unknown = options.unknown, !(options.fusesUnknown && afterUnknown) {
        scratch.tokens.append(unknown)
      }
      afterUnknown = id < 0
    }
  }

  /// An unknown token is held back until a known one follows, as in Hugging Face's: bytes that are fallen back to come
  /// before it.
  private func appendScalars(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch) {
    var position = start, hasUnknown = false
    while position < end {
      let length = options.isByteLevel ? 1 : ScalarClass.decode(text, at: position).length
      scratch.spelling.removeAll(keepingCapacity: true)
      if position > start { scratch.spelling += options.prefix }
      if options.isByteLevel {
        scratch.spelling += ByteAlphabet.spelling(of: text[position])
      } else {
        scratch.spelling += text[position..<position + length]
      }
      position += length
      if position == end { scratch.spelling += options.suffix }
      if let id = trie.find(scratch.spelling, root: PieceTrie.wordRoot) {
        if hasUnknown, let unknown = options.unknown { scratch.tokens.append(unknown) }
        hasUnknown = false
        scratch.tokens.append(id)
      } else if options.fallsBackToBytes, scratch.spelling.allSatisfy({ fallback[Int($0)] >= 0 }) {
        for byte in scratch.spelling { scratch.tokens.append(fallback[Int(byte)]) }
      } else if let unknown = options.unknown {
        if hasUnknown, !options.fusesUnknown { scratch.tokens.append(unknown) }
        hasUnknown = true
      }
    }
    if hasUnknown, let unknown = options.unknown { scratch.tokens.append(unknown) }
  }

  /// Joins in place: at each step the lowest of all pairs, found by a look at each.
  private func join(_ scratch: inout Scratch) {
    scratch.merges.removeAll(keepingCapacity: true)
    var count = scratch.tokens.count
    if count < 2 { return }
    for index in 0..<count - 1 { scratch.merges.append(merges.find(scratch.tokens[index], scratch.tokens[index + 1])) }
    while count > 1 {
      var best = UInt64.max, place = 0
      for index in 0..<count - 1 where scratch.merges[index] >> 32 < best >> 32 {
        best = scratch.merges[index]
        place = index
      }
      if best == .max { break }
      scratch.tokens[place] = Int32(truncatingIfNeeded: best)
      count -= 1
      if place + 1 < count {
        for index in place + 1..<count { scratch.tokens[index] = scratch.tokens[index + 1] }
        for index in place..<count - 1 { scratch.merges[index] = scratch.merges[index + 1] }
        scratch.merges[place] = merges.find(scratch.tokens[place], scratch.tokens[place + 1])
      }
      if place > 0 { scratch.merges[place - 1] = merges.find(scratch.tokens[place - 1], scratch.tokens[place]) }
    }
    scratch.tokens.removeLast(scratch.tokens.count - count)
  }
}
