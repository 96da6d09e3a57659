import Analysis
import ArgumentParser
import Execution
import Files
import Foundation
import History
import Manifests

/// `bench reproduce RUN`: does a stored run again and holds its figures against the stored ones.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce", abstract: "Does a stored run again and says which of its figures came out again.",
    discussion: """
      RUN is a folder of results or the number of a recorded run (bench history --runs). Its resolved manifest is run \
      anew; its data paths begin at the working folder or, where files are not there, at the nearest folder above the \
      results that has them all; the files' hashes are compared before any is read. Figures that came out equal are \
      counted, the others listed with the tolerance that they are held to. Exit codes: 0 every figure equal or within \
      tolerance, 1 one is different, 2 usage, other data, or a run that cannot be read.
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
    let progress = Execution.Progress.standardError(quiet: quiet)
    let stored = try RunReference(text: reference).run(in: location)
    let experiment = try self.experiment(of: stored, progress)
    try experiment.checkSizes(progress, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
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
  private func experiment(of stored: StoredRun, _ progress: Execution.Progress) throws -> Experiment {
    let name = manifestName(of: stored)
    enterFolderOfData(stored, name)
    try checkHashes(of: stored, name, progress)
    do { return try Experiment(file: name, text: stored.manifest, overrides: [], progress: progress) } catch {
      if now(stored, name) == nil {
        Console.warning("paths of a manifest begin at the folder that the run was started in: go there and try again")
      }
      throw error
    }
  }

  /// What errors call the manifest: the file in the results where it is the run's, which has its lines.
  private func manifestName(of stored: StoredRun) -> String {
    let name = "manifest.resolved.yaml"
    if let folder = stored.folder {
      let path = (folder.hasSuffix("/") ? folder : folder + "/") + name
      if (try? String(contentsOfFile: path, encoding: .utf8)) == stored.manifest { return path }
    }
    return "\(name) of run \(reference)"
  }

  /// Makes the folder that the manifest's paths begin at the working folder: the present one, or the nearest above the
  /// results (or the history) in which every file is. Their hashes are compared afterwards.
  private func enterFolderOfData(_ stored: StoredRun, _ name: String) {
    guard now(stored, name) == nil else { return }
    let start = FileManager.default.currentDirectoryPath
    let place =
      stored.folder.flatMap { FileSystem.isFolder($0) ? $0 : nil } ?? location.path ?? HistoryStore.defaultPath
    var folder = URL(fileURLWithPath: place).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.changeCurrentDirectoryPath(folder.path), now(stored, name) != nil { return }
    }
    _ = FileManager.default.changeCurrentDirectoryPath(start)
  }

  /// The hashes of the manifest's files as they are now, by key path; nil where one cannot be read.
  private func now(_ stored: StoredRun, _ name: String) -> [String: String]? {
    guard
      case .success(let loaded) = ManifestLoader.load(
        file: name, text: stored.manifest, environment: ProcessInfo.processInfo.environment, checkFiles: false),
      let inputs = try? RunResult.Input.inputs(of: loaded.manifest)
    else { return nil }
    return ResolvedManifest.hashes(of: loaded.resolved.yaml(fileHashes: inputs.hashes(of: loaded.manifest)))
  }

  /// Prints every file whose bytes are not the run's and throws exit code 2, before any of them is read as data. A file
  /// that cannot be read is left to the reading, which says where the manifest names it.
  private func checkHashes(of stored: StoredRun, _ name: String, _ progress: Execution.Progress) throws {
    guard let now = now(stored, name) else { return }
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
