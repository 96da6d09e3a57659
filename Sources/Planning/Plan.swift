import Compute
import Corpora
import Manifests
import Training

/// The exact, ordered list of work that a manifest asks for.
///
/// A fit is one model trained on one training part; each (source, target) evaluation of it is a trial. Protocols that
/// ask for the same training part share the fit.
public struct Plan: Sendable {
  /// How one domain's rows were divided; the same for every model.
  public enum Division: Hashable, Sendable {
    case holdout(seed: UInt64)
    case kfold(folds: Int, fold: Int, seed: UInt64, validationShare: Double)
    /// `validationShare` is nil where every row of the training part trains.
    case official(validationShare: Double?)
    /// Every row trains, and nothing is tested: a refit.
    case all
  }

  public struct DataKey: Hashable, Sendable {
    public var corpus: Int
    public var domain: Int
    public var division: Division
    /// nil where all rows of the training part train.
    public var sample: Sample?
  }

  /// Some rows of a training part, and as large a share of its validation rows: drawn by the seed alone, so that all models
  /// have the same, and that smaller samples are within larger ones.
  public struct Sample: Hashable, Sendable {
    public var size: TrainingSize
    public var seed: UInt64
  }

  public struct Fit: Sendable {
    /// `corpus.domain.protocol.s<seed>[.f<fold>][.n<size>].model`
    public var name: String
    public var data: DataKey
    public var model: Int
    public var protocolKind: ProtocolDeclaration.Kind
    /// Position among the manifest's protocols of the first that asks for it.
    public var protocolIndex: Int
    public var seed: UInt64
    public var fold: Int?
    public var repetition: Int
    /// Whether training may look at validation rows (`validation: none` says no).
    public var usesValidation: Bool
    public var trials: [Trial]
  }

  /// Classes of one domain with fewer rows than a protocol divides it into.
  public struct Shortage: Sendable, Equatable {
    public var corpus: Int
    public var domain: Int
    public var protocolIndex: Int
    public var protocolKind: ProtocolDeclaration.Kind
    /// Parts of hold-out, or folds.
    public var parts: Int
    public var classes: [ClassShortage]
  }

  public struct Trial: Sendable {
    /// The fit's name, and `@target` where it differs from the source.
    public var name: String
    /// Index of the domain tested on.
    public var target: Int
    /// `holdout`, `kfold`, `official` or `cross-domain`; `official 10%` where a part of the training rows train.
    public var protocolName: String
    /// Position in the report's order.
    public var ordinal: Int
  }

  public var fits: [Fit] = []
  /// Indices of every division that a fit needs, into the domain's examples.
  public var splits: [DataKey: Split] = [:]
  public var trialCount = 0
  /// Models that are trained once more when all fits have ended.
  public private(set) var refits: [Refit] = []
  /// Classes that hold-out or folds cannot give a row in each part, a domain and protocol one after another.
  public var shortages: [Shortage] = []
  /// Classes that the rows of each domain have, ascending, as indices into the corpus' list: `[corpus][domain]`.
  private let classes: [[[Int]]]
  /// Those that the training rows of each division have that a fit is trained on.
  private var trained: [DataKey: [Int]] = [:]
  /// The validation rows of those classes.
  private var choosable: [DataKey: [Int]] = [:]
  /// A number for the group of each row of each domain: `[corpus][domain][row]`; no rows where a domain has no groups.
  private let groups: [[[Int]]]
  /// Rows of each class that each model learns from; all where nil.
  private let shots: [Int?]
  /// The class of each row: `[corpus][domain][row]`; no rows where there are no classes.
  private let labels: [[[Int]]]

