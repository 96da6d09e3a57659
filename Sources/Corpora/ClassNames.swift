import Foundation
import Text

/// How names of classes are shown, and which of them are probably one class spelt in several ways.
public enum ClassNames {
  // MARK: Showing

  /// The name with every character that is not seen as its number: `deli\u{AD}very`. A blank inside the name stays, and
  /// what belongs to an emoji unless `exactly`.
  public static func visible(_ name: String, exactly: Bool = false) -> String {
    let scalars = Array(name.unicodeScalars)
    guard scalars.contains(where: { isHidden($0) }) || scalars.first == " " || scalars.last == " " else { return name }
    var shown = ""
    for (index, scalar) in scalars.enumerated() {
      let isEnd = index == 0 || index == scalars.count - 1
      // A joiner or selector behind an emoji is seen in what it makes of it.
      let isPartOfEmoji =
        !exactly && index > 0 && (scalar == "\u{200D}" || scalar == "\u{FE0F}") && isEmoji(scalars[index - 1])
      if isHidden(scalar) && !isPartOfEmoji || isEnd && scalar == " " {
        shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// The same, anonymised and cut as every excerpt is, since a class is a message where a manifest names the wrong
  /// column. One word is none, and may be longer.
  public static func shown(_ name: String, exactly: Bool = false) -> String {
    let isWord = name.utf8.count <= 80 && !name.unicodeScalars.contains { $0.properties.isWhitespace }
    return visible(isWord ? Anonymiser.anonymise(name) : Anonymiser.excerpt(name), exactly: exactly)
  }

  /// "billing (101), legal (1) and 3 more", each name in back quotes: at most `limit` of them.
  public static func list(_ classes: [(name: String, rows: Int)], limit: Int = 5, exactly: Bool = false) -> String {
    let items = classes.prefix(limit).map { "`\(shown($0.name, exactly: exactly))` (\($0.rows))" }
    return items.joined(separator: ", ") + (classes.count > limit ? " and \(classes.count - limit) more" : "")
  }

  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0xFF && (scalar.properties.isEmoji || scalar == "\u{FE0F}")
  }

  /// Nothing is seen of it, or only a blank that is not the ordinary one.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return false }
    switch scalar.properties.generalCategory {
    case .format, .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: return true
    default: return scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  // MARK: Spelling

  /// What may differ between two names that mean one class.
  public enum Difference: String, Sendable, CaseIterable {
    case letterCase = "case"
    case blanks
    case invisible = "invisible characters"
    case accents = "accents or Unicode form"
  }

  /// Names that are equal but for case, blanks, invisible characters or accents.
  public struct Alike: Sendable, Equatable {
    /// In the order given.
    public var names: [String]
    /// What tells them apart, in the order of `Difference`.
    public var differences: [Difference]
  }

  /// Every set of two or more, in the order of their first names.
  public static func alike(_ names: [String]) -> [Alike] {
    var groups: [String: [String]] = [:]
    var order: [String] = []
    for name in names {
      let key = folded(name, keeping: nil)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(name)
    }
    return order.compactMap { key in
      guard let names = groups[key], names.count > 1 else { return nil }
      // What tells them apart is what they still differ by when all else is folded away.
      let differences = Difference.allCases.filter { kept in
        Set(names.map { Array(folded($0, keeping: kept).utf8) }).count > 1
      }
      // Of two at once, as a letter whose case has an accent, neither need show alone.
      return Alike(names: names, differences: differences.isEmpty ? [.accents] : differences)
    }
  }

  private static func folded(_ name: String, keeping kept: Difference?) -> String {
    var folded = "", word = String.UnicodeScalarView()
    func fold() {
      var text = String(word)
      word.removeAll()
      if kept != .accents { text = text.decomposedStringWithCompatibilityMapping }
      if kept != .letterCase { text = text.lowercased() }
      folded.unicodeScalars += text.unicodeScalars.filter { kept == .accents || !isAccent($0) }
    }
    // Blanks part words before these are decomposed, which makes all blanks one.
    for scalar in name.unicodeScalars {
      if scalar.properties.isWhitespace {
        fold()
        if kept == .blanks { folded.unicodeScalars.append(scalar) }
      } else if kept == .invisible || !isHidden(scalar) {
        word.append(scalar)
      }
    }
    fold()
    return folded
  }

  /// The blocks of combining diacritical marks; the vowel signs of other scripts are letters, not accents.
  private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF: true
    default: false
    }
  }
}
