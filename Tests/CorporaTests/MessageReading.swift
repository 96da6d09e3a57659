import Foundation

@testable import Corpora

func naturalLog(_ x: Double) -> Double { log(x) }

/// Reads a generated message's label by the rule that `MessageGenerator` documents, sentence by sentence.
struct MessageReading {
  let task: GeneratorSettings.Task
  let domain: GeneratorSettings.Domain

  func label(of text: String) -> Int? {
    let sentences = text.split { ".!".contains($0) }.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    for sentence in sentences {
      if let label = decided(strippedOpener(sentence)) { return label }
    }
    return nil
  }

  /// An opener that ends in a comma stands in the same sentence.
  private func strippedOpener(_ sentence: String) -> String {
    for opener in MessagePhrases.openers where opener.hasSuffix(",") {
      let prefix = opener.lowercased() + " "
      if sentence.hasPrefix(prefix) { return String(sentence.dropFirst(prefix.count)) }
    }
    return sentence
  }

  /// The kind of the statement that decides; nil for a sentence beside the point.
  private func decided(_ sentence: String) -> Int? {
    switch task {
    case .sentiment:
      for joint in Sentiment.equalJoints where sentence.contains(" \(joint) ") { return Sentiment.mixed }
      return kind(of: mainClause(sentence))
    case .category: return topic(mainClause(sentence), MessageTopics.category)
    case .intent: return topic(mainClause(sentence), MessageTopics.intent)
    }
  }

  /// The clause that counts: after "but", outside "although", of the present, of the writer, not denied.
  private func mainClause(_ sentence: String) -> String {
    if let but = sentence.range(of: ", but ") { return String(sentence[but.upperBound...]) }
    if let although = sentence.range(of: ", although ") { return String(sentence[..<although.lowerBound]) }
    let clauses = sentence.components(separatedBy: ", ")
    let counting = clauses.filter { clause in
      !["although ", "last year ", "my neighbour ", "this is not about ", "it is not about ", "i do not want to "]
        .contains { clause.hasPrefix($0) }
    }
    return counting.joined(separator: ", ")
  }

  private func kind(of clause: String) -> Int? {
    let words = Sentiment.classes.indices.map { kind in
      (Sentiment.words[kind] + Sentiment.ownWords(domain)[kind] + Sentiment.inflected[kind]).map(undrawn)
    }
    let short = undrawn(clause)
    let found = words.indices.filter { kind in words[kind].contains { short.contains(" \($0) ") } }
    guard found.count == 1 else { return nil }
    let isDenied = Sentiment.denials.contains { clause.contains($0) }
    return isDenied ? Sentiment.opposite(found[0]) : found[0]
  }

  /// Every run of one letter as one letter: "greaaat" and "great" alike.
  private func undrawn(_ text: String) -> String {
    text.reduce(into: "") { if $0.last != $1 { $0.append($1) } }
  }

  private func topic(_ clause: String, _ topics: MessageTopics) -> Int? {
    let phrases = zip(topics.shared, topics.own(domain)).map { $0 + $1 }
    var best: (kind: Int, length: Int)?
    for kind in phrases.indices {
      for phrase in phrases[kind] where (clause + " ").contains(" \(phrase.lowercased()) ") {
        if phrase.count > best?.length ?? 0 { best = (kind, phrase.count) }
      }
    }
    return best?.kind
  }
}
