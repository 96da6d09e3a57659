/// The steps from raw text to the text that is split into tokens, in this order, each switched by its setting:
/// clean, anonymise, lower-case, remove punctuation, remove all but letters and digits, remove stop words, stem.
///
/// Where links are cleaned away and `anonymise` is on, they become `<url>`. Later steps leave placeholders whole.
public struct TextPreparation: Sendable {
  public let settings: TextSettings

  public init(_ settings: TextSettings) { self.settings = settings }

  public func prepare(_ text: String) -> String {
    var text = text
    if settings.clean { text = TextCleaner.clean(text, keepsLinks: settings.anonymise) }
    if settings.anonymise { text = Anonymiser.anonymise(text) }
    if settings.lowercase { text = text.lowercased() }
    if settings.removePunctuation {
      text = CharacterFilter.punctuation.apply(text, keepsPlaceholders: settings.anonymise)
    }
    if settings.removeNonAlphanumeric {
      text = CharacterFilter.nonAlphanumeric.apply(text, keepsPlaceholders: settings.anonymise)
    }
    if settings.removeStopWords { text = replacingWords(text) { StopWords.contains($0) ? "" : $0 } }
    if settings.stem { text = replacingWords(text, with: PorterStemmer.stem) }
    return text
  }

  /// Rewrites each word and leaves what stands between them; where a word vanishes, so does the white space after it.
  private func replacingWords(_ text: String, with replacement: (String) -> String) -> String {
    let bytes = Array(text.utf8)
    var output = [UInt8]()
    output.reserveCapacity(bytes.count)
    var position = 0, skipsSpace = false
    while position < bytes.count {
      if settings.anonymise, let length = PlaceholderToken.length(in: bytes, at: position) {
        output.append(contentsOf: bytes[position..<position + length])
        position += length
        skipsSpace = false
        continue
      }
      let end = WordTokenizer.wordEnd(in: bytes, at: position)
      if end > position {
        let new = replacement(String(decoding: bytes[position..<end], as: UTF8.self))
        output.append(contentsOf: Array(new.utf8))
        skipsSpace = new.isEmpty && (output.isEmpty || output.last == 0x20)
        position = end
      } else {
        if !skipsSpace || bytes[position] != 0x20 { output.append(bytes[position]) }
        skipsSpace = false
        // The whole scalar, so that its later bytes are not taken for words.
        let length = ScalarClass.decode(bytes, at: position).length
        output.append(contentsOf: bytes[position + 1..<position + length])
        position += length
      }
    }
    while output.last == 0x20, text.utf8.last != 0x20 { output.removeLast() }
    return String(decoding: output, as: UTF8.self)
  }
}
