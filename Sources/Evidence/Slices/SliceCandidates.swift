import Corpora
import Text

/// What the rows of a slice share.
public enum SliceKind: String, Sendable {
  /// The value of the corpus' slice column.
  case declared
  /// The true class.
  case label = "class"
  case novelty
  case length
  /// A trait of the text by a stated rule.
  case trait
  case word
}

/// Sets of rows that share something that can be named: what a search for bad slices looks at.
struct SliceCandidates {
  struct Candidate {
    var kind: SliceKind
    var name: String
    /// `[rows]`
    var isInside: [Bool]
    var rows: Int
  }

  /// Words are named where at least so many rows have them, and no smaller slice is looked at.
  static let fewestRows = 20
  /// Rows in which a word stands for it to be what a rare one is a misspelling of.
  private static let commonIn = 20
  private static let shortestMisspelling = 5

  private(set) var all: [Candidate] = []
  private let rows: Int

  init(rows: Int) { self.rows = rows }

  /// Adds a set where it and the rest are large enough, and no set of the same rows is there.
  mutating func add(_ kind: SliceKind, _ name: String, _ isInside: [Bool]) {
    let count = isInside.count { $0 }
    guard count >= Self.fewestRows, rows - count >= Self.fewestRows,
      !all.contains(where: { $0.rows == count && $0.isInside == isInside })
    else { return }
    all.append(Candidate(kind: kind, name: name, isInside: isInside, rows: count))
  }

  /// One for each value but the empty one, by its bytes.
  mutating func add(_ kind: SliceKind, values: [String], name: (String) -> String) {
    guard values.count == rows else { return }
    for value in Set(values).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !value.isEmpty {
      add(kind, name(value), values.map { $0 == value })
    }
  }

  // MARK: Texts

  /// Traits by rules, quarters by length, and words.
  mutating func add(texts: [String]) {
    precondition(texts.count == rows, "SliceCandidates.add: \(texts.count) texts, \(rows) rows")
    let traits = texts.map { TextTrait.all(of: $0) }
    for trait in TextTrait.allCases { add(.trait, "with \(trait.rawValue)", traits.map { $0.contains(trait) }) }
    let words = texts.map { TextTrait.words($0) }
    addLengths(words.map(\.count))
    var counts: [String: Int] = [:]
    for list in words {
      for word in Set(list) { counts[word, default: 0] += 1 }
    }
    let rare = words.map { $0.contains { (counts[$0] ?? 0) == 1 && $0.utf8.count > 2 } }
    add(.trait, "with a word that no other row has", rare)
    let common = Set(counts.filter { $0.value >= Self.commonIn }.keys)
    add(
      .trait, "with a likely misspelling",
      words.map { list in list.contains { Self.isMisspelling($0, counts[$0] ?? 0, of: common) } })
    let usable = counts.filter { $0.value >= Self.fewestRows && rows - $0.value >= Self.fewestRows }.keys
    for word in usable.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      add(.word, "with “\(word)”", words.map { $0.contains(word) })
    }
  }

  private mutating func addLengths(_ lengths: [Int]) {
    let sorted = lengths.sorted()
    guard let longest = sorted.last else { return }
    let cuts = [1, 2, 3].map { sorted[min(sorted.count - 1, sorted.count * $0 / 4)] }
    var from = 0
    for end in cuts + [longest] where end >= from {
      let name =
        from == 0
        ? "of at most \(end) words" : end == longest ? "of at least \(from) words" : "of \(from) to \(end) words"
      let start = from
      add(.length, name, lengths.map { start <= $0 && $0 <= end })
      from = end + 1
    }
  }

  /// Whether a word of one or two rows becomes a common one by one letter put in, left out, changed, or changed places with
  /// the next. A letter more or less at its end makes it another form of the word.
  static func isMisspelling(_ word: String, _ count: Int, of common: Set<String>) -> Bool {
    let letters = Array(word.utf8)
    guard count <= 2, letters.count >= shortestMisspelling, letters.allSatisfy({ 0x61...0x7A ~= $0 }) else {
      return false
    }
    func isCommon(_ letters: [UInt8]) -> Bool { common.contains(String(decoding: letters, as: UTF8.self)) }
    for place in 0...letters.count {
      let (head, tail) = (Array(letters[..<place]), Array(letters[place...]))
      if tail.count > 1, isCommon(head + tail.dropFirst()) { return true }
      if tail.count > 1, isCommon(head + [tail[1], tail[0]] + tail.dropFirst(2)) { return true }
      for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
        guard !tail.isEmpty else { break }
        if isCommon(head + [letter] + tail) || isCommon(head + [letter] + tail.dropFirst()) { return true }
      }
    }
    return false
  }
}
