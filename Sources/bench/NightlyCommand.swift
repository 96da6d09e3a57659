import ArgumentParser
import Execution
import Files
import Foundation
import History
import Manifests

/// `bench nightly`: runs, compares with the nights before, and says what got worse.
struct NightlyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightly", abstract: "Runs experiments, and tells whether quality or speed got worse.",
    discussion: """
      Every series is compared with the nights before it of the same experiment, settings and machine. What looks worse \
      is measured again with other initialisations before it is an alarm. Exit codes: 0 nothing worse (the first night \
      creates the baseline), 3 a regression, 4 something could not be measured, or other settings, rows or another name \
      of the experiment have ended a series (`series: 2` in the manifest or --accept says that it is meant), 2 usage, \
      manifest, data or a report that cannot be written. The rules, a cron line and a scheduled workflow are in \
      Documentation/Nightly.md.
      """)

  @Argument(help: ArgumentHelp("Experiments (YAML manifests).", valueName: "manifest"))
  var manifests: [String]

  @Option(help: ArgumentHelp("The smallest slowdown that matters, in percent of the time.", valueName: "percent"))
  var slowdown = 10.0

  @Flag(help: "Tonight's figures begin a new baseline, better or worse.")
  var accept = false

  @Option(
    name: .customLong("report"),
    help: ArgumentHelp("Folder for report.md, junit.xml and nightly.json.", valueName: "folder"))
  var folder = "Results/nightly"

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Fits that train side by side (default: the cores).", valueName: "n"))
  var jobs: Int?

  @OptionGroup var history: HistoryLocation

  @Flag(name: .shortAndLong, help: "No progress and no report on standard output.")
  var quiet = false

  func validate() throws {
    if let jobs { try Run.check(jobs: jobs) }
    guard slowdown >= 1, slowdown <= 1_000 else {
      throw ValidationError("--slowdown: got \(slowdown), expected a percentage from 1 to 1000")
    }
  }

  func run() throws {
    StandardStream.outlivesReaders()
    let progress = Execution.Progress.standardError(quiet: quiet)
    // Every mistake of every manifest before any work.
    let experiments = manifests.compactMap { try? Experiment(file: $0, overrides: [], progress: progress) }
    guard experiments.count == manifests.count else { throw Exit.badInput }
    for experiment in experiments {
      try experiment.checkSizes(progress, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
    }
    try checkNames(experiments, progress)
    let folder = URL(fileURLWithPath: folder)
    if let hindrance = NightlyReport.hindrance(to: folder) {
      progress.end()
      Console.errors(["--report: \(hindrance); expected a folder that report.md can be written into"])
      throw Exit.badInput
    }
    let store = try Console.badInput(progress) { try history.openToRecord() }
    let names = experiments.map(\.loaded.manifest.name)
    let parts = experiments.map { experiment in
      do {
        return try night(experiment, among: names, store, progress)
      } catch {
        if case HistoryError.damaged = error { history.putAsideIfDamaged() }
        return NightlyReport.Part(experiment: experiment.loaded.manifest.name, failure: "\(error)")
      }
    }
    progress.end()
    let report = NightlyReport(parts: parts)
    if !quiet { Console.line(report.markdown()) }
    let failure = try Console.badInput { try report.write(to: folder) }
    if let failure { Console.errors(["the night is recorded, but not its report: \(failure)"]) }
    // The verdict is not lost with the files.
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    if failure != nil { throw Exit.badInput }
  }

  /// Two manifests of one name would each end the other's series.
  private func checkNames(_ experiments: [Experiment], _ progress: Execution.Progress) throws {
    let names = experiments.map(\.loaded.manifest.name)
    let twice = names.indices.filter { names[..<$0].contains(names[$0]) }
    guard !twice.isEmpty else { return }
    progress.end()
    Console.errors(
      twice.map { "\(manifests[$0]): name: got \(names[$0]) a second time, expected an experiment of its own each" })
    throw Exit.badInput
  }

  private func night(
    _ experiment: Experiment, among names: [String], _ store: HistoryStore, _ progress: Execution.Progress
  ) throws -> NightlyReport.Part {
    let night = NightRun(store: store, slowdown: slowdown, isAccepted: accept, others: names)
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    return try night.run { roll in
      let startedAt = Date()
      let result = try experiment.measured(roll: roll, jobs: jobs, progress: progress)
      if roll == 0 {
        progress.end()
        Console.warnings(result.vectorWarnings)
      }
      return StoredRun(result, startedAt: startedAt, folder: nil)
    } again: {
      progress.stage("measuring again: \($0.joined(separator: ", "))")
    }
  }
}
