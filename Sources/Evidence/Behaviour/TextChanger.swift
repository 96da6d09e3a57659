import Compute
import Manifests
import Text

/// Changes texts as tests of behaviour ask.
struct TextChanger {
  private var random: Random

  init(random: Random) { self.random = random }

  /// The changed text; nil where the change does not alter it.
  mutating func changed(_ text: String, by change: TextChange) -> String? {
    let found: String? =
      switch change {
      case .typo: swapped(text)
      case .omission: shortened(text)
      case .capitals: text.uppercased()
      case .lowerCase: text.lowercased()
      case .unpunctuated: unpunctuated(text)
      case .contractions: replaced(text, Self.contractions)
      case .numbers: renumbered(text)
      case .spelling: replaced(text, Self.spellings)
      case .negation: negated(text)
      }
    return found == text ? nil : found
  }

  // MARK: Letters

  /// Places of words of at least four letters, as ranges of characters.
  private func longWords(_ letters: [Character]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for place in 0...letters.count {
      if place < letters.count, letters[place].isLetter {
        start = start ?? place
      } else if let first = start {
        if place - first >= 4 { words.append(first..<place) }
        start = nil
      }
    }
    return words
  }

  /// Two different neighbours inside a word change places; its first and last letter stay.
  private mutating func swapped(_ text: String) -> String? {
    var letters = Array(text)
    let places = longWords(letters).flatMap { word in
      (word.lowerBound + 1..<word.upperBound - 2).filter { letters[$0] != letters[$0 + 1] }
    }
    guard !places.isEmpty else { return nil }
    let place = places[random.below(places.count)]
    letters.swapAt(place, place + 1)
    return String(letters)
  }

  private mutating func shortened(_ text: String) -> String? {
    var letters = Array(text)
    let words = longWords(letters)
    guard !words.isEmpty else { return nil }
    let word = words[random.below(words.count)]
    letters.remove(at: word.lowerBound + 1 + random.below(word.count - 2))
    return String(letters)
  }

  private func unpunctuated(_ text: String) -> String {
    var letters = Array(text)
    while let last = letters.last, last.isPunctuation || last.isWhitespace { letters.removeLast() }
    return String(letters)
  }

  /// Digits become others, the first of a number never 0.
  private mutating func renumbered(_ text: String) -> String {
    var letters = Array(text)
    for place in letters.indices where letters[place].isASCII && letters[place].isNumber {
      let isFirst = place == 0 || !letters[place - 1].isNumber
      letters[place] = Character("\(isFirst ? 1 + random.below(9) : random.below(10))")
    }
    return String(letters)
  }

  // MARK: Words

  /// Every word of the left column becomes that of the right one and the other way, with its capital.
  private func replaced(_ text: String, _ table: [(String, String)]) -> String {
    var result = "", rest = Substring(text)
    let pairs = table + table.map { ($1, $0) }
    while !rest.isEmpty {
      let isAtWord = result.last.map { !$0.isLetter } ?? true
      let match = isAtWord ? pairs.first { Self.begins(rest, with: $0.0) } : nil
      if let match {
        let found = rest.prefix(match.0.count)
        result += found.first?.isUppercase == true ? match.1.prefix(1).uppercased() + match.1.dropFirst() : match.1
        rest = rest.dropFirst(match.0.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  private static func begins(_ text: Substring, with word: String) -> Bool {
    let head = text.prefix(word.count)
    guard head.count == word.count, head.lowercased().replacing("\u{2019}", with: "'") == word else { return false }
    let next = text.dropFirst(word.count).first
    return next.map { !$0.isLetter && $0 != "'" && $0 != "\u{2019}" } ?? true
  }

  private func negated(_ text: String) -> String? {
    guard !TextTrait.all(of: text).contains(.negation) else { return nil }
    var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard let place = words.dropLast().firstIndex(where: { Self.auxiliaries.contains($0.lowercased()) }) else {
      return nil
    }
    words.insert("not", at: place + 1)
    return words.joined(separator: " ")
  }

  private static let auxiliaries: Set = [
    "is", "was", "are", "were", "am", "can", "could", "will", "would", "should", "has", "have", "had", "does", "did",
    "do",
  ]

  private static let contractions: [(String, String)] = [
    ("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"), ("is not", "isn't"), ("are not", "aren't"),
    ("was not", "wasn't"), ("were not", "weren't"), ("have not", "haven't"), ("has not", "hasn't"),
    ("had not", "hadn't"), ("can not", "can't"), ("could not", "couldn't"), ("will not", "won't"),
    ("would not", "wouldn't"), ("should not", "shouldn't"), ("i am", "I'm"), ("i have", "I've"), ("i will", "I'll"),
    ("it is", "it's"), ("that is", "that's"), ("what is", "what's"), ("where is", "where's"), ("they are", "they're"),
    ("we are", "we're"), ("you are", "you're"),
  ]

  /// None that is another word as well: "check" is no cheque.
  private static let spellings: [(String, String)] = [
    ("colour", "color"), ("favourite", "favorite"), ("cancelled", "canceled"), ("cancelling", "canceling"),
    ("cancellation", "cancelation"), ("organise", "organize"), ("recognise", "recognize"),
    ("recognised", "recognized"), ("authorised", "authorized"), ("unauthorised", "unauthorized"),
    ("apologise", "apologize"), ("centre", "center"), ("travelling", "traveling"), ("catalogue", "catalog"),
    ("grey", "gray"), ("postcode", "zip code"), ("jewellery", "jewelry"), ("licence", "license"),
    ("behaviour", "behavior"), ("honour", "honor"), ("labelled", "labeled"), ("dialled", "dialed"),
    ("fulfil", "fulfill"), ("enrol", "enroll"), ("aluminium", "aluminum"), ("holiday", "vacation"),
    ("parcel", "package"), ("lorry", "truck"), ("trousers", "pants"), ("mum", "mom"), ("whilst", "while"),
  ]
}
