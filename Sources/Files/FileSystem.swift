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
  public static func save(_ bytes: [UInt8], to url: URL) -> String? { save(to: url) { $0(bytes) } }

  /// The same piece by piece, so that a large file need not stand in memory.
  package static func save(to url: URL, _ pieces: (_ write: ([UInt8]) -> Void) -> Void) -> String? {
    let folder = url.deletingLastPathComponent()
    let partial = folder.appendingPathComponent("\(partialPrefix)\(UInt64.random(in: 0 ... .max))")
    let failure = create(partial.path, pieces) ?? move(partial.path, to: url.path) ?? synchronise(folder.path)
    if failure != nil { try? FileManager.default.removeItem(at: partial) }
    return failure
  }

  /// Writes a new file and waits until it is on the disk. Foundation would hide why a disk takes no more.
  private static func create(_ path: String, _ pieces: (_ write: ([UInt8]) -> Void) -> Void) -> String? {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return reason() }
    defer { close(descriptor) }
    var failure: String?
    pieces { if failure == nil { failure = write($0, to: descriptor) } }
    return failure ?? (fsync(descriptor) == 0 ? nil : reason())
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        #if canImport(Darwin)
          unsafe Darwin.write(descriptor, $0.baseAddress! + done, bytes.count - done)
        #else
          unsafe Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
        #endif
      }
      if count < 0, errno != EINTR { return reason() }
      done += max(0, count)
    }
    return nil
  }

  /// A path for messages: from the working folder where it is in it.
  package static func shown(_ url: URL) -> String {
    let working = FileManager.default.currentDirectoryPath + "/"
    return url.path.hasPrefix(working) ? String(url.path.dropFirst(working.count)) : url.path
  }

  /// Begins the name of a file that is being written.
  package static let partialPrefix = ".partial-"

  /// Makes a folder and those that it stands in, where they are not there: each name is on the disk before the next is
  /// made.
  public static func makeFolder(
    _ path: String, synchronise: (String) -> String? = FileSystem.synchronise
  ) -> String? {
    if isFolder(path) { return nil }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let failure = makeFolder(parent, synchronise: synchronise) { return failure }
    guard (unsafe mkdir(path, 0o777)) == 0 || errno == EEXIST && isFolder(path) else { return reason() }
    return synchronise(parent)
  }

  public static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Whether the path itself is a symbolic link, wherever that leads.
  public static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }

  /// Why nothing can be reached by the path, its links followed.
  public static func unreachable(_ path: String) -> String? {
    (unsafe access(path, F_OK)) == 0 ? nil : reason()
  }

  /// The path itself or the nearest above it at which something is.
  public static func nearestExisting(_ url: URL) -> URL {
    var url = url.standardizedFileURL
    while !FileManager.default.fileExists(atPath: url.path), url.path != "/" { url = url.deletingLastPathComponent() }
    return url
  }

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
    guard let number = number(of: error) else { return error.localizedDescription }
    return unsafe String(cString: strerror(number))
  }

  /// The system's number (errno) for what Foundation failed at; nil where the system did not refuse.
  public static func number(of error: any Error) -> Int32? {
    let error = error as NSError
    // What lies under it is a Swift error, which is no NSError before it is made one.
    let inner = (error.userInfo[NSUnderlyingErrorKey] as? any Error).map { $0 as NSError }
    for case let error? in [inner, error] where error.domain == NSPOSIXErrorDomain { return Int32(error.code) }
    return nil
  }
}
