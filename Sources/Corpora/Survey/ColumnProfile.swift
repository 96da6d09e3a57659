/// What the values of one column are like: enough to tell texts, labels, ids, dates and numbers apart.
struct ColumnProfile {
  enum Kind: Equatable {
    case plain
    /// Numbers; all of them whole, from 0, without a gap.
    case numbers(areCodes: Bool)
    case dates
    /// Ids, versions, hashes: one word with a digit in it.
    case codes
    /// A tag for each word of a text, or for the word of the row (B-, I-, O).
    case tags
    /// The official part that a row belongs to.
    case parts
    /// Several values of a small set in one field, or an array.
    case several
    /// JSON objects, or arrays of other than single values.
    case nested
  }

  var name: String
  /// Records, and those that have a value.
  var rows: Int
  var present = 0
  var distinct = 0
  /// Values that stand in more than one row, in rows.
  var repeated = 0
  /// Mean words of a value.
  var words = 0.0
  /// Words of all distinct values: what there is to read.
  var content = 0.0
  var kind = Kind.plain
  /// Rows in which two or more values of the others are joined, and by what.
  var joined: (rows: Int, separator: String)?

  /// - Parameters:
  ///   - values: of the records that have one.
  ///   - rows: all records.
  init(_ name: String, _ values: some Sequence<String>, rows: Int) {
    (self.name, self.rows) = (name, rows)
    var counts: [String: Int] = [:]
    for value in values {
      let short = trimmed(value)
      if !short.isEmpty { counts[short, default: 0] += 1 }
    }
    distinct = counts.count
    guard distinct > 0 else { return }
    var (numbers, dates, codes, parts) = (0, 0, 0, 0)
    var wordSum = 0.0
    // Sums of whole numbers and of halves: the order of a dictionary leaves no trace.
    for (value, count) in counts {
      present += count
      if count > 1 { repeated += count }
      let words = TextLength.words(value)
      wordSum += words * Double(count)
      content += words
      if Double(value) != nil {
        numbers += count
      } else if Self.isDate(value) {
        dates += count
      } else if Self.isCode(value) {
        codes += count
      }
      if FileParts.part(value.lowercased()) != nil { parts += count }
    }
    words = wordSum / Double(present)
    func most(_ count: Int, _ share: Double) -> Bool { Double(count) >= share * Double(present) }
    if most(numbers, 0.98) {
      let whole = Set(counts.keys.compactMap { Int($0) })
      let areCodes = whole.count == distinct && whole.min() == 0 && whole.max() == distinct - 1
      kind = .numbers(areCodes: areCodes)
    } else if parts == present, distinct > 1 {
      kind = .parts
    } else if most(dates + numbers, 0.98), dates > 0 {
      kind = .dates
    } else if most(codes + numbers, 0.8) {
      kind = .codes
    } else if Self.areTags(counts) {
      kind = .tags
    }
    if kind != .tags, words <= 8, 10 * distinct <= 9 * present, let found = Self.joined(counts) {
      joined = found
      if Double(found.rows) >= Self.severalShare * Double(present) { kind = .several }
    }
  }

  /// From this share of rows on, a column holds several labels a row; below, the joined ones are classes of their own.
  static let severalShare = 0.02

  // MARK: Roles

  /// Whether it can be the text: words that differ from row to row. Whole sentences may come again and again.
  var canBeText: Bool {
    guard kind == .plain || kind == .several, present > 0, words >= 1.5, 10 * present >= rows else { return false }
    return 10 * distinct >= present || words >= 4 && distinct >= 20 && 50 * distinct >= present
  }

  /// Whether it has few values, each in several rows.
  var hasFewValues: Bool {
    distinct > 1 && 3 * distinct <= present && 10 * repeated >= 9 * present && 10 * present >= rows && words <= 8
  }

  /// Stars, points and the like: few numbers of a small range.
  var canBeRating: Bool {
    guard case .numbers = kind else { return false }
    return hasFewValues && distinct <= 11
  }

  /// Whether its values look like those of whom or what several rows belong to: a customer, a conversation.
  var canBeGroup: Bool {
    guard distinct > 1, words < 1.5, 10 * present >= 9 * rows else { return false }
    switch kind {
    case .numbers, .plain, .codes: break
    default: return false
    }
    return 2 * repeated >= present && distinct >= 20 && 100 * distinct >= present
  }

  // MARK: Values

  /// Digits between marks of dates and times, with at least two marks, or with the words of months and zones.
  private static func isDate(_ value: String) -> Bool {
    guard value.utf8.count <= 40 else { return false }
    var (digits, marks, letters) = (0, 0, 0)
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "."): marks += 1
      case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "+"): break
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): letters += 1
      default: return false
      }
    }
    return digits >= 4 && (marks >= 2 && letters <= 5 || letters == 3 && digits >= 5)
  }

  private static func isCode(_ value: String) -> Bool {
    value.utf8.contains { 0x30...0x39 ~= $0 } && !value.unicodeScalars.contains { $0.properties.isWhitespace }
  }

  /// Words of which nearly all are tags: O alone, or with B- and I- in front of names.
  private static func areTags(_ counts: [String: Int]) -> Bool {
    var (tags, outside, words) = (0, 0, 0)
    var kinds: Set<Substring> = []
    for (value, count) in counts {
      for word in value.split(whereSeparator: \.isWhitespace) {
        words += count
        if kinds.count <= 1_000 { kinds.insert(word) }
        if word == "O" { outside += count }
        if word == "O" || word.hasPrefix("B-") || word.hasPrefix("I-") { tags += count }
      }
    }
    guard outside > 0, kinds.count > 1, kinds.count <= 1_000 else { return false }
    return 10 * tags >= 9 * words || 2 * outside >= words && 50 * kinds.count <= words
  }

  /// The separator that joins values into more kinds of fields than there are values, and in how many rows.
  private static func joined(_ counts: [String: Int]) -> (rows: Int, separator: String)? {
    var best: (rows: Int, separator: String)?
    for separator in ["<div>", "|", ";", ","] {
      let joined = counts.filter { $0.key.contains(separator) }
      guard !joined.isEmpty else { continue }
      var atoms: Set<String> = []
      for value in counts.keys {
        for atom in value.split(separator: separator) { atoms.insert(trimmed(String(atom))) }
        if atoms.count > counts.count { break }
      }
      let rows = joined.values.reduce(0, +)
      guard atoms.count < counts.count, atoms.count <= 1_000, atoms.allSatisfy({ TextLength.words($0) <= 4 }) else {
        continue
      }
      if rows > best?.rows ?? 0 { best = (rows, separator) }
    }
    return best
  }
}

/// How long texts are.
public enum TextLength {
  /// Words between blanks; of scripts that write none between words, half a word a letter.
  public static func words(_ text: String) -> Double {
    var (words, unspaced) = (0, 0)
    var isInside = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF, 0x0E00...0x0E7F, 0x20000...0x3FFFF:
        unspaced += 1
        isInside = false
      default:
        let isSpace = scalar.properties.isWhitespace
        if !isSpace && !isInside { words += 1 }
        isInside = !isSpace
      }
    }
    return Double(words) + Double(unspaced) / 2
  }
}
