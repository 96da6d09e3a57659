import ArgumentParser
import Experiments
import Foundation
import History
import Manifests
import Reports

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs an experiment and writes its report (the default subcommand).",
    discussion: """
      Every error in the manifest or the data is shown before any work. The results are written whole or not at all; \
      an existing folder is replaced only where it is an earlier run's.
      """)

  @Argument(help: ArgumentHelp("The experiment's YAML manifest.", valueName: "manifest"))
  var manifest: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Replaces one value, e.g. models.bert.training.epochs=2. May be repeated.", valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("Where results go (default: Results/NAME).", valueName: "folder"))
  var output: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Fits that train side by side (default: the cores). Results do not depend on it.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var history: HistoryLocation

  @Flag(name: .shortAndLong, help: "No progress and no summary; errors and warnings only.")
  var quiet = false

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs: got \(jobs), expected a whole number of at least 1") }
  }

  func run() throws {
    let progress = Experiments.Progress.standardError(quiet: quiet)
    let experiment = try Experiment(file: manifest, overrides: overrides, progress: progress)
    let declared = experiment.loaded.manifest
    let folder = URL(fileURLWithPath: output ?? "Results/\(declared.name)")
    try badInput(progress) { try OutputFolder.check(folder) }
    var inputs: [RunResult.Input] = []
    try badInput(progress) {
      inputs = try RunResult.Input.inputs(of: declared, corpora: experiment.corpora)
    }
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let clock = ContinuousClock()
    let started = clock.now
    let startedAt = Date()
    let outcome = Runner(
      manifest: declared, corpora: experiment.corpora, plan: experiment.plan, jobs: jobs
    ).run(progress: progress)
    progress.stage("writing the report")
    var machine = Machine.facts()
    machine.load = outcome.load
    let result = RunResult(
      manifest: declared, resolvedYAML: experiment.loaded.resolved.yaml(fileHashes: inputs.hashes(of: declared)),
      records: outcome.records, models: outcome.models, timings: outcome.timings,
      audits: outcome.audits,
      analysis: Analysis(records: outcome.records, manifest: declared), tuning: outcome.tuning, inputs: inputs,
      timingWarnings: outcome.timingWarnings, machine: machine,
      elapsedSeconds: Double((clock.now - started).components.seconds))
    try badInput(progress) { try OutputFolder.write(result, to: folder) }
    progress.end()
    Console.warnings(outcome.timingWarnings.map { "timing is unfit for comparison: " + $0 })
    history.record(StoredRun(result, startedAt: startedAt, folder: folder.relativePath))
    if !quiet {
      print(TerminalSummary.render(result, reportPath: folder.relativePath + "/report.md", style: .standardOutput))
    }
    if outcome.records.contains(where: { $0.status == .failed }) { throw Exit.trialFailed }
  }

  private func badInput(_ progress: Experiments.Progress, _ body: () throws -> Void) throws {
    do { try body() } catch {
      progress.end()
      Console.errors(["\(error)"])
      throw Exit.badInput
    }
  }
}
