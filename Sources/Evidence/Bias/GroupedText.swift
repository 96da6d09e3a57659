import Foundation
import Manifests

/// A text that stands for one group of people.
public struct GroupedText: Sendable, Equatable {
  public var text: String
  /// Number of the group.
  public var group: Int
  /// Texts of one unit differ in the group alone: a row with its words swapped, or a template.
  public var unit: Int
  /// Number of the word that stands for the group; nil where a column names it.
  public var word: Int?
  /// The true class; nil where none is known.
  public var label: String?

  public init(text: String, group: Int, unit: Int, word: Int? = nil, label: String?) {
    (self.text, self.group, self.unit, self.word, self.label) = (text, group, unit, word, label)
  }
}

/// Where words of groups stand in texts, and the same texts with words of other groups.
public struct GroupWords: Sendable {
  public let names: [String]
  private let words: [[String]]
  /// Longer words first, so that a word is not found within another.
  private let order: [(group: Int, index: Int, word: String)]

  struct Place {
    var range: Range<String.Index>
    var group: Int
    var index: Int
  }

  public init(_ groups: PeopleGroups) {
    names = groups.groups.map(\.name)
    words = groups.groups.map(\.words)
    order = words.enumerated().flatMap { group, own in
      own.enumerated().map { (group: group, index: $0, word: $1) }
    }.sorted { $0.word.count > $1.word.count }
  }

  /// Every template with every word.
  public func filled(_ templates: [String]) -> [GroupedText] {
    templates.enumerated().flatMap { unit, template in
      words.enumerated().flatMap { group, own in
        own.enumerated().map { index, word in
          GroupedText(
            text: template.replacing("{group}", with: word), group: group, unit: unit, word: number(group, index),
            label: nil)
        }
      }
    }
  }

  /// The group whose words a text has; nil where it has none, or of two groups.
  public func group(of text: String) -> Int? {
    let groups = Set(places(in: text).map(\.group))
    return groups.count == 1 ? groups.first : nil
  }

  /// A text of one group once for each group, its words replaced by those at the same places of the other lists; none where
  /// it has no group.
  public func swapped(_ text: String, unit: Int, label: String?) -> [GroupedText] {
    let places = places(in: text)
    guard let own = places.first?.group, places.allSatisfy({ $0.group == own }) else { return [] }
    return words.indices.map { group in
      GroupedText(
        text: group == own ? text : replacing(places, in: text, by: words[group]), group: group, unit: unit,
        word: number(group, places[0].index % words[group].count), label: label)
    }
  }

  private func number(_ group: Int, _ index: Int) -> Int { words[..<group].reduce(0) { $0 + $1.count } + index }

  private func replacing(_ places: [Place], in text: String, by words: [String]) -> String {
    var result = "", end = text.startIndex
    for place in places {
      result += text[end..<place.range.lowerBound] + Self.cased(words[place.index % words.count], as: text[place.range])
      end = place.range.upperBound
    }
    return result + text[end...]
  }

  /// In small letters, in capitals or with a capital in front, as another word has it.
  private static func cased(_ word: String, as other: Substring) -> String {
    let letters = other.filter(\.isLetter)
    if letters.allSatisfy(\.isLowercase) { return word.lowercased() }
    if letters.count > 1, letters.allSatisfy(\.isUppercase) { return word.uppercased() }
    return other.first?.isUppercase ?? false ? word.prefix(1).uppercased() + word.dropFirst() : word
  }

  /// Whole words, whatever their case, in the order of the text.
  func places(in text: String) -> [Place] {
    var found: [Place] = []
    for (group, index, word) in order {
      var rest = text.startIndex..<text.endIndex
      while let range = text.range(of: word, options: [.caseInsensitive, .literal], range: rest) {
        rest = range.upperBound..<text.endIndex
        func isLetter(_ place: String.Index) -> Bool { text[place].isLetter || text[place].isNumber }
        let isWhole =
          (range.lowerBound == text.startIndex || !isLetter(text.index(before: range.lowerBound)))
          && (range.upperBound == text.endIndex || !isLetter(range.upperBound))
        if isWhole, !found.contains(where: { $0.range.overlaps(range) }) {
          found.append(Place(range: range, group: group, index: index))
        }
      }
    }
    return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }
}
