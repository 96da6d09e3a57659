import CZlib

/// Files in the form of gzip (RFC 1952): bytes that depend on nothing but the content and zlib.
package enum Gzip {
  /// Magic number, deflate, no flags, no time, best compression, made on an unknown system.
  private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255]
  /// Deflate makes no byte into more than so many.
  private static let greatestRatio = 1_032

  /// One member without a name and without a time, so that equal content gives equal bytes.
  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    head + Deflater.deflate(bytes) + number(Inflater.crc32(bytes)) + number(UInt32(truncatingIfNeeded: bytes.count))
  }

  /// The content of one member; its name, time and comment do not matter.
  ///
  /// - Throws: `DeflateError` where the bytes are no such file, or not whole.
  package static func decompress(_ bytes: [UInt8]) throws -> [UInt8] {
    let start = try contentStart(bytes)
    guard bytes.count >= start + 8 else { throw DeflateError("it ends too early") }
    let end = bytes.count - 8
    let crc = number(bytes[end..<end + 4]), size = Int(number(bytes[(end + 4)...]))
    guard size <= (end - start) * greatestRatio else {
      throw DeflateError("\(size) bytes are stated out of \(end - start), which cannot be")
    }
    var rest = bytes[start..<end]
    var content: [UInt8] = []
    content.reserveCapacity(size)
    try Inflater.inflate(
      size: size,
      next: {
        defer { rest = [] }
        return Array(rest)
      }, take: { content += $0 })
    guard Inflater.crc32(content) == crc else { throw DeflateError("its CRC-32 is not the stated one") }
    return content
  }

  /// Where the deflated bytes begin, behind the head and what its flags announce.
  private static func contentStart(_ bytes: [UInt8]) throws -> Int {
    guard bytes.count >= 18, bytes[0] == head[0], bytes[1] == head[1] else {
      throw DeflateError("it is no gzip file")
    }
    let flags = bytes[3]
    guard bytes[2] == 8, flags & 0xE0 == 0 else { throw DeflateError("it is compressed in an unknown way") }
    var place = head.count
    if flags & 4 != 0 {
      guard place + 2 <= bytes.count else { throw DeflateError("it ends too early") }
      place += 2 + Int(bytes[place]) + Int(bytes[place + 1]) << 8
    }
    // A name, a comment: each ends with a zero.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard place < bytes.count, let end = bytes[place...].firstIndex(of: 0) else {
        throw DeflateError("it ends too early")
      }
      place = end + 1
    }
    if flags & 2 != 0 { place += 2 }
    return place
  }

  private static func number(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

/// Raw deflate (RFC 1951), put together by zlib.
enum Deflater {
  static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    return unsafe withUnsafeMutablePointer(to: &stream) { stream in
      let begun = unsafe zlib_begin_raw_deflate(stream)
      precondition(begun == Z_OK, "Deflater: zlib cannot begin (\(begun))")
      defer { _ = unsafe deflateEnd(stream) }
      precondition(bytes.count <= Int(UInt32.max), "Deflater: \(bytes.count) bytes")
      var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(stream, UInt(bytes.count))))
      var input = bytes
      let made = unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe stream.pointee.next_in = input.baseAddress
          unsafe stream.pointee.avail_in = UInt32(input.count)
          unsafe stream.pointee.next_out = output.baseAddress
          unsafe stream.pointee.avail_out = UInt32(output.count)
          let status = unsafe CZlib.deflate(stream, Z_FINISH)
          precondition(status == Z_STREAM_END, "Deflater: zlib says \(status)")
          return unsafe output.count - Int(stream.pointee.avail_out)
        }
      }
      output.removeLast(output.count - made)
      return output
    }
  }
}
