import Foundation

extension NightlyReport {
  /// Writes report.md, junit.xml and nightly.json, each whole or not at all.
  public func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [("report.md", markdown()), ("junit.xml", junit()), ("nightly.json", try json())] {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
    }
  }
}
