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
      anew, in the working folder that its data paths are relative to; the data's hashes are compared first. Exit \
      codes: 0 every figure equal or within tolerance, 1 one is different, 2 usage, other data, or a run that cannot \
      be read.
      """)

  @Argument(help: ArgumentHelp("The run to reproduce.", valueName: "run"))
  var reference: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Fits that train side by side (default: the cores).", valueName: "n"))
  var jobs: Int?

  @OptionGroup var location: HistoryLocation

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
    Console.line(reproduction.text)
    if reproduction.count(.different) > 0 { throw Exit.notAsDemanded }
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
    let experiment = try Experiment(file: file.path, overrides: [], progress: progress)
    let inputs = try Console.badInput(progress) {
      try RunResult.Input.inputs(of: experiment.loaded.manifest, corpora: experiment.corpora)
    }
    let now = experiment.loaded.resolved.yaml(fileHashes: inputs.hashes(of: experiment.loaded.manifest))
    let expected = ResolvedManifest.hashes(of: stored.manifest)
    let problems = ResolvedManifest.hashes(of: now).filter { expected[$0.key] ?? $0.value != $0.value }
    guard problems.isEmpty else {
      progress.end()
      Console.errors(
        problems.keys.sorted().map {
          "\($0): got \(problems[$0] ?? ""), expected the run's \(expected[$0] ?? ""): the data are other ones"
        })
      throw Exit.badInput
    }
    return experiment
  }
}
