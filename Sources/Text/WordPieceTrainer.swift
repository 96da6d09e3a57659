/// Learns a WordPiece vocabulary from texts.
///
/// Starts from single characters and joins the most frequent pair of neighbouring pieces until the vocabulary is full, as
/// the published tools do (byte-pair merging, Sennrich et al. 2016, with WordPiece's spelling); Google's own likelihood
/// score (Schuster and Nakajima 2012) was never published as code. Among equally frequent pairs the one made of older
/// pieces is joined first, so that the same texts give the same vocabulary in any order.
public struct WordPieceTrainer: Sendable {
  /// Most pieces, special tokens included.
  public var vocabularySize = 8_000
  /// Rarer word types are not learnt from, and rarer characters and pairs are left out.
  public var minimumFrequency = 2
  /// Most characters that get a piece of their own, the most frequent first.
  public var maximumAlphabet = 1_000
  public var casing = BertCasing.uncased
  /// Placeholders that stay whole, besides BERT's special tokens.
  public var placeholders = [PlaceholderToken]()
  /// Whether the spelling of a special token in a text is learnt from like any other.
  public var controls = ControlTokens.keep

  public init() {}

  /// The trained tokenizer: special tokens first, then characters in the order of Unicode scalars, then joined pieces in
  /// the order in which they were learnt.
  public func train(_ texts: some Sequence<String>) throws(TextError) -> WordPiece {
    let special = WordPiece.specialTokens + placeholders.map(\.rawValue)
    guard vocabularySize > special.count else {
      throw .setting(
        key: "vocabulary_size", what: "got \(vocabularySize), expected more than the \(special.count) special tokens")
    }
    let whole = controls == .keep ? special : placeholders.map(\.rawValue)
    let words = countWords(texts, special: whole)
    let alphabet = alphabet(of: words, room: vocabularySize - special.count)
    var merging = PieceMerging(special: special, alphabet: alphabet)
    for word in words where word.count >= minimumFrequency && !word.isIsolated {
      merging.add(word.scalars, count: word.count)
    }
    merging.run(until: vocabularySize, minimumFrequency: max(minimumFrequency, 1))
    return try WordPiece(tokens: merging.spellings, casing: casing)
  }

  private struct Word {
    var scalars: [UInt32]
    var count: Int
    var isIsolated: Bool
  }

  /// Word types, sorted by their bytes.
  private func countWords(_ texts: some Sequence<String>, special: [String]) -> [Word] {
    let folding = BertFolding.of(casing)
    let specials = special.map { BertWordScanner.Special(bytes: Array($0.utf8), id: 0) }
    var counts = [[UInt8]: (count: Int, isIsolated: Bool)]()
    for text in texts {
      var scanner = BertWordScanner(text, folding: folding, specials: specials)
      while scanner.next() {
        guard scanner.special < 0, scanner.scalars <= WordPiece.longestWord else { continue }
        counts[scanner.word, default: (0, scanner.isIsolated)].count += 1
      }
    }
    return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { word in
      Word(
        scalars: String(decoding: word.key, as: UTF8.self).unicodeScalars.map(\.value), count: word.value.count,
        isIsolated: word.value.isIsolated)
    }
  }

  /// The characters that get pieces, sorted: most frequent first where there is no room for all. A character that occurs
  /// inside words takes two pieces, one that starts a word and one that continues it.
  private func alphabet(of words: [Word], room: Int) -> [PieceMerging.Character] {
    var counts = [UInt32: (count: Int, isIsolated: Bool)]()
    for word in words {
      for scalar in word.scalars { counts[scalar, default: (0, word.isIsolated)].count += word.count }
    }
    let frequent = counts.filter { $0.value.count >= minimumFrequency }.sorted {
      $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.key < $1.key
    }
    var left = room
    var characters = [PieceMerging.Character]()
    for (scalar, use) in frequent.prefix(maximumAlphabet) {
      let pieces = use.isIsolated ? 1 : 2
      if pieces > left { continue }
      left -= pieces
      characters.append(PieceMerging.Character(scalar: scalar, continues: !use.isIsolated))
    }
    return characters.sorted { $0.scalar < $1.scalar }
  }
}
