import Corpora
import Hashing
import Foundation

/// SHA-256 of a file that may be larger than what memory should be used for, or of a text.
public enum FileHash {
  /// Of the text in UTF-8, in hexadecimal digits.
  public static func sha256(of text: String) -> String { hexadecimal(SHA256.hash(data: Data(text.utf8))) }

  /// In hexadecimal digits, and how many bytes there are.
  ///
  /// - Throws: Foundation's error where it cannot be read.
  public static func sha256(of file: URL) throws -> (sha256: String, bytes: Int) {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let hash = SHA256()
    var bytes = 0
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
      hash.update(data: piece)
      bytes += piece.count
    }
    return (hexadecimal(hash.finalize()), bytes)
  }
}
