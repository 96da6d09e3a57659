import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What is known of a terminal behind a file descriptor.
public enum Terminal {
  public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns; nil where it is no terminal or does not say.
  public static func width(_ descriptor: Int32) -> Int? {
    var size = winsize()
    let answered = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    return answered && size.ws_col > 0 ? Int(size.ws_col) : nil
  }
}
