import Files
import Foundation

extension NightlyReport {
  private static let names = (report: "report.md", junit: "junit.xml", json: "nightly.json")

  /// Why the files could not be written into a folder; nil where nothing is seen to hinder it. Changes nothing.
  public static func hindrance(to folder: URL) -> String? {
    let existing = FileSystem.nearestExisting(folder)
    guard FileSystem.isFolder(existing.path) else { return "\(shown(existing, folder)): this is a file" }
    guard FileSystem.isWritable(existing.path) else { return "\(shown(existing, folder)): no permission to write here" }
    for name in [names.report, names.junit, names.json] {
      let file = folder.appendingPathComponent(name)
      if FileSystem.isFolder(file.path) { return "\(file.relativePath): this is a folder" }
    }
    return nil
  }

  /// The path as the user gave it where it is that one.
  private static func shown(_ existing: URL, _ folder: URL) -> String {
    existing.path == folder.standardizedFileURL.path ? folder.relativePath : existing.path
  }

  /// Writes report.md, junit.xml and nightly.json, each whole or not at all.
  /// - Returns: Why one of them could not be written, in the system's words.
  public func write(to folder: URL) throws -> String? {
    if let reason = FileSystem.makeFolder(folder.path) { return "\(folder.relativePath): \(reason)" }
    for (name, text) in [(Self.names.report, markdown()), (Self.names.junit, junit()), (Self.names.json, try json())] {
      let file = folder.appendingPathComponent(name)
      if let reason = FileSystem.save(Array(text.utf8), to: file) { return "\(file.relativePath): \(reason)" }
    }
    return nil
  }
}
