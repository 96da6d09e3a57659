/// SentencePiece's table of replacements (`precompiled_charsmap`): a double-array trie (Aoe 1989, in the layout of Yata's
/// darts-clone) over spellings, whose values say where each replacement stands in a text of them all.
struct PrecompiledCharacters: Sendable {
  private let units: [UInt32]
  /// Replacements, each with a zero behind it.
  private let replacements: [UInt8]
  /// The replacement of each scalar of the first plane by itself: its place, -1 where it stays.
  private let plane: [Int32]

  /// Whether some spelling is a printable sign of ASCII, or begins with one that ASCII follows. Else each such sign stands
  /// for itself where ASCII follows it.
  let changesASCII: Bool

  /// What is wrong with a table.
  struct Mistake: Error { var what: String }

  init(_ blob: [UInt8]) throws(Mistake) {
    func integer(_ position: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(blob[position + $1]) << UInt32(8 * $1) }
    }
    guard blob.count >= 4 else { throw Mistake(what: "is shorter than its own head") }
    let size = Int(integer(0))
    guard size % 4 == 0, size >= 4, size <= blob.count - 4 else {
      throw Mistake(what: "says that its trie has \(size) bytes, of \(blob.count) in all")
    }
    let units = (0..<size / 4).map { integer(4 + 4 * $0) }, replacements = Array(blob[(4 + size)...])
    guard replacements.isEmpty || replacements.last == 0, String(validating: replacements, as: UTF8.self) != nil else {
      throw Mistake(what: "has replacements that are no texts in UTF-8")
    }
    var plane = [Int32](repeating: -1, count: 0x10000), spelling = [UInt8]()
    for value in UInt32(1)..<0x10000 where !(0xD800..<0xE000 ~= value) {
      spelling.removeAll(keepingCapacity: true)
      ScalarClass.append(value, to: &spelling)
      plane[Int(value)] = Self.find(spelling, 0, spelling.count, units, shortest: true).value
    }
    (self.units, self.replacements, self.plane) = (units, replacements, plane)
    changesASCII = (UInt8(0x20)..<0x7F).contains { first in
      plane[Int(first)] >= 0 || (UInt8(1)..<0x80).contains { Self.begins([first, $0], units) }
    }
  }

  /// The value of the shortest, or longest, spelling that begins at `start`, and its end; -1 where none does.
  private static func find(
    _ bytes: [UInt8], _ start: Int, _ end: Int, _ units: [UInt32], shortest: Bool
  ) -> (value: Int32, end: Int) {
    var best = (value: Int32(-1), end: start)
    var node = offset(units[0]), position = start
    while position < end, bytes[position] != 0 {
      node ^= UInt32(bytes[position])
      guard Int(node) < units.count else { break }
      let unit = units[Int(node)]
      // A label is its byte; leaves have the highest bit.
      guard unit & 0x8000_00FF == UInt32(bytes[position]) else { break }
      node ^= offset(unit)
      position += 1
      // No spelling ends inside a character, whatever a damaged table says.
      let isWhole = position == bytes.count || bytes[position] & 0xC0 != 0x80
      if unit & 0x100 != 0, isWhole, Int(node) < units.count {
        best = (Int32(bitPattern: units[Int(node)] & 0x7FFF_FFFF), position)
        if shortest { break }
      }
    }
    return best
  }

  /// Whether some spelling begins so.
  private static func begins(_ bytes: [UInt8], _ units: [UInt32]) -> Bool {
    var node = offset(units[0])
    for byte in bytes {
      node ^= UInt32(byte)
      guard Int(node) < units.count, units[Int(node)] & 0x8000_00FF == UInt32(byte) else { return false }
      node ^= offset(units[Int(node)])
    }
    return true
  }

  private static func offset(_ unit: UInt32) -> UInt32 { (unit >> 10) << ((unit & 0x200) >> 6) }

  private func append(_ place: Int32, to output: inout [UInt8]) {
    var index = Int(place)
    while index < replacements.count, replacements[index] & 0xC0 == 0x80 { index += 1 }
    while index < replacements.count, replacements[index] != 0 {
      output.append(replacements[index])
      index += 1
    }
  }

  /// Appends what stands for the longest spelling that begins at `position`, as SentencePiece does, or else for one
  /// scalar; gives its end.
  func appendLongest(_ bytes: [UInt8], _ position: Int, _ end: Int, to output: inout [UInt8]) -> Int {
    let found = Self.find(bytes, position, end, units, shortest: false)
    if found.value >= 0 {
      append(found.value, to: &output)
      return found.end
    }
    let next = position + ScalarClass.decode(bytes, at: position).length
    output += bytes[position..<next]
    return next
  }

  /// The text as Hugging Face's `Precompiled` leaves it, in `output`; false, and nothing there, where that is the same.
  ///
  /// It looks at grapheme clusters (UAX #29) of up to five bytes, and takes the shortest spelling that one begins with for
  /// all of it; of longer ones and of those without it looks at each scalar.
  func apply(to bytes: [UInt8], _ output: inout [UInt8]) -> Bool {
    var position = 0, kept = 0
    func replace(_ end: Int, by place: Int32, _ output: inout [UInt8]) {
      output += bytes[kept..<position]
      append(place, to: &output)
      kept = end
    }
    func scalar(_ value: UInt32, _ length: Int) -> Int32 {
      value < 0x10000
        ? plane[Int(value)] : Self.find(bytes, position, position + length, units, shortest: true).value
    }
    while position < bytes.count {
      let (value, length) = ScalarClass.decode(bytes, at: position)
      let next = position + length
      if GraphemeBreak.isPlain(value), next == bytes.count || GraphemeBreak.isPlain(bytes, next) {
        let place = scalar(value, length)
        if place >= 0 { replace(next, by: place, &output) }
        position = next
        continue
      }
      // A stretch of clusters that only Unicode's rules can tell apart.
      let end = GraphemeBreak.endOfStretch(bytes, position)
      for cluster in String(decoding: bytes[position..<end], as: UTF8.self) {
        let size = cluster.utf8.count, clusterEnd = position + size
        let whole = size < 6 ? Self.find(bytes, position, clusterEnd, units, shortest: true).value : -1
        if whole >= 0 {
          replace(clusterEnd, by: whole, &output)
          position = clusterEnd
          continue
        }
        while position < clusterEnd {
          let (value, length) = ScalarClass.decode(bytes, at: position)
          let place = scalar(value, length)
          if place >= 0 { replace(position + length, by: place, &output) }
          position += length
        }
      }
    }
    if kept == 0, output.isEmpty { return false }
    output += bytes[kept...]
    return true
  }
}

