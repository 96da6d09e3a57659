import Settings
import Yams

/// Where the second of two equal keys stands. Yams tells the key and its first place only.
enum DuplicateKey {
  /// Renames the first key and one later occurrence of the same word to one new word: if the parser then complains
  /// about the new word, that occurrence is the second key of the same map.
  static func error(
    keys: [String], first mark: Mark, text: String, source: ManifestSource, shift: Int
  ) -> ManifestError {
    let first = SourcePosition(
      source: source, line: mark.line, column: mark.line == 1 ? mark.column + shift : mark.column)
    // Yams reports the keys in sorted order and the place of the first of them.
    let key = keys.first ?? ""
    let scalars = Array(text.unicodeScalars), word = Array(key.unicodeScalars)
    let starts = lineStarts(scalars)
    if let start = offset(mark, word, scalars, starts) {
      let fresh = Array("\(freshWord(text))".unicodeScalars)
      var tried = 0, index = start + word.count
      while index + word.count <= scalars.count, tried < 200 {
        guard scalars[index] == word[0], Array(scalars[index..<index + word.count]) == word else {
          index += 1
          continue
        }
        tried += 1
        let renamed =
          scalars[..<start] + fresh + scalars[(start + word.count)..<index] + fresh + scalars[(index + word.count)...]
        if complains(about: String(String.UnicodeScalarView(fresh)), in: String(String.UnicodeScalarView(renamed))) {
          let line = starts.lastIndex { $0 <= index } ?? 0
          var column = index - starts[line] + 1
          if index > starts[line], scalars[index - 1] == "\"" || scalars[index - 1] == "'" { column -= 1 }
          let second = SourcePosition(source: source, line: line + 1, column: line == 0 ? column + shift : column)
          return ManifestError(
            at: second, keyPath: key, got: "a second `\(key)` in the same map",
            expected: "each key once (the first is at line \(first.line), column \(first.column))")
        }
        index += word.count
      }
    }
    return ManifestError(
      at: first, keyPath: key, got: "`\(key)` more than once in the same map", expected: "each key once")
  }

  private static func complains(about word: String, in text: String) -> Bool {
    do {
      _ = try compose(yaml: text, .basic, .default, .utf8)
      return false
    } catch YamlError.duplicatedKeysInMapping(let keys, _) {
      return keys.contains(word)
    } catch {
      return false
    }
  }

  /// A word that the text does not hold.
  private static func freshWord(_ text: String) -> String {
    var word = "zz"
    while text.contains(word) { word += "z" }
    return word
  }

  private static func lineStarts(_ scalars: [UnicodeScalar]) -> [Int] {
    var starts = [0]
    for (index, scalar) in scalars.enumerated() {
      let isBreak = scalar == "\n" || (scalar == "\r" && (index + 1 == scalars.count || scalars[index + 1] != "\n"))
      if isBreak { starts.append(index + 1) }
    }
    return starts
  }

  /// Where the key's word begins; nil where it is written another way (escapes).
  private static func offset(_ mark: Mark, _ word: [UnicodeScalar], _ scalars: [UnicodeScalar], _ starts: [Int]) -> Int?
  {
    guard !word.isEmpty, starts.indices.contains(mark.line - 1) else { return nil }
    var start = starts[mark.line - 1] + mark.column - 1
    if start < scalars.count, scalars[start] == "\"" || scalars[start] == "'" { start += 1 }
    guard start + word.count <= scalars.count, Array(scalars[start..<start + word.count]) == word else { return nil }
    return start
  }
}
