import Foundation

/// The directory at the end of a ZIP file, and the checks of all that it states.
struct ZipDirectory {
  private let bytes: [UInt8]
  /// Where it begins in the file: no entry's bytes reach further.
  private let start: Int
  private let count: Int

  /// Finds the end record (APPNOTE.TXT 4.3.16) and reads the directory before it.
  init(_ handle: FileHandle, limits: ZipArchive.Limits) throws {
    let size = Int(try handle.seekToEnd())
    let tailStart = max(0, size - 22 - 0xFFFF)
    let tail = try Self.read(handle, tailStart, size - tailStart)
    // Its comment reaches to the end of the file.
    let place = stride(from: tail.count - 22, through: 0, by: -1).first { place in
      tail.number(place, 4) == 0x0605_4B50 && tail.number(place + 20, 2) == tail.count - place - 22
    }
    guard let place else { throw ZipError("it has no end record") }
    let end = tailStart + place
    let isLocated = place >= 20 && tail.number(place - 20, 4) == 0x0706_4B50
    let (total, length, offset) = (tail.number(place + 10, 2), tail.number(place + 12, 4), tail.number(place + 16, 4))
    guard !isLocated, total != 0xFFFF, length != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
      throw ZipError("it is ZIP64, which is not read")
    }
    guard tail.number(place + 4, 2) == 0, tail.number(place + 6, 2) == 0, tail.number(place + 8, 2) == total else {
      throw ZipError("it is a part of several")
    }
    guard total <= limits.entries else { throw ZipError("got \(total) entries, expected at most \(limits.entries)") }
    guard length <= limits.directory else {
      throw ZipError("got a directory of \(length) bytes, expected at most \(limits.directory)")
    }
    guard offset + length == end else { throw ZipError("its directory does not end at the end record") }
    (start, count) = (offset, total)
    bytes = try Self.read(handle, offset, length)
  }

  /// Every file, checked against its own head in the archive.
  func entries(_ handle: FileHandle, limits: ZipArchive.Limits) throws -> [ZipArchive.Entry] {
    var found: [(entry: ZipArchive.Entry, head: Int)] = []
    var names: Set<String> = []
    var place = 0, content = 0
    for _ in 0..<count {
      guard place + 46 <= bytes.count, bytes.number(place, 4) == 0x0201_4B50 else {
        throw ZipError("its directory is damaged")
      }
      let lengths = [28, 30, 32].map { bytes.number(place + $0, 2) }
      let next = place + 46 + lengths.reduce(0, +)
      guard next <= bytes.count else { throw ZipError("its directory is damaged") }
      let nameBytes = Array(bytes[(place + 46)..<(place + 46 + lengths[0])])
      let name = try Self.name(nameBytes)
      guard names.insert(name).inserted else { throw ZipError("\(name) stands twice") }
      var entry = try entry(name, at: place)
      content += entry.size
      guard content <= limits.content else {
        throw ZipError("got more than \(limits.content) bytes of content, which is the most")
      }
      let head = bytes.number(place + 42, 4)
      entry.start = try start(of: entry, nameBytes, head: head, method: bytes.number(place + 10, 2), handle)
      found.append((entry, head))
      place = next
    }
    guard place == bytes.count else { throw ZipError("its directory is longer than its entries") }
    var reached = 0
    for (entry, head) in found.sorted(by: { $0.head < $1.head }) {
      guard head >= reached else { throw ZipError("\(entry.name) overlaps another entry") }
      reached = entry.start + entry.packed
    }
    guard reached <= start else { throw ZipError("an entry reaches into the directory") }
    return found.map(\.entry).filter { !$0.name.hasSuffix("/") }
  }

  private func entry(_ name: String, at place: Int) throws -> ZipArchive.Entry {
    let (flags, method) = (bytes.number(place + 8, 2), bytes.number(place + 10, 2))
    // Level of deflate, sizes behind the bytes, UTF-8: nothing else.
    guard flags & ~0x080E == 0 else { throw ZipError("\(name) is encrypted or patched") }
    guard method == 0 || method == 8 else {
      throw ZipError("\(name): got method \(method), expected 0 (stored) or 8 (deflated)")
    }
    let (packed, size) = (bytes.number(place + 20, 4), bytes.number(place + 24, 4))
    guard packed != 0xFFFF_FFFF, size != 0xFFFF_FFFF, bytes.number(place + 42, 4) != 0xFFFF_FFFF else {
      throw ZipError("it is ZIP64, which is not read")
    }
    // Deflate makes at most 258 bytes of 2 bits.
    guard method == 8 ? size <= 1_032 * packed : size == packed else {
      throw ZipError("\(name): got \(size) bytes out of \(packed), which cannot be")
    }
    guard bytes.number(place + 34, 2) == 0 else { throw ZipError("it is a part of several") }
    // Unix and macOS write the file's mode into the upper half of the attributes.
    let (host, kind) = (bytes.number(place + 5, 1), bytes.number(place + 40, 2) & 0xF000)
    let isFolder = name.hasSuffix("/")
    if host == 3 || host == 19 {
      guard kind == 0 || kind == (isFolder ? 0x4000 : 0x8000) else {
        throw ZipError("\(name) is a link or another special file")
      }
    }
    guard !isFolder || size == 0 else { throw ZipError("\(name) is a folder with bytes") }
    return ZipArchive.Entry(
      name: name, isDeflated: method == 8, crc: UInt32(bytes.number(place + 16, 4)), packed: packed, size: size,
      start: 0)
  }

  /// Where the entry's bytes begin: behind its own head, which must say what the directory says.
  private func start(
    of entry: ZipArchive.Entry, _ name: [UInt8], head: Int, method: Int, _ handle: FileHandle
  ) throws -> Int {
    guard head + 30 <= start else { throw ZipError("\(entry.name): its place is none") }
    let local = try Self.read(handle, head, 30)
    guard local.number(0, 4) == 0x0403_4B50, local.number(8, 2) == method, local.number(26, 2) == name.count else {
      throw ZipError("\(entry.name): its head is not what the directory says")
    }
    let begin = head + 30 + name.count + local.number(28, 2)
    guard begin + entry.packed <= start else { throw ZipError("\(entry.name) reaches into the directory") }
    guard try Self.read(handle, head + 30, name.count) == name else {
      throw ZipError("\(entry.name): its head has another name")
    }
    return begin
  }

  /// A path below a folder, in `/`.
  private static func name(_ bytes: [UInt8]) throws -> String {
    guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else {
      throw ZipError("an entry's name is no UTF-8")
    }
    let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" && $0 != ":" }
    let path = name.hasSuffix("/") ? name.dropLast() : name[...]
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard isPlain, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw ZipError("got the name \(String(reflecting: name)), expected a path below a folder")
    }
    return name
  }

  private static func read(_ handle: FileHandle, _ offset: Int, _ count: Int) throws -> [UInt8] {
    guard count > 0 else { return [] }
    try handle.seek(toOffset: UInt64(offset))
    let bytes = [UInt8](try handle.read(upToCount: count) ?? Data())
    guard bytes.count == count else { throw ZipError("it ends too early") }
    return bytes
  }
}

extension [UInt8] {
  /// `width` bytes from `place`, the lowest first.
  fileprivate func number(_ place: Int, _ width: Int) -> Int {
    self[place..<(place + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
