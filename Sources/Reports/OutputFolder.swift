import Analysis
import Files
import Foundation
import Storage

/// The folder of one run's results: always a whole run, the old one or the new one.
///
/// The files are written into `.NAME.partial-PROCESS-…` in the same parent folder, flushed to the disk, and exchanged
/// with the folder in one step. A run that is killed leaves the old folder (or none) and perhaps a partial one, which
/// the next run into the same folder removes.
public enum OutputFolder {
  /// Both stand in every bench run, and nothing else has both.
  static let markers = ["manifest.resolved.yaml", "machine.json"]

  /// Where an experiment's results go: `stated`, or `Results/NAME` of the working folder; where that is a symbolic
  /// link, what it points to, so that the link stays and what is stored beside the folder stands beside its target.
  public static func url(_ stated: String?, experiment: String) throws(OutputFolderError) -> URL {
    try followed(URL(fileURLWithPath: climbed(stated ?? "Results/\(experiment)")))
  }

  /// The path with each `..` behind a symbolic link taken from where the link leads, as the system takes it; by its text
  /// `LINK/..` would be the folder that the link stands in. Paths without any stay as they are written.
  private static func climbed(_ path: String) -> String {
    guard path.split(separator: "/").contains("..") else { return path }
    var current = path.hasPrefix("/") ? "/" : FileManager.default.currentDirectoryPath, hasClimbedLink = false
    for part in path.split(separator: "/") where part != "." {
      var url = URL(fileURLWithPath: current)
      if part == ".." {
        if FileSystem.isLink(current) { (url, hasClimbedLink) = (url.resolvingSymlinksInPath(), true) }
        current = url.deletingLastPathComponent().path
      } else {
        current = url.appendingPathComponent(String(part)).path
      }
    }
    return hasClimbedLink ? current : path
  }

  private static func followed(_ url: URL) throws(OutputFolderError) -> URL {
    // Folders that do not stand yet hold no links; the nearest that does may be one.
    var link = url.standardizedFileURL
    guard link.path.hasPrefix("/") else {
      throw .notWritable(path: url.relativePath, reason: "the working folder is not there any more")
    }
    while !FileSystem.isLink(link.path), link.path != "/" { link = link.deletingLastPathComponent() }
    guard link.path != "/" else { return url }
    let isWhole = link.path == url.standardizedFileURL.path
    if let reason = FileSystem.unreachable(link.path) {
      throw .brokenLink(path: isWhole ? url.relativePath : link.path, reason: reason)
    }
    guard isWhole else { return url }
    guard FileSystem.isFolder(link.path) else { throw .notAFolder(path: url.relativePath) }
    return link.resolvingSymlinksInPath()
  }

  /// Fails where `directory`, or the fits beside it, could not be written later; changes nothing. For the start of a run,
  /// before any work.
  public static func check(_ directory: URL) throws(OutputFolderError) {
    try checkFolder(directory)
    try checkWorkingFolder(directory)
    if let obstacle = FitStore.obstacle(beside: directory) {
      throw .notWritable(path: directory.relativePath, reason: obstacle)
    }
  }

  private static func checkFolder(_ directory: URL) throws(OutputFolderError) {
    let folder = directory.standardizedFileURL
    if FileManager.default.fileExists(atPath: folder.path) {
      guard FileSystem.isFolder(folder.path) else { throw .notAFolder(path: directory.relativePath) }
      guard try entries(of: folder).isEmpty || isBenchRun(folder) else {
        throw .notABenchRun(path: directory.relativePath)
      }
    }
    let parent = FileSystem.nearestExisting(folder.deletingLastPathComponent())
    guard FileSystem.isFolder(parent.path) else { throw .notAFolder(path: parent.path) }
    guard FileSystem.isWritable(parent.path) else {
      throw .notWritable(path: directory.relativePath, reason: "no permission to write in \(parent.path)")
    }
  }

