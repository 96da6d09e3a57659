import ArgumentParser
import Compute
import Foundation
import Manifests
import Planning
import Reports
import Storage

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Reads everything and lists every trial that would run, with its rows.",
    discussion: """
      With --json, every division's training, validation and test rows by example id, so that another program can use \
      the same split.
      """)

  @Argument(help: ArgumentHelp("The experiment's YAML manifest.", valueName: "manifest"))
  var manifest: String

  @Option(
    name: .customLong("set"), help: ArgumentHelp("Replaces one value. May be repeated.", valueName: "key.path=value"))
  var overrides: [String] = []

  @Flag(help: "Prints one JSON object with the example ids of every division.")
  var json = false

  @Flag(help: "Says of every fit and refit whether `bench run` would reuse it, go on with it or run it, and why.")
  var why = false

  @Option(
    help: ArgumentHelp("A run of the same models: how much their difference varies.", valueName: "folder"))
  var pilot: String?

  @Option(
    help: ArgumentHelp(
      "Standard deviation of the question's difference from trial to trial, in points.", valueName: "points"))
  var deviation: Double?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("With --why: where results go (default: Results/NAME).", valueName: "folder"))
  var output: String?

  func validate() throws {
    if why, json { throw ValidationError("--why and --json: expected one of them") }
    if pilot != nil, deviation != nil { throw ValidationError("--pilot and --deviation: expected one of them") }
    if let deviation, !(deviation > 0 && deviation.isFinite) {
      throw ValidationError("--deviation: got \(deviation), expected a number of points above 0")
    }
    if output != nil, !why { throw ValidationError("--output: expected --why with it") }
  }

  func run() throws {
    let experiment = try Experiment(file: manifest, overrides: overrides, progress: .init(style: .quiet))
    Console.warnings(of: experiment.loaded)
    if json {
      try printJSON(experiment)
    } else if why {
      try printReasons(experiment)
    } else {
      let lines = try design(experiment)
      printTable(experiment)
      for line in lines { Console.line(line) }
    }
  }

  private func printReasons(_ experiment: Experiment) throws {
    let folder = try Console.badInput { try OutputFolder.url(output, experiment: experiment.loaded.manifest.name) }
    let store = FitStore(lookingBeside: folder), runner = experiment.runner(jobs: 1)
    let fits = runner.outlook(store), refits = runner.refitOutlook(store)
    let width = (fits + refits).map(\.fit.count).max() ?? 0
    for outlook in fits + refits {
      Console.line(outlook.fit + String(repeating: " ", count: width - outlook.fit.count) + "  " + outlook.reason)
    }
    func reused(_ outlooks: [Plan.Outlook], _ what: String) -> String {
      "\(outlooks.count { $0.isReused }) of \(outlooks.count) \(what)"
    }
    let ofRefits = refits.isEmpty ? "" : " and \(reused(refits, "refits"))"
    Console.line("\(reused(fits, "fits"))\(ofRefits) would be reused")
  }

  private func printTable(_ experiment: Experiment) {
    let plan = experiment.plan
    var rows = [["trial", "kind", "train", "validation", "test"]]
    for fit in plan.fits {
      let kind = experiment.loaded.manifest.models[fit.model].configuration.kind.rawValue
      for trial in fit.trials {
        rows.append([
          trial.name, kind, "\(plan.trainingRows(of: fit).count)", "\(plan.validationRows(of: fit).count)",
          "\(plan.testRows(of: trial, in: fit).count)",
        ])
      }
    }
    for refit in plan.refits {
      let kind = experiment.loaded.manifest.models[refit.model].configuration.kind.rawValue
      rows.append([refit.name, kind, "all", "0", "0"])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    for row in rows {
      let cells = row.indices.map { column -> String in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column < 2 ? row[column] + padding : padding + row[column]
      }
      Console.line(cells.joined(separator: "  "))
    }
    let refits = plan.refits.isEmpty ? "" : ", \(plan.refits.count) refit\(plan.refits.count == 1 ? "" : "s")"
    Console.line("\(plan.fits.count) fits, \(plan.trialCount) trials\(refits)" + tuning(experiment))
    Console.line(processors(experiment))
    Console.line(time(experiment))
  }

  /// How long a run from nothing would take on this machine.
  private func time(_ experiment: Experiment) -> String {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let peak = SGEMMPeak.measure()
    let minutes = experiment.runner(jobs: cores).expectedSeconds(peak: peak) / 60
    let shown =
      minutes < 1
      ? "less than a minute"
      : "about \(minutes < 10 ? "\((minutes * 10).rounded() / 10)" : "\(Int(minutes.rounded()))") minutes"
    return
      "a run from nothing takes \(shown): an estimate, from the rows, the sizes of the models and the rate of matrix "
      + "products measured now (\(Int((peak / 1e9).rounded())) GFLOP/s)"
  }

  /// How a run would use this machine without `--jobs`.
  private func processors(_ experiment: Experiment) -> String {
    let cores = ProcessInfo.processInfo.activeProcessorCount, fits = experiment.plan.fits.count
    let (beside, threads) = (min(fits, cores), experiment.runner(jobs: cores).trainingThreadsPerFit)
    return "on \(cores) processor\(cores == 1 ? "" : "s"): "
      + (beside == 1 ? "one fit at a time" : "\(beside) fits side by side")
      + ", \(threads) thread\(threads == 1 ? "" : "s")\(beside == 1 ? "" : " each"); results are the same for any number"
  }

  /// How many trainings the searches may ask for, where there are any.
  private func tuning(_ experiment: Experiment) -> String {
    guard let tuning = experiment.loaded.manifest.tuning else { return "" }
    let tuned = experiment.plan.fits.map { experiment.loaded.manifest.models[$0.model] }.filter { !$0.space.isEmpty }
    let trainings = tuned.reduce(0) { $0 + tuning.mostTrials(of: $1) }
    return "; \(tuned.count) fits are tuned, in up to \(trainings) trainings"
  }

  private struct FitRows: Encodable {
    var fit, model, corpus, domain: String
    var seed: UInt64
    var fold: Int?
    var train, validation, test: [String]
  }

  private func printJSON(_ experiment: Experiment) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let rows = experiment.plan.fits.map { fit -> FitRows in
      let corpus = experiment.corpora[fit.data.corpus]
      let examples = corpus.domains[fit.data.domain].examples
      let split = experiment.plan.split(of: fit)
      return FitRows(
        fit: fit.name, model: experiment.loaded.manifest.models[fit.model].name, corpus: corpus.name,
        domain: corpus.domains[fit.data.domain].domain, seed: fit.seed, fold: fit.fold,
        train: experiment.plan.trainingRows(of: fit).map { examples[$0].id },
        validation: experiment.plan.validationRows(of: fit).map { examples[$0].id },
        test: split.test.map { examples[$0].id })
    }
    Console.line(String(decoding: try encoder.encode(["fits": rows]), as: UTF8.self))
  }
}
