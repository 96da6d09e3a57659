import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Lets one process at a time work on a folder. The system drops the lock when the process ends, however it
/// ends; the file stays.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// - Parameters:
  ///   - url: the lock's own file.
  ///   - output: the folder's name, for messages.
  /// - Throws: `StorageError.isBusy` where another process has the lock.
  public init(_ url: URL, for output: String) throws(StorageError) {
    let descriptor = unsafe open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .cannotStore(path: FileSystem.shown(url), reason: FileSystem.reason()) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      let owner = try? String(contentsOf: url, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
      throw .isBusy(output: output, process: owner.flatMap { Int($0) })
    }
    // A file system without locks (some network ones) is worked on without one.
    self.descriptor = descriptor
    ftruncate(descriptor, 0)
    let owner = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
    _ = unsafe owner.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
  }

  deinit {
    // Closing alone would leave the lock with a child process that is just being made.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
