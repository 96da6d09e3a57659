import Files
import Foundation

/// Gets the files of catalogue entries into their folders: checked, and whole or not at all.
///
/// Files arrive in `ROOT/.NAME.fetch`, are checked there, and are moved into `ROOT/NAME` when all of them are right.
/// What had arrived before an error or a kill is used by the next fetch.
public struct Fetcher: Sendable {
  /// Where an entry's files come from.
  public enum Source: Sendable, Equatable {
    /// The catalogue's addresses.
    case addresses
    /// A place with the folders `models/NAME` and `data/NAME`.
    case mirror(URL)
    /// The folder that holds the entry's files.
    case folder(URL)
  }

  /// What a fetch does, as it happens. Paths are those of the catalogue.
  public enum Event: Sendable, Equatable {
    /// The file is there, and right.
    case isThere(String)
    /// Bytes that have arrived, and all there will be where that is known.
    case progress(String, bytes: Int, total: Int?)
    /// The file is right. `newHash` is its SHA-256 where none was known: it stands in the lock file now.
    case arrived(String, newHash: String?)
    /// The source has no such file, and none is needed.
    case left(String)
    /// A file that was not as it should be is replaced.
    case replaced(String)
  }

  /// Where the entries' folders stand: that of all models, or of all corpora.
  public let root: URL
  public let source: Source
  /// Takes files of which no hash is known as right, and writes their hashes down.
  public let trusts: Bool
  /// Seconds before a failed connection is tried again.
  var pause = 0.5

  public init(root: URL, source: Source = .addresses, trusts: Bool = false) {
    (self.root, self.source, self.trusts) = (root, source, trusts)
  }

  /// The source that a user names: a URL, or a folder's path.
  ///
  /// - Throws: `FetchError.mirror` where it is neither, `.insecure` where it is plain HTTP to another machine.
  public static func mirror(_ text: String) throws(FetchError) -> Source {
    if text.contains("://") {
      guard let url = URL(string: text), let scheme = url.scheme?.lowercased(),
        ["http", "https", "file"].contains(scheme)
      else { throw .mirror(text) }
      guard Address.isAllowed(url) else { throw .insecure(address: text, source: nil) }
      guard !Address.isIPv6(url) else { throw .ipv6(address: text) }
      // Foundation's own reader of addresses knows schemes in lower case alone.
      return .mirror(URL(string: scheme + text.dropFirst(scheme.count)) ?? url)
    }
    let folder = URL(fileURLWithPath: text)
    guard FileManager.default.fileExists(atPath: text), folder.hasDirectoryPath else { throw .mirror(text) }
    return .mirror(folder)
  }

  /// What is there of an entry; every file that is there is read.
  ///
  /// - Throws: `FetchError.file` where the lock file cannot be read.
  public func state(of entry: CatalogueEntry) throws(FetchError) -> EntryState {
    EntryState(of: entry, in: root, lock: try LockFile(root: root))
  }

  /// Fetches what is missing or wrong; where nothing is, no source is asked.
  ///
  /// - Throws: `FetchError`; nothing is in place then that was not before.
  public func fetch(_ entry: CatalogueEntry, report: @escaping @Sendable (Event) -> Void = { _ in }) throws(FetchError)
  {
    try Self.create(root)
    let running = try onlyOne()
    defer { withExtendedLifetime(running) {} }
    var lock = try LockFile(root: root)
    let state = EntryState(of: entry, in: root, lock: lock)
    let staging = root.appendingPathComponent(".\(entry.name).fetch")
    let whole = staging.appendingPathComponent("whole")
    var arrived: [RemoteFile] = []
    var untrusted: [String: String] = [:]
    for file in entry.files {
      if state.files[file.path] == .right {
        report(.isThere(file.path))
      } else if !state.isPresent, let hash = try arrive(file, of: entry, in: staging, &lock, report) {
        arrived.append(file)
        if file.sha256 == nil, lock["\(entry.name)/\(file.path)"] == nil { untrusted[file.path] = hash }
      }
    }
    guard untrusted.isEmpty else {
      throw .untrusted(
        name: entry.name, hashes: untrusted, lock: root.appendingPathComponent(LockFile.name).relativePath)
    }
    if !arrived.isEmpty {
      try put(arrived.map(\.path), from: whole, into: root.appendingPathComponent(entry.name), report)
    }
    try? FileManager.default.removeItem(at: staging)
  }

