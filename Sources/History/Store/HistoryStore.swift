import Foundation
import GRDB

/// The database of all runs: one SQLite file.
///
/// Each run is written in one transaction, so a kill leaves the runs before it. Two processes wait for each other.
public struct HistoryStore: Sendable {
  public static let defaultPath = "Results/history.sqlite"

  let queue: DatabaseQueue
  /// Where a damaged file was put, so that a new one could begin.
  public let setAside: String?

  /// Opens `path`, makes it (and its folder) where it does not exist, and brings older tables up to date.
  ///
  /// A damaged database is renamed to `….damaged-N` and never overwritten; `setAside` says so. Nothing is renamed with
  /// `mustExist`, which is for reading. A file that is no database is somebody's own and left alone, except at the
  /// default path; so is a database that a newer version or another program wrote: an error.
  ///
  /// The whole file is read for damage where `isSuspect` (after `HistoryError.damaged` from a use), where a writer was
  /// interrupted, and where the length is not what the file's head says; else damage shows when it is met.
  public init(path: String, mustExist: Bool = false, isSuspect: Bool = false) throws(HistoryError) {
    let manager = FileManager.default
    if mustExist, !manager.fileExists(atPath: path) { throw .noSuchFile(path: path) }
    do {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .unusable(path: path, reason: error.localizedDescription)
    }
    do {
      queue = try Self.open(path, isSuspect: isSuspect || Self.isUnfinished(path))
      setAside = nil
    } catch .damaged {
      guard Self.isDatabase(path) || path == Self.defaultPath else { throw .noHistory(path: path) }
      if mustExist { throw .damaged(path: path) }
      let aside = try Self.putAside(path)
      do { queue = try Self.open(path, isSuspect: false) } catch { throw error.asHistoryError(path) }
      setAside = aside
    } catch {
      throw error.asHistoryError(path)
    }
  }

  private enum OpeningError: Error {
    case damaged
    case newer
    case other(String)

    func asHistoryError(_ path: String) -> HistoryError {
      switch self {
      case .damaged: .unusable(path: path, reason: "the file is damaged")
      case .newer: .newer(path: path)
      case .other(let reason): .unusable(path: path, reason: reason)
      }
    }
  }

  /// Whether SQLite left its journal beside the file (a writer was killed, or writes now), or the file is shorter than
  /// its head says (https://www.sqlite.org/fileformat.html, section 1.3: bytes 16 and 17 are the size of a page, 28 to
  /// 31 the number of pages). A guess without a lock: what it suspects, SQLite's own check decides.
  private static func isUnfinished(_ path: String) -> Bool {
    if FileManager.default.fileExists(atPath: path + "-journal") { return true }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    guard let head = try? file.read(upToCount: 100).map(Array.init), let size = try? file.seekToEnd(), size > 0 else {
      return false
    }
    guard head.count == 100 else { return true }
    let page = UInt64(head[16]) << 8 | UInt64(head[17])
    let pages = head[28..<32].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return size < pages * (page == 1 ? 65_536 : page)
  }

  private static func open(_ path: String, isSuspect: Bool) throws(OpeningError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(20)
    configuration.label = "history"
    // SQLite would take a file of one byte as an empty one, and write to it.
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size != 1 else { throw .damaged }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      if isSuspect {
        let isSound = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") == "ok" }
        guard isSound else { throw OpeningError.damaged }
      }
      if try !queue.read(Schema.isCurrent) { try Schema.migrate(queue) }
      return queue
    } catch let error as OpeningError {
      throw error
    } catch SchemaError.newer {
      throw .newer
    } catch SchemaError.foreign {
      // Not ours to change.
      throw .other("it is the database of another program")
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw .damaged
      default: throw .other(error.message ?? "\(error.resultCode)")
      }
    } catch {
      throw .other("\(error)")
    }
  }

  /// Whether it begins as every SQLite database does (https://www.sqlite.org/fileformat.html, section 1.3).
  private static func isDatabase(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: 16)) == Data("SQLite format 3\0".utf8)
  }

  /// Renames the file, and what SQLite keeps beside it, to the first free name.
  private static func putAside(_ path: String) throws(HistoryError) -> String {
    let manager = FileManager.default
    var number = 1
    while manager.fileExists(atPath: "\(path).damaged-\(number)") { number += 1 }
    let target = "\(path).damaged-\(number)"
    do {
      try manager.moveItem(atPath: path, toPath: target)
      for suffix in ["-journal", "-wal", "-shm"] where manager.fileExists(atPath: path + suffix) {
        try manager.moveItem(atPath: path + suffix, toPath: target + suffix)
      }
    } catch {
      throw .unusable(path: path, reason: "it is damaged and cannot be renamed: \(error.localizedDescription)")
    }
    return target
  }

  func write<T>(_ body: (Database) throws -> T) throws(HistoryError) -> T {
    do { return try queue.write(body) } catch { throw failure(error) }
  }

  func read<T>(_ body: (Database) throws -> T) throws(HistoryError) -> T {
    do { return try queue.read(body) } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> HistoryError {
    guard let error = error as? DatabaseError else { return .unusable(path: queue.path, reason: "\(error)") }
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: return .damaged(path: queue.path)
    default: return .unusable(path: queue.path, reason: error.message ?? "\(error.resultCode)")
    }
  }
}
