import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// System calls that Foundation lacks: durable folders, and two folders changing names in one step.
enum FolderExchange {
  enum Outcome: Equatable {
    case done
    /// This file system or system library cannot.
    case unsupported
    case failed(reason: String)
  }

  /// Makes `first` and `second` change places in one step: no moment has neither or half of one.
  static func exchange(_ first: String, _ second: String) -> Outcome {
    #if canImport(Darwin)
      let code = unsafe renamex_np(first, second, UInt32(RENAME_SWAP))
    #else
      // Swift's Glibc module hides renameat2 (a GNU extension), and musl has none: look for it at run time.
      typealias RenameAt2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
      guard let symbol = unsafe dlsym(nil, "renameat2") else { return .unsupported }
      let renameat2 = unsafe unsafeBitCast(symbol, to: RenameAt2.self)
      let exchange: UInt32 = 2  // RENAME_EXCHANGE in linux/fs.h
      let code = unsafe renameat2(AT_FDCWD, first, AT_FDCWD, second, exchange)
    #endif
    if code == 0 { return .done }
    return [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(errno) ? .unsupported : .failed(reason: reason())
  }

  /// Renames; nil where it worked, else the reason.
  static func move(_ from: String, to: String) -> String? {
    (unsafe rename(from, to)) == 0 ? nil : reason()
  }

  /// Waits until a file's bytes, or a folder's names, are on the disk; nil where it worked, else the reason.
  static func synchronise(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return reason() }
    defer { close(descriptor) }
    // A file system without fsync for folders says EINVAL: there is nothing more to ask of it.
    return fsync(descriptor) == 0 || errno == EINVAL ? nil : reason()
  }

  /// Whether a process of this number lives.
  static func isAlive(process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

  static func isWritable(_ path: String) -> Bool { (unsafe access(path, W_OK | X_OK)) == 0 }

  private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
