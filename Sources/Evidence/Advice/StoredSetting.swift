import Analysis
import Foundation
import Manifests
import Records
import Statistics
import Tasks

/// One set of rows that a stored run tested models on, and what each of them came to: what advice is made from.
public struct StoredSetting: Sendable {
  public struct Score: Sendable {
    /// What the model is, by its kind and description, so that it is the same one in other runs.
    public var identity: String
    /// Mean accuracy in points, and its standard error over test rows and trainings.
    public var accuracy: Double
    public var error: Double
    /// Of one text, of a batch on one thread; nil where it was not measured, as the next two.
    public var queryMilliseconds: Double?
    public var bytes: Double?
    /// Of one training.
    public var coreSeconds: Double?
  }

  public var run: String
  public var corpus: String
  public var domain: String
  /// Of the files that its rows come from, so that rows of one file are one source.
  public var files: Set<String>
  /// Rows trained on, classes, and words of a text in the middle.
  public var rows: Double
  public var classes: Double
  public var words: Double
  public var scores: [Score]

  /// Of every domain of a run's corpora by the protocol that decides there; none of texts that bench made itself, and none of
  /// a run whose task is another than classes of texts.
  public static func all(of result: RunResult, run: String) -> [StoredSetting] {
    guard result.manifest.problem == .classification else { return [] }
    let hashes = Dictionary(
      result.inputs.map { ($0.declaredPath, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    let declared = DeclaredContrasts(result.manifest, hashes: hashes)
    return TrialGroup.all(of: result.records, manifest: result.manifest).compactMap { group -> StoredSetting? in
      let domain = result.manifest.corpora.first { $0.name == group.key.corpus }?.domains.first {
        $0.name == group.key.source
      }
      guard declared.isSetting(group.key), !group.key.isOfSample, case .files? = domain?.source else { return nil }
      let audit = result.audits.first { $0.corpus == group.key.corpus && $0.domain == group.key.source }
      guard let words = audit?.texts.medianWords, words > 0 else { return nil }
      let trials = group.ended.values.joined()
      guard let first = trials.first, let rows = Descriptive.mean(trials.map { Double($0.trainRows) }) else {
        return nil
      }
      return StoredSetting(
        run: run, corpus: group.key.corpus, domain: group.key.source, files: declared.sources(of: group.key),
        rows: rows,
        classes: Double(Set(first.outcome.targets.classes).count), words: Double(words),
        scores: scores(of: group, in: result))
    }
  }

  private static func scores(of group: TrialGroup, in result: RunResult) -> [Score] {
    var known: Set<String> = []
    return group.models.compactMap { model in
      let trials = group.ended[model] ?? []
      let values = trials.compactMap { $0.metrics[MetricName.accuracy.rawValue] }
      guard let mean = Descriptive.mean(values), let first = trials.first, !first.kind.isFloor else { return nil }
      let record = result.models.first { $0.corpus == group.key.corpus && $0.model == model }
      var identity = record.map { $0.description } ?? first.kind.rawValue
      if identity != first.kind.rawValue { identity = "\(first.kind.rawValue): \(identity)" }
      // A second one of the same description is something else by its settings.
      if !known.insert(identity).inserted { identity += ", \(model)" }
      let trainings = (Descriptive.variance(values) ?? 0) / Double(values.count)
      let rows = mean * (1 - mean) / Double(max(1, first.rows))
      let times = result.timings.filter { $0.corpus == group.key.corpus && $0.model == model }
      let query = times.first { $0.work == .query && $0.threads == 1 && $0.order == .arrival }
      return Score(
        identity: identity, accuracy: mean * 100, error: 100 * (trainings + rows).squareRoot(),
        queryMilliseconds: query.flatMap { own in Descriptive.median(own.samples).map { $0 / Double(own.batch) } },
        bytes: record.map { Double($0.bytes) },
        coreSeconds: Descriptive.mean(trials.map { $0.measured.trainSeconds * Double($0.measured.threads) }))
    }
  }
}
