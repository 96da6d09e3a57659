import Deflate
import Foundation
import TestSupport
import Testing

@testable import Fetching

/// Archives by Python's zipfile, and by a naive writer that says whatever it is told.
@Suite struct ZipArchiveTests {
  private static let weights = (0..<300_000).map { UInt8(truncatingIfNeeded: ($0 * 7) >> 3) }
  private static let contents: [String: [UInt8]] = [
    "tiny/model/part/weights": weights, "tiny/model/words.txt": Array("one\ntwo\n".utf8), "tiny/empty": [],
    "tiny/grüße.txt": Array("Grüße\n".utf8),
  ]

  private func inFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Everything in the archive, by name.
  private func read(_ bytes: [UInt8], limits: ZipArchive.Limits = .init(), in folder: URL) throws -> [String: [UInt8]] {
    let file = folder.appendingPathComponent("a.zip"), target = folder.appendingPathComponent("out")
    try Data(bytes).write(to: file)
    let archive = try ZipArchive(file, limits: limits)
    var found: [String: [UInt8]] = [:]
    for entry in archive.entries {
      do { try archive.extract(entry, to: target) } catch {
        #expect(!FileManager.default.fileExists(atPath: target.path))
        throw error
      }
      found[entry.name] = [UInt8](try Data(contentsOf: target))
      try FileManager.default.removeItem(at: target)
    }
    return found
  }

  private func refusal(_ bytes: [UInt8], limits: ZipArchive.Limits = .init()) throws -> String? {
    try inFolder { folder in
      do {
        _ = try read(bytes, limits: limits, in: folder)
        return nil
      } catch let error as ZipError { return error.reason }
    }
  }

  private var wheel: [UInt8] {
    get throws { try [UInt8](Data(contentsOf: Fixtures.root.appendingPathComponent("zip/wheel.zip"))) }
  }

  @Test("what Python's zipfile wrote comes out as it went in")
  func zipfile() throws {
    try inFolder { folder in
      let isSame = try read(wheel, in: folder) == Self.contents
      #expect(isSame)
      let entry = try #require(try ZipArchive(folder.appendingPathComponent("a.zip"))["tiny/model/part/weights"])
      #expect(entry.isDeflated && entry.size == 300_000 && entry.packed < 100_000)
    }
  }

  @Test("the CRC-32 is that of the standard's check value")
  func checksum() {
    #expect(Inflater.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(Inflater.crc32(Array("56789".utf8), after: Inflater.crc32(Array("1234".utf8))) == 0xCBF4_3926)
  }

  @Test("a byte changed or cut off anywhere is refused, or changes nothing that comes out")
  func mutations() throws {
    let small = Writer([.init("a/b", [1, 2, 3, 4, 5]), .init("c", Array("hello".utf8), isDeflated: true)]).bytes
    let whole: [String: [UInt8]] = ["a/b": [1, 2, 3, 4, 5], "c": Array("hello".utf8)]
    try inFolder { folder in
      #expect(try read(small, in: folder) == whole)
      var refused = 0
      for place in small.indices {
        for change: UInt8 in [0x01, 0x20, 0x80, 0xFF] {
          var bytes = small
          bytes[place] ^= change
          do {
            let found = try read(bytes, in: folder)
            // Names may differ where both of their places were changed alike; one place is not enough.
            #expect(found == whole, "byte \(place) ^ \(change)")
          } catch is ZipError { refused += 1 }
        }
        #expect(throws: ZipError.self, "\(place)") { try read(Array(small[..<place]), in: folder) }
      }
      #expect(refused > 2 * small.count)
    }
  }

  @Test("names that lead out of the folder, stand twice or are no names are refused")
  func names() throws {
    for name in ["../x", "a/../../x", "/x", "a//b", "./a", "a/.", "..", "a\\..\\x", "C:/x", "a\u{0}b", "a\nb", ""] {
      #expect(try refusal(Writer([.init(name, [1])]).bytes) != nil, "\(name)")
    }
    #expect(try refusal(Writer([.init("..a/b..", [1])]).bytes) == nil)
    #expect(try refusal(Writer([.init("a", [1]), .init("a", [2])]).bytes) == "a stands twice")
    var latin = Writer.Item("x", [1])
    latin.name = [0xE9]
    #expect(try refusal(Writer([latin]).bytes) == "an entry's name is no UTF-8")
    var other = Writer.Item("good", [1])
    other.localName = Array("evil".utf8)
    #expect(try refusal(Writer([other]).bytes) == "good: its head has another name")
  }

  @Test("links, special files, encryption, other methods, ZIP64 and several disks are refused")
  func kinds() throws {
    func refused(_ change: (inout Writer.Item) -> Void) throws -> String? {
      var item = Writer.Item("a", [1, 2])
      change(&item)
      return try refusal(Writer([item]).bytes)
    }
    #expect(try refused { $0.mode = 0o120777 } == "a is a link or another special file")
    #expect(try refused { $0.mode = 0o010644 } == "a is a link or another special file")
    #expect(try refused { $0.mode = 0o100644 } == nil)
    #expect(try refused { $0.flags = 1 } == "a is encrypted or patched")
    #expect(try refused { $0.flags = 0x20 } == "a is encrypted or patched")
    #expect(try refused { $0.method = 12 } == "a: got method 12, expected 0 (stored) or 8 (deflated)")
    #expect(try refused { $0.size = 0xFFFF_FFFF } == "it is ZIP64, which is not read")
    var many = Writer([.init("a", [1])])
    many.total = 0xFFFF
    #expect(try refusal(many.bytes) == "it is ZIP64, which is not read")
    many.total = 2
    #expect(try refusal(many.bytes) == "it is a part of several")
    #expect(try refusal(Array("no archive at all, but long enough for one".utf8)) == "it has no end record")
    #expect(try refusal([0] + Writer([.init("a", [1])]).bytes) == "its directory does not end at the end record")
  }