/// Where grapheme clusters may break, without a look at more than a scalar.
enum GraphemeBreak {
  /// Whether the scalar neither joins what stands before it nor, by itself, what follows: letters, digits and signs of
  /// scripts without marks that change them, and white space (UAX #29, GB4, GB5, GB999). Always true of what it names, in
  /// any version of Unicode; false of much else.
  @inline(__always)
  static func isPlain(_ value: UInt32) -> Bool {
    switch value {
    case 0x20..<0x7F, 0x09, 0x0A: true
    case 0xA0..<0x300: value != 0xA9 && value != 0xAD && value != 0xAE
    case 0x370..<0x483, 0x48A..<0x590, 0x5D0..<0x5EB, 0x620..<0x64B, 0x660..<0x670, 0x671..<0x6D4: true
    case 0x1200..<0x135B, 0x1E00..<0x2000, 0x2010..<0x2028, 0x3041..<0x3097, 0x30A1..<0x30FB, 0x3400..<0xA000: true
    default: false
    }
  }

  static func isPlain(_ bytes: [UInt8], _ position: Int) -> Bool {
    bytes[position] < 0x80 ? isPlain(UInt32(bytes[position])) : isPlain(ScalarClass.decode(bytes, at: position).value)
  }

  /// The first place behind `position` at which a break is certain.
  static func endOfStretch(_ bytes: [UInt8], _ position: Int) -> Int {
    var end = position, wasPlain = false
    while end < bytes.count {
      let (value, length) = ScalarClass.decode(bytes, at: end)
      let plain = isPlain(value)
      // Two plain ones in a row: what stands before the first may belong to it.
      if plain, wasPlain { return end }
      wasPlain = plain && end > position
      end += length
    }
    return end
  }
}
