import Experiments
import Foundation

/// Where `bench predict` writes: to standard output as the answers come, or to a file, whole or not at all.
struct AnswerOutput {
  private let file: URL?
  /// What the file is to hold.
  private var kept: [UInt8] = []

  /// - Parameters:
  ///   - path: nil for standard output.
  ///   - input: the file that is read, which must not be written over.
  init(_ path: String?, besides input: String) throws {
    // Where a link points: the new file would replace the link.
    file = path.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath() }
    guard let path, let file else { return }
    let folder = file.deletingLastPathComponent().path
    var mistake: String?
    if FileSystem.isFolder(file.path) {
      mistake = "got a folder, expected a file"
    } else if input != "-", URL(fileURLWithPath: input).resolvingSymlinksInPath() == file {
      mistake = "got the file that is read, expected another"
    } else if !FileSystem.isFolder(folder) {
      mistake = "got a file in a folder that is not there, expected one in an existing folder"
    } else if !FileSystem.isWritable(folder) {
      mistake = "cannot be written: no files can be made in its folder"
    }
    if let mistake {
      Console.errors(["\(path): \(mistake)"])
      throw Exit.badInput
    }
  }

  /// False where nobody reads any more; exit code 2 where it cannot be written.
  mutating func write(_ bytes: [UInt8]) throws -> Bool {
    guard file == nil else {
      kept += bytes
      return true
    }
    do { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } catch {
      if FileSystem.number(of: error) == EPIPE { return false }
      try fail("standard output", FileSystem.reason(of: error))
    }
    return true
  }

  /// Writes the file, where there is one.
  func finish() throws {
    if let file, let reason = FileSystem.save(kept, to: file) { try fail(file.relativePath, reason) }
  }

  private func fail(_ name: String, _ reason: String) throws {
    Console.errors(["\(name): cannot be written: \(reason)"])
    throw Exit.badInput
  }
}
