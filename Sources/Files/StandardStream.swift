#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Standard output and standard error, written at once and in order.
///
/// A full disk or a closed pipe loses what is written there and nothing else: FileHandle would end the process.
public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  public func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = writeBytes(rest, to: rawValue)
      if count < 0, errno != EINTR { return }
      rest = rest.dropFirst(max(0, count))
    }
  }

  /// From now on a reader that goes away ends nothing: long work whose lines nobody reads any more goes on.
  public static func outlivesReaders() { signal(SIGPIPE, SIG_IGN) }
}

/// Bytes written; negative where it failed.
private func writeBytes(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int {
  unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
}