  /// A folder is exchanged with a new one, and who stands in it would stand in the old one, which is removed.
  private static func checkWorkingFolder(_ directory: URL) throws(OutputFolderError) {
    guard FileManager.default.fileExists(atPath: directory.path) else { return }
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath().pathComponents
    let folder = directory.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    if here.starts(with: folder) { throw .isWorkingFolder(path: directory.relativePath) }
  }

  /// Writes all files of `result` and makes them the content of `directory` in one step.
  ///
  /// Files in an older run's folder that bench does not write (a reader's notes) are kept.
  public static func write(_ result: RunResult, to directory: URL) throws(OutputFolderError) {
    try write(ResultFiles(result).all, to: directory)
  }

  static func write(_ files: [ResultFiles.File], to directory: URL) throws(OutputFolderError) {
    let folder = directory.standardizedFileURL
    let parent = folder.deletingLastPathComponent()
    try checkFolder(directory)
    try checkWorkingFolder(directory)
    if let reason = FileSystem.makeFolder(parent.path) {
      throw .notWritable(path: directory.relativePath, reason: reason)
    }
    try recover(folder)
    let partial = sibling(of: folder, "partial")
    do {
      try fill(partial, with: files, keeping: folder)
      try exchange(partial, with: folder)
    } catch {
      try? FileManager.default.removeItem(at: partial)
      throw error
    }
    // What a dead run left is removed by the next one, so a failure here is no failure of the run.
    try? FileManager.default.removeItem(at: partial)
  }

