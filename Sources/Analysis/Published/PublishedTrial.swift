import Corpora
import Families
import Models
import Records
import Tasks
import Text
import Training

/// What a published run keeps of one trial beside its rows: nothing that follows from these, and nothing from a clock.
@dynamicMemberLookup
public struct PublishedTrial: Sendable {
  public var facts: TrialFacts
  /// Place of its classes among the file's lists, from 0.
  public var classList: Int
  /// Training rows of each class.
  public var trainingCounts: [Int]?
  /// By column, the scores that need the probabilities of all classes: they cannot be computed again.
  public var notRecomputable: [String: Double]

  public init(_ record: TrialRecord, classList: Int) {
    (facts, self.classList, trainingCounts) = (record.facts, classList, record.majority?.counts)
    notRecomputable = record.metrics.filter { KeptRows.needsAllProbabilities($0.key) }
  }

  public subscript<Value>(dynamicMember path: KeyPath<TrialFacts, Value>) -> Value { facts[keyPath: path] }

  /// The trial's record; `rows` and `outcome` are nil of a trial that failed. `primary` says which metric is given on
  /// seen, near and novel texts beside those that always are.
  ///
  /// Labels and answers are places in `classes`, and there are as many answers as rows.
  public func record(
    _ problem: Problem, classes: [String], rows: PublishedRows?, outcome: Outcome?, primary: MetricName,
    measured: TrialRecord.Measured
  ) -> TrialRecord {
    var record = TrialRecord(facts, classes: classes, problem: problem)
    (record.majority, record.measured) = (trainingCounts.map(MajorityState.init(counts:)), measured)
    guard let rows else { return record }
    (record.ids, record.slices, record.groups) = (rows.ids, rows.slices, rows.groups)
    record.forms = rows.forms
    if let outcome { record.outcome = outcome }
    guard facts.status == .ok else { return record }
    record.score()
    if !rows.novelty.isEmpty { record.score(novelty: rows.novelty, primary: primary) }
    record.metrics.merge(notRecomputable) { $1 }
    return record
  }
}

/// All keys in one map.
extension PublishedTrial: Codable {
  private enum CodingKeys: CodingKey { case classList, trainingCounts, notRecomputable }

  public init(from decoder: any Decoder) throws {
    facts = try TrialFacts(from: decoder)
    let own = try decoder.container(keyedBy: CodingKeys.self)
    classList = try own.decode(Int.self, forKey: .classList)
    trainingCounts = try own.decodeIfPresent([Int].self, forKey: .trainingCounts)
    notRecomputable = try own.decode([String: Double].self, forKey: .notRecomputable)
  }

  public func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var own = encoder.container(keyedBy: CodingKeys.self)
    try own.encode(classList, forKey: .classList)
    try own.encodeIfPresent(trainingCounts, forKey: .trainingCounts)
    try own.encode(notRecomputable, forKey: .notRecomputable)
  }
}

/// The test rows of a trial, which all models share.
public struct PublishedRows: Sendable, Hashable {
  public var ids: [String]
  public var targets: Targets
  /// One for each row, or none, as all below.
  public var novelty: [Novelty]
  public var groups: [Int]
  public var slices: [String]
  public var forms: [TextForm]

  public init(
    ids: [String], targets: Targets, novelty: [Novelty], groups: [Int], slices: [String], forms: [TextForm]
  ) {
    (self.ids, self.targets, self.novelty, self.groups) = (ids, targets, novelty, groups)
    (self.slices, self.forms) = (slices, forms)
  }

  public init(_ record: TrialRecord) {
    self.init(
      ids: record.ids, targets: record.outcome.targets, novelty: record.novelty, groups: record.groups,
      slices: record.slices, forms: record.forms)
  }
}
