import Deflate
import Files
import Foundation

/// A ZIP file (PKWARE's APPNOTE.TXT 6.3.10), read within bounds: everything that its directory states is checked before
/// a byte is inflated, and nothing that is not needed is taken.
///
/// Refused are: ZIP64, several disks, encryption, methods other than stored and deflated, symbolic links and other
/// files that are none, names that are absolute, lead upwards or stand twice, entries that overlap, and more entries or
/// bytes than `Limits`.
struct ZipArchive {
  struct Limits {
    var entries = 10_000
    /// Bytes of the directory.
    var directory = 1 << 24
    /// Bytes of all files together.
    var content = 1 << 32
  }

  struct Entry: Equatable {
    var name: String
    var isDeflated: Bool
    var crc: UInt32
    /// Bytes in the archive, and of the file.
    var packed, size: Int
    /// Of its first byte in the archive.
    var start: Int
  }

  /// In the order of the directory, without folders.
  let entries: [Entry]
  private let file: URL

  init(_ file: URL, limits: Limits = Limits()) throws {
    self.file = file
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let directory = try ZipDirectory(handle, limits: limits)
    entries = try directory.entries(handle, limits: limits)
  }

  subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Writes an entry to a new file, which is whole and right or is not there.
  ///
  /// - Throws: `ZipError` where the bytes are not what the directory states.
  func extract(_ entry: Entry, to target: URL) throws {
    let input = try FileHandle(forReadingFrom: file)
    defer { try? input.close() }
    guard FileManager.default.createFile(atPath: target.path, contents: nil) else {
      throw ZipError("\(target.relativePath) cannot be written: \(FileSystem.reason())")
    }
    do {
      let output = try FileHandle(forWritingTo: target)
      defer { try? output.close() }
      try extract(entry, from: input) { try output.write(contentsOf: Data($0)) }
    } catch {
      try? FileManager.default.removeItem(at: target)
      throw error
    }
  }

  private func extract(_ entry: Entry, from input: FileHandle, _ take: ([UInt8]) throws -> Void) throws {
    try input.seek(toOffset: UInt64(entry.start))
    var rest = entry.packed
    var crc: UInt32 = 0
    func next() throws -> [UInt8] {
      let bytes = rest == 0 ? [] : [UInt8](try input.read(upToCount: min(rest, 1 << 16)) ?? Data())
      rest -= bytes.count
      return bytes
    }
    func checked(_ bytes: [UInt8]) throws {
      crc = Inflater.crc32(bytes, after: crc)
      try take(bytes)
    }
    do {
      if entry.isDeflated {
        try Inflater.inflate(size: entry.size, next: next, take: checked)
      } else {
        while rest > 0 {
          let bytes = try next()
          guard !bytes.isEmpty else { throw ZipError("its bytes end too early") }
          try checked(bytes)
        }
      }
      guard crc == entry.crc else { throw ZipError("its CRC-32 is not the stated one") }
    } catch let error as ZipError {
      throw ZipError("\(entry.name): \(error.reason)")
    } catch let error as DeflateError {
      throw ZipError("\(entry.name): \(error.reason)")
    }
  }
}

/// What is wrong with a ZIP file.
struct ZipError: Error, Equatable, CustomStringConvertible {
  let reason: String
  init(_ reason: String) { self.reason = reason }
  var description: String { "no ZIP file that can be trusted: \(reason)" }
}