  @Test("sizes are held against the limits and against deflate before anything is inflated, and then against the bytes")
  func bounds() throws {
    let two = Writer([.init("a", [1, 2]), .init("b", [3, 4])]).bytes
    #expect(try refusal(two, limits: .init(content: 3)) == "got more than 3 bytes of content, which is the most")
    #expect(try refusal(two, limits: .init(entries: 1)) == "got 2 entries, expected at most 1")
    #expect(try refusal(two, limits: .init(directory: 40))?.hasPrefix("got a directory of ") == true)
    #expect(try refusal(two, limits: .init(entries: 2, content: 4)) == nil)
    func deflated(_ size: Int) throws -> String? {
      var item = Writer.Item("a", [UInt8](repeating: 7, count: 600), isDeflated: true)
      item.size = size
      return try refusal(Writer([item]).bytes)
    }
    #expect(try deflated(1_000_000)?.contains("which cannot be") == true)
    #expect(try deflated(599) == "a: more than the stated 599 bytes come out")
    #expect(try deflated(601) == "a: got 600 bytes, expected the stated 601")
    var stored = Writer.Item("a", [1, 2, 3])
    stored.size = 2
    #expect(try refusal(Writer([stored]).bytes)?.contains("which cannot be") == true)
    stored = Writer.Item("a", [1, 2, 3])
    stored.crc = 7
    #expect(try refusal(Writer([stored]).bytes) == "a: its CRC-32 is not the stated one")
    // Two blocks where one is stated, and a block that has no end.
    var item = Writer.Item("a", [1, 2, 3], isDeflated: true)
    item.packed += [0]
    #expect(try refusal(Writer([item]).bytes) == "a: bytes follow the end of its deflate")
    item.packed = [0x00, 0x01, 0x00, 0xFE, 0xFF, 0x01]
    #expect(try refusal(Writer([item]).bytes) == "a: its deflated bytes end too early")
  }

  @Test("entries that share bytes are refused: a small file cannot hold a great deal that way")
  func overlaps() throws {
    var writer = Writer([.init("a", [UInt8](repeating: 1, count: 100)), .init("b", [UInt8](repeating: 1, count: 100))])
    #expect(try refusal(writer.bytes) == nil)
    // Both entries at the first head.
    writer.heads = [0, 0]
    #expect(try refusal(writer.bytes) == "b: its head has another name")
    var quoted = Writer([.init("a", Writer([.init("b", [5])]).localBytes), .init("b", [5])])
    quoted.heads = [0, 31]
    #expect(try refusal(quoted.bytes) == "b overlaps another entry")
  }
}

/// Writes ZIP files (APPNOTE.TXT 4.3) without looking at what they say.
private struct Writer {
  struct Item {
    var name, localName, packed: [UInt8]
    var size: Int
    var crc: UInt32
    var method = 0, flags = 0, mode = 0

    init(_ name: String, _ content: [UInt8], isDeflated: Bool = false) {
      (self.name, localName, size, crc) = (Array(name.utf8), Array(name.utf8), content.count, Self.crc32(content))
      packed = content
      guard isDeflated else { return }
      // One block as it is (RFC 1951, section 3.2.4).
      method = 8
      let count = UInt16(content.count)
      packed =
        [1, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + content
    }

    /// Bit by bit.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
      ~bytes.reduce(~0 as UInt32) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
    }
  }

  var items: [Item]
  /// What the end record says; the items where nil.
  var total: Int?
  /// Where the directory says that the entries begin; where they do where nil.
  var heads: [Int]?

  init(_ items: [Item]) { self.items = items }

  private static func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(value >> (8 * $0) & 255) }
  }

  private static func local(_ item: Item) -> [UInt8] {
    number(0x0403_4B50, 4) + number(20, 2) + number(item.flags, 2) + number(item.method, 2) + number(0, 4)
      + number(Int(item.crc), 4) + number(item.packed.count, 4) + number(item.size, 4) + number(item.localName.count, 2)
      + number(0, 2) + item.localName + item.packed
  }

  /// The entries without directory.
  var localBytes: [UInt8] { items.flatMap(Self.local) }

  var bytes: [UInt8] {
    var places: [Int] = [], place = 0
    for item in items {
      places.append(place)
      place += Self.local(item).count
    }
    let directory = zip(items, heads ?? places).flatMap { item, head -> [UInt8] in
      Self.number(0x0201_4B50, 4) + Self.number(20 | 3 << 8, 2) + Self.number(20, 2) + Self.number(item.flags, 2)
        + Self.number(item.method, 2) + Self.number(0, 4) + Self.number(Int(item.crc), 4)
        + Self.number(item.packed.count, 4) + Self.number(item.size, 4) + Self.number(item.name.count, 2)
        + Self.number(0, 8) + Self.number(item.mode << 16, 4) + Self.number(head, 4) + item.name
    }
    return localBytes + directory + Self.number(0x0605_4B50, 4) + Self.number(0, 4) + Self.number(items.count, 2)
      + Self.number(total ?? items.count, 2) + Self.number(directory.count, 4) + Self.number(place, 4)
      + Self.number(0, 2)
  }
}
