import Files
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Takes one response's bytes into a file; the caller's thread waits for its end.
final class Receiver: NSObject, URLSessionDataDelegate {
  private struct State {
    var written: Int
    var total: Int?
    var failure: FetchError?
    /// An answer has come whose body is the file, or a part of it.
    var hasBegun = false
  }

  private let address: String
  /// The file's path, for messages.
  private let file: String
  private let handle: FileHandle
  /// Where the ETag of what arrives from its beginning is written; nil where nobody needs it.
  private let tag: URL?
  /// Bytes that are there and were not asked for.
  private let offset: Int
  /// Bytes; more are refused.
  private let most: Int
  private let progress: @Sendable (Int, Int?) -> Void
  private let state: Mutex<State>
  private let done = DispatchSemaphore(value: 0)

  init(
    address: String, file: String, handle: FileHandle, tag: URL?, offset: Int, most: Int,
    progress: @escaping @Sendable (Int, Int?) -> Void
  ) {
    (self.address, self.file, self.handle, self.tag) = (address, file, handle, tag)
    (self.offset, self.most, self.progress) = (offset, most, progress)
    state = Mutex(State(written: offset))
  }

  /// Returns when the response has ended: nil where all of it arrived.
  func wait() -> FetchError? {
    done.wait()
    return state.withLock { $0.failure }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    // A redirection that was refused has said why.
    let failure = state.withLock { $0.failure } ?? begin(response)
    state.withLock { ($0.failure, $0.hasBegun) = (failure, failure == nil) }
    completionHandler(failure == nil ? .allow : .cancel)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    let (from, to) = (response.url, request.url)
    let isAllowed = to.map { Address.isAllowed($0, from: from) } ?? false
    if let to, isAllowed, !Address.isIPv6(to) { return completionHandler(request) }
    let target = to?.absoluteString ?? "nowhere"
    state.withLock {
      $0.failure =
        isAllowed
        ? .ipv6(address: target) : .insecure(address: target, source: from?.absoluteString ?? address)
    }
    completionHandler(nil)
  }

  private func begin(_ response: URLResponse) -> FetchError? {
    guard let response = response as? HTTPURLResponse else { return network("no answer over HTTP") }
    let length = response.expectedContentLength >= 0 ? Int(response.expectedContentLength) : nil
    do {
      switch response.statusCode {
      case 206:
        // Also where no range was asked for: of what came the field says how much of the file it is.
        let range = response.value(forHTTPHeaderField: "Content-Range") ?? ""
        guard range.hasPrefix("bytes \(offset)-"), let total = Self.total(range) else {
          return network("got the bytes \"\(range)\", expected those from \(offset) with the size of the file")
        }
        if offset == 0, let tag { keep(response.value(forHTTPHeaderField: "ETag"), in: tag) }
        try handle.seekToEnd()
        state.withLock { $0.total = total }
      case 200:
        try handle.truncate(atOffset: 0)
        if let tag { keep(response.value(forHTTPHeaderField: "ETag"), in: tag) }
        state.withLock { ($0.written, $0.total) = (0, length) }
      case 404, 410: return .missing(address: address)
      default: return .status(address: address, code: response.statusCode)
      }
    } catch { return cannotWrite(error) }
    return nil
  }

  /// The file's bytes, of a Content-Range such as `bytes 0-9/20`; nil where it does not say them.
  private static func total(_ range: String) -> Int? {
    range.split(separator: "/").last.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// A weak tag does not say that the bytes are the same.
  private func keep(_ name: String?, in tag: URL) {
    try? FileManager.default.removeItem(at: tag)
    guard let name, !name.hasPrefix("W/") else { return }
    try? Data(name.utf8).write(to: tag)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let reached = state.withLock { state -> (bytes: Int, total: Int?)? in
      guard state.failure == nil else { return nil }
      guard state.written + data.count <= most else {
        state.failure = .size(path: address, got: state.written + data.count, expected: most)
        return nil
      }
      do { try handle.write(contentsOf: data) } catch {
        state.failure = cannotWrite(error)
        return nil
      }
      state.written += data.count
      return (state.written, state.total)
    }
    if let reached { progress(reached.bytes, reached.total) } else { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    state.withLock { state in
      guard state.failure == nil else { return }
      if let error {
        state.failure = network(error.localizedDescription)
      } else if !state.hasBegun {
        // A redirection to nowhere ends the task without an error and without a body.
        let code = (task.response as? HTTPURLResponse)?.statusCode
        state.failure = code.map { .status(address: address, code: $0) } ?? network("no answer over HTTP")
      } else if let total = state.total, state.written < total {
        state.failure = network("the connection ended at byte \(state.written) of \(total)")
      }
    }
    done.signal()
  }

  private func network(_ reason: String) -> FetchError { .network(address: address, reason: reason) }

  private func cannotWrite(_ error: any Error) -> FetchError {
    .file(path: file, reason: "cannot be written: \(FileSystem.reason(of: error))")
  }
}
