import Files
import Foundation

/// Hashes of files that the catalogue knows none of, written down at the first fetch and checked from then on.
struct LockFile {
  static let name = "fetch.lock.json"

  private struct Content: Codable {
    var version = 1
    /// Path below the root → SHA-256 in hexadecimal digits.
    var sha256: [String: String] = [:]
  }

  private let url: URL
  private var content = Content()

  /// Reads the lock file of a root folder; an empty one where there is none.
  init(root: URL) throws(FetchError) {
    url = root.appendingPathComponent(Self.name)
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    let data: Data
    do { data = try Data(contentsOf: url) } catch {
      throw .file(path: url.relativePath, reason: "cannot be read: \(FileSystem.reason(of: error))")
    }
    do { content = try JSONDecoder().decode(Content.self, from: data) } catch {
      throw .file(path: url.relativePath, reason: "got no lock file of bench fetch; move it away to begin a new one")
    }
    guard content.version == 1 else {
      throw .file(path: url.relativePath, reason: "got version \(content.version), expected 1")
    }
  }

  subscript(path: String) -> String? { content.sha256[path] }

  /// Adds a hash and writes the file, whole or not at all.
  mutating func add(_ path: String, _ sha256: String) throws(FetchError) {
    content.sha256[path] = sha256
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(content) else { preconditionFailure("texts cannot be JSON") }
    if let reason = FileSystem.save([UInt8](json) + [UInt8(ascii: "\n")], to: url) {
      throw .file(path: url.relativePath, reason: "cannot be written: \(reason)")
    }
  }
}
