import Testing

@testable import Text

@Suite("WordPieceTrainer")
struct WordPieceTrainerTests {
  private let texts = [
    "the card is blocked, the cards are blocked!", "unblock the card please", "cancel the cancelled order",
    "ordering ordered orders: banana bananas", "the the café CAFÉ 2024 2024",
  ]

  /// Counts every pair afresh for each merge.
  private func naive(_ texts: [String], size: Int, minimum: Int) -> [String] {
    var counts = [String: Int]()
    for text in texts {
      for word in text.lowercased().replacing("é", with: "e").split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
        counts[String(word), default: 0] += 1
      }
    }
    var characters = [Character: Int]()
    for (word, count) in counts { for character in word { characters[character, default: 0] += count } }
    let punctuation = texts.joined().filter { ",!:".contains($0) }
    for sign in Set(punctuation) where punctuation.count(where: { $0 == sign }) >= minimum {
      characters[sign] = minimum
    }
    let alphabet = characters.filter { $0.value >= minimum }.map(\.key).sorted()
    var tokens = WordPiece.specialTokens + alphabet.map { String($0) }
    tokens += alphabet.filter { $0.isLetter || $0.isNumber }.map { "##\($0)" }
    var words = [(pieces: [String], count: Int)]()
    for (word, count) in counts where count >= minimum {
      words.append((word.enumerated().map { $0 == 0 ? String($1) : "##\($1)" }, count))
    }
    while tokens.count < size {
      var pairs = [[Int]: Int]()
      for word in words {
        for (left, right) in zip(word.pieces, word.pieces.dropFirst()) {
          pairs[[tokens.firstIndex(of: left)!, tokens.firstIndex(of: right)!], default: 0] += word.count
        }
      }
      let best = pairs.max {
        $0.value != $1.value ? $0.value < $1.value : $1.key.lexicographicallyPrecedes($0.key)
      }
      guard let best, best.value >= minimum else { break }
      let (left, right) = (tokens[best.key[0]], tokens[best.key[1]])
      let joined = left + right.dropFirst(2)
      if !tokens.contains(joined) { tokens.append(joined) }
      for index in words.indices {
        var merged = [String]()
        var pieces = words[index].pieces[...]
        while let first = pieces.popFirst() {
          if first == left, pieces.first == right {
            pieces.removeFirst()
            merged.append(joined)
          } else {
            merged.append(first)
          }
        }
        words[index].pieces = merged
      }
    }
    return tokens
  }

  @Test("learns what a count of all pairs before every merge learns", arguments: [1, 2, 3])
  func naiveTwin(minimum: Int) throws {
    var trainer = WordPieceTrainer()
    trainer.minimumFrequency = minimum
    for size in [60, 70, 90, 1_000] {
      trainer.vocabularySize = size
      let trained = try trainer.train(texts).tokens
      #expect(trained == naive(texts, size: size, minimum: minimum), "size \(size)")
      #expect(trained.count <= size)
    }
  }

  @Test("does not depend on the order of the texts")
  func order() throws {
    #expect(try WordPieceTrainer().train(texts).tokens == WordPieceTrainer().train(texts.reversed()).tokens)
  }

  @Test("reads words it never saw, and keeps placeholders whole")
  func unseen() throws {
    var trainer = WordPieceTrainer()
    trainer.placeholders = PlaceholderToken.allCases
    trainer.minimumFrequency = 1
    let wordPiece = try trainer.train(texts)
    let ids = wordPiece.encode("scandal <email>")
    #expect(!ids.contains(wordPiece.unknownID))
    #expect(wordPiece.tokens(of: ids).suffix(2) == ["<email>", "[SEP]"])
  }

  @Test("drops the rarest characters where there is no room, and says when there is none at all")
  func room() throws {
    var trainer = WordPieceTrainer()
    trainer.vocabularySize = 9
    let tokens = try trainer.train(texts).tokens
    #expect(tokens.count == 9)
    #expect(tokens.contains("e") && tokens.contains("##e"))
    trainer.vocabularySize = 5
    #expect(throws: TextError.self) { try trainer.train(texts) }
  }

  @Test("takes any Unicode without a trap, and reads its own texts")
  func anyText() throws {
    var random = RandomText(seed: 8)
    let texts = (0..<200).map { _ in random.fragments(["가나", "각", "e\u{301}", "é", "\u{302E}", "a"], count: 6) }
    for casing in [BertCasing.uncased, .cased] {
      var trainer = WordPieceTrainer()
      (trainer.minimumFrequency, trainer.casing, trainer.maximumAlphabet) = (1, casing, 10_000)
      let wordPiece = try trainer.train(texts)
      for text in texts { #expect(!wordPiece.encode(text).contains(wordPiece.unknownID), "\(text.debugDescription)") }
    }
  }
}
