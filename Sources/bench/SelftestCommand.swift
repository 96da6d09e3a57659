import Analysis
import ArgumentParser
import Execution
import Foundation
import History
import Reports

/// `bench selftest`: how far the tool's own alarms can be trusted.
struct SelftestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest", abstract: "Measures how often bench's own alarms are wrong, and whether its search finds.",
    subcommands: [Verdicts.self, Nightly.self, Record.self, Search.self])

  /// `bench selftest verdicts`
  struct Verdicts: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Simulates whole reports of models whose truth is known; prints false words and power.",
      discussion: """
        Seven models and a floor in four domains, judged by the rules that judge real reports: equal models, models at \
        exactly the margin, trainings that vary unequally, two to ten seeds, folds, official splits. Every word counts: \
        headlines, settings, floors, losses across domains. Exit code 1 where more than 6 % of the reports of a case hold \
        a false word (5 % are allowed to, the rest is chance).
        """)

    @Option(help: "Reports of each case.")
    var reports = 2_000

    @Option(help: "Seed of the simulation.")
    var seed: UInt64 = 1

    func validate() throws {
      guard reports >= 1 else { throw ValidationError("--reports: expected at least 1") }
    }

    func run() throws {
      let progress = Execution.Progress.standardError(quiet: false)
      let found = VerdictSelftest(reports: reports, seed: seed) { progress.stage($0) }
      progress.end()
      Console.line(VerdictSelftestText.text(found))
      if !found.isMet { throw Exit.notAsDemanded }
    }
  }

  /// `bench selftest nightly`
  struct Nightly: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Replays simulated nights of real noise; prints false-alarm and detection rates.",
      discussion: """
        Draws nights from figures that were recorded while nothing changed, and puts them through the rules of bench \
        nightly, all series together; then plants steps of known size. Exit code 1 where a rate is not met: at most \
        0.27 % false alarms a night; within three nights at least 80 % of steps of the size that matters are found, \
        and 95 % of steps half as large again.
        """)

    @Option(help: "Nights on which nothing changed.")
    var nights = 10_000

    @Option(help: "Planted steps of each size.")
    var steps = 1_000

    @Option(help: ArgumentHelp("The smallest slowdown that matters, in percent.", valueName: "percent"))
    var slowdown = 10.0

    @Option(
      help: ArgumentHelp("The smallest loss that matters, in points (default: the record's).", valueName: "points"))
    var loss: Double?

    @Argument(help: ArgumentHelp("A record of noise (bench selftest record).", valueName: "noise"))
    var noise = "Results/noise/nightly.json"

    @Option(help: "Seed of the simulation.")
    var seed: UInt64 = 1

    func validate() throws {
      guard nights >= 1, steps >= 1 else { throw ValidationError("--nights and --steps: expected at least 1") }
      guard slowdown >= 1, slowdown <= 1_000 else {
        throw ValidationError("--slowdown: got \(slowdown), expected a percentage from 1 to 1000")
      }
    }

    func run() throws {
      let record = try Console.badInput { try NoiseRecord.read(URL(fileURLWithPath: noise)) }
      let settings = NightlySettings(loss: loss ?? record.margin, slowdown: slowdown)
      let report = SelftestReport(
        record: record, settings: settings,
        simulation: NightSimulation(record, settings: settings, seed: seed), nights: nights, steps: steps)
      Console.line(report.text)
      if !report.isMet { throw Exit.notAsDemanded }
    }
  }

  /// `bench selftest record`
  struct Record: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measures an experiment many times while nothing changes: a record of noise.",
      discussion: """
        Each run has other initialisations on the same splits: the noise is as if every night a commit had changed the \
        last bits of every number. The file is written anew after each run, so what is there when it is ended can be \
        used.
        """)

    @Argument(help: ArgumentHelp("The experiment's YAML manifest.", valueName: "manifest"))
    var manifest: String

    @Option(help: "Runs, at least 10.")
    var runs = 40

    @Option(name: .shortAndLong, help: ArgumentHelp("The record to write.", valueName: "file"))
    var output: String

    @Flag(name: .shortAndLong, help: "No progress; errors only.")
    var quiet = false

    func validate() throws {
      guard 10...10_000 ~= runs else {
        throw ValidationError("--runs: got \(runs), expected a whole number from 10 to 10000")
      }
    }

    func run() throws {
      let progress = Execution.Progress.standardError(quiet: quiet)
      let experiment = try Experiment(file: manifest, overrides: [], progress: progress)
      try experiment.checkSizes(progress, jobs: ProcessInfo.processInfo.activeProcessorCount)
      var recorded: [StoredRun] = []
      while recorded.count < runs {
        progress.stage("run \(recorded.count + 1) of \(runs)")
        let startedAt = Date()
        let result = try Console.badInput(progress) {
          try experiment.measured(
            roll: recorded.count, jobs: ProcessInfo.processInfo.activeProcessorCount, progress: progress)
        }
        recorded.append(StoredRun(result, startedAt: startedAt, folder: nil))
        try Console.badInput(progress) {
          try Data(NoiseRecord(recorded).json().utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
        }
      }
      progress.end()
    }
  }
}
