import Files
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Gets one address into one file, and goes on where an earlier try ended.
struct Download {
  let address: URL
  /// Grows while bytes arrive; kept after an error, so that the next try continues it.
  let file: URL
  /// nil where the size is not known. More is refused.
  let expectedBytes: Int?
  /// Whether what arrives is held against a hash. If not, a part is continued only where the server says that the file
  /// is still the same one (its ETag).
  let isChecked: Bool
  /// Seconds before the second try; doubled from try to try.
  let pause: Double
  /// Called with the bytes that are there, and with all there will be where the server says.
  let progress: @Sendable (_ bytes: Int, _ total: Int?) -> Void

  /// Tries in a row that bring nothing.
  private static let tries = 4
  /// Bytes, where the size is not known.
  private static let most = 1 << 32

  /// - Throws: `FetchError`; `.missing` where the address has nothing.
  func run() throws(FetchError) {
    guard Address.isAllowed(address) else { throw .insecure(address: address.absoluteString, source: nil) }
    guard !Address.isIPv6(address) else { throw .ipv6(address: address.absoluteString) }
    if address.isFileURL { return try copy() }
    var failures = 0, reached = size
    while true {
      do throws(FetchError) { return try transfer() } catch {
        failures = size > reached ? 1 : failures + 1
        reached = max(size, reached)
        guard error.isTransient, failures < Self.tries else { throw error }
        Thread.sleep(forTimeInterval: pause * Double(1 << (failures - 1)))
      }
    }
  }

  private var size: Int {
    (try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? Int ?? 0
  }

  /// The server's name for the state of the file that the part is of.
  private var tag: URL { file.appendingPathExtension("etag") }

  private func copy() throws(FetchError) {
    guard FileManager.default.fileExists(atPath: address.path) else { throw .missing(address: address.path) }
    restart()
    do { try FileManager.default.copyItem(at: address, to: file) } catch {
      throw .file(path: address.path, reason: "cannot be copied: \(FileSystem.reason(of: error))")
    }
    progress(size, size)
  }

  private func restart() {
    for url in [file, tag] { try? FileManager.default.removeItem(at: url) }
  }

  private func transfer() throws(FetchError) {
    let known = isChecked ? nil : try? String(contentsOf: tag, encoding: .utf8)
    if !isChecked && known == nil || size > expectedBytes ?? Self.most { restart() }
    let offset = size
    if offset > 0, offset == expectedBytes { return }
    if !FileManager.default.fileExists(atPath: file.path) {
      guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
        throw cannotWrite(FileSystem.reason())
      }
    }
    let handle: FileHandle
    do { handle = try FileHandle(forWritingTo: file) } catch { throw cannotWrite(FileSystem.reason(of: error)) }
    defer { try? handle.close() }
    var request = URLRequest(url: address, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: 60)
    // Ranges and sizes are those of the file itself.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("bench", forHTTPHeaderField: "User-Agent")
    if offset > 0 {
      request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range")
      if let known { request.setValue(known, forHTTPHeaderField: "If-Range") }
    }
    let receiver = Receiver(
      address: address.absoluteString, file: file.relativePath, handle: handle, tag: isChecked ? nil : tag,
      offset: offset, most: expectedBytes ?? Self.most, progress: progress)
    let session = URLSession(configuration: .ephemeral, delegate: receiver, delegateQueue: nil)
    session.dataTask(with: request).resume()
    let failure = receiver.wait()
    session.invalidateAndCancel()
    guard let failure else { return }
    if case .status(_, 416) = failure, offset > 0 {
      restart()
      throw .network(address: address.absoluteString, reason: "the server has no byte \(offset), which is to come next")
    }
    throw failure
  }

  private func cannotWrite(_ reason: String) -> FetchError {
    .file(path: file.relativePath, reason: "cannot be written: \(reason)")
  }
}
