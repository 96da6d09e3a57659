import Foundation
import Settings
import Text

/// Words that stand for groups of people in texts: what `bench bias` looks for, and swaps.
public struct PeopleGroups: Sendable, Equatable {
  public var name = ""
  /// Two at least. A word of one group may be replaced by that of another at the same place of its list.
  public var groups: [BehaviourSuite.Lexicon] = []
  /// Texts with `{group}` in them; none where rows are given.
  public var templates: [String] = []

  public init() {}

  /// Every mistake at once, with its place.
  public static func load(file: String) -> Result<PeopleGroups, ManifestErrors> {
    SuiteLoader.tree(of: file, root, what: "groups of people") { mistakes(in: $0) }.map { tree in
      var read = PeopleGroups()
      read.name = tree["name"]?.text ?? ""
      read.groups = (tree["groups"]?.entries ?? []).map { .init(name: $0.key, words: $0.value.texts) }
      read.templates = tree["templates"]?.texts ?? []
      return read
    }
  }

  private static let root = Section(
    "groups of people",
    [
      Field("name", .name, "What they are called.", .required),
      Field(
        "groups", .table(.list(.text, count: 1...10_000, single: true), keys: .text, minimum: 2),
        "Words by the group that they stand for.", .required),
      Field(
        "templates", .list(.text, count: 0...10_000, single: true), "Texts with {group} in them.", .value(.list([]))),
    ])

  /// What the shapes cannot tell: a word of two groups, a template without a place for one.
  private static func mistakes(in tree: Checked) -> [ManifestError] {
    var errors: [ManifestError] = [], owners: [String: String] = [:]
    for group in tree["groups"]?.entries ?? [] {
      for (index, word) in group.value.list.enumerated() {
        guard let text = word.text, let place = word.position else { continue }
        let path = KeyPathText("groups")[group.key][index].text
        if text.allSatisfy(\.isWhitespace) {
          errors.append(ManifestError(at: place, keyPath: path, got: "no word", expected: "a word or several"))
        } else if let other = owners.updateValue(group.key, forKey: text.lowercased()) {
          errors.append(
            ManifestError(
              at: place, keyPath: path, got: "a word that stands under `\(other)` already",
              expected: "every word once, in one group"))
        }
      }
    }
    for (index, template) in (tree["templates"]?.list ?? []).enumerated() {
      guard let text = template.text, let place = template.position else { continue }
      if text.replacing("{group}", with: "").contains(where: { "{}".contains($0) }) || !text.contains("{group}") {
        errors.append(
          ManifestError(
            at: place, keyPath: KeyPathText("templates")[index].text,
            got: "a text without {group}, or with another brace", expected: "a text with {group} where the words go"))
      }
    }
    return errors
  }
}
