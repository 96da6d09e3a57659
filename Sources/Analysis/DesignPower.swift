import Corpora
import Manifests
import Planning
import Settings
import Statistics

/// What a design can show before anything runs: the smallest difference that the question's headline, and a word in one
/// setting, find with probability `power`.
public struct DesignPower: Sendable {
  public static let power = 0.8
  /// Assumed where nothing is known: two models answer differently on so many of the test rows, and trainings add nothing.
  public static let assumedDisagreement = 0.1

  /// How much the paired difference of the two models varies between trials.
  public enum Deviation: Sendable {
    /// No more than the test rows bring, by `assumedDisagreement`.
    case rowsAlone
    /// In points, by a person or a pilot.
    case points(Double)
  }

  public struct Task: Sendable {
    public var task: String
    public var pair: ComparisonSettings.Pair
    public var settings: Int
    /// Trials of a setting, the fewest, and test rows of a trial, the mean.
    public var trials: Int
    public var rows: Int
    /// In points; nil where words need more trials.
    public var headline: Double?
    /// nil also where the task has one setting.
    public var setting: Double?
  }

  public let tasks: [Task]

  /// One for each task whose question is planned.
  public init(_ manifest: Manifest, plan: Plan, corpora: [Corpus], deviation: Deviation) {
    let files = corpora.flatMap(\.domains).flatMap(\.reading.files)
    let declared = DeclaredContrasts(
      manifest, hashes: Dictionary(files.map { ($0.declaredPath, $0.sha256) }, uniquingKeysWith: { first, _ in first }))
    guard let pair = declared.pairs.first else {
      tasks = []
      return
    }
    struct Setting {
      var task: String
      var trials: Int
      var rows: Double
      var train: Double
      var isOfficial: Bool
      var sources: Set<String>
    }
    var settings: [GroupKey: Setting] = [:]
    var order: [GroupKey] = []
    func key(_ fit: Plan.Fit, _ trial: Plan.Trial) -> GroupKey {
      let corpus = corpora[fit.data.corpus], domain = corpus.domains[trial.target].domain
      return GroupKey(
        task: corpus.task, corpus: corpus.name, protocolName: trial.protocolName, source: domain, target: domain)
    }
    /// What two trials must share to be a pair.
    struct Slot: Hashable {
      var key: GroupKey
      var seed: UInt64
      var fold: Int?
      var repetition: Int
    }
    func slot(_ fit: Plan.Fit, _ trial: Plan.Trial) -> Slot {
      Slot(key: key(fit, trial), seed: fit.seed, fold: fit.fold, repetition: fit.repetition)
    }
    let others = plan.fits.filter { manifest.models[$0.model].name == pair.b }
    let ofBoth = Set(others.flatMap { fit in fit.trials.map { slot(fit, $0) } })
    for fit in plan.fits where manifest.models[fit.model].name == pair.a {
      let corpus = corpora[fit.data.corpus], split = plan.split(of: fit)
      for trial in fit.trials where trial.target == fit.data.domain {
        let key = key(fit, trial)
        guard declared.isSetting(key), ofBoth.contains(slot(fit, trial)) else { continue }
        if settings[key] == nil {
          order.append(key)
          settings[key] = Setting(
            task: corpus.task, trials: 0, rows: 0, train: 0, isOfficial: fit.protocolKind == .official,
            sources: declared.sources(of: key))
        }
        settings[key]?.trials += 1
        settings[key]?.rows += Double(split.test.count)
        settings[key]?.train += Double(split.train.count)
      }
    }
    let all = order.compactMap { settings[$0] }
    let names = all.map(\.task).uniqued()
    let counts = Dictionary(grouping: all, by: \.task).mapValues(\.count)
    let budget = ErrorBudget(hasSeveralSettings: counts.values.contains { $0 > 1 })
    // Those whose words share the level of settings.
    let sharing = counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
    let weight = ErrorBudget.weights(pairs: declared.pairs.count).first ?? 1
    tasks = names.compactMap { name -> Task? in
      let own = all.filter { $0.task == name }
      let contrasts = own.map { setting -> Contrast in
        let count = Double(setting.trials), rows = setting.rows / count
        let known = 10_000 * Self.assumedDisagreement / rows
        // Of several splits it holds what their test rows bring; on one test part trainings alone vary.
        var seen = 0.0
        if case .points(let points) = deviation { seen = points * points }
        guard setting.isOfficial else {
          let variance = max(seen, known)
          let ratio = setting.train > 0 ? setting.rows / setting.train : 0
          return Contrast(
            estimate: 0, estimatedVariance: variance * (1 / count + ratio), degreesOfFreedom: count - 1,
            shrinkingVariance: variance / count, repetitions: setting.trials)
        }
        return Contrast(
          estimate: 0, knownVariance: known, estimatedVariance: seen / count, degreesOfFreedom: 2 * max(1, count - 1),
          shrinkingVariance: seen / count, repetitions: setting.trials)
      }
      let parts = zip(own, contrasts).map { (sources: $0.sources, contrast: $1) }
      guard let fewest = own.map(\.trials).min(), let mean = Judge.mean(of: parts) else { return nil }
      let isByChance =
        !own.allSatisfy(\.isOfficial) || [pair.a, pair.b].contains(where: declared.isTrainedByChance)
      let hasWords = fewest >= Judge.fewestTrials || !isByChance
      func detectable(_ contrast: Contrast, _ level: Double) -> Double? {
        hasWords ? contrast.detectable(level: 1 - level, power: Self.power) : nil
      }
      return Task(
        task: name, pair: pair, settings: own.count, trials: fewest,
        rows: Int((own.reduce(0) { $0 + $1.rows / Double($1.trials) } / Double(own.count)).rounded()),
        headline: detectable(mean, budget.headlines * weight / Double(names.count)),
        setting: own.count > 1
          ? contrasts.compactMap { detectable($0, budget.settings * weight / Double(max(1, sharing))) }.max() : nil)
    }
  }
}
