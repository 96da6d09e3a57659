import Corpora
import Families
import Manifests
import Models
import Tasks

@testable import Records

/// Trials with given predictions or given metrics.
enum SampleTrials {
  static let classes = ["bad", "good", "mixed"]

  static func manifest(
    _ models: [String] = ["a", "b"], primary: MetricName = .f1Macro, margin: Double = 1,
    protocols: [ProtocolDeclaration.Kind] = [.holdout]
  ) -> Manifest {
    var manifest = Manifest(
      name: "sample", corpora: [], protocols: protocols.map(ProtocolDeclaration.init),
      models: models.map {
        ModelDeclaration(
          name: $0, configuration: $0 == "floor" ? .majority : .tfidfLogistic(TFIDFLogisticConfiguration()))
      })
    manifest.comparisons.primary = primary
    manifest.comparisons.margin = margin
    return manifest
  }

  /// One trial; metrics that are given replace those of the predictions.
  static func trial(
    _ model: String, protocolName: String = "holdout", source: String = "shop", target: String? = nil,
    seed: UInt64 = 1, fold: Int? = nil, repetition: Int = 0, labels: [Int] = [0, 1, 2, 0, 1, 2],
    predicted: [Int]? = nil, trainRows: Int = 24, validationRows: Int = 0, testRows: Int? = nil,
    metrics: [String: Double] = [:], splitHash: String = "one", failed: Bool = false
  ) -> TrialRecord {
    let predicted = predicted ?? labels
    var probabilities: [Float] = []
    for prediction in predicted {
      probabilities += classes.indices.map { $0 == prediction ? 0.8 : 0.1 }
    }
    let measured = ClassificationMetrics(labels: labels, probabilities: probabilities, classes: classes.count)
    var values: [String: Double] = [:]
    for name in Problem.classification.metrics { values[name.rawValue] = measured.value(name) }
    values.merge(metrics) { $1 }
    let own = target ?? source
    let way = protocolName == "cross-domain" ? "holdout" : protocolName
    let fit = "\(way)/\(source)/\(model)/\(seed)/\(fold ?? -1)"
    var facts = TrialFacts(
      trial: "\(fit)/\(own)/\(repetition)", fit: fit, task: "sentiment", corpus: "messages",
      protocolName: protocolName, source: source, target: own, model: model,
      kind: model == "floor" ? .majority : .tfidfLogistic, seed: seed)
    (facts.fold, facts.repetition) = (fold, repetition)
    (facts.trainRows, facts.validationRows, facts.testRows) = (trainRows, validationRows, testRows ?? labels.count)
    (facts.status, facts.failure) = failed ? (.failed, "the loss was infinite") : (.ok, nil)
    facts.splitHash = splitHash
    var record = TrialRecord(facts, classes: classes, problem: .classification)
    record.ids = labels.indices.map { "file:\($0 + 1)" }
    record.outcome = .classification(
      ClassOutcome(labels: labels, classes: classes.count, probabilities: probabilities))
    (record.metrics, record.confusion) = (failed ? [:] : values, measured.confusion)
    record.isNotFinite = failed
    return record
  }
}
