import Corpora
import Manifests
import Records
import Tasks

/// What trials of one question share.
public struct GroupKey: Hashable, Sendable {
  public var task, corpus, protocolName, source, target: String

  public var isOwnDomain: Bool { source == target }

  /// The protocol without how much of the training part trains, which stands behind a blank (`official 10%`).
  static func whole(_ protocolName: String) -> String { String(protocolName.prefix { $0 != " " }) }

  /// Whether a part of the training rows trains.
  package var isOfSample: Bool { whole != self }

  /// The same on all rows.
  var whole: GroupKey {
    var key = self
    key.protocolName = Self.whole(protocolName)
    return key
  }
}

/// Trials that answer one question: one task, corpus, protocol, source and target, by every model.
package struct TrialGroup {
  /// How the trials of one model differ, which says what test decides.
  package enum Design {
    /// Folds of one set of rows.
    case kfold
    /// A new split with every seed.
    case holdout
    /// One split; seeds differ in initialisation only.
    case official
  }

  /// What two trials must share to be a pair.
  package struct Slot: Hashable {
    package var seed: UInt64
    package var fold: Int?
    package var repetition: Int
    package var splitHash: String

    package init(_ record: TrialRecord) {
      (seed, fold, repetition, splitHash) = (record.seed, record.fold, record.repetition, record.splitHash)
    }
  }

  package let key: GroupKey
  package let design: Design
  /// Models with a trial here, ended or failed, in the manifest's order.
  package let models: [String]
  /// Trials that ended, by model, in the records' order.
  package let ended: [String: [TrialRecord]]
  /// Trials in which something was not finite, by model.
  package let notFinite: [String: Int]
  /// Every slot that a model has a trial for, failed ones included.
  private let planned: [String: Set<Slot>]

  /// Groups in order of first appearance.
  package static func all(of records: [TrialRecord], manifest: Manifest) -> [TrialGroup] {
    var keys: [GroupKey] = []
    var members: [GroupKey: [TrialRecord]] = [:]
    var ownProtocol: [String: String] = [:]
    for record in records {
      let key = record.key
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(record)
      if record.protocolName != crossDomain { ownProtocol[record.fit] = record.protocolName }
    }
    let order = manifest.models.map(\.name)
    return keys.map { key in
      let trials = members[key] ?? []
      var names = trials.reduce(into: [String]()) { names, trial in
        if !names.contains(trial.model) { names.append(trial.model) }
      }
      names = order.filter(names.contains) + names.filter { !order.contains($0) }
      // A fit tested on another domain is repeated as it is on its own.
      var protocolName = key.protocolName
      if protocolName == crossDomain {
        protocolName =
          trials.lazy.compactMap { ownProtocol[$0.fit] }.first
          ?? manifest.protocols.first {
            $0.kind == .crossDomain && ($0.corpora.isEmpty || $0.corpora.contains(key.corpus))
          }?.base.rawValue ?? "holdout"
      }
      return TrialGroup(key: key, protocolName: protocolName, models: names, trials: trials)
    }
  }

  private static let crossDomain = ProtocolDeclaration.Kind.crossDomain.rawValue

  private init(key: GroupKey, protocolName: String, models: [String], trials: [TrialRecord]) {
    self.key = key
    self.models = models
    var (ended, planned, notFinite) = ([String: [TrialRecord]](), [String: Set<Slot>](), [String: Int]())
    for trial in trials where planned[trial.model, default: []].insert(Slot(trial)).inserted {
      if trial.status == .ok { ended[trial.model, default: []].append(trial) }
      if trial.isNotFinite { notFinite[trial.model, default: 0] += 1 }
    }
    (self.ended, self.planned, self.notFinite) = (ended, planned, notFinite)
    switch GroupKey.whole(protocolName) {
    case "kfold": design = .kfold
    case "official":
      // One test set is what the bootstrap stands on; rows sampled anew with each seed are a repeated hold-out.
      let first = ended.values.first?.first
      let isOneSet = ended.values.allSatisfy {
        $0.allSatisfy { $0.ids == first?.ids && $0.outcome.targets == first?.outcome.targets }
      }
      design = isOneSet ? .official : .holdout
    default: design = .holdout
    }
  }

  /// The group as if it had been tested on the rows of one novelty alone; trials without any are as good as failed.
  package func part(_ novelty: Novelty) -> TrialGroup {
    TrialGroup(of: self, ended: ended.mapValues { $0.compactMap { $0.part(novelty) } })
  }

  private init(of whole: TrialGroup, ended: [String: [TrialRecord]]) {
    (key, design, models, planned) = (whole.key, whole.design, whole.models, whole.planned)
    notFinite = whole.notFinite
    self.ended = ended
  }

  package var isCrossDomain: Bool { !key.isOwnDomain }

  /// What the models' trials are repeated over, for people.
  package var unit: String { design == .kfold ? "folds" : "seeds" }

  /// Trials of two models on the same slots, in the order of A's.
  package func pairs(_ a: String, _ b: String) -> [(a: TrialRecord, b: TrialRecord)] {
    var bySlot: [Slot: TrialRecord] = [:]
    for trial in ended[b] ?? [] { bySlot[Slot(trial)] = trial }
    return (ended[a] ?? []).compactMap { trial in bySlot[Slot(trial)].map { (trial, $0) } }
  }

  /// `2 of 5 seeds of lstm did not learn`: trials of a model that came to nothing; nil where there are none.
  package func lost(_ model: String, primary: MetricName) -> String? {
    let trials = ended[model] ?? []
    let count = trials.count { $0.divergence(on: primary) == .noBetterThanMajority }
    return count == 0 ? nil : "\(count) of \(planned[model]?.count ?? trials.count) \(unit) of \(model) did not learn"
  }

  /// Of each slot that all of these models ended, their trials, in their order.
  package func trials(sharedBy models: [String]) -> [[TrialRecord]] {
    let bySlot = models.map { model in
      Dictionary((ended[model] ?? []).map { (Slot($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
    return (models.first.flatMap { ended[$0] } ?? []).compactMap { trial in
      let own = bySlot.compactMap { $0[Slot(trial)] }
      return own.count == models.count ? own : nil
    }
  }

  /// How many pairs there would be if no trial had failed.
  package func plannedPairs(_ a: String, _ b: String) -> Int { (planned[a] ?? []).intersection(planned[b] ?? []).count }

  /// Real ratio of test to training rows, over all the trials given; 1/(k − 1) for k folds without validation rows.
  package static func testOverTrain(_ trials: [TrialRecord]) -> Double {
    let train = trials.reduce(0) { $0 + $1.trainRows }
    return train > 0 ? Double(trials.reduce(0) { $0 + $1.testRows }) / Double(train) : 0
  }
}

/// What has a place among the groups of a run.
public protocol Grouped {
  var task: String { get }
  var corpus: String { get }
  var protocolName: String { get }
  var source: String { get }
  var target: String { get }
}

extension Grouped {
  public var key: GroupKey {
    GroupKey(task: task, corpus: corpus, protocolName: protocolName, source: source, target: target)
  }
}

extension TrialFacts: Grouped {}

extension TrialRecord {
  package var key: GroupKey { facts.key }
}

extension SummaryRow: Grouped {}
extension SliceRow: Grouped {}
extension ComparisonRow: Grouped {}
