import Crypto
import Foundation

/// A file's bytes, or its head where only the first rows are wanted.
struct FileBytes {
  enum Failure: Error, Equatable {
    case missing
    case isFolder
    case refused
  }

  /// The head is read in pieces of this many bytes.
  static let piece = 1 << 18
  /// A head that is longer than this without yielding the wanted rows is parsed as it is.
  static let longestHead = 1 << 23

  private(set) var bytes: [UInt8]
  /// Whether `bytes` reach the file's end.
  private(set) var isWhole: Bool
  private let handle: FileHandle?

  /// Reads the whole file, or a first piece of it.
  init(path: String, headOnly: Bool) throws(Failure) {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing }
    // A pipe or a device might never end.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    let type = attributes?[.type] as? FileAttributeType
    if type == .typeDirectory { throw .isFolder }
    if type != .typeRegular { throw .refused }
    guard let handle = FileHandle(forReadingAtPath: path) else { throw .refused }
    do {
      if headOnly {
        bytes = [UInt8](try handle.read(upToCount: Self.piece) ?? Data())
        isWhole = bytes.count < Self.piece
        self.handle = isWhole ? nil : handle
      } else {
        bytes = [UInt8](try handle.readToEnd() ?? Data())
        isWhole = true
        self.handle = nil
      }
    } catch {
      throw .refused
    }
  }

  /// Doubles a head; false where there is nothing more to read or the head is long enough.
  mutating func grow() throws(Failure) -> Bool {
    guard let handle, !isWhole, bytes.count < Self.longestHead else { return false }
    let wanted = bytes.count
    do {
      let more = try handle.read(upToCount: wanted) ?? Data()
      bytes.append(contentsOf: more)
      isWhole = more.count < wanted
    } catch {
      throw .refused
    }
    return true
  }

  /// SHA-256 of the bytes, in hexadecimal digits.
  var sha256: String { hexadecimal(SHA256.hash(data: bytes)) }
}

/// Two digits a byte, in lower case.
public func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in digest {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