  /// Expands `manifest` over `corpora` (in the manifest's order).
  ///
  /// - Throws: `PlanErrors` where rows cannot be divided as asked, all of them; `PlanNameError` where two fits or trials
  ///   would have the same name.
  public init(manifest: Manifest, corpora: [Corpus]) throws {
    groups = corpora.map { $0.domains.map { Self.numbers(of: $0.examples.map(\.group)) } }
    shots = manifest.models.map(\.training.shots)
    labels = corpora.map { corpus in
      corpus.domains.map { corpus.problem == .classification ? $0.examples.map(\.label) : [] }
    }
    classes = corpora.map { corpus in corpus.domains.map { Set($0.examples.flatMap(\.target.classes)).sorted() } }
    var known: [Identity: Int] = [:]
    for (index, declared) in manifest.protocols.enumerated() {
      for (corpusIndex, corpus) in corpora.enumerated()
      where declared.corpora.isEmpty || declared.corpora.contains(corpus.name) {
        let domains = corpus.domains.indices.filter {
          declared.domains.isEmpty || declared.domains.contains(corpus.domains[$0].domain)
        }
        for repetition in 0..<(declared.kind == .kfold ? declared.repeats : declared.seeds ?? 1) {
          let seed = manifest.seed &+ UInt64(repetition)
          for source in domains
          where declared.sources.isEmpty || declared.sources.contains(corpus.domains[source].domain) {
            for (fold, division) in Plan.divisions(of: declared, seed: seed) {
              for size in [nil] + declared.sizes.map(Optional.some) {
                expand(
                  declared, at: index, corpusIndex, corpus, source: source, domains: domains, division: division,
                  sample: size.map { Sample(size: $0, seed: seed) }, seed: seed, fold: fold, repetition: repetition,
                  manifest: manifest, known: &known)
              }
            }
          }
        }
      }
    }
    refits = Self.refits(fits, manifest: manifest, corpora: corpora)
    try checkNames(manifest)
    var errors: [PlanError] = []
    // A division that fails for one seed or fold is said once.
    var failed: Set<[Int]> = []
    var divider = Divider(corpora: corpora, settings: manifest.split)
    for fit in fits {
      var domains = Set(fit.trials.map(\.target)).union([fit.data.domain])
      if manifest.models[fit.model].pretraining?.texts == .corpus {
        domains.formUnion(corpora[fit.data.corpus].domains.indices)
      }
      for domain in domains.sorted() {
        var key = fit.data
        key.domain = domain
        let place = [key.corpus, domain, fit.protocolIndex]
        guard splits[key] == nil, !failed.contains(place) else { continue }
        do throws(SplitError) { splits[key] = try divider.split(key) } catch {
          failed.insert(place)
          errors.append(
            PlanError(
              corpus: corpora[key.corpus].name, domain: corpora[key.corpus].domains[domain].domain,
              protocolIndex: fit.protocolIndex, division: key.division, reason: error))
        }
      }
    }
    guard errors.isEmpty else { throw PlanErrors(errors: errors) }
    findClasses(corpora)
    shortages = divider.shortages(of: self)
  }

  /// Which classes each fit can learn, once its rows are divided.
  package mutating func findClasses(_ corpora: [Corpus]) {
    for fit in fits where trained[fit.data] == nil {
      let examples = corpora[fit.data.corpus].domains[fit.data.domain].examples
      let split = splits[fit.data]!
      let known = Set(split.train.flatMap { examples[$0].target.classes })
      trained[fit.data] = known.sorted()
      choosable[fit.data] = split.validation.filter { row in
        // Of several labels those that training has are looked at.
        if case .label(let label) = examples[row].target { known.contains(label) } else { true }
      }
    }
  }

  /// The rows a trial is tested on: the target's own test part under the same division.
  public func testRows(of trial: Trial, in fit: Fit) -> [Int] {
    var key = fit.data
    key.domain = trial.target
    return splits[key]!.test
  }

  public func split(of fit: Fit) -> Split { splits[fit.data]! }

  /// The rows that the fit's model learns from: those of its training part, or so many of each class, drawn by the seed
  /// alone, so that all models of a repetition have the same.
  public func trainingRows(of fit: Fit) -> [Int] {
    let rows = split(of: fit).train, all = labels[fit.data.corpus][fit.data.domain]
    guard let shots = shots[fit.model], !all.isEmpty else { return rows }
    let own = rows.map { all[$0] }
    return ClassBalance.shots(
      shots, labels: own, classes: (own.max() ?? 0) + 1, random: Random(seed: fit.seed, stream: "shots")
    ).map { rows[$0] }
  }

  /// Groups of a trial's test rows, as numbers; none where the domain has none.
  package func groups(of trial: Trial, in fit: Fit) -> [Int] {
    let all = groups[fit.data.corpus][trial.target]
    return all.isEmpty ? [] : testRows(of: trial, in: fit).map { all[$0] }
  }

  /// Equal names get equal numbers, by first appearance, and a row without a name one of its own.
  private static func numbers(of names: [String?]) -> [Int] {
    guard names.contains(where: { $0 != nil }) else { return [] }
    var known: [String: Int] = [:]
    return names.enumerated().map { row, name in
      guard let name else { return row }
      let number = known[name] ?? row
      known[name] = number
      return number
    }
  }

