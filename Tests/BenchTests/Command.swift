import Foundation
import TestSupport
import Testing

/// Runs the built `bench` as a user would.
enum Command {
  struct Ending {
    var code: Int32
    var output: String
    var errors: String
  }

  /// Beside the test program, wherever the build folder is.
  static var executable: URL {
    let program = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return program.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("bench")
  }

  /// What every command sees, whatever the tests' own environment: that and what the system needs to start programs.
  static let environment: [String: String] = {
    let inherited = ["LD_LIBRARY_PATH", "TMPDIR"].compactMap { name in
      ProcessInfo.processInfo.environment[name].map { (name, $0) }
    }
    return Dictionary(inherited + [("PATH", "/usr/bin:/bin")], uniquingKeysWith: { $1 })
  }()

  static func process(_ arguments: [String], in folder: URL, executable: URL = executable) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = environment
    return process
  }

  static func run(_ arguments: [String], in folder: URL, executable: URL = executable) throws -> Ending {
    let process = process(arguments, in: folder, executable: executable)
    let (output, errors) = (folder.appendingPathComponent(".out"), folder.appendingPathComponent(".err"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    try #require(
      process.terminationReason == .exit, "bench \(arguments) was ended by signal \(process.terminationStatus)")
    return Ending(
      code: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  /// A fresh folder, removed afterwards.
  static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static let manifest = """
    version: 1
    name: tiny
    question: Does the command work?
    seed: 3
    corpora:
      messages:
        task: sentiment
        generated: {rows: 90}
        domain: ecommerce
    protocols:
      - {kind: holdout, seeds: 2}
    models:
      lstm: {kind: lstm, embedding: 8, hidden: 4, training: {epochs: 1}}
      lookup: {kind: lookup}
      majority: {kind: majority}
    timing: {batch: 4, batches: 2, warmup: 1, threads: [one]}
    """

  /// A manifest with one more model, whose loss soon is not finite.
  static func diverging(_ manifest: String) -> String {
    manifest.replacingOccurrences(
      of: "  lookup:",
      with: """
          wild:
            kind: bert
            layers: 1
            hidden: 8
            heads: 2
            initializer_range: 1
            training: {learning_rate: 10, epochs: 400, clip_norm: none, schedule: constant, weight_decay: 1, early_stopping: none}
          lookup:
        """)
  }

  /// A result file without what stands between the marks of what was measured.
  static func unmeasured(_ file: String, of run: String, in folder: URL) throws -> Data {
    let data = try Data(contentsOf: folder.appendingPathComponent(run).appendingPathComponent(file))
    guard file == "report.md" || file == "report.html" else { return data }
    let parts = String(decoding: data, as: UTF8.self).components(separatedBy: "<!-- measured -->\n")
    let kept = parts.enumerated().map { index, part in
      index == 0 ? part : part.components(separatedBy: "<!-- /measured -->\n").dropFirst().joined()
    }
    return Data(kept.joined().utf8)
  }

  /// Two folders hold the same but for what was measured.
  static func expectSameResults(_ a: String, _ b: String, in folder: URL) throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent(a).path).sorted()
    #expect(files.contains("trials.csv") && files.contains("probabilities.f32"))
    for file in files where !["timing.csv", "machine.json", "measured.json", "figures", "tables"].contains(file) {
      if file.split(separator: "/").last?.hasPrefix("measured-") == true { continue }
      #expect(try unmeasured(file, of: a, in: folder) == unmeasured(file, of: b, in: folder), "\(file)")
    }
  }

  static func write(_ text: String, as name: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }
}
