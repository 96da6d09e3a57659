/// Text on its way through the normalisers.
struct NormalizedText: Sendable {
  var bytes = [UInt8]()
  /// Whether its first scalar is, or stands for, the first of what it was made of.
  var keepsStart = true
  /// Where a step writes.
  var spare = [UInt8]()

  /// Moves what a step has written to where the next one reads.
  mutating func turn() {
    swap(&bytes, &spare)
    spare.removeAll(keepingCapacity: true)
  }
}

/// A step that a text takes before it is cut into words (the `normalizer` of Hugging Face's tokenizers).
enum TextNormalizer: Sendable {
  case form(UnicodeForm)
  case lowercase
  /// Drops marks, those that are letters of their own too.
  case stripAccents
  case strip(left: Bool, right: Bool)
  case replace([UInt8], with: [UInt8])
  /// Two spaces and more in a row.
  case replaceSpaces(with: [UInt8])
  case prepend([UInt8])
  /// SentencePiece's rules for machine translation: control characters go, other white space becomes a space.
  case nmt
  case bert(BertCasing)
  case precompiled(PrecompiledCharacters)
  case sentencePiece(SentencePieceNormalizer)

  func apply(to text: inout NormalizedText) {
    switch self {
    case .form(let form): if form.apply(to: text.bytes, &text.spare) { text.turn() }
    case .lowercase: Self.lowercase(&text)
    case .stripAccents:
      if text.bytes.allSatisfy({ $0 < 0xCC }) { return }
      Self.map(&text) { UnicodeCompositions.isMark($0) ? nil : $0 }
    case .strip(let left, let right): Self.strip(&text, left: left, right: right)
    case .replace(let pattern, let content): Self.replace(&text, pattern, content)
    case .replaceSpaces(let content): Self.replaceSpaces(&text, content)
    case .prepend(let prefix):
      if text.bytes.isEmpty { return }
      text.spare += prefix
      text.spare += text.bytes
      text.turn()
    case .nmt: Self.map(&text, Self.nmt)
    case .bert(let casing):
      let folded = FoldedText(text.bytes, folding: .of(casing))
      if folded.startOfSource != 0 { text.keepsStart = false }
      text.bytes = folded.bytes
    case .sentencePiece(let normalizer):
      normalizer.apply(to: text.bytes, &text.spare)
      text.turn()
    case .precompiled(let characters): if characters.apply(to: text.bytes, &text.spare) { text.turn() }
    }
  }

  /// Scalar by scalar, each by itself: a final sigma is none here.
  private static func lowercase(_ text: inout NormalizedText) {
    if text.bytes.allSatisfy({ $0 < 0x80 }) {
      for index in text.bytes.indices where 0x41...0x5A ~= text.bytes[index] { text.bytes[index] |= 0x20 }
      return
    }
    var position = 0
    while position < text.bytes.count {
      let byte = text.bytes[position]
      if byte < 0x80 {
        text.spare.append(0x41...0x5A ~= byte ? byte | 0x20 : byte)
        position += 1
        continue
      }
      let (value, length) = ScalarClass.decode(text.bytes, at: position)
      let properties = Unicode.Scalar(value)!.properties
      // Ideographs, syllables, and the letters between have no case.
      if 0x3000..<0xA000 ~= value || 0x600..<0x1000 ~= value || !properties.changesWhenLowercased {
        text.spare += text.bytes[position..<position + length]
      } else {
        text.spare += properties.lowercaseMapping.utf8
      }
      position += length
    }
    text.turn()
  }

  /// Each scalar becomes another, or none.
  private static func map(_ text: inout NormalizedText, _ change: (UInt32) -> UInt32?) {
    var position = 0, isFirst = true
    while position < text.bytes.count {
      let (value, length) = ScalarClass.decode(text.bytes, at: position)
      if let new = change(value) {
        if isFirst, position > 0 { text.keepsStart = false }
        isFirst = false
        ScalarClass.append(new, to: &text.spare)
      }
      position += length
    }
    text.turn()
  }

  private static func nmt(_ value: UInt32) -> UInt32? {
    switch value {
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: nil
    case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: 0x20
    default: value
    }
  }

  private static func strip(_ text: inout NormalizedText, left: Bool, right: Bool) {
    let table = ScalarTraits.table
    var start = 0, end = text.bytes.count
    while left, start < end {
      let (traits, length) = ScalarTraits.at(start, of: text.bytes, table)
      if !traits.contains(.space) { break }
      start += length
    }
    while right, end > start, ScalarTraits.before(end, of: text.bytes).contains(.space) {
      end -= 1
      while text.bytes[end] & 0xC0 == 0x80 { end -= 1 }
    }
    if start > 0 { text.keepsStart = false }
    text.bytes.removeLast(text.bytes.count - end)
    text.bytes.removeFirst(start)
  }

  private static func replace(_ text: inout NormalizedText, _ pattern: [UInt8], _ content: [UInt8]) {
    var position = 0, kept = 0
    while position + pattern.count <= text.bytes.count {
      guard text.bytes[position] == pattern[0],
        pattern.count == 1 || text.bytes[position..<position + pattern.count].elementsEqual(pattern)
      else {
        position += 1
        continue
      }
      // What replaces several scalars stands for the last of them (in Hugging Face's offsets).
      if position == 0, content.isEmpty || ScalarClass.decode(text.bytes, at: 0).length < pattern.count {
        text.keepsStart = false
      }
      text.spare += text.bytes[kept..<position]
      text.spare += content
      position += pattern.count
      kept = position
    }
    if kept == 0 { return }
    text.spare += text.bytes[kept...]
    text.turn()
  }

  private static func replaceSpaces(_ text: inout NormalizedText, _ content: [UInt8]) {
    var position = 0, kept = 0
    while position + 1 < text.bytes.count {
      guard text.bytes[position] == 0x20, text.bytes[position + 1] == 0x20 else {
        position += 1
        continue
      }
      if position == 0 { text.keepsStart = false }
      text.spare += text.bytes[kept..<position]
      text.spare += content
      while position < text.bytes.count, text.bytes[position] == 0x20 { position += 1 }
      kept = position
    }
    if kept == 0 { return }
    text.spare += text.bytes[kept...]
    text.turn()
  }
}
