/// What a value of the manifest may be. One tree of shapes drives checking, defaults, `--set`, and the JSON Schema.
package indirect enum Shape: Sendable {
  case flag
  case integer(Bounds)
  case number(Bounds)
  case text
  /// A column of a data file: its name, or its number where there is no header.
  case column
  /// The path of a file or folder; `${env:…}` stays unexpanded where it is printed.
  case path
  /// A word usable as a folder's name.
  case name
  case choice([String])
  /// A list; `single` allows one item without brackets.
  case list(Shape, count: ClosedRange<Int>, single: Bool)
  /// A map with keys of the user's.
  case table(Shape, keys: KeyRule, minimum: Int)
  /// A map with known keys.
  case section(Section)
  /// A map whose key `kind` says which keys it has.
  case variants([Variant])
  /// `generated` or files: the first section applies where the key is present.
  case either(key: String, Section, Section)
  /// The first shape that takes such a value: a map, a list, or a single value.
  case union([Shape])
  /// The shape, or the word `none`.
  case optional(Shape)
  /// Anything (variables).
  case any

  package enum KeyRule: Sendable {
    /// Names of the manifest's own things: `--set` addresses but never adds them.
    case name
    /// Labels and columns of the data.
    case text
  }

  package struct Variant: Sendable {
    package var kind: String
    package var section: Section

    package init(kind: String, section: Section) { (self.kind, self.section) = (kind, section) }
  }
}

/// Limits of a number.
package struct Bounds: Sendable {
  package var low = -Double.infinity
  package var high = Double.infinity
  package var excludesLow = false
  package var excludesHigh = false

  package static func from(_ low: Double, to high: Double = .infinity) -> Bounds { Bounds(low: low, high: high) }
  package static func above(_ low: Double, to high: Double = .infinity) -> Bounds {
    Bounds(low: low, high: high, excludesLow: true)
  }
  package static func from(_ low: Double, below high: Double) -> Bounds {
    Bounds(low: low, high: high, excludesHigh: true)
  }
  package static let share = Bounds(low: 0, high: 1)

  package func contains(_ value: Double) -> Bool {
    value.isFinite && (excludesLow ? value > low : value >= low) && (excludesHigh ? value < high : value <= high)
  }

  /// `at least 1`, `above 0 and at most 1`, `from 0 to 1`.
  package var description: String {
    func shown(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
    let hasLow = low.isFinite, hasHigh = high.isFinite && high < 1e15
    if hasLow, hasHigh, !excludesLow, !excludesHigh {
      return low == high ? shown(low) : "from \(shown(low)) to \(shown(high))"
    }
    var parts = [String]()
    if hasLow { parts.append(excludesLow ? "above \(shown(low))" : "of at least \(shown(low))") }
    if hasHigh { parts.append(excludesHigh ? "below \(shown(high))" : "at most \(shown(high))") }
    return parts.joined(separator: " and ")
  }
}

/// A map with known keys, in the order in which they are printed.
package struct Section: Sendable {
  /// What it is, with its article: `a model of kind lstm`.
  package var title: String
  package var fields: [Field]

  package init(_ title: String, _ fields: [Field]) { (self.title, self.fields) = (title, fields) }

  package func field(_ key: String) -> Field? { fields.first { $0.key == key } }

  /// The same keys, none filled in where it is not written.
  package var withoutDefaults: Section {
    Section(
      title,
      fields.map { field in
        var copy = field
        copy.isFilledIn = false
        return copy
      })
  }
}

/// One key of a section.
package struct Field: Sendable {
  package enum Fallback: Sendable {
    case required
    case value(Checked.Content)
    /// Depends on other keys; says how.
    case derived(String)
    case absent
  }

  package var key: String
  package var shape: Shape
  package var doc: String
  package var fallback: Fallback
  /// False where the value comes from elsewhere when it is not written (a corpus' defaults for its domains).
  package var isFilledIn = true

  package init(_ key: String, _ shape: Shape, _ doc: String, _ fallback: Fallback = .absent) {
    (self.key, self.shape, self.doc, self.fallback) = (key, shape, doc, fallback)
  }

  package var isRequired: Bool {
    if case .required = fallback { return isFilledIn }
    return false
  }
}

extension Shape {
  /// What an error says was expected.
  package var expectation: String {
    switch self {
    case .flag: return "true or false"
    case .integer(let bounds): return Shape.joined("an integer", bounds.description)
    case .number(let bounds): return Shape.joined("a number", bounds.description)
    case .text: return "text"
    case .column: return "a column's name, or its number"
    case .path: return "a path"
    case .name: return "a name of letters, digits, `.`, `_` and `-`"
    case .choice(let words): return words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
    case .list(let item, let count, let single):
      let size = count.upperBound == .max ? "" : count.lowerBound == count.upperBound ? " of \(count.lowerBound)" : ""
      return single ? "\(item.expectation), or a list of such" : "a list\(size), each item \(item.expectation)"
    case .table: return "a map"
    case .section(let section): return "a map: \(section.title)"
    case .variants: return "a map with the key `kind`"
    case .either: return "a map"
    case .union(let shapes): return shapes.map(\.expectation).joined(separator: ", or ")
    case .optional(let shape): return "\(shape.expectation), or none"
    case .any: return "a value"
    }
  }

  private static func joined(_ noun: String, _ limits: String) -> String { limits.isEmpty ? noun : "\(noun) \(limits)" }
}
