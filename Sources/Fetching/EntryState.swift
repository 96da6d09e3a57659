import Files
import Foundation

/// What is there of a catalogue entry.
public struct EntryState: Sendable, Equatable {
  public enum FileState: Sendable, Equatable {
    case missing
    /// Not of the size or hash that the catalogue or the lock file says.
    case wrong
    /// There, and no hash of it is known: bench has not fetched it.
    case unchecked
    case right
  }

  /// By path. An optional file that is not there has no state.
  public let files: [String: FileState]

  /// Every file that is needed is there and right.
  public var isPresent: Bool { files.values.allSatisfy { $0 == .right } }
  /// No file is there.
  public var isAbsent: Bool { files.values.allSatisfy { $0 == .missing } }
  /// The files of a state, sorted.
  public func paths(_ state: FileState) -> [String] { files.filter { $0.value == state }.keys.sorted() }

  init(of entry: CatalogueEntry, in root: URL, lock: LockFile) {
    let folder = root.appendingPathComponent(entry.name)
    var files: [String: FileState] = [:]
    for file in entry.files {
      let state = Self.state(
        of: folder.appendingPathComponent(file.path), bytes: file.bytes,
        sha256: file.sha256 ?? lock["\(entry.name)/\(file.path)"])
      if state != .missing || !file.isOptional { files[file.path] = state }
    }
    self.files = files
  }

  private static func state(of url: URL, bytes: Int?, sha256: String?) -> FileState {
    guard FileManager.default.fileExists(atPath: url.path) else { return .missing }
    guard let sha256 else { return .unchecked }
    // Its size is known sooner than its hash.
    let size = (try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path))?[.size] as? Int
    if let bytes, size != bytes { return .wrong }
    return (try? FileHash.sha256(of: url))?.sha256 == sha256 ? .right : .wrong
  }
}
