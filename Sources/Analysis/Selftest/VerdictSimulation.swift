import Families
import Manifests
import Models
import Records
import Statistics

/// Whole reports of models whose true differences are known, judged by the rules that judge real ones.
///
/// Seven models and a floor answer the rows of four domains. A row has a latent difficulty; a model with accuracy p answers
/// it right where that lies below p. Of a model's difficulties a share is common to all models, a share stays the same
/// from training to training, the rest is drawn anew. Each training shifts p a little, and all trainings on one domain
/// shift it together, so that the differences of hold-outs are correlated as overlapping training parts make them.
public struct VerdictSimulation: Sendable {
  public struct Case: Sendable {
    public var name: String
    public var design = ProtocolDeclaration.Kind.holdout
    public var repetitions = 5
    /// Added to the accuracy of each model, in points.
    public var shifts = [Double](repeating: 0, count: VerdictSimulation.models)
    /// Standard deviation of what one training adds to a model's accuracy, in points.
    public var trainings = [Double](repeating: 2, count: VerdictSimulation.models)

    public init(_ name: String, design: ProtocolDeclaration.Kind = .holdout, repetitions: Int = 5) {
      (self.name, self.design, self.repetitions) = (name, design, repetitions)
    }
  }

  /// The words of many reports.
  public struct Count: Sendable {
    public var reports = 0
    public var withFalse = 0
    public var falseWords = 0
    /// Reports whose question ends with a better or worse that is true, in the headline; settings with one.
    public var headlines = 0
    public var settings = 0
    public var rows = 0
  }

  public static let models = 7
  package static let domains = 4
  package static let testRows = 300
  package static let pool = 2_000
  /// Mean accuracy; that of the floor.
  package static let accuracy = (model: 0.80, floor: 0.40)
  /// Of a model's difficulties: common to all models, and the same in every training of it.
  package static let shares = (common: 0.6, kept: 0.7)
  /// Correlation of what trainings on one domain add: so that the differences of hold-outs of 15 to 70 % are correlated
  /// by about .15/.85, as Nadeau and Bengio (2003) take them to be.
  package static let correlation = 0.35
  public static let margin = 1.0

  private let declared: DeclaredContrasts
  private let setting: Case
  private let names: [String]
  private let judge: Judge

  public init(_ setting: Case) {
    self.setting = setting
    let names = ["bert", "lstm", "c", "d", "e", "f", "g", "lookup"]
    let kinds: [ModelConfiguration] =
      [.bert(TransformerConfiguration())]
      + [ModelConfiguration](repeating: .lstm(RecurrentConfiguration()), count: Self.models - 1) + [.lookup]
    var manifest = Manifest(
      name: "simulated", corpora: [], protocols: [ProtocolDeclaration(kind: setting.design)],
      models: zip(names, kinds).map { ModelDeclaration(name: $0, configuration: $1) })
    (manifest.comparisons.primary, manifest.comparisons.margin) = (.accuracy, Self.margin)
    (self.names, declared) = (names, DeclaredContrasts(manifest))
    let records = (0..<Self.domains).flatMap { domain in
      zip(names, kinds).flatMap { name, kind in
        (0..<setting.repetitions).map { Self.record(name, kind.kind, domain: domain, repetition: $0, setting.design) }
      }
    }
    judge = Judge(
      TrialGroup.all(of: records, manifest: manifest), manifest, transferPairs: declared.pairs.count)
  }

  /// A trial without rows: who took part where.
  private static func record(
    _ model: String, _ kind: ModelKind, domain: Int, repetition: Int, _ design: ProtocolDeclaration.Kind
  ) -> TrialRecord {
    let name = "\(model) \(domain) \(repetition)"
    var facts = TrialFacts(
      trial: name, fit: name, task: "simulated", corpus: "simulated", protocolName: design.rawValue,
      source: "\(domain)", target: "\(domain)", model: model, kind: kind, seed: UInt64(repetition))
    facts.fold = design == .kfold ? repetition : nil
    (facts.trainRows, facts.testRows, facts.splitHash) = (pool - testRows, testRows, "\(repetition)")
    return TrialRecord(facts, classes: [], problem: .classification)
  }

  /// The words of `reports` reports.
  public func count(reports: Int, seed: UInt64) -> Count {
    var generator = ResamplingGenerator(seed: seed)
    var count = Count()
    for _ in 0..<reports {
      var falseWords = 0
      for row in judge.judged(rows(&generator)) {
        guard let verdict = row.verdict else { continue }
        let truth = difference(row.modelA, row.modelB)
        if Self.isFalse(verdict, truth) { falseWords += 1 }
        guard row.modelA == "bert", row.modelB == "lstm", verdict.direction != 0, !Self.isFalse(verdict, truth) else {
          continue
        }
        if row.role == .headline { count.headlines += 1 } else { count.settings += 1 }
      }
      for verdict in transferVerdicts(&generator) where Self.isFalse(verdict, 0) { falseWords += 1 }
      count.reports += 1
      count.falseWords += falseWords
      count.withFalse += falseWords > 0 ? 1 : 0
    }
    count.rows = reports * Self.domains
    return count
  }

