import Analysis
import Records
import Statistics
import Tasks
import Text

/// The CSV files of a run; `Documentation/Results.md` describes every column.
package struct ResultTables {
  let result: RunResult

  init(_ result: RunResult) { self.result = result }

  var trials: [UInt8] {
    let problem = result.manifest.problem
    let metrics = problem.compared.map(\.rawValue) + Self.partedColumns(problem)
    var csv = CSVWriter(
      [
        "trial", "fit", "task", "corpus", "protocol", "source", "target", "model", "kind", "seed", "fold",
        "train_rows", "validation_rows", "test_rows", "epochs", "status",
      ] + metrics + ["split_hash", "failure"])
    for record in result.records {
      csv.append(
        [
          record.trial, record.fit, record.task, record.corpus, record.protocolName, record.source, record.target,
          record.model, record.kind.rawValue, "\(record.seed)", NumberFormat.exact(record.fold),
          "\(record.trainRows)", "\(record.validationRows)", "\(record.testRows)", NumberFormat.exact(record.epochs),
          record.status.rawValue,
        ] + metrics.map { record.status == .ok ? NumberFormat.exact(record.metrics[$0]) : "" }
          + [String(record.splitHash.prefix(16)), record.failure ?? ""])
    }
    return csv.bytes
  }

  /// What trials.csv says of texts that are seen, and of novel ones.
  package static func partedColumns(_ problem: Problem) -> [String] {
    let novel = [problem.primary, problem.exactness].compactMap(\.self).map { ScoreName.part($0, .novel).column }
    return [ScoreName.share(.seen).column] + novel
  }

  var summary: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "protocol", "source", "target", "model", "kind", "metric", "n", "mean", "sd", "ci95_low",
      "ci95_high",
    ])
    for row in result.analysis.summary {
      csv.append([
        row.task, row.corpus, row.protocolName, row.source, row.target, row.model, row.kind, row.metric, "\(row.n)",
        NumberFormat.exact(row.mean), NumberFormat.exact(row.sd), NumberFormat.exact(row.low),
        NumberFormat.exact(row.high),
      ])
    }
    return csv.bytes
  }

  var comparisons: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "protocol", "source", "target", "metric", "role", "model_a", "model_b", "test", "settings", "n",
      "difference", "ci95_low", "ci95_high", "statistic", "p", "effect", "margin", "level", "low", "high",
      "p_corrected",
      "verdict", "warning",
    ])
    for row in result.analysis.comparisons {
      csv.append(
        [
          row.task, row.corpus, row.protocolName, row.source, row.target, row.metric, row.role.rawValue, row.modelA,
          row.modelB, row.test?.rawValue ?? "", "\(row.settings)", "\(row.n)", NumberFormat.exact(row.difference),
          NumberFormat.exact(row.low), NumberFormat.exact(row.high), NumberFormat.exact(row.statistic),
          NumberFormat.exact(row.p), NumberFormat.exact(row.effect), NumberFormat.exact(row.margin),
        ] + Self.words(row.words) + [row.warning])
    }
    return csv.bytes
  }

  /// level, low, high, p_corrected, verdict; blank where no word was asked for.
  private static func words(_ words: ComparisonRow.Words?) -> [String] {
    [
      NumberFormat.exact(words?.level), NumberFormat.exact(words?.low), NumberFormat.exact(words?.high),
      NumberFormat.exact(words?.p), words?.verdict.text ?? "",
    ]
  }

  var crossDomain: [UInt8] {
    var csv = CSVWriter([
      "task", "metric", "model", "source", "target", "n", "in_domain", "out_of_domain", "drop",
      "transfer_ratio", "corpus",
    ])
    for row in result.analysis.drops {
      csv.append([
        row.task, row.metric, row.model, row.source, row.target, "\(row.n)", NumberFormat.exact(row.inDomain),
        NumberFormat.exact(row.outOfDomain), NumberFormat.exact(row.drop), NumberFormat.exact(row.ratio), row.corpus,
      ])
    }
    return csv.bytes
  }

  var transfer: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "metric", "role", "model_a", "model_b", "domains", "pairs", "drop_a", "drop_b", "difference",
      "ci95_low", "ci95_high", "p", "margin", "level", "low", "high", "p_corrected", "verdict", "note", "warning",
    ])
    for row in result.analysis.transfers {
      csv.append(
        [
          row.task, row.corpus, row.metric, row.role.rawValue, row.modelA, row.modelB, "\(row.domains)", "\(row.pairs)",
          NumberFormat.exact(row.dropA), NumberFormat.exact(row.dropB), NumberFormat.exact(row.difference),
          NumberFormat.exact(row.low), NumberFormat.exact(row.high), NumberFormat.exact(row.p),
          NumberFormat.exact(row.margin),
        ] + Self.words(row.words) + [row.note, row.warning])
    }
    return csv.bytes
  }

  var models: [UInt8] {
    var csv = CSVWriter([
      "task", "model", "kind", "parameters", "bytes", "flops_per_query", "vocabulary", "unk_share", "truncated_share",
      "median_tokens", "corpus", "vector_coverage", "pretrainings", "pretraining_epochs", "pretraining_texts",
      "pretraining_tokens",
      "pretraining_train_loss", "pretraining_loss", "pretraining_accuracy", "pretraining_flops",
    ])
    for model in result.models {
      let start = model.pretraining
      csv.append([
        model.task, model.model, model.kind.rawValue, "\(model.parameters)", "\(model.bytes)",
        NumberFormat.exact(model.flopsPerQuery), NumberFormat.exact(model.vocabulary),
        NumberFormat.exact(model.unknownShare), NumberFormat.exact(model.truncatedShare),
        NumberFormat.exact(model.medianTokens), model.corpus,
        NumberFormat.exact(model.vectorCoverage), NumberFormat.exact(start?.count),
        NumberFormat.exact(start?.epochs), NumberFormat.exact(start?.texts), NumberFormat.exact(start?.tokens),
        NumberFormat.exact(start?.trainingLoss), NumberFormat.exact(start?.loss), NumberFormat.exact(start?.accuracy),
        NumberFormat.exact(start?.flops),
      ])
    }
    return csv.bytes
  }

  var timing: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "model", "kind", "work", "threads", "batch", "batches", "tokens", "median_ms", "p90_ms",
      "p95_ms", "p99_ms", "min_ms", "queries_per_s", "order", "peak_share", "peak_bytes",
      "reference", "ratio", "ratio_ci95_low", "ratio_ci95_high",
    ])
    for timing in result.timings {
      let figures = LatencySummary(timing.samples)
      csv.append([
        timing.task, timing.corpus, timing.model, timing.kind.rawValue, timing.work.rawValue, "\(timing.threads)",
        "\(timing.batch)", "\(timing.samples.count)", NumberFormat.fixed(timing.tokens, 1),
        NumberFormat.fixed(figures?.median, 4), NumberFormat.fixed(figures?.p90, 4),
        NumberFormat.fixed(figures?.p95, 4),
        NumberFormat.fixed(figures?.p99, 4), NumberFormat.fixed(figures?.minimum, 4),
        NumberFormat.fixed(timing.queriesPerSecond, 1), timing.order.rawValue, NumberFormat.fixed(timing.peakShare, 4),
        "\(timing.peakBytes)", timing.ratio?.reference ?? "", NumberFormat.fixed(timing.ratio?.value, 4),
        NumberFormat.fixed(timing.ratio?.interval.low, 4), NumberFormat.fixed(timing.ratio?.interval.high, 4),
      ])
    }
    return csv.bytes
  }

  var confusion: [UInt8] {
    var csv = CSVWriter([
      "task", "corpus", "protocol", "source", "target", "model", "trials", "label", "predicted", "count",
    ])
    for sum in ConfusionSum.all(of: result.records) {
      for (label, row) in sum.counts.enumerated() {
        for (predicted, count) in row.enumerated() where count > 0 {
          csv.append([
            sum.key.task, sum.key.corpus, sum.key.protocolName, sum.key.source, sum.key.target, sum.model,
            "\(sum.trials)",
            sum.classes[label], sum.classes[predicted], "\(count)",
          ])
        }
      }
    }
    return csv.bytes
  }

  var predictions: [UInt8] {
    let hasGroups = result.records.contains { !$0.groups.isEmpty }
    var csv = CSVWriter(
      ["trial", "example_id", "label", "predicted", "probability", "novelty"] + (hasGroups ? ["group"] : []))
    for record in result.records where record.status == .ok {
      let targets = record.outcome.targets, answers = TargetText.answers(record.outcome, record.classes)
      // Of the class answered; nothing where there are several labels, a number, or answers alone.
      let tops =
        record.probabilities.isEmpty
        ? []
        : record.predictions.enumerated().map { row, predicted in
          NumberFormat.exact(record.probabilities[row * record.classes.count + predicted])
        }
      for row in record.ids.indices {
        csv.append(
          [
            record.trial, record.ids[row], TargetText.text(targets[row], record.classes), answers[row],
            tops.isEmpty ? "" : tops[row],
            record.novelty.isEmpty ? "" : record.novelty[row].rawValue,
          ] + (hasGroups ? [record.groups.isEmpty ? "" : "\(record.groups[row])"] : []))
      }
    }
    return csv.bytes
  }
}

