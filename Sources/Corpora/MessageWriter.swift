import Compute

/// Writes one message: chooses its statements, sets them into frames, and types it with the odd slip.
struct MessageWriter {
  private let settings: GeneratorSettings
  private var random: Random
  /// Typing errors have their own stream: their dial changes nothing else.
  private var typist: Random

  /// Share of statements in order-dependent messages that are put as denials or affirmations.
  private static let scopeShare = 0.15
  /// Shares of plain statements in inflected forms, and with a drawn-out vowel.
  private static let inflectedShare = 0.5
  private static let drawnOutShare = 0.15

  init(settings: GeneratorSettings, random: Random) {
    (self.settings, self.random) = (settings, random)
    typist = random.stream("typing")
  }

  mutating func message(of label: Int) -> String {
    let needsOrder = chance(settings.order)
    let clauses = clauseCount(atLeast: needsOrder ? 2 : 1)
    var sentences: [String] =
      switch settings.task {
      case .sentiment: needsOrder ? scopedOpinion(label, clauses) : plainOpinion(label, clauses)
      case .category: topic(label, clauses, MessageTopics.category, needsOrder)
      case .intent: topic(label, clauses, MessageTopics.intent, needsOrder)
      }
    if chance(0.35) { sentences.insert(pick(MessagePhrases.openers), at: 0) }
    if chance(0.35) { sentences.append(pick(MessagePhrases.closers)) }
    return sentences.map { typed(sentence($0)) }.joined(separator: " ")
  }

  /// A whole number around `length`: one less, as many, or one more.
  private mutating func clauseCount(atLeast minimum: Int) -> Int {
    let whole = Int(settings.length.rounded(.down))
    let base = whole + (chance(settings.length - Double(whole)) ? 1 : 0)
    let step = [-1, 0, 0, 1][random.below(4)]
    return max(minimum, base > 1 ? base + step : base)
  }

  // MARK: Sentiment

  /// Statements of one kind only, or a good and a bad one as equals.
  private mutating func plainOpinion(_ label: Int, _ clauses: Int) -> [String] {
    var sentences: [String] = []
    var left = clauses
    if label == Sentiment.mixed, left >= 2, chance(0.5) {
      let isPositiveFirst = chance(0.5)
      let first = plainStatement(isPositiveFirst ? Sentiment.positive : Sentiment.negative)
      let second = plainStatement(isPositiveFirst ? Sentiment.negative : Sentiment.positive)
      sentences.append("\(first) \(pick(Sentiment.equalJoints)) \(second)")
      left -= 2
    }
    while left > 0 {
      if left >= 2, chance(0.4) {
        sentences.append("\(plainStatement(label)) and \(plainStatement(label))")
        left -= 2
      } else if !sentences.isEmpty, chance(0.4) {
        sentences.append(fact())
        left -= 1
      } else {
        sentences.append(plainStatement(label))
        left -= 1
      }
    }
    return sentences
  }

  /// A deciding statement against another of a different kind, and perhaps further ones that do not count.
  private mutating func scopedOpinion(_ label: Int, _ clauses: Int) -> [String] {
    let isDenied = label != Sentiment.mixed && chance(Self.scopeShare)
    let spoken = isDenied ? Sentiment.opposite(label) : label
    var decider = opinion(spoken)
    if isDenied {
      decider = "\(pick(Sentiment.denials)) \(decider)"
    } else if chance(Self.scopeShare) {
      decider = "\(pick(Sentiment.affirmations)) \(decider)"
    }
    let other = distractor(besides: spoken)
    var sentences = [filled(pick(Sentiment.frames), decider: decider, other: other)]
    for _ in 2..<max(clauses, 2) {
      let extra = chance(0.5) ? fact() : filled(pick(Sentiment.asides), decider: "", other: distractor(besides: spoken))
      sentences.insert(extra, at: random.below(2) == 0 ? 0 : sentences.count)
    }
    return sentences
  }

  private mutating func distractor(besides kind: Int) -> String {
    let clause = opinion((kind + 1 + random.below(Sentiment.classes.count - 1)) % Sentiment.classes.count)
    guard chance(2 * Self.scopeShare) else { return clause }
    return "\(pick(chance(0.5) ? Sentiment.denials : Sentiment.affirmations)) \(clause)"
  }

  /// "the delivery was good this time": the words at the end keep the judging word from the next clause.
  private mutating func opinion(_ kind: Int) -> String {
    "\(subject()) \(pick(Sentiment.verbs)) \(judgement(kind)) \(pick(MessagePhrases.adjuncts))"
  }

