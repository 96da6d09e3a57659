import Analysis
import ArgumentParser
import Corpora
import Evidence
import Execution
import Files
import Foundation
import Manifests
import Planning
import Records
import Reports
import Tasks

/// `bench labels MANIFEST`: which labels of the data are likely wrong, and what such a list is worth.
struct LabelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels", abstract: "Lists rows whose label is likely wrong, and measures what such a list is worth.",
    discussion: """
      One model of the manifest is trained on folds of all rows of each domain, so that every row is answered by a model \
      that did not see it. Suspects are rows that count for another class than their label by confident learning (Northcutt \
      et al. 2021). Then suspects are left out, known labels are made wrong, at random and along what the model confuses, the \
      folds are trained again, and the share of suspects that are such flips says what precision to expect of the list. \
      Nothing is stored; rows are named by their ids. Exit codes: 0 done, 1 a fit failed, 2 usage, manifest or data.
      """)

  @Argument(help: ArgumentHelp("The experiment's YAML manifest.", valueName: "manifest"))
  var manifest: String

  @Option(
    name: .customLong("set"), help: ArgumentHelp("Replaces one value. May be repeated.", valueName: "key.path=value"))
  var overrides: [String] = []

  @Option(
    help: "The model that answers, one with probabilities (default: the first of the manifest that is no network).")
  var model: String?

  @Option(help: "Folds.")
  var folds = 5

  @Option(help: ArgumentHelp("Share of the labels that are made wrong.", valueName: "share"))
  var share = 0.05

  @Option(help: "Lines of the list.")
  var rows = 10

  @Option(name: .shortAndLong, help: ArgumentHelp("Writes all suspects into a CSV file.", valueName: "file"))
  var output: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Fits that train side by side (default: the cores).", valueName: "n"))
  var jobs: Int?

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  func validate() throws {
    if let jobs { try Run.check(jobs: jobs) }
    guard rows >= 1 else { throw ValidationError("--rows: got \(rows), expected a whole number of at least 1") }
    guard 2...20 ~= folds else { throw ValidationError("--folds: got \(folds), expected a whole number from 2 to 20") }
    guard share > 0, share <= 0.3 else {
      throw ValidationError("--share: got \(share), expected a number above 0 and at most 0.3")
    }
  }

  func run() throws {
    let progress = Execution.Progress.standardError(quiet: quiet)
    _ = try output.map { try OutputFile.url($0, besides: [manifest]) }
    var experiment = try Experiment(
      file: manifest, overrides: overrides + ["protocols=[{kind: kfold, folds: \(folds)}]"], progress: progress)
    let file = try output.map { try OutputFile.url($0, besides: [manifest] + experiment.loaded.manifest.dataPaths) }
    guard experiment.loaded.manifest.problem == .classification else {
      progress.end()
      Console.errors([
        "\(manifest): got `problem: \(experiment.loaded.manifest.problem.rawValue)`, expected a task of classes"
      ])
      throw Exit.badInput
    }
    try choose(&experiment, progress)
    let before = try audits(experiment, experiment.corpora, progress)
    var worths: [[LabelAudit.Worth]] = before.map { _ in [] }
    let doubtful = experiment.corpora.map { corpus in
      Set(before.filter { $0.corpus == corpus.name }.flatMap { $0.suspects.map(\.id) })
    }
    for kind in PlantedFlips.Kind.allCases {
      let flips = PlantedFlips(
        kind, share: share, in: experiment.corpora, without: doubtful,
        confusion: confusion(before, experiment.corpora), seed: experiment.loaded.manifest.seed)
      let after = try audits(experiment, flips.corpora, progress)
      for (place, audit) in before.enumerated() {
        guard let own = after.first(where: { ($0.corpus, $0.domain) == (audit.corpus, audit.domain) }) else { continue }
        worths[place].append(own.worth(of: flips))
      }
    }
    progress.end()
    let texts = zip(before, worths).map { LabelListing($0, $1, share: share, most: rows).text }
    Console.line(texts.joined(separator: "\n\n\n"))
    if let file { try Console.badInput { try Data(LabelListing.rows(before)).write(to: file, options: .atomic) } }
  }

  /// Leaves one model in the manifest: the one that is named, or the cheapest with probabilities.
  private func choose(_ experiment: inout Experiment, _ progress: Execution.Progress) throws {
    let all = experiment.loaded.manifest.models.filter {
      let kind = $0.configuration.kind
      return !kind.isFloor && $0.configuration.family.givesProbabilities && $0.uses.isEmpty
    }
    let chosen =
      model.map { name in all.first { $0.name == name } }
      ?? (all.first { !$0.configuration.kind.isNeural } ?? all.first)
    guard let chosen else {
      progress.end()
      let names = all.map(\.name).joined(separator: ", ")
      Console.errors([
        "--model: got \(model.map { "`\($0)`" } ?? "no model with probabilities"), expected one of: \(names)"
      ])
      throw Exit.badInput
    }
    experiment.loaded.manifest.models = [chosen]
    experiment.loaded.manifest.comparisons.pairs = []
    experiment.loaded.manifest.timing.enabled = false
    experiment.loaded.manifest.tuning = nil
    experiment.loaded.manifest.outputs.refit = .none
    progress.note("\(chosen.name) answers every row from \(folds) folds, three times")
  }

  /// Of each domain, in the manifest's order.
  private func audits(
    _ experiment: Experiment, _ corpora: [Corpus], _ progress: Execution.Progress
  ) throws -> [LabelAudit] {
    var changed = experiment
    changed.loaded.corpora = corpora
    switch Preflight.plan(changed.loaded) {
    case .success(let plan): changed.plan = plan
    case .failure(let errors):
      progress.end()
      StandardStream.error.write("\(errors)\n")
      throw Exit.badInput
    }
    let outcome = changed.runner(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount).run(progress: progress)
    if outcome.records.contains(where: { $0.status == .failed }) {
      progress.end()
      Console.failures(outcome.records)
      throw Exit.trialFailed
    }
    return corpora.flatMap { corpus in
      corpus.domains.compactMap { domain in
        LabelAudit(
          outcome.records.filter {
            $0.corpus == corpus.name && $0.source == domain.domain && $0.target == domain.domain
          },
          classes: corpus.classes)
      }
    }
  }

  /// Of each corpus, over its domains.
  private func confusion(_ audits: [LabelAudit], _ corpora: [Corpus]) -> [[[Int]]] {
    corpora.map { corpus in
      audits.filter { $0.corpus == corpus.name }.reduce(
        corpus.classes.map { _ in [Int](repeating: 0, count: corpus.classes.count) }
      ) { sum, audit in zip(sum, audit.confusion).map { zip($0, $1).map(+) } }
    }
  }
}
