import Foundation
import TestSupport
import Testing

@testable import Text

/// Folders as the `tokenizers` package reads them (`Scripts/fixtures/subword.py`).
@Suite("SubwordTokenizer")
struct SubwordTokenizerTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      var name: String
      var count: Int
      var files: [String: String]
      var escape: [[Int32]]
      /// Not of SentencePiece, which knows no special tokens in a text.
      var keep, cut: [[Int32]]?
    }
    var texts: [String]
    var cases: [Case]
  }

  static let place = Fixtures.root.appendingPathComponent("tokenizers")

  static func read() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(contentsOf: place.appendingPathComponent("cases.json")))
  }

  /// The tokenizer of a folder with these files.
  static func tokenizer(_ files: [String: Data]) throws -> CheckpointTokenizer {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
    return try CheckpointTokenizer.read(folder)
  }

  static func tokenizer(_ item: Reference.Case) throws -> CheckpointTokenizer {
    var files = [String: Data]()
    for (name, text) in item.files {
      files[name] = name.hasSuffix(".model") ? try #require(Data(base64Encoded: text)) : Data(text.utf8)
    }
    return try tokenizer(files)
  }

  @Test("ids are those of the package: whole, with special tokens escaped, and cut")
  func reference() throws {
    let reference = try Self.read()
    #expect(reference.cases.count > 10)
    for item in reference.cases {
      let tokenizer = try Self.tokenizer(item)
      #expect(tokenizer.count == item.count, "\(item.name)")
      for (index, text) in reference.texts.enumerated() {
        let what = "\(item.name): \(text.debugDescription)"
        #expect(tokenizer.encode(text, controls: .escape) == item.escape[index], "\(what), escaped")
        // From the words met before.
        #expect(tokenizer.encode(text, controls: .escape) == item.escape[index], "\(what), again")
        guard let keep = item.keep, let cut = item.cut else { continue }
        #expect(tokenizer.encode(text) == keep[index], "\(what)")
        #expect(tokenizer.encode(text, maximumLength: 8) == cut[index], "\(what), cut")
      }
    }
  }

  @Test("many threads at once come to the same ids")
  func threads() async throws {
    let reference = try Self.read()
    let item = try #require(reference.cases.first), tokenizer = try Self.tokenizer(item)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<20 {
            for (text, ids) in zip(reference.texts, item.escape) {
              #expect(tokenizer.encode(text, controls: .escape) == ids)
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(
    "takes any Unicode without a trap, and gives ids inside the vocabulary, the same whether or not the word is known")
  func anyText() throws {
    let reference = try Self.read()
    for item in reference.cases {
      let tokenizer = try Self.tokenizer(item), other = try Self.tokenizer(item)
      var random = RandomText(seed: 21)
      let texts = (0..<200).map { _ in
        random.fragments(
          ["<mask>", "[MASK]", "card", " ", "\u{302E}", "\u{2581}", "'s", "\r\n", "각", "\u{0}", "tok"],
          count: random.below(30))
      }
      for text in texts {
        let ids = tokenizer.encode(text)
        #expect(ids.allSatisfy { $0 >= 0 && $0 < tokenizer.count }, "\(item.name)")
      }
      for text in texts.reversed() { #expect(other.encode(text) == tokenizer.encode(text), "\(item.name)") }
    }
  }

  @Test("a word of many tokens is joined as by a look at all pairs, one after another")
  func longWords() {
    var random = RandomText(seed: 5)
    for _ in 0..<40 {
      var merges = MergeTable(capacity: 400)
      for rank in 0..<300 {
        merges.insert(
          Int32(random.below(40)), Int32(random.below(40)), rank: Int32(rank), joined: Int32(random.below(40)))
      }
      let word = (0..<random.below(200) + 2).map { _ in Int32(random.below(6)) }
      var ids = [Int32](), chain = MergeChain()
      chain.join(word, by: merges, to: &ids)
      #expect(ids == Self.naive(word, merges))
    }
  }

  private static func naive(_ word: [Int32], _ merges: MergeTable) -> [Int32] {
    var word = word
    while true {
      let pairs = word.indices.dropLast().map { merges.find(word[$0], word[$0 + 1]) >> 32 }
      guard let best = pairs.min(), best != UInt64(UInt32.max), let place = pairs.firstIndex(of: best) else {
        return word
      }
      word[place] = Int32(truncatingIfNeeded: merges.find(word[place], word[place + 1]))
      word.remove(at: place + 1)
    }
  }

  @Test("a double array has the pieces that it is made of, and no others")
  func doubleArray() {
    var random = RandomText(seed: 6)
    var pieces = PieceTrie(lowercases: false), ids = [[UInt8]: Int32]()
    for number in 0..<3_000 {
      let piece = (0...random.below(6)).map { _ in UInt8(random.below(number % 3 == 0 ? 256 : 6)) }
      if pieces.insert(piece, root: PieceTrie.wordRoot, id: Int32(number)) { ids[piece] = Int32(number) }
    }
    let trie = DoubleArrayTrie(pieces)
    func find(_ piece: [UInt8]) -> Int32? {
      var node = DoubleArrayTrie.root
      for byte in piece {
        let child = Int(trie.units[node].base) ^ Int(byte)
        guard Int(trie.units[child].parent) == node else { return nil }
        node = child
      }
      return trie.units[node].piece >= 0 ? trie.units[node].piece : nil
    }
    for (piece, id) in ids { #expect(find(piece) == id, "\(piece)") }
    for _ in 0..<3_000 {
      let piece = (0...random.below(6)).map { _ in UInt8(random.below(8)) }
      #expect(find(piece) == ids[piece], "\(piece)")
    }
  }

  @Test("a full cache begins anew and forgets nothing that changes an id")
  func cache() {
    var cache = WordCache()
    func key(_ number: Int) -> WordCache.Key {
      let bytes = Array("\(number)".utf8)
      return WordCache.Key(bytes, 0, bytes.count)
    }
    for number in 0..<40_000 {
      var found = [Int32]()
      #expect(!cache.append(key(number), to: &found))
      cache.insert(key(number), [Int32(number), 7])
      #expect(cache.append(key(number), to: &found) && found == [Int32(number), 7])
    }
    // Words that differ in a zero at their end.
    #expect(WordCache.Key([1, 0], 0, 1) != WordCache.Key([1, 0], 0, 2))
  }
}