  /// A statement in any of the language's forms, now and then written as it is spoken ("greaaat").
  private mutating func plainStatement(_ kind: Int) -> String {
    let isInflected = chance(Self.inflectedShare)
    var said =
      isInflected ? pick(Sentiment.inflected[kind]) : "\(pick(Sentiment.verbs)) \(judgement(kind))"
    if chance(Self.drawnOutShare) { said = drawnOut(said) }
    return "\(subject()) \(said) \(pick(MessagePhrases.adjuncts))"
  }

  private mutating func subject() -> String {
    chance(settings.distance) ? pick(Sentiment.ownSubjects(settings.domain)) : pick(Sentiment.subjects)
  }

  private mutating func judgement(_ kind: Int) -> String {
    chance(settings.distance) ? pick(Sentiment.ownWords(settings.domain)[kind]) : pick(Sentiment.words[kind])
  }

  /// The text with one vowel drawn out.
  private mutating func drawnOut(_ text: String) -> String {
    var letters = Array(text)
    let start = letters.lastIndex(of: " ") ?? 0
    let vowels = letters.indices.filter { $0 > start && "aeiou".contains(letters[$0]) }
    guard !vowels.isEmpty else { return text }
    let at = pick(vowels)
    letters.insert(contentsOf: [Character](repeating: letters[at], count: 2 + random.below(3)), at: at)
    return String(letters)
  }

  // MARK: Category and intent

  private mutating func topic(_ label: Int, _ clauses: Int, _ topics: MessageTopics, _ needsOrder: Bool) -> [String] {
    guard needsOrder else {
      var sentences = [filled(pick(topics.plain), decider: phrase(label, topics), other: "")]
      for _ in 1..<max(clauses, 1) {
        sentences.append(
          chance(0.5) ? fact() : filled(pick(topics.plain), decider: phrase(label, topics), other: ""))
      }
      return sentences
    }
    let other = phrase((label + 1 + random.below(topics.classes.count - 1)) % topics.classes.count, topics)
    var sentences = [filled(pick(topics.frames), decider: phrase(label, topics), other: other)]
    for _ in 2..<max(clauses, 2) { sentences.insert(fact(), at: random.below(2) == 0 ? 0 : sentences.count) }
    return sentences
  }

  private mutating func phrase(_ kind: Int, _ topics: MessageTopics) -> String {
    let phrases = chance(settings.distance) ? topics.own(settings.domain)[kind] : topics.shared[kind]
    return "\(pick(phrases)) \(pick(MessagePhrases.adjuncts))"
  }

  // MARK: Words

  private mutating func fact() -> String {
    let facts = chance(settings.distance) ? MessagePhrases.ownFacts(settings.domain) : MessagePhrases.facts
    return pick(facts).split(separator: " ", omittingEmptySubsequences: false)
      .map { $0 == "{n}" ? String(2 + random.below(40)) : String($0) }.joined(separator: " ")
  }

  private func filled(_ frame: String, decider: String, other: String) -> String {
    var text = ""
    var rest = frame[...]
    while let brace = rest.firstIndex(of: "{") {
      text += rest[..<brace]
      let name = rest[rest.index(after: brace)]
      text += name == "d" ? decider : other
      rest = rest[rest.index(brace, offsetBy: 3)...]
    }
    return text + rest
  }

  /// Upper-case first letter and an end mark.
  private mutating func sentence(_ text: String) -> String {
    guard let first = text.first else { return text }
    let isMarked = text.last == "," || text.last == "." || text.last == "?"
    let mark = isMarked ? "" : chance(0.12) ? "!" : "."
    return first.uppercased() + text.dropFirst() + mark
  }

  /// The text with typing errors in the stated share of its words (of those with three letters or more).
  private mutating func typed(_ text: String) -> String {
    text.split(separator: " ").map { word in
      guard typist.uniform() < settings.typos else { return String(word) }
      var letters = Array(word)
      let places = letters.indices.filter { letters[$0].isLetter }
      guard places.count >= 3 else { return String(word) }
      let at = places[1 + typist.below(places.count - 2)]
      switch typist.below(4) {
      case 0: letters.swapAt(at, at + 1)
      case 1: letters.remove(at: at)
      case 2: letters.insert(letters[at], at: at)
      default: letters[at] = Array("abcdefghijklmnopqrstuvwxyz")[typist.below(26)]
      }
      return String(letters)
    }.joined(separator: " ")
  }

  private mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }

  private mutating func pick<T>(_ items: [T]) -> T { items[random.below(items.count)] }
}
