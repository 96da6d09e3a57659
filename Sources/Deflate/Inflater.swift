import CZlib

/// Raw deflate (RFC 1951), taken apart by zlib piece by piece.
package enum Inflater {
  private static let piece = 1 << 18

  /// - Parameters:
  ///   - size: the bytes that come out, stated before; one more is an error, and so is one less.
  ///   - next: the next bytes that go in; none at their end.
  ///   - take: given what comes out, at most 256 KiB at a time.
  /// - Throws: `DeflateError` where the bytes are no deflate or not of that size; what `next` and `take` throw.
  package static func inflate(size: Int, next: () throws -> [UInt8], take: ([UInt8]) throws -> Void) throws {
    var stream = unsafe z_stream()
    var output = [UInt8](repeating: 0, count: piece)
    // zlib remembers where the stream stands: it stays in one place to the end.
    try unsafe withUnsafeMutablePointer(to: &stream) { stream in
      guard unsafe zlib_begin_raw_inflate(stream) == Z_OK else { throw DeflateError("zlib cannot begin") }
      defer { _ = unsafe inflateEnd(stream) }
      var written = 0, status = Z_OK
      while status != Z_STREAM_END {
        var input = try next()
        guard !input.isEmpty else { throw DeflateError("its deflated bytes end too early") }
        let count = input.count
        try unsafe input.withUnsafeMutableBufferPointer { input in
          unsafe stream.pointee.next_in = input.baseAddress
          unsafe stream.pointee.avail_in = UInt32(count)
          repeat {
            let made = try unsafe output.withUnsafeMutableBufferPointer { output in
              unsafe stream.pointee.next_out = output.baseAddress
              unsafe stream.pointee.avail_out = UInt32(output.count)
              status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
              // Z_BUF_ERROR: all that was there is used up.
              guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw DeflateError("its bytes are no deflate")
              }
              return unsafe output.count - Int(stream.pointee.avail_out)
            }
            written += made
            guard written <= size else { throw DeflateError("more than the stated \(size) bytes come out") }
            if made > 0 { try take(Array(output[..<made])) }
          } while unsafe status == Z_OK && (stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0)
        }
        if status == Z_STREAM_END {
          let isRest = try unsafe stream.pointee.avail_in > 0 || !next().isEmpty
          guard !isRest else { throw DeflateError("bytes follow the end of its deflate") }
        }
      }
      guard written == size else { throw DeflateError("got \(written) bytes, expected the stated \(size)") }
    }
  }

  /// The CRC-32 of ZIP and gzip (ISO 3309) after more bytes; 0 of none.
  package static func crc32(_ bytes: [UInt8], after crc: UInt32 = 0) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { unsafe UInt32(CZlib.crc32(UInt(crc), $0.baseAddress, UInt32($0.count))) }
  }
}

/// What is wrong with compressed bytes, in words.
package struct DeflateError: Error, Equatable {
  package let reason: String
  init(_ reason: String) { self.reason = reason }
}
