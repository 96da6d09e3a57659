import ArgumentParser
import Experiments
import Foundation
import History
import Manifests

/// `bench reproduce RUN`: does a stored run again and holds its figures against the stored ones.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce", abstract: "Does a stored run again and says which of its figures came out again.",
    discussion: """
      RUN is a folder of results or the number of a recorded run (bench history --runs). Its resolved manifest is run \
      anew, in the working folder that its data paths are relative to; the files' hashes are compared before any is \
      read. Figures that came out equal are counted, the others listed with the tolerance that they are held to. Exit \
      codes: 0 every figure equal or within tolerance, 1 one is different, 2 usage, other data, or a run that cannot \
      be read.
      """)

  @Argument(help: ArgumentHelp("The run to reproduce.", valueName: "run"))
  var reference: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Fits that train side by side (default: the cores).", valueName: "n"))
  var jobs: Int?

  @OptionGroup var location: HistoryLocation

  @Flag(help: "Lists the figures that came out equal, too.")
  var all = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if let jobs { try Run.check(jobs: jobs) }
  }

  func run() throws {
    StandardStream.outlivesReaders()
    let progress = Experiments.Progress.standardError(quiet: quiet)
    let stored = try RunReference(text: reference).run(in: location)
    let experiment = try self.experiment(of: stored, progress)
    try experiment.checkSizes(progress)
    let startedAt = Date()
    let result = try Console.badInput(progress) {
      try experiment.measured(
        roll: stored.roll, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, progress: progress,
        isTimed: false)
    }
    progress.end()
    let reproduction = Reproduction(of: stored, again: StoredRun(result, startedAt: startedAt, folder: nil))
    Console.line(reproduction.text(all: all))
    if !reproduction.isReproduced { throw Exit.notAsDemanded }
  }

  /// The stored run's manifest with its data, which must be the very data of the run.
  private func experiment(of stored: StoredRun, _ progress: Experiments.Progress) throws -> Experiment {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("manifest.resolved.yaml")
    try Console.badInput(progress) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(stored.manifest.utf8).write(to: file)
    }
    try checkHashes(of: stored, file: file.path, progress)
    return try Experiment(file: file.path, overrides: [], progress: progress)
  }

  /// Prints every file whose bytes are not the run's and throws exit code 2, before any of them is read as data. A file
  /// that cannot be read is left to the reading, which says where the manifest names it.
  private func checkHashes(of stored: StoredRun, file: String, _ progress: Experiments.Progress) throws {
    guard
      case .success(let loaded) = ManifestLoader.load(
        file: file, overrides: [], environment: ProcessInfo.processInfo.environment, checkFiles: false),
      let inputs = try? RunResult.Input.inputs(of: loaded.manifest)
    else { return }
    let now = ResolvedManifest.hashes(of: loaded.resolved.yaml(fileHashes: inputs.hashes(of: loaded.manifest)))
    let expected = ResolvedManifest.hashes(of: stored.manifest)
    let others = expected.keys.sorted().filter { now[$0] != expected[$0] }
    guard others.isEmpty else {
      progress.end()
      Console.errors(
        others.map {
          "\($0): got \(now[$0] ?? "no file"), expected the run's \(expected[$0] ?? ""): the data are other ones"
        })
      throw Exit.badInput
    }
  }
}
