extension FileSource {
  /// How a file's bytes stand for text.
  public enum Encoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// The byte order mark says which byte of a unit comes first.
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case latin1 = "latin-1"
    case windows1252 = "windows-1252"

    /// Units of two bytes.
    var isWide: Bool { self == .utf16 || self == .utf16LittleEndian || self == .utf16BigEndian }

    /// As people write it.
    var name: String {
      switch self {
      case .utf8: "UTF-8"
      case .utf16, .utf16LittleEndian, .utf16BigEndian: "UTF-16"
      case .latin1: "Latin-1"
      case .windows1252: "Windows-1252"
      }
    }
  }
}

/// Brings the bytes of a file into UTF-8, the one encoding that the parsers know.
enum TextEncoding {
  /// What stands for bytes that mean nothing: no UTF-8 either, so that their row is malformed and keeps its line.
  private static let invalid: UInt8 = 0xFF

  /// The bytes as UTF-8, or why the file as a whole is not in the encoding.
  static func utf8(_ bytes: [UInt8], _ encoding: FileSource.Encoding) -> Result<[UInt8], Mismatch> {
    if isUTF32(bytes) { return .failure(.init(found: "UTF-32", remedy: "convert it (iconv -f UTF-32 -t UTF-8 FILE)")) }
    let mark = mark(of: bytes)
    switch encoding {
    case .utf8:
      if let mark, mark != .utf8 { return .failure(.init(found: "UTF-16", remedy: "`encoding: utf-16`")) }
      return .success(bytes)
    case .latin1, .windows1252:
      if let mark {
        return .failure(.init(found: "\(mark.name) with a byte order mark", remedy: "`encoding: \(mark.rawValue)`"))
      }
      if let other = otherThanOneByte(bytes, encoding) { return .failure(other) }
      return .success(encoding == .latin1 ? latin1(bytes) : windows1252(bytes))
    case .utf16, .utf16LittleEndian, .utf16BigEndian:
      if mark == .utf8 { return .failure(.init(found: "UTF-8 with a byte order mark", remedy: "`encoding: utf-8`")) }
      if encoding == .utf16, mark == nil {
        return .failure(
          .init(found: "UTF-16 without a byte order mark", remedy: "`encoding: utf-16le` or `encoding: utf-16be`"))
      }
      if encoding == .utf16LittleEndian && mark == .utf16BigEndian
        || encoding == .utf16BigEndian && mark == .utf16LittleEndian
      {
        return .failure(.init(found: "a byte order mark of the other order", remedy: "`encoding: utf-16`"))
      }
      let isBig = mark == .utf16BigEndian || encoding == .utf16BigEndian
      // Every table and line ends has units with a zero byte: without any it is another encoding.
      if mark == nil, !bytes.prefix(4_096).contains(0) {
        let other = String(validating: bytes, as: UTF8.self) == nil ? likelyOneByte(bytes) : .utf8
        return .failure(.init(found: "no UTF-16", remedy: "`encoding: \(other.rawValue)`"))
      }
      if mark == nil, let likely = unmarkedUTF16(bytes), (likely == .utf16BigEndian) != isBig {
        return .failure(.init(found: "UTF-16 of the other byte order", remedy: "`encoding: \(likely.rawValue)`"))
      }
      return .success(utf16(bytes[(mark == nil ? 0 : 2)...], isBigEndian: isBig))
    }
  }

  /// What a file is instead, and the key that reads it.
  struct Mismatch: Error, Equatable {
    var found: String
    var remedy: String
  }

  /// The encoding whose byte order mark the bytes begin with.
  static func mark(of bytes: [UInt8]) -> FileSource.Encoding? {
    if bytes.starts(with: Byte.byteOrderMark) { return .utf8 }
    if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    return bytes.starts(with: [0xFE, 0xFF]) ? .utf16BigEndian : nil
  }

