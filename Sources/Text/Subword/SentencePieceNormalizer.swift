/// What SentencePiece does to a text before it looks for pieces (Kudo and Richardson 2018, section 3; `normalizer.cc` of
/// the reference implementation): its table of characters, and spaces as visible signs.
struct SentencePieceNormalizer: Sendable {
  private static let sign: [UInt8] = [0xE2, 0x96, 0x81]

  var characters: PrecompiledCharacters?
  /// Pieces that are found in the raw text, and stay as they are.
  var userDefined: PieceTrie?
  /// The bytes that these begin with.
  var userDefinedStarts = Set<UInt8>() {
    didSet { startsUserDefined = (0...UInt8.max).map { userDefinedStarts.contains($0) } }
  }
  private var startsUserDefined = [Bool](repeating: false, count: 256)
  var addsPrefix = true
  /// No spaces at the ends, and no two in a row.
  var removesExtraSpaces = true
  var escapesSpaces = true

  func apply(to bytes: [UInt8], _ output: inout [UInt8]) {
    var position = 0, isAfterSpace = removesExtraSpaces
    if removesExtraSpaces {
      while position < bytes.count {
        let next = append(bytes, position, to: &output)
        let isSpace = output.count == 1 && output[0] == 0x20
        output.removeAll(keepingCapacity: true)
        if !isSpace { break }
        position = next
      }
    }
    if position == bytes.count { return }
    if addsPrefix { appendSpace(to: &output) }
    var part = [UInt8]()
    while position < bytes.count {
      if 0x20..<0x7F ~= bytes[position], isPlain(bytes, position) {
        if bytes[position] > 0x20 {
          output.append(bytes[position])
        } else if !isAfterSpace {
          appendSpace(to: &output)
        }
        isAfterSpace = removesExtraSpaces && bytes[position] == 0x20
        position += 1
        continue
      }
      part.removeAll(keepingCapacity: true)
      position = append(bytes, position, to: &part)
      var start = 0
      while isAfterSpace, start < part.count, part[start] == 0x20 { start += 1 }
      for byte in part[start...] {
        if byte == 0x20 { appendSpace(to: &output) } else { output.append(byte) }
      }
      if start < part.count { isAfterSpace = removesExtraSpaces && part.last == 0x20 }
    }
    guard removesExtraSpaces else { return }
    let space = escapesSpaces ? Self.sign : [0x20]
    while output.count >= space.count, output[(output.count - space.count)...].elementsEqual(space) {
      output.removeLast(space.count)
    }
  }

  /// Whether a sign of ASCII stands for itself: no user-defined piece may begin with it, nothing be made of it, and no
  /// mark follow, with which it would be another.
  @inline(__always)
  private func isPlain(_ bytes: [UInt8], _ position: Int) -> Bool {
    if startsUserDefined[Int(bytes[position])] { return false }
    guard let characters else { return true }
    return !characters.changesASCII && (position + 1 == bytes.count || bytes[position + 1] < 0x80)
  }

  private func appendSpace(to output: inout [UInt8]) {
    if escapesSpaces { output += Self.sign } else { output.append(0x20) }
  }

  /// Appends what the text at `position` becomes; gives its end.
  private func append(_ bytes: [UInt8], _ position: Int, to output: inout [UInt8]) -> Int {
    if let userDefined {
      let match = userDefined.longest(in: bytes, from: position, to: bytes.count, root: PieceTrie.wordRoot)
      if match.id >= 0 {
        output += bytes[position..<match.end]
        return match.end
      }
    }
    if let characters { return characters.appendLongest(bytes, position, bytes.count, to: &output) }
    let end = position + ScalarClass.decode(bytes, at: position).length
    output += bytes[position..<end]
    return end
  }
}
