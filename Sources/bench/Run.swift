import Analysis
import ArgumentParser
import Execution
import Files
import Foundation
import History
import Manifests
import Reports
import Storage

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs an experiment and writes its report (the default subcommand).",
    discussion: """
      Every error in the manifest or the data is shown before any work. The results are written whole or not at all; \
      an existing folder is replaced only where it is an earlier run's. Finished fits are stored in FOLDER.fits at \
      once, training at the end of an epoch: after Ctrl-C, a kill or a power cut the same command goes on from there.
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

  @Flag(help: "Starts over: removes what earlier runs have stored of their fits.")
  var fresh = false

  @Flag(name: .customLong("fail-fast"), help: "Ends at the first fit that fails, without results.")
  var failFast = false

  @Option(
    name: .customLong("store-every"),
    help: ArgumentHelp("Least time between two stored states of one training.", valueName: "seconds"))
  var storeEvery = 5.0

  @OptionGroup var history: HistoryLocation

  @Flag(name: .shortAndLong, help: "No progress and no summary; errors, reasons of failed fits and warnings only.")
  var quiet = false

  func validate() throws {
    if let jobs { try Self.check(jobs: jobs) }
    if !(storeEvery >= 0) { throw ValidationError("--store-every: got \(storeEvery), expected seconds from 0") }
  }

  static func check(jobs: Int) throws {
    guard 1...1_024 ~= jobs else {
      throw ValidationError("--jobs: got \(jobs), expected a whole number from 1 to 1024")
    }
  }

  func run() throws {
    StandardStream.outlivesReaders()
    let progress = Execution.Progress.standardError(quiet: quiet)
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    let experiment = try Experiment(
      file: manifest, overrides: overrides, for: .running(output: output, jobs: jobs), progress: progress)
    let declared = experiment.loaded.manifest, inputs = experiment.inputs
    for corpus in experiment.corpora { progress.note(corpus.readingSummary) }
    progress.end()
    Console.warnings(of: experiment.loaded)
    let folder = try Console.badInput(progress) { try OutputFolder.url(output, experiment: declared.name) }
    let store = try Console.badInput(progress) { try FitStore(beside: folder, fresh: fresh) }
    // The folder is this process's until the results are written.
    defer { withExtendedLifetime(store) {} }
    let clock = ContinuousClock()
    let started = clock.now
    let startedAt = Date()
    let stop = StopRequest()
    stop.listen { answer in
      progress.end()
      Console.warning(Self.words(for: answer))
    }
    var runner = experiment.runner(declared, jobs: jobs, store: store, stop: stop)
    (runner.trainingStoredEvery, runner.failsFast) = (storeEvery, failFast)
    let outcome = runner.run(progress: progress)
    if let reason = outcome.stopped {
      progress.end()
      throw ended(reason, stored: outcome.storedFits, of: experiment.plan.fits.count, in: store)
    }
    progress.stage("writing the report")
    let analysis = Analysis(records: outcome.records, manifest: declared, inputs: inputs)
    let result = experiment.result(of: outcome, inputs: inputs, analysis: analysis, elapsed: clock.now - started)
    try Console.badInput(
      progress, note: "nothing is lost: all finished fits are stored; the same command goes on from there"
    ) {
      try OutputFolder.write(result, to: folder)
    }
    progress.end()
    Console.failures(outcome.records)
    Console.warnings(result.vectorWarnings)
    Console.warnings(outcome.timingWarnings.map { "timing is unfit for comparison: " + $0 })
    history.record(StoredRun(result, startedAt: startedAt, folder: folder.relativePath))
    if !quiet {
      Console.line(
        TerminalSummary.render(result, reportPath: folder.relativePath + "/report.md", style: .standardOutput))
    }
    Console.errors(outcome.refits.compactMap { refit in refit.failure.map { "\(refit.name): \($0)" } })
    let refitted = outcome.refits.compactMap(\.path)
    if !quiet, !refitted.isEmpty {
      Console.line("\nTrained on all rows, for bench predict:\n" + refitted.map { "  " + $0 }.joined(separator: "\n"))
    }
    if outcome.records.contains(where: { $0.status == .failed })
      || outcome.refits.contains(where: { $0.failure != nil })
    {
      throw Exit.trialFailed
    }
  }

  private static func words(for answer: StopRequest.Answer) -> String {
    switch answer {
    case .ending: "ending; again to end at once"
    case .endedAtOnce:
      "ended at once: finished fits are stored, trainings as of the last state stored of them; the same command goes on from there"
    case .endedAfterTraining:
      "ended while nothing trained: all finished fits are stored; the same command goes on from there"
    }
  }

  /// Says why the run ended early and how it goes on; the exit code for it.
  private func ended(_ reason: StopRequest.Reason, stored: Int, of all: Int, in store: FitStore) -> ExitCode {
    let kept = "\(stored) of \(all) fits are stored in \(store.shownPath)"
    switch reason {
    case .signal(let number):
      Console.warning("ended on request: \(kept); the same command goes on from there")
      return ExitCode(128 + number)
    case .failure(let fit, let reason):
      Console.errors(["\(fit): \(reason)"])
      Console.warning("ended at the first failure (--fail-fast), without results: \(kept)")
      return Exit.trialFailed
    case .storage(let error):
      Console.errors(["\(error)"])
      Console.warning("nothing is lost: \(kept); make room, and the same command goes on from there")
      return Exit.badInput
    }
  }
}
