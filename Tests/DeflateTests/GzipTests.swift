import Foundation
import Testing

@testable import Deflate

@Suite struct GzipTests {
  static func bytes(_ count: Int, of values: Int) -> [UInt8] {
    var state: UInt64 = 88_172_645_463_325_252
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(state % UInt64(values))
    }
  }

  @Test("what is compressed comes back", arguments: [0, 1, 10, 65_535, 262_144, 262_145, 1_000_000], [1, 3, 256])
  func back(count: Int, values: Int) throws {
    let content = Self.bytes(count, of: values)
    let packed = Gzip.compress(content)
    #expect(packed == Gzip.compress(content))
    #expect(try Gzip.decompress(packed) == content)
    if values < 256, count > 1_000 { #expect(packed.count < count / 2) }
  }

  @Test("the head has no time and no name, and zlib's numbers stand at the end")
  func head() {
    // CRC-32 of "123456789" (RFC 3720's check value for ISO 3309), and the size.
    let packed = Gzip.compress(Array("123456789".utf8))
    #expect(packed.prefix(10) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
    #expect(packed.suffix(8) == [0x26, 0x39, 0xF4, 0xCB, 9, 0, 0, 0])
  }

  @Test("a file that gzip -n and gzip with a name wrote is read")
  func others() throws {
    // printf 'abc\n' | gzip -nc; and with FNAME `a` and a time.
    let deflated: [UInt8] = [0x4B, 0x4C, 0x4A, 0xE6, 0x02, 0x00]
    let tail: [UInt8] = [0x4E, 0x81, 0x88, 0x47, 4, 0, 0, 0]
    #expect(try Gzip.decompress([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + deflated + tail) == Array("abc\n".utf8))
    #expect(try Gzip.decompress([0x1F, 0x8B, 8, 8, 1, 2, 3, 4, 0, 3, 97, 0] + deflated + tail) == Array("abc\n".utf8))
  }

  @Test("damage at any byte is an error or harmless, and never other content")
  func damage() throws {
    let content = Self.bytes(400, of: 7)
    let packed = Gzip.compress(content)
    for place in packed.indices {
      var other = packed
      other[place] ^= 0x55
      if let read = try? Gzip.decompress(other) { #expect(read == content && place < 10, "byte \(place)") }
      #expect(throws: DeflateError.self) { try Gzip.decompress(Array(packed[..<place])) }
    }
    #expect(throws: DeflateError.self) { try Gzip.decompress(packed + [0]) }
    var bomb = packed
    bomb.replaceSubrange(bomb.count - 4..<bomb.count, with: [255, 255, 255, 127])
    #expect(throws: DeflateError.self) { try Gzip.decompress(bomb) }
  }
}
