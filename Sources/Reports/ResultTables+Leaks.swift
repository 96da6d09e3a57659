import Analysis
import Records
import Text

extension ResultTables {
  /// One row for each trial whose leak was measured.
  var leaks: [UInt8] {
    let metric = result.manifest.comparisons.primary.rawValue
    var csv = CSVWriter(["trial", "task", "corpus", "model", "kind", "seed", "fold", "metric", "score", "leaked"])
    for record in result.records {
      guard let leaked = record.leaked else { continue }
      csv.append([
        record.trial, record.task, record.corpus, record.model, record.kind.rawValue, "\(record.seed)",
        NumberFormat.exact(record.fold), metric, NumberFormat.exact(record.metrics[metric]), NumberFormat.exact(leaked),
      ])
    }
    return csv.bytes
  }
}
