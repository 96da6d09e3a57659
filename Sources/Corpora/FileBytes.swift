import Hashing
import Foundation

/// A file's bytes.
struct FileBytes {
  enum Failure: Error, Equatable {
    case missing
    case isFolder
    case refused
  }

  let bytes: [UInt8]

  /// What was read already.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  init(path: String) throws(Failure) {
    guard FileManager.default.fileExists(atPath: path) else { throw .missing }
    // A pipe or a device might never end.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    let type = attributes?[.type] as? FileAttributeType
    if type == .typeDirectory { throw .isFolder }
    if type != .typeRegular { throw .refused }
    guard let handle = FileHandle(forReadingAtPath: path) else { throw .refused }
    do { bytes = [UInt8](try handle.readToEnd() ?? Data()) } catch { throw .refused }
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