/// Confusion counts of one model in one group, summed over its trials.
struct ConfusionSum {
  var key: GroupKey
  var model: String
  var classes: [String]
  var trials = 0
  /// `[true class][predicted class]`.
  var counts: [[Int]]

  /// What is taken for something else, most often first.
  var confusions: [(label: Int, predicted: Int, count: Int)] {
    var cells: [(label: Int, predicted: Int, count: Int)] = []
    for (label, row) in counts.enumerated() {
      for (predicted, count) in row.enumerated() where predicted != label && count > 0 {
        cells.append((label, predicted, count))
      }
    }
    return cells.sorted { ($1.count, $0.label, $0.predicted) < ($0.count, $1.label, $1.predicted) }
  }

  /// In order of first appearance.
  static func all(of records: [TrialRecord]) -> [ConfusionSum] {
    struct Place: Hashable {
      var key: GroupKey
      var model: String
    }
    var sums: [ConfusionSum] = []
    var places: [Place: Int] = [:]
    for record in records where record.status == .ok && record.problem == .classification {
      let own = Place(key: record.key, model: record.model)
      let zero = [[Int]](repeating: [Int](repeating: 0, count: record.classes.count), count: record.classes.count)
      let place = places[own] ?? sums.count
      if place == sums.count {
        places[own] = place
        sums.append(ConfusionSum(key: record.key, model: record.model, classes: record.classes, counts: zero))
      }
      // One pair of domains has one list of classes; a record that says otherwise cannot be added.
      guard sums[place].classes == record.classes else { continue }
      sums[place].trials += 1
      for (label, row) in record.confusion.enumerated() {
        for (predicted, count) in row.enumerated() { sums[place].counts[label][predicted] += count }
      }
    }
    return sums
  }
}

extension TimingRecord {
  /// At the median time; nil for training, which answers no queries.
  var queriesPerSecond: Double? {
    guard !isTraining, let median = LatencySummary(samples)?.median, median > 0 else { return nil }
    return Double(batch) / median * 1_000
  }
}
