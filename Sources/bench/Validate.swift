import ArgumentParser
import Execution
import Files
import Foundation
import Manifests
import Reports

/// `bench validate`: checks manifests and does nothing else.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks manifests without running them.",
    discussion: """
      Reads the manifest and all of its data and makes the plan, as `bench run` does before it works. Prints `ok FILE` \
      for each manifest without a mistake, with the rows and classes that were read and what was left out. Mistakes go \
      to standard error, each with file, line and column, and the exit code is then 2; what is allowed and likely a \
      mistake is a warning there, and the exit code is 0.
      """)

  @Argument(help: "Manifests (YAML).")
  var files: [String]

  @Flag(name: .customLong("without-data"), help: "Leaves data files out: they need not exist.")
  var withoutData = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Replaces a value, for example models.bert.layers=4; `*` stands for all entries of a map.",
      valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the results of the run would go (default: Results/NAME).", valueName: "folder"))
  var output: String?

  func validate() throws {
    if output != nil, files.count > 1 { throw ValidationError("--output: expected one manifest with it") }
    if output != nil, withoutData { throw ValidationError("--output and --without-data: expected one of them") }
  }

  func run() throws {
    // Large files take seconds: whoever waits at a terminal sees what is read.
    let progress = Execution.Progress.standardError(quiet: !Terminal.isTerminal(STDERR_FILENO))
    var isFaulty = false
    for file in files {
      do {
        let loaded = try withoutData ? manifest(file) : experiment(file, progress).loaded
        progress.end()
        Console.warnings(of: loaded)
        Console.line(withoutData ? "ok \(file) (data files left out)" : "ok \(file)")
        let width = TerminalSummary.Style.standardOutput.width
        for line in DataSummary.lines(loaded.corpora, width: width) { Console.line(line) }
      } catch { isFaulty = true }
    }
    if isFaulty { throw Exit.badInput }
  }

  private func experiment(_ file: String, _ progress: Execution.Progress) throws -> Experiment {
    let jobs = ProcessInfo.processInfo.activeProcessorCount
    return try Experiment(
      file: file, overrides: overrides, for: .running(output: output, jobs: jobs), progress: progress)
  }

  private func manifest(_ file: String) throws -> LoadedManifest {
    switch ManifestLoader.load(
      file: file, overrides: overrides, environment: ProcessInfo.processInfo.environment, checkFiles: false)
    {
    case .success(let loaded): return loaded
    case .failure(let errors):
      StandardStream.error.write(errors.description + "\n")
      throw Exit.badInput
    }
  }
}
