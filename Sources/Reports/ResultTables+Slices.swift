import Text

extension ResultTables {
  /// One row for each value of a slice column, model and metric.
  var slices: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "protocol", "source", "target", "model", "kind", "slice", "metric", "n", "rows", "mean", "sd",
    ])
    for row in result.analysis.slices {
      csv.append([
        row.task, row.corpus, row.protocolName, row.source, row.target, row.model, row.kind, row.slice, row.metric,
        "\(row.n)", "\(row.rows)", NumberFormat.exact(row.mean), NumberFormat.exact(row.sd),
      ])
    }
    return csv.bytes
  }
}
