/// The unigram language model (Kudo 2018, section 3.2): of all ways to cut a word into tokens the one of the highest sum
/// of scores, which are logarithms of probabilities (Viterbi 1967).
struct Unigram: Sendable {
  /// What a file says beside tokens and scores.
  struct Options: Sendable {
    /// The token of a scalar that is none; nil where there is no such token.
    var unknown: Int32?
    /// What is unknown becomes the tokens `<0x00>` to `<0xFF>` of its bytes, where all of them are there; -1 where there is
    /// none, and empty where that is not wanted.
    var fallback = [Int32]()
    /// Sums are rounded to single precision from place to place, as SentencePiece has them.
    var roundsSums = false
  }

  /// What a word is cut in, kept from one to the next.
  struct Scratch: Sendable {
    var cache = WordCache()
    /// The best way to each place.
    fileprivate var steps = [Step]()
    /// Where each token of the best way ends, from the last one on.
    fileprivate var path = [Int32]()
  }

  /// The last step of a way: its sum of scores, where its token starts, and which that is.
  fileprivate struct Step: Sendable {
    var sum = 0.0
    var start: Int32 = 0
    var token = Unigram.unreached
  }

  /// How far below the lowest score an unknown scalar is.
  private static let unknownPenalty = 10.0

  /// Stand for tokens: no way leads to a place; a scalar that is none.
  private static let unreached: Int32 = -2, unknown: Int32 = -1

  private let trie: DoubleArrayTrie
  private let scores: [Double]
  private let unknownScore: Double
  private let options: Options

  /// - Parameters:
  ///   - trie: the tokens that a text may be cut into.
  ///   - lowest: the lowest score of a token.
  init(trie: PieceTrie, scores: [Double], lowest: Double, options: Options) {
    (self.trie, self.scores, self.options) = (DoubleArrayTrie(trie), scores, options)
    let unknownScore = lowest - Self.unknownPenalty
    self.unknownScore = options.roundsSums ? Double(Float(unknownScore)) : unknownScore
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
    search(text, start, end, &scratch)
    appendPath(text, start, end, &scratch, to: &ids)
  }

  /// Finds the best way to every place of the word.
  private func search(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch) {
    let count = end - start
    while scratch.steps.count <= count { scratch.steps.append(Step()) }
    let bytes = text.span, units = trie.units.span, scores = scores.span, rounds = options.roundsSums
    var steps = scratch.steps.mutableSpan
    for place in 0...count { steps[place].token = Self.unreached }
    steps[0].sum = 0
    var position = start
    while position < end {
      let sum = steps[position - start].sum
      let length = ScalarClass.length(of: bytes[position])
      var isKnown = false
      var node = DoubleArrayTrie.root, next = position
      while next < end {
        let child = Int(units[node].base) ^ Int(bytes[next]), unit = units[child]
        if Int(unit.parent) != node { break }
        node = child
        next += 1
        let token = unit.piece
        if token < 0 { continue }
        let own = rounds ? Double(Float(sum + scores[Int(token)])) : sum + scores[Int(token)]
        if steps[next - start].token == Self.unreached || own > steps[next - start].sum {
          steps[next - start] = Step(sum: own, start: Int32(truncatingIfNeeded: position - start), token: token)
        }
        if next - position == length { isKnown = true }
      }
      position += length
      if isKnown { continue }
      let own = rounds ? Double(Float(sum + unknownScore)) : sum + unknownScore
      if steps[position - start].token == Self.unreached || own > steps[position - start].sum {
        let first = Int32(truncatingIfNeeded: position - start - length)
        steps[position - start] = Step(sum: own, start: first, token: Self.unknown)
      }
    }
  }

  /// Appends the tokens of the best way to the end; unknown ones in a row are one.
  private func appendPath(
    _ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, to ids: inout [Int32]
  ) {
    scratch.path.removeAll(keepingCapacity: true)
    var place = end - start
    while place > 0 {
      scratch.path.append(Int32(truncatingIfNeeded: place))
      place = Int(scratch.steps[place].start)
    }
    var index = scratch.path.count - 1, first = start
    while index >= 0 {
      var last = start + Int(scratch.path[index])
      let token = scratch.steps[last - start].token
      index -= 1
      // The unknown token's own spelling counts as unknown.
      guard token == Self.unknown || token == options.unknown else {
        ids.append(token)
        first = last
        continue
      }
      while index >= 0 {
        let next = scratch.steps[Int(scratch.path[index])].token
        guard next == Self.unknown || next == options.unknown else { break }
        last = start + Int(scratch.path[index])
        index -= 1
      }
      appendUnknown(text, first, last, to: &ids)
      first = last
    }
  }

  private func appendUnknown(_ text: [UInt8], _ start: Int, _ end: Int, to ids: inout [Int32]) {
    var node = DoubleArrayTrie.root, position = start
    while position < end {
      let child = Int(trie.units[node].base) ^ Int(text[position])
      if Int(trie.units[child].parent) != node { break }
      node = child
      position += 1
    }
    if position == end, trie.units[node].piece >= 0 {
      ids.append(trie.units[node].piece)
    } else if !options.fallback.isEmpty, text[start..<end].allSatisfy({ options.fallback[Int($0)] >= 0 }) {
      for byte in text[start..<end] { ids.append(options.fallback[Int(byte)]) }
    } else if let unknown = options.unknown {
      ids.append(unknown)
    }
  }
}