  /// Standard deviation of the difference of two equal models between trainings, in points, and its correlation between
  /// two hold-outs of one domain, from `trials` pairs of them.
  public static func differences(_ setting: Case, trials: Int = 4_000) -> (deviation: Double, correlation: Double) {
    var generator = ResamplingGenerator(seed: 7)
    var equal = setting
    (equal.design, equal.repetitions) = (.holdout, 2)
    equal.shifts = equal.shifts.map { _ in 0 }
    let simulation = VerdictSimulation(equal)
    let pairs = (0..<trials).map { _ -> [Double] in
      simulation.answers(&generator).map { 100 * Double($0[0].right - $0[1].right) / Double(testRows) }
    }
    let all = pairs.flatMap { $0 }
    let variance = Descriptive.variance(all) ?? 0
    let product = pairs.reduce(0) { $0 + $1[0] * $1[1] } / Double(trials)
    return (variance.squareRoot(), variance > 0 ? product / variance : 0)
  }

  /// Whether a word contradicts the true difference.
  package static func isFalse(_ verdict: Verdict, _ truth: Double) -> Bool {
    switch verdict {
    case .betterByMargin: truth <= margin
    case .worseByMargin: truth >= -margin
    case .better: truth <= 0
    case .worse: truth >= 0
    case .equivalent: abs(truth) >= margin
    case .undecided, .none: false
    }
  }

  private func difference(_ a: String, _ b: String) -> Double { shift(a) - shift(b) }

  private func shift(_ model: String) -> Double {
    guard let index = names.firstIndex(of: model), index < Self.models else {
      return 100 * (Self.accuracy.floor - Self.accuracy.model)
    }
    return setting.shifts[index]
  }

  // MARK: Answers

