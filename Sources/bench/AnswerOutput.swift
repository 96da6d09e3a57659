import Files
import Foundation

/// Where `bench predict` writes: to standard output as the answers come, or to a file, whole or not at all.
struct AnswerOutput {
  private let file: URL?
  /// What the file is to hold.
  private var kept: [UInt8] = []

  /// - Parameters:
  ///   - path: nil for standard output.
  ///   - inputs: the files that are read, which must not be written over.
  init(_ path: String?, besides inputs: [String]) throws {
    file = try path.map { try OutputFile.url($0, besides: inputs) }
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
