import Text

/// What the texts of a data set are like, and which personal data the anonymiser's patterns find in them: counts only,
/// never texts.
public struct TextProfile: Sendable, Equatable, Codable {
  /// What was found of one kind.
  public struct Finding: Sendable, Equatable, Codable {
    public var kind: PlaceholderToken
    /// In all texts together, and the rows that have any.
    public var count: Int
    public var rows: Int

    public init(kind: PlaceholderToken, count: Int, rows: Int) {
      (self.kind, self.count, self.rows) = (kind, count, rows)
    }
  }

  /// Words, parted by white space: of the text in the middle (of two the longer), and of the longest.
  public var medianWords = 0
  public var longestWords = 0
  /// Letters of any script, and those of them that are not Latin.
  public var letters = 0
  public var otherLetters = 0
  /// The kinds that were found, in the order of `PlaceholderToken`.
  public var personal: [Finding] = []
  /// Rows with a finding of any kind.
  public var personalRows = 0

  public init() {}

  public init(_ examples: [Example]) {
    var words: [Int] = []
    words.reserveCapacity(examples.count)
    var counts = [Int](repeating: 0, count: PlaceholderToken.allCases.count), rows = counts
    for example in examples {
      words.append(count(example.text))
      let found = Anonymiser.findings(in: example.text)
      if found.isEmpty { continue }
      personalRows += 1
      for (index, kind) in PlaceholderToken.allCases.enumerated() {
        let number = found.count { $0 == kind }
        counts[index] += number
        if number > 0 { rows[index] += 1 }
      }
    }
    words.sort()
    medianWords = words.isEmpty ? 0 : words[words.count / 2]
    longestWords = words.last ?? 0
    for (index, kind) in PlaceholderToken.allCases.enumerated() where counts[index] > 0 {
      personal.append(Finding(kind: kind, count: counts[index], rows: rows[index]))
    }
  }

  /// Adds the text's letters; its words.
  private mutating func count(_ text: String) -> Int {
    var words = 0, isInside = false
    for scalar in text.unicodeScalars {
      let isSpace: Bool
      switch scalar.value {
      case 0x41...0x5A, 0x61...0x7A:
        letters += 1
        isSpace = false
      case 0..<0x80: isSpace = scalar.value == 0x20 || 0x09...0x0D ~= scalar.value
      default:
        isSpace = scalar.properties.isWhitespace
        if scalar.properties.isAlphabetic {
          letters += 1
          if !Self.isLatin(scalar.value) { otherLetters += 1 }
        }
      }
      if !isSpace, !isInside { words += 1 }
      isInside = !isSpace
    }
    return words
  }

  /// Latin-1 and the Latin blocks Extended-A, -B and Additional; and combining marks, which have no script of their own.
  private static func isLatin(_ value: UInt32) -> Bool {
    0xAA...0x24F ~= value || 0x300...0x36F ~= value || 0x1E00...0x1EFF ~= value
  }
}