  /// Which test rows of one trial a model has right.
  package struct Answers {
    package var bits: [UInt64]
    package var right: Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  /// `[repetition][model]`, in one domain.
  private func answers(_ generator: inout ResamplingGenerator) -> [[Answers]] {
    let count = names.count, shares = Self.shares
    var kept = [Double](repeating: 0, count: Self.pool * count)
    for row in 0..<Self.pool {
      let common = generator.uniform()
      for model in 0..<count {
        kept[row * count + model] = generator.uniform() < shares.common ? common : generator.uniform()
      }
    }
    // On an official split all that is said is said of its one training part.
    let shared = setting.design == .official ? 0 : Self.correlation
    let together = (0..<Self.models).map { _ in generator.normal() }
    let parts = testParts(&generator)
    return parts.map { rows in
      var answers = [Answers](
        repeating: Answers(bits: [UInt64](repeating: 0, count: (rows.count + 63) / 64)), count: count)
      for model in 0..<count {
        var accuracy = Self.accuracy.floor
        if model < Self.models {
          let own = generator.normal()
          let training = shared.squareRoot() * together[model] + (1 - shared).squareRoot() * own
          accuracy = Self.accuracy.model + (setting.shifts[model] + setting.trainings[model] * training) / 100
        }
        for (place, row) in rows.enumerated() {
          let difficulty = generator.uniform() < shares.kept ? kept[row * count + model] : generator.uniform()
          if difficulty < accuracy { answers[model].bits[place / 64] |= 1 << UInt64(place % 64) }
        }
      }
      return answers
    }
  }

  private func testParts(_ generator: inout ResamplingGenerator) -> [[Int]] {
    switch setting.design {
    case .official: return (0..<setting.repetitions).map { _ in Array(0..<Self.testRows) }
    case .kfold:
      let size = Self.pool / setting.repetitions
      return (0..<setting.repetitions).map { Array(($0 * size)..<(($0 + 1) * size)) }
    case .holdout, .crossDomain:
      var order = Array(0..<Self.pool)
      return (0..<setting.repetitions).map { _ in
        for place in 0..<Self.testRows { order.swapAt(place, place + generator.below(Self.pool - place)) }
        return Array(order[..<Self.testRows])
      }
    }
  }

  // MARK: Rows

  private func rows(_ generator: inout ResamplingGenerator) -> [ComparisonRow] {
    let pairs = declared.pairs + declared.candidates.map { ComparisonSettings.Pair(a: $0, b: "lookup") }
    return (0..<Self.domains).flatMap { domain in
      let answers = answers(&generator)
      return pairs.compactMap { pair -> ComparisonRow? in
        guard let a = names.firstIndex(of: pair.a), let b = names.firstIndex(of: pair.b) else { return nil }
        var row = ComparisonRow(
          task: "simulated", corpus: "simulated", protocolName: setting.design.rawValue, source: "\(domain)",
          target: "\(domain)", metric: "accuracy", modelA: pair.a, modelB: pair.b, n: setting.repetitions, missing: 0,
          margin: Self.margin)
        (row.role, row.rows) = (.primary, Self.testRows)
        row.contrast = contrast(answers.map { ($0[a], $0[b]) })?.scaled(by: 100)
        row.p = row.contrast?.p
        return row
      }
    }
  }

  private func contrast(_ trials: [(a: Answers, b: Answers)]) -> Contrast? {
    let rows = setting.design == .kfold ? Self.pool / setting.repetitions : Self.testRows
    if setting.design == .official { return official(trials, rows: rows) }
    let differences = trials.map { Double($0.a.right - $0.b.right) / Double(rows) }
    let floors = trials.map { pair -> Double in
      let onlyA = zip(pair.a.bits, pair.b.bits).reduce(0) { $0 + ($1.0 & ~$1.1).nonzeroBitCount }
      let onlyB = zip(pair.a.bits, pair.b.bits).reduce(0) { $0 + ($1.1 & ~$1.0).nonzeroBitCount }
      let table = McNemarTest(
        bothRight: pair.a.right - onlyA, onlyA: onlyA, onlyB: onlyB, bothWrong: rows - pair.b.right - onlyA)
      return table.differenceVariance ?? 0
    }
    return Contrast(
      corrected: differences, testOverTrain: Double(rows) / Double(Self.pool - rows),
      floor: Descriptive.mean(floors) ?? 0)
  }

  /// What `BootstrapDifference` estimates by drawing, in closed form for accuracies.
  private func official(_ trials: [(a: Answers, b: Answers)], rows: Int) -> Contrast {
    let seeds = Double(trials.count), n = Double(rows)
    func right(_ answers: Answers, _ row: Int) -> Double { answers.bits[row / 64] >> UInt64(row % 64) & 1 == 1 ? 1 : 0 }
    func variance(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / n
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * n)
    }
    let a = (0..<rows).map { row in trials.reduce(0) { $0 + right($1.a, row) } / seeds }
    let b = (0..<rows).map { row in trials.reduce(0) { $0 + right($1.b, row) } / seeds }
    func side(_ answers: [Answers], _ mean: [Double]) -> (peculiar: Double, variance: Double) {
      let each = answers.map { own in variance((0..<rows).map { right(own, $0) - mean[$0] }) }
      let peculiar = each.reduce(0, +) / (seeds - 1)
      return (peculiar / seeds, max(peculiar, Descriptive.variance(answers.map { Double($0.right) / n }) ?? 0) / seeds)
    }
    let sides = [side(trials.map(\.a), a), side(trials.map(\.b), b)]
    let fromSeeds = sides[0].variance + sides[1].variance
    let uncertainty = sides.reduce(0) { $0 + $1.variance * $1.variance / (seeds - 1) }
    return Contrast(
      estimate: (a.reduce(0, +) - b.reduce(0, +)) / n,
      knownVariance: max(1 / (n * n), variance(zip(a, b).map { $0 - $1 }) - sides[0].peculiar - sides[1].peculiar),
      estimatedVariance: fromSeeds,
      degreesOfFreedom: uncertainty > 0 ? fromSeeds * fromSeeds / uncertainty : .infinity,
      shrinkingVariance: fromSeeds, repetitions: trials.count)
  }

  /// Of equal losses across four domains: each domain is a little easier or harder to leave and to enter.
  private func transferVerdicts(_ generator: inout ResamplingGenerator) -> [Verdict] {
    declared.pairs.compactMap { _ in
      let leaving = (0..<Self.domains).map { _ in generator.normal() }
      let entering = (0..<Self.domains).map { _ in generator.normal() }
      let values = (0..<Self.domains).map { source in
        (0..<Self.domains).map { target -> Double? in leaving[source] + entering[target] + generator.normal() }
      }
      guard let contrast = VertexBootstrap(values, resamples: 400, generatorSeed: generator.next())?.contrast else {
        return nil
      }
      return Comparison.Scale("accuracy", margin: Self.margin).ofDrops.words(
        contrast, level: judge.levelOfOthers, p: judge.correctedOther(contrast.p), parts: nil, unit: "domains"
      ).verdict
    }
  }
}
