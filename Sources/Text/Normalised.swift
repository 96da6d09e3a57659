/// The text as duplicates are compared: NFC, lower-cased, punctuation removed, white space collapsed and trimmed;
/// digits, symbols and emoji are kept.
///
/// The one definition for the whole project: the splits, the audit and the lookup baseline use it. An apostrophe
/// inside a word vanishes ("don't" → "dont"); any other punctuation parts words ("top-up" → "top up").
public func normalised(_ text: String) -> String {
  let lower = CanonicalForm.composed(CanonicalForm.composed(text).lowercased())
  return CharacterFilter.punctuation.apply(lower, keepsPlaceholders: false)
}

/// Removes classes of characters and collapses white space.
enum CharacterFilter {
  /// Removes punctuation (Unicode's P* and ASCII's symbols).
  case punctuation
  /// Removes all but letters, numbers, the marks upon them, and white space.
  case nonAlphanumeric

  func apply(_ text: String, keepsPlaceholders: Bool) -> String {
    let bytes = Array(text.utf8)
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    var position = 0, parted = false
    // What the last kept scalar was: marks stay only upon something kept, apostrophes vanish only inside words.
    var afterWord = false
    func part(_ output: inout [UInt8]) {
      if parted, !output.isEmpty { output.append(0x20) }
      parted = false
    }
    while position < bytes.count {
      if ScalarClass.isASCIIAlphanumeric(bytes[position]) {
        part(&output)
        output.append(bytes[position])
        afterWord = true
        position += 1
        continue
      }
      if bytes[position] == 0x20 {
        parted = true
        afterWord = false
        position += 1
        continue
      }
      if keepsPlaceholders, let length = PlaceholderToken.length(in: bytes, at: position) {
        part(&output)
        output.append(contentsOf: bytes[position..<position + length])
        position += length
        afterWord = false
        continue
      }
      let (value, length) = ScalarClass.decode(bytes, at: position)
      let scalar = Unicode.Scalar(value)!
      if ScalarClass.isAlphanumeric(scalar) {
        part(&output)
        output.append(contentsOf: bytes[position..<position + length])
        afterWord = true
      } else if ScalarClass.isMark(scalar) {
        if afterWord || self == .punctuation {
          part(&output)
          output.append(contentsOf: bytes[position..<position + length])
        }
      } else if afterWord, ScalarClass.apostrophes.contains(value), startsWord(bytes, at: position + length) {
        // Inside a word: nothing stands for it.
      } else if self == .punctuation, !scalar.properties.isWhitespace, !ScalarClass.isPunctuation(scalar) {
        part(&output)
        output.append(contentsOf: bytes[position..<position + length])
        afterWord = false
      } else {
        parted = true
        afterWord = false
      }
      position += length
    }
    return String(decoding: output, as: UTF8.self)
  }

  private func startsWord(_ bytes: [UInt8], at position: Int) -> Bool {
    guard position < bytes.count else { return false }
    return ScalarClass.isAlphanumeric(Unicode.Scalar(ScalarClass.decode(bytes, at: position).value)!)
  }
}
