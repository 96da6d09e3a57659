import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that survive a power cut, and other system calls that Foundation lacks. Each gives nil where it worked, else
/// the system's reason.
public enum FileSystem {
  /// Writes a file whole or not at all: under a name of its own, flushed to the disk, then renamed. A kill leaves
  /// perhaps a file of `partialPrefix`, never half of `url`.
  public static func write(_ bytes: [UInt8], to url: URL) -> String? {
    let folder = url.deletingLastPathComponent()
    let partial = folder.appendingPathComponent("\(partialPrefix)\(UInt64.random(in: 0 ... .max))")
    do { try Data(bytes).write(to: partial) } catch {
      let reason = reason(of: error)
      try? FileManager.default.removeItem(at: partial)
      return reason
    }
    let failure = synchronise(partial.path) ?? move(partial.path, to: url.path) ?? synchronise(folder.path)
    if failure != nil { try? FileManager.default.removeItem(at: partial) }
    return failure
  }

  /// Begins the name of a file that is being written.
  static let partialPrefix = ".partial-"

  /// Renames.
  public static func move(_ from: String, to: String) -> String? {
    (unsafe rename(from, to)) == 0 ? nil : reason()
  }

  /// Waits until a file's bytes, or a folder's names, are on the disk.
  public static func synchronise(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return reason() }
    defer { close(descriptor) }
    // A file system without fsync for folders says EINVAL: there is nothing more to ask of it.
    return fsync(descriptor) == 0 || errno == EINVAL ? nil : reason()
  }

  /// Whether a process of this number lives.
  public static func isAlive(process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

  public static func isWritable(_ path: String) -> Bool { (unsafe access(path, W_OK | X_OK)) == 0 }

  /// The system's words for what just failed.
  public static func reason() -> String { unsafe String(cString: strerror(errno)) }

  /// The system's words for what Foundation failed at, where there are any: Foundation's own hide the cause.
  public static func reason(of error: any Error) -> String {
    let error = error as NSError
    let inner = error.userInfo[NSUnderlyingErrorKey] as? NSError
    for case let error? in [inner, error] where error.domain == NSPOSIXErrorDomain {
      return unsafe String(cString: strerror(Int32(error.code)))
    }
    return error.localizedDescription
  }
}
