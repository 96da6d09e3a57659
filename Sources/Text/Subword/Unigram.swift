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
    /// Of the best way to each place: its score, where its last token starts, and which that is.
    fileprivate var scores = [Double]()
    fileprivate var starts = [Int32]()
    fileprivate var tokens = [Int32]()
    /// Where each token of the best way ends, from the last one on.
    fileprivate var path = [Int32]()
  }

  /// How far below the lowest score an unknown scalar is.
  private static let unknownPenalty = 10.0

  /// Stand for tokens: no way leads to a place; a scalar that is none.
  private static let unreached: Int32 = -2, unknown: Int32 = -1

  private let trie: PieceTrie
  private let scores: [Double]
  private let unknownScore: Double
  private let options: Options

  /// - Parameters:
  ///   - trie: the tokens that a text may be cut into.
  ///   - lowest: the lowest score of a token.
  init(trie: PieceTrie, scores: [Double], lowest: Double, options: Options) {
    (self.trie, self.scores, self.options) = (trie, scores, options)
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
    while scratch.tokens.count <= count {
      scratch.scores.append(0)
      scratch.starts.append(0)
      scratch.tokens.append(0)
    }
    for place in 0...count { scratch.tokens[place] = Self.unreached }
    scratch.scores[0] = 0
    var position = start
    while position < end {
      let place = position - start, score = scratch.scores[place]
      let length = ScalarClass.decode(text, at: position).length
      var isKnown = false
      var node = PieceTrie.wordRoot, next = position
      while next < end, trie.step(&node, text[next]) {
        next += 1
        let token = trie.piece(at: node)
        if token < 0 { continue }
        let sum = score + scores[Int(token)]
        reach(next - start, from: place, token, options.roundsSums ? Double(Float(sum)) : sum, &scratch)
        if next - position == length { isKnown = true }
      }
      if !isKnown {
        let sum = score + unknownScore
        reach(place + length, from: place, Self.unknown, options.roundsSums ? Double(Float(sum)) : sum, &scratch)
      }
      position += length
    }
  }

  @inline(__always)
  private func reach(_ place: Int, from start: Int, _ token: Int32, _ score: Double, _ scratch: inout Scratch) {
    guard scratch.tokens[place] == Self.unreached || score > scratch.scores[place] else { return }
    scratch.scores[place] = score
    scratch.starts[place] = Int32(truncatingIfNeeded: start)
    scratch.tokens[place] = token
  }

  /// Appends the tokens of the best way to the end; unknown ones in a row are one.
  private func appendPath(
    _ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, to ids: inout [Int32]
  ) {
    scratch.path.removeAll(keepingCapacity: true)
    var place = end - start
    while place > 0 {
      scratch.path.append(Int32(truncatingIfNeeded: place))
      place = Int(scratch.starts[place])
    }
    var index = scratch.path.count - 1, first = start
    while index >= 0 {
      var last = start + Int(scratch.path[index])
      let token = scratch.tokens[last - start]
      index -= 1
      // The unknown token's own spelling counts as unknown.
      guard token == Self.unknown || token == options.unknown else {
        ids.append(token)
        first = last
        continue
      }
      while index >= 0 {
        let next = scratch.tokens[Int(scratch.path[index])]
        guard next == Self.unknown || next == options.unknown else { break }
        last = start + Int(scratch.path[index])
        index -= 1
      }
      appendUnknown(text, first, last, to: &ids)
      first = last
    }
  }

  private func appendUnknown(_ text: [UInt8], _ start: Int, _ end: Int, to ids: inout [Int32]) {
    if let whole = trie.find(text[start..<end], root: PieceTrie.wordRoot) {
      ids.append(whole)
    } else if !options.fallback.isEmpty, text[start..<end].allSatisfy({ options.fallback[Int($0)] >= 0 }) {
      for byte in text[start..<end] { ids.append(options.fallback[Int(byte)]) }
    } else if let unknown = options.unknown {
      ids.append(unknown)
    }
  }
}
