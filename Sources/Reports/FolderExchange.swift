import Files
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Two folders changing names in one step, which Foundation lacks.
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
    return [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(errno) ? .unsupported : .failed(reason: FileSystem.reason())
  }
}
