import Analysis
import History
import Manifests
import Reports
import Statistics
import Tasks
import Text

extension PlanCommand {
  /// What the design can show, a line a task.
  func design(_ experiment: Experiment) throws -> [String] {
    let manifest = experiment.loaded.manifest
    let declared = DeclaredContrasts(manifest)
    guard let question = declared.pairs.first else { return [] }
    // Of a loss nothing is known beforehand that would be in its unit.
    guard manifest.comparisons.primary.isFraction else { return [] }
    // Two models never answer a row with the same number, so how far they differ must have been seen.
    guard manifest.problem != .regression || deviation != nil || pilot != nil else { return [] }
    var assumed = DesignPower.Deviation.rowsAlone
    var source =
      "if the two models answer differently on \(NumberFormat.plain(DesignPower.assumedDisagreement * 100)) % of the "
      + "rows and trainings add nothing; --pilot or --deviation say more"
    if let deviation {
      (assumed, source) = (.points(deviation), "if their difference varies by \(deviation) points from trial to trial")
    } else if let pilot {
      let run = try Console.badInput { try ResultFolder.read(pilot) }
      let deciding = run.trials.filter { declared.isSetting($0.key) }
      guard let found = Self.deviation(of: deciding, question, metric: manifest.comparisons.primary.rawValue) else {
        Console.errors([
          "--pilot: \(pilot): got no two trials of `\(question.a)` and `\(question.b)` on the same rows under the deciding "
            + "protocol, expected a run of both"
        ])
        throw Exit.badInput
      }
      assumed = .points(found)
      source = "as their difference varies in \(pilot): \(NumberFormat.fixed(found, 2)) points from trial to trial"
    }
    let power = DesignPower(manifest, plan: experiment.plan, corpora: experiment.corpora, deviation: assumed)
    return power.tasks.map { task in
      let share = "\(NumberFormat.plain(DesignPower.power * 100)) %"
      guard let headline = task.headline else {
        return "\(task.task): \(task.trials) trials a setting give no words; they need 3"
      }
      var line =
        "\(task.task): \(question.a) against \(question.b) is found with \(share) where they differ by "
        + "\(Self.points(headline)) points"
      if task.settings > 1 {
        line += " over the \(task.settings) domains"
        line += task.setting.map { ", by \(Self.points($0)) in one of them" } ?? ""
      }
      return line + ", " + source
    }
  }

  private static func points(_ value: Double) -> String {
    value <= 100 ? NumberFormat.fixed(value, 1) : "more than 100"
  }

  /// In points, of the question's paired differences within settings; nil without two of them.
  static func deviation(of trials: [StoredTrial], _ pair: ComparisonSettings.Pair, metric: String) -> Double? {
    struct Place: Hashable {
      var corpus, protocolName, domain: String
    }
    struct Slot: Hashable {
      var place: Place
      var seed: UInt64
      var fold: Int?
      var splitHash: String
    }
    func slot(_ trial: StoredTrial) -> Slot {
      Slot(
        place: Place(corpus: trial.corpus, protocolName: trial.protocolName, domain: trial.source), seed: trial.seed,
        fold: trial.fold, splitHash: trial.splitHash)
    }
    let own = trials.filter { $0.source == $0.target && $0.failure == nil }
    var others: [Slot: Double] = [:]
    for trial in own where trial.model == pair.b { others[slot(trial)] = trial.scores[metric] }
    var order: [Place] = []
    var differences: [Place: [Double]] = [:]
    for trial in own where trial.model == pair.a {
      let place = slot(trial)
      guard let a = trial.scores[metric], let b = others[place] else { continue }
      if differences[place.place] == nil { order.append(place.place) }
      differences[place.place, default: []].append(100 * (a - b))
    }
    let variances = order.compactMap { Descriptive.variance(differences[$0] ?? []) }
    return Descriptive.mean(variances)?.squareRoot()
  }
}
