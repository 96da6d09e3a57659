import Settings

/// Looks at the raw text before the parser does: what could exhaust its stack or its memory is refused here.
///
/// Quotes are not followed, so a text with more brackets or asterisks than any manifest has is refused too.
enum YAMLGuard {
  static let maximumBytes = 262_144
  static let maximumDepth = 64
  static let maximumAliases = 100
  static let maximumNodes = 20_000

  /// What is wrong with the text as a whole, or nil.
  static func problem(in source: ManifestSource) -> ManifestError? {
    var depth = 0, aliases = 0
    var alias: SourcePosition?, complexKey: SourcePosition?
    for (number, line) in source.lines.enumerated() {
      let scalars = Array(line.unicodeScalars)
      func at(_ index: Int) -> SourcePosition { SourcePosition(source: source, line: number + 1, column: index + 1) }
      var dashes = 0, leading = true
      for (index, scalar) in scalars.enumerated() {
        if isControl(scalar) {
          let code = String(scalar.value, radix: 16, uppercase: true)
          let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
          return ManifestError(at: at(index), got: "the control character \(name)", expected: "YAML text in UTF-8")
        }
        let next = index + 1 < scalars.count ? scalars[index + 1] : " "
        switch scalar {
        case "[", "{": depth += 1
        case "]", "}":
          depth = max(0, depth - 1)
          if follows(":", after: index, in: scalars) { complexKey = complexKey ?? at(index) }
        case "-" where leading && next == " ": dashes += 1
        case "?" where (leading || startsToken(index, in: scalars)) && next == " ": complexKey = complexKey ?? at(index)
        case "*" where startsToken(index, in: scalars) && next.properties.isAlphabetic:
          aliases += 1
          alias = alias ?? at(index)
          // So many are refused anyway, and each looks along its line.
          guard aliases <= maximumAliases else { break }
          let end = scalars[index...].firstIndex { $0 == " " || $0 == ":" || $0 == "," } ?? scalars.count
          if follows(":", after: end - 1, in: scalars) { complexKey = complexKey ?? at(index) }
        default: break
        }
        if scalar != " ", scalar != "-" { leading = false }
        if depth > maximumDepth || dashes > maximumDepth {
          return ManifestError(
            at: at(index), got: "more than \(maximumDepth) levels of nesting", expected: "at most \(maximumDepth)")
        }
      }
    }
    if let alias, aliases > maximumAliases {
      return ManifestError(
        at: alias, got: "\(aliases) aliases (`*name`)", expected: "at most \(maximumAliases) in a file")
    }
    if alias != nil, let complexKey {
      return ManifestError(at: complexKey, got: "a key that is no plain word", expected: "a word before the colon")
    }
    return nil
  }

  private static func isControl(_ scalar: UnicodeScalar) -> Bool {
    (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7f
      || (0x80...0x9f).contains(scalar.value) && scalar.value != 0x85
      || scalar.value == 0xfffe || scalar.value == 0xffff
  }

  private static func startsToken(_ index: Int, in scalars: [UnicodeScalar]) -> Bool {
    index == 0 || [" ", "\t", "[", "{", ",", ":", "-"].contains(scalars[index - 1])
  }

  private static func follows(_ wanted: UnicodeScalar, after index: Int, in scalars: [UnicodeScalar]) -> Bool {
    scalars[(index + 1)...].first { $0 != " " && $0 != "\t" } == wanted
  }
}
