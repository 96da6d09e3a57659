import Files
import Foundation
import History

extension Doctor {
  /// Less free memory than this is slow or not enough; than the second, no run ends well. In bytes.
  static let (smallMemory, tooSmallMemory) = (1 << 30, 256 << 20)
  /// The same of a disk.
  static let (smallDisk, tooSmallDisk) = (1 << 30, 64 << 20)

  /// Free main memory, by the system and by a control group.
  func memory() -> [Finding] {
    let line = source.read("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let available = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    let group = ControlGroups(read: source.read).memory
    guard let free = [available, group?.free].compactMap({ $0 }).min() else {
      return [Finding("memory", "the system does not say")]
    }
    var found = "\(Self.size(free)) free"
    if let group, group.free == free { found += " of the \(Self.size(group.limit)) that a control group allows" }
    return [
      level(
        "memory", found, free, Self.smallMemory, Self.tooSmallMemory,
        advice: group?.free == free
          ? "raise the group's limit, or run with --jobs 1" : "end others, or run with --jobs 1")
    ]
  }

  /// Room and permission where results and the history are written.
  func storage() -> [Finding] {
    let folders = [places.results, URL(fileURLWithPath: places.history).deletingLastPathComponent().relativePath]
    var findings: [Finding] = []
    for (index, folder) in folders.enumerated() where index == 0 || folder != folders[0] {
      let nearest = FileSystem.nearestExisting(URL(fileURLWithPath: folder))
      let name = index == 0 ? "results" : "history's folder"
      findings.append(Self.writing(name, folder, nearest))
      guard FileSystem.isFolder(nearest.path) else { continue }
      guard let free = source.freeBytes(nearest.path) else {
        findings.append(Finding("disk", "the system does not say what is free in \(folder)"))
        continue
      }
      findings.append(
        level(
          "disk", "\(Self.size(free)) free in \(folder)", free, Self.smallDisk, Self.tooSmallDisk,
          advice: "make room, or write elsewhere (--output, --history)"))
    }
    return findings
  }

  private func level(
    _ check: String, _ found: String, _ free: Int, _ small: Int, _ tooSmall: Int, advice: String
  ) -> Finding {
    free < small ? Finding(check, free < tooSmall ? .error : .warning, found, advice: advice) : Finding(check, found)
  }

  /// Writes, flushes and renames a file in the folder, or in the nearest that there is, and removes it.
  private static func writing(_ name: String, _ folder: String, _ nearest: URL) -> Finding {
    let advice = "choose another place with --output and --history, or change the folder's permissions"
    guard FileSystem.isFolder(nearest.path) else {
      return Finding(name, .error, "\(nearest.path) is a file, not a folder", advice: advice)
    }
    let file = nearest.appendingPathComponent(".bench-doctor-\(UInt64.random(in: 0 ... .max))")
    defer { try? FileManager.default.removeItem(at: file) }
    if let reason = FileSystem.save(Array("a trial of writing, to be removed\n".utf8), to: file) {
      return Finding(name, .error, "cannot write in \(folder): \(reason)", advice: advice)
    }
    return Finding(name, "a file was written, flushed, renamed and removed in \(folder)")
  }

  /// The folders of corpora and models.
  func inputs() -> [Finding] {
    let folders = [("data", "BENCH_DATA", places.data), ("models", "BENCH_MODELS", places.models)]
    return folders.map { name, variable, place in
      let (path, isStated) = place
      let shown = isStated ? "\(path) (\(variable))" : path
      guard FileManager.default.fileExists(atPath: path) else {
        return Finding(
          name, .warning, "\(shown) is not there; experiments on generated messages or files of your own need none",
          advice: "bench fetch list shows what can be fetched\(isStated ? "; or correct \(variable)" : "")")
      }
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: path).filter {
          !$0.hasPrefix(".") && FileSystem.isFolder("\(path)/\($0)")
        }
        return names.isEmpty
          ? Finding(name, .warning, "\(shown) is empty", advice: "bench fetch list shows what can be fetched")
          : Finding(name, "\(shown) has \(Self.count(names.count, "folder"))")
      } catch {
        return Finding(
          name, .error, "\(shown) cannot be read: \(FileSystem.reason(of: error))",
          advice: "correct \(variable) or the folder's permissions")
      }
    }
  }

  /// Whether the history opens, and whether the clock goes on from its newest run.
  func history() -> [Finding] {
    let path = places.history
    let newest: Date?
    do throws(HistoryError) {
      newest = try HistoryStore(path: path, mustExist: true).newestStart()
    } catch {
      if case .noSuchFile = error {
        return [Finding("history", "none yet; the first run begins \(path)"), clock(after: nil)]
      }
      let advice =
        if case .damaged = error {
          "put back a copy, or let the next run set the file aside and begin anew"
        } else {
          "choose another file with --history"
        }
      return [Finding("history", .error, "\(error)", advice: advice), clock(after: nil)]
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      let advice = "change its permissions, or choose another file with --history"
      return [Finding("history", .error, "\(path) opens and cannot be written", advice: advice), clock(after: newest)]
    }
    return [Finding("history", "\(path) opens\(newest == nil ? "; it has no run yet" : "")"), clock(after: newest)]
  }

  private func clock(after newest: Date?) -> Finding {
    let now = source.now.ISO8601Format()
    // Starts are kept to the second.
    guard let newest, newest.timeIntervalSince(source.now) > 1 else { return Finding("clock", now) }
    return Finding(
      "clock", .warning, "\(now), before the start of the newest run in the history (\(newest.ISO8601Format()))",
      advice: "set the clock (timedatectl set-ntp true): runs keep their order, their dates would mislead")
  }
}
