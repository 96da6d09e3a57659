import Analysis
import Manifests
import Text

extension ResultTables {
  /// One row for each trial of each search.
  var tuning: [UInt8] {
    var csv = CSVWriter([
      "fit", "task", "corpus", "protocol", "source", "model", "kind", "seed", "fold", "trial", "settings", "status",
      "epochs", "flops", "nominal_core_seconds", "metric", "validation", "expected_best", "chosen",
    ])
    let settings = result.manifest.tuning ?? TuningSettings()
    let metric = result.trainingMetric.rawValue
    for search in result.tuning {
      let expected = ExpectedBest(search, metric: metric, nominalSeconds: settings.nominalSeconds).scores
      for (index, trial) in search.trials.enumerated() {
        csv.append([
          search.fit, search.task, search.corpus, search.protocolName, search.source, search.model,
          search.kind.rawValue, "\(search.seed)", NumberFormat.exact(search.fold), "\(index + 1)",
          trial.settings.map(\.text).joined(separator: "; "), trial.status.rawValue, NumberFormat.exact(trial.epochs),
          NumberFormat.exact(trial.flops), NumberFormat.exact(settings.nominalSeconds(flops: trial.flops)), metric,
          NumberFormat.exact(trial.score), index < expected.count ? NumberFormat.exact(expected[index]) : "",
          trial.isChosen ? "yes" : "no",
        ])
      }
    }
    return csv.bytes
  }
}