  /// What the fit's model answers with, as indices into the corpus' list: the classes of its training rows. Others, of
  /// other domains or of the test part alone, would be answers that nothing teaches.
  public func classes(of fit: Fit) -> [Int] { trained[fit.data]! }

  /// The validation rows that the fit may look at: those of a class that it can answer. Any other is wrong whatever the
  /// model, so it chooses nothing.
  public func validationRows(of fit: Fit) -> [Int] { fit.usesValidation ? choosable[fit.data]! : [] }

  /// What the trial's labels and predictions can be: the classes of both domains, in the corpus' order.
  public func classes(of trial: Trial, in fit: Fit) -> [Int] {
    let all = classes[fit.data.corpus]
    return Set(all[fit.data.domain]).union(all[trial.target]).sorted()
  }

  /// What makes two fits the same one. Their names cannot tell: those of corpora, domains and models may hold dots.
  private struct Identity: Hashable {
    var data: DataKey
    var model: Int
    var seed: UInt64
  }

  /// Results, stored fits and comparisons know fits and trials by name.
  private func checkNames(_ manifest: Manifest) throws(PlanNameError) {
    var names: Set<String> = []
    for fit in fits {
      let model = manifest.models[fit.model].name
      guard names.insert(fit.name).inserted else { throw PlanNameError(name: fit.name, model: model) }
      for trial in fit.trials where trial.name != fit.name {
        guard names.insert(trial.name).inserted else { throw PlanNameError(name: trial.name, model: model) }
      }
    }
    for refit in refits where !names.insert(refit.name).inserted {
      throw PlanNameError(name: refit.name, model: manifest.models[refit.model].name)
    }
  }

  private static func divisions(of declared: ProtocolDeclaration, seed: UInt64) -> [(fold: Int?, Division)] {
    switch declared.kind == .crossDomain ? declared.base : declared.kind {
    case .holdout, .crossDomain:
      [(nil, .holdout(seed: seed))]
    case .kfold:
      (0..<declared.folds).map {
        ($0, .kfold(folds: declared.folds, fold: $0, seed: seed, validationShare: declared.validationShare))
      }
    case .official:
      [(nil, .official(validationShare: declared.validation == .none ? nil : declared.validationShare))]
    }
  }

  private mutating func expand(
    _ declared: ProtocolDeclaration, at protocolIndex: Int, _ corpusIndex: Int, _ corpus: Corpus, source: Int,
    domains: [Int], division: Division, sample: Sample?, seed: UInt64, fold: Int?, repetition: Int,
    manifest: Manifest, known: inout [Identity: Int]
  ) {
    let kind = declared.kind == .crossDomain ? declared.base : declared.kind
    let targets = declared.kind == .crossDomain ? domains : [source]
    for (modelIndex, model) in manifest.models.enumerated()
    where declared.models.isEmpty || declared.models.contains(model.name) {
      let domain = corpus.domains[source].domain
      let name =
        "\(corpus.name).\(domain).\(kind.rawValue).s\(seed)" + (fold.map { ".f\($0)" } ?? "")
        + (sample.map { ".n\($0.size.name)" } ?? "") + ".\(model.name)"
      let data = DataKey(corpus: corpusIndex, domain: source, division: division, sample: sample)
      let key = Identity(data: data, model: modelIndex, seed: seed)
      let index: Int
      if let existing = known[key] {
        index = existing
      } else {
        index = fits.count
        known[key] = index
        fits.append(
          Fit(
            name: name, data: data, model: modelIndex, protocolKind: kind, protocolIndex: protocolIndex, seed: seed,
            fold: fold, repetition: repetition,
            usesValidation: division != .official(validationShare: nil), trials: []))
      }
      for target in targets where !fits[index].trials.contains(where: { $0.target == target }) {
        let crosses = target != source
        fits[index].trials.append(
          Trial(
            name: crosses ? "\(name)@\(corpus.domains[target].domain)" : name, target: target,
            protocolName: crosses
              ? ProtocolDeclaration.Kind.crossDomain.rawValue
              : kind.rawValue + (sample.map { " \($0.size.name)" } ?? ""), ordinal: trialCount))
        trialCount += 1
      }
    }
  }
}