  /// Brings a file into `whole`, and gives its SHA-256; nil where the source has none and none is needed.
  private func arrive(
    _ file: RemoteFile, of entry: CatalogueEntry, in staging: URL, _ lock: inout LockFile,
    _ report: @escaping @Sendable (Event) -> Void
  ) throws(FetchError) -> String? {
    let name = "\(entry.name)/\(file.path)", expected = file.sha256 ?? lock[name]
    let whole = staging.appendingPathComponent("whole").appendingPathComponent(file.path)
    let part = staging.appendingPathComponent("parts").appendingPathComponent(file.path)
    if let hash = (try? FileHash.sha256(of: whole))?.sha256, expected == nil || hash == expected {
      // Of no known hash: what an earlier fetch has shown is what is trusted now.
      if expected == nil, trusts { try lock.add(name, hash) }
      report(.arrived(file.path, newHash: expected == nil ? lock[name] : nil))
      return hash
    }
    for url in [whole, part] { try Self.create(url.deletingLastPathComponent()) }
    let isContinued = FileManager.default.fileExists(atPath: part.path)
    let hash: String
    do throws(FetchError) {
      try download(file, of: entry, to: part, isChecked: expected != nil, report)
      hash = try check(file, name, at: part, expected)
      if expected == nil, trusts { try lock.add(name, hash) }
    } catch .missing where file.isOptional {
      report(.left(file.path))
      return nil
    } catch .hash where isContinued {
      // An earlier try may have left a damaged part.
      return try arrive(file, of: entry, in: staging, &lock, report)
    }
    if let reason = FileSystem.synchronise(part.path) ?? FileSystem.move(part.path, to: whole.path) {
      throw .file(path: whole.relativePath, reason: "cannot be written: \(reason)")
    }
    report(.arrived(file.path, newHash: expected == nil ? lock[name] : nil))
    return hash
  }

  private func download(
    _ file: RemoteFile, of entry: CatalogueEntry, to part: URL, isChecked: Bool,
    _ report: @escaping @Sendable (Event) -> Void
  ) throws(FetchError) {
    let address: URL
    switch source {
    case .addresses:
      guard let url = URL(string: file.address) else { preconditionFailure("\(file.address) is no address") }
      address = url
    case .mirror(let place):
      address = place.appendingPathComponent(entry.kind == .model ? "models" : "data")
        .appendingPathComponent(entry.name).appendingPathComponent(file.path)
    case .folder(let folder): address = folder.appendingPathComponent(file.path)
    }
    try Download(
      address: address, file: part, expectedBytes: file.bytes, isChecked: isChecked, pause: pause,
      progress: { report(.progress(file.path, bytes: $0, total: $1 ?? file.bytes)) }
    ).run()
  }

  /// The file's SHA-256. A wrong file is thrown away.
  private func check(_ file: RemoteFile, _ name: String, at part: URL, _ expected: String?) throws(FetchError) -> String
  {
    let got: (sha256: String, bytes: Int)
    do { got = try FileHash.sha256(of: part) } catch {
      throw .file(path: part.relativePath, reason: "cannot be read: \(FileSystem.reason(of: error))")
    }
    if let bytes = file.bytes, got.bytes != bytes {
      try? FileManager.default.removeItem(at: part)
      throw .size(path: name, got: got.bytes, expected: bytes)
    }
    if let expected, got.sha256 != expected {
      try? FileManager.default.removeItem(at: part)
      let place = file.sha256 == nil ? root.appendingPathComponent(LockFile.name).relativePath : "the catalogue"
      throw .hash(path: name, got: got.sha256, expected: expected, source: place)
    }
    return got.sha256
  }

  /// Moves the files into place: all at once where the folder is new, else one by one.
  private func put(
    _ paths: [String], from whole: URL, into folder: URL, _ report: (Event) -> Void
  ) throws(FetchError) {
    let manager = FileManager.default
    var reason: String?
    if manager.fileExists(atPath: folder.path) {
      for path in paths where reason == nil {
        let target = folder.appendingPathComponent(path)
        try Self.create(target.deletingLastPathComponent())
        if manager.fileExists(atPath: target.path) { report(.replaced(path)) }
        reason = FileSystem.move(whole.appendingPathComponent(path).path, to: target.path)
      }
    } else {
      reason = FileSystem.move(whole.path, to: folder.path)
    }
    if let reason = reason ?? FileSystem.synchronise(root.path) {
      throw .file(path: folder.relativePath, reason: "cannot be written: \(reason)")
    }
  }

  /// Parts and the lock file are one process's at a time.
  private func onlyOne() throws(FetchError) -> RunLock {
    do throws(StorageError) {
      return try RunLock(root.appendingPathComponent(".fetch.running"), for: root.relativePath)
    } catch {
      switch error {
      case .isBusy(let folder, let process): throw .busy(folder: folder, process: process)
      case .cannotStore(let path, let reason): throw .file(path: path, reason: "cannot be written: \(reason)")
      }
    }
  }

  private static func create(_ folder: URL) throws(FetchError) {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw .file(path: folder.relativePath, reason: "cannot be made: \(FileSystem.reason(of: error))")
    }
  }
}