  /// The files in a folder of results that bench writes, as they are; none where there is no such folder.
  static func files(of directory: URL) -> [ResultFiles.File] {
    func names(in folder: String) -> [String] {
      let found = try? FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent(folder).path)
      return (found ?? []).sorted()
    }
    let paths =
      names(in: "").filter { ResultFiles.names.contains($0) && ResultFiles.folders[$0] == nil }
      + ResultFiles.folders.sorted { $0.key < $1.key }.flatMap { folder, endings in
        names(in: folder).filter { name in endings.contains(where: name.hasSuffix) }.map { "\(folder)/\($0)" }
      }
    return paths.compactMap { path in
      (try? Data(contentsOf: directory.appendingPathComponent(path))).map { .init(path: path, bytes: [UInt8]($0)) }
    }
  }

  /// Ends what a killed run left half done: puts back a folder that was set aside, removes partial ones.
  static func recover(_ folder: URL) throws(OutputFolderError) {
    let parent = folder.deletingLastPathComponent()
    let prefix = "." + folder.lastPathComponent + "."
    for name in try entries(of: parent).sorted() where name.hasPrefix(prefix) {
      let parts = name.dropFirst(prefix.count).split(separator: "-", maxSplits: 2)
      guard parts.count == 3, parts[0] == "partial" || parts[0] == "aside", let process = Int32(parts[1]) else {
        continue
      }
      let isOwn = process == ProcessInfo.processInfo.processIdentifier
      guard isOwn || !FileSystem.isAlive(process: process) else { continue }
      let leftover = parent.appendingPathComponent(name)
      if parts[0] == "aside", !FileManager.default.fileExists(atPath: folder.path) {
        if let reason = FileSystem.move(leftover.path, to: folder.path) {
          throw .notWritable(path: folder.path, reason: reason)
        }
      } else {
        try? FileManager.default.removeItem(at: leftover)
      }
    }
  }

  /// Whether a path leads to a folder of a run's results.
  public static func isRun(_ path: String) -> Bool {
    FileSystem.isFolder(path) && isBenchRun(URL(fileURLWithPath: path))
  }

  static func isBenchRun(_ folder: URL) -> Bool {
    markers.allSatisfy { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
  }

  /// `.NAME.KIND-PROCESS-RANDOM` beside the folder.
  static func sibling(of folder: URL, _ kind: String) -> URL {
    let process = ProcessInfo.processInfo.processIdentifier
    let name = ".\(folder.lastPathComponent).\(kind)-\(process)-\(UInt32.random(in: 0 ... .max))"
    return folder.deletingLastPathComponent().appendingPathComponent(name)
  }

  static func fill(
    _ partial: URL, with files: [ResultFiles.File], keeping old: URL,
    synchronise: (String) -> String? = FileSystem.synchronise
  ) throws(OutputFolderError) {
    var kept: [String] = []
    var folders: Set = [partial.path]
    try system(partial) {
      try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: false)
      for file in files {
        let url = partial.appendingPathComponent(file.path)
        let holder = url.deletingLastPathComponent()
        if folders.insert(holder.path).inserted {
          try FileManager.default.createDirectory(at: holder, withIntermediateDirectories: true)
        }
        try Data(file.bytes).write(to: url)
      }
    }
    if FileManager.default.fileExists(atPath: old.path) {
      var names = try entries(of: old).filter { !ResultFiles.names.contains($0) }
      for (folder, endings) in ResultFiles.folders.sorted(by: { $0.key < $1.key }) {
        let place = old.appendingPathComponent(folder)
        guard FileSystem.isFolder(place.path), !FileSystem.isLink(place.path) else { continue }
        names += try entries(of: place).filter { name in !endings.contains(where: name.hasSuffix) }.map {
          "\(folder)/\($0)"
        }
      }
      for name in names {
        let holder = partial.appendingPathComponent(name).deletingLastPathComponent()
        if folders.insert(holder.path).inserted {
          try system(partial) {
            try FileManager.default.createDirectory(at: holder, withIntermediateDirectories: true)
          }
        }
        try system(partial) {
          try FileManager.default.copyItem(
            at: old.appendingPathComponent(name), to: partial.appendingPathComponent(name))
          kept += try filesAndFolders(partial.appendingPathComponent(name).path)
        }
      }
    }
    for path in files.map({ partial.appendingPathComponent($0.path).path }) + kept + folders.sorted() {
      if let reason = synchronise(path) { throw .notWritable(path: path, reason: reason) }
    }
  }

  /// What stands at a path and below it: what a flush can be asked for, so no links, sockets or pipes.
  private static func filesAndFolders(_ path: String) throws -> [String] {
    let manager = FileManager.default
    switch try manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
    case .typeRegular: return [path]
    case .typeDirectory:
      return try manager.contentsOfDirectory(atPath: path).sorted().flatMap { try filesAndFolders("\(path)/\($0)") }
        + [path]
    default: return []
    }
  }

  /// Afterwards `folder` has the new content; the old one, if any, stands under `partial` or is gone.
  static func exchange(
    _ partial: URL, with folder: URL, inOneStep: (String, String) -> FolderExchange.Outcome = FolderExchange.exchange
  ) throws(OutputFolderError) {
    var failure: String?
    if FileManager.default.fileExists(atPath: folder.path) {
      switch inOneStep(partial.path, folder.path) {
      case .done: break
      case .failed(let reason): failure = reason
      case .unsupported:
        // Two steps; `recover` undoes the first if a kill comes between them.
        let aside = sibling(of: folder, "aside")
        failure = FileSystem.move(folder.path, to: aside.path)
        if failure == nil {
          failure = FileSystem.move(partial.path, to: folder.path)
          if failure != nil { _ = FileSystem.move(aside.path, to: folder.path) }
          if failure == nil { try? FileManager.default.removeItem(at: aside) }
        }
      }
    } else {
      failure = FileSystem.move(partial.path, to: folder.path)
    }
    if failure == nil { failure = FileSystem.synchronise(folder.deletingLastPathComponent().path) }
    if let failure { throw .notWritable(path: folder.path, reason: failure) }
  }

  private static func entries(of folder: URL) throws(OutputFolderError) -> [String] {
    var names: [String] = []
    try system(folder) { names = try FileManager.default.contentsOfDirectory(atPath: folder.path) }
    return names
  }

  /// Runs Foundation's file work and turns its errors into ours.
  private static func system(_ folder: URL, _ work: () throws -> Void) throws(OutputFolderError) {
    do { try work() } catch {
      throw .notWritable(path: folder.relativePath, reason: FileSystem.reason(of: error))
    }
  }
}