  /// UTF-16 without a mark: the zeros of its blanks, line ends and separators stand on one side of its units, beside
  /// ASCII, whatever the script of the rest.
  static func unmarkedUTF16(_ bytes: [UInt8]) -> FileSource.Encoding? {
    let head = bytes.prefix(4_096), units = head.count / 2
    guard units > 1 else { return nil }
    var zeros = [0, 0], beside = [0, 0], lineEnds = [0, 0]
    for side in 0...1 {
      for unit in 0..<units where head[2 * unit + side] == 0 {
        let other = head[2 * unit + 1 - side]
        zeros[side] += 1
        beside[side] += 0x20..<0x7F ~= other || Byte.isSpace(other) ? 1 : 0
        lineEnds[side] += other == Byte.lineFeed || other == Byte.carriageReturn ? 1 : 0
      }
    }
    func isHigh(_ side: Int) -> Bool {
      zeros[side] > 1 && 50 * zeros[side] > units && 10 * zeros[1 - side] < zeros[side]
        && 20 * beside[side] > 19 * zeros[side]
        && (lineEnds[side] > 0 || 2 * zeros[side] > units)
    }
    return isHigh(1) ? .utf16LittleEndian : isHigh(0) ? .utf16BigEndian : nil
  }

  /// By its mark, or by units of four bytes of which the upper ones are those of a scalar.
  static func isUTF32(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return true }
    let units = min(bytes.count, 4_096) / 4
    guard units > 1 else { return false }
    return [[3, 2], [0, 1]].contains { upper in
      (0..<units).allSatisfy { bytes[4 * $0 + upper[0]] == 0 && bytes[4 * $0 + upper[1]] <= 0x10 }
    }
  }

  /// What bytes are that are not what their declared encoding, Latin-1 or Windows-1252, says: UTF-8, which all bytes
  /// beyond ASCII would hardly be by chance, or Windows-1252, whose quotes and dashes are control characters in Latin-1.
  private static func otherThanOneByte(_ bytes: [UInt8], _ encoding: FileSource.Encoding) -> Mismatch? {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return nil }
    if String(validating: bytes, as: UTF8.self) != nil {
      return Mismatch(found: "UTF-8, which would be read as other characters", remedy: "`encoding: utf-8`")
    }
    guard encoding == .latin1,
      bytes.contains(where: { 0x80...0x9F ~= $0 && windowsScalars[Int($0) - 0x80] != 0 })
    else { return nil }
    return Mismatch(
      found: "bytes from 0x80 to 0x9F, which are control characters in Latin-1", remedy: "`encoding: windows-1252`")
  }

  /// The one-byte encoding that bytes which are no UTF-8 are most likely in: 0x80 to 0x9F are no characters of Latin-1.
  static func likelyOneByte(_ bytes: [UInt8]) -> FileSource.Encoding {
    bytes.contains { 0x80...0x9F ~= $0 } ? .windows1252 : .latin1
  }

  // MARK: Decoding

  private static func latin1(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes { append(UInt32(byte), to: &text) }
    return text
  }

  private static func windows1252(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      let scalar = 0x80...0x9F ~= byte ? windowsScalars[Int(byte) - 0x80] : UInt32(byte)
      if scalar == 0 && byte != 0 { text.append(invalid) } else { append(scalar, to: &text) }
    }
    return text
  }

  /// 0x80 to 0x9F of Windows-1252 (Unicode's mapping CP1252.TXT); 0 where it has no character.
  private static let windowsScalars: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  private static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var position = bytes.startIndex
    func unit(_ at: Int) -> UInt32 {
      let (first, second) = (UInt32(bytes[at]), UInt32(bytes[at + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    while position + 1 < bytes.endIndex {
      let first = unit(position)
      position += 2
      guard 0xD800..<0xE000 ~= first else {
        append(first, to: &text)
        continue
      }
      guard first < 0xDC00, position + 1 < bytes.endIndex, 0xDC00..<0xE000 ~= unit(position) else {
        text.append(invalid)
        continue
      }
      append(0x10000 + (first - 0xD800) << 10 + (unit(position) - 0xDC00), to: &text)
      position += 2
    }
    if position < bytes.endIndex { text.append(invalid) }
    return text
  }

  /// A scalar's UTF-8.
  private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(scalar >> shift & 0x3F) }
    switch scalar {
    case 0..<0x80: text.append(UInt8(scalar))
    case 0x80..<0x800: text += [0xC0 | UInt8(scalar >> 6), tail(0)]
    case 0x800..<0x10000: text += [0xE0 | UInt8(scalar >> 12), tail(6), tail(0)]
    default: text += [0xF0 | UInt8(scalar >> 18), tail(12), tail(6), tail(0)]
    }
  }
}
