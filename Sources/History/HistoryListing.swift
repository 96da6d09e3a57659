import Foundation
import Records
import Reports
import Text

/// `bench history`: runs and series as text.
public enum HistoryListing {
  /// One line a run, oldest first.
  public static func runs(_ runs: [StoredRun]) -> String {
    var table = TextTable([
      ("run", .right), ("started (UTC)", .left), ("experiment", .left), ("manifest", .left), ("machine", .left),
      ("commit", .left), ("branch", .left), ("night", .left), ("trials", .right), ("failed", .right),
      ("results", .left),
    ])
    for run in runs {
      table.append([
        run.id.map { "\($0)" } ?? "", Timestamp.text(run.startedAt), run.experiment,
        String(run.manifestVersion.prefix(8)), run.machine.key, commit(run), run.machine.branch ?? "",
        night(run), "\(run.trials.count)", "\(run.failures)", run.folder ?? "",
      ])
    }
    return table.lines.joined(separator: "\n")
  }

  /// The night's number, and which of its measurements this is.
  private static func night(_ run: StoredRun) -> String {
    guard let night = run.night else { return "" }
    return run.roll == 0 ? "\(night)" : "\(night), again"
  }

  /// A table for each lineage: every series with its first, best and last value and its sparkline.
  ///
  /// Runs with other initialisations, of nights that measured again, are no points of their own.
  /// `metric` is nil for each experiment's primary metric, `model` for all of them.
  public static func series(
    _ runs: [StoredRun], metric: String?, model: String?, sparklineWidth: Int = 30
  ) -> String {
    var blocks: [String] = []
    for lineage in Lineage.all(of: runs.filter { $0.roll == 0 }) {
      var table = TextTable([
        ("series", .left), ("runs", .right), ("first", .right), ("best", .right), ("last", .right), ("trend", .left),
      ])
      for series in lineage.series(metric: metric) where model == nil || series.key.model == model {
        let values = series.points.map(\.value)
        guard let first = values.first, let last = values.last else { continue }
        let best = (series.key.higherIsBetter ? values.max() : values.min()) ?? last
        table.append([
          series.name, "\(values.count)", text(first, series.key), text(best, series.key), text(last, series.key),
          Sparkline.text(values, width: sparklineWidth),
        ])
      }
      guard !table.isEmpty, let latest = lineage.runs.last else { continue }
      let range = lineage.runs.count == 1 ? "1 run" : "\(lineage.runs.count) runs"
      let heading =
        "\(lineage.experiment), manifest \(latest.manifestVersion.prefix(8)), machine \(lineage.machine) "
        + "(\(latest.machine.cpu), \(latest.machine.cores) cores): \(range), last \(Timestamp.text(latest.startedAt))"
        + (latest.machine.commit == nil ? "" : " at \(commit(latest))")
      blocks.append(([heading] + table.lines).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n\n")
  }

  /// Eight digits of the commit, with `+` where the working folder differed from it.
  static func commit(_ run: StoredRun) -> String {
    guard let commit = run.machine.commit else { return "" }
    return String(commit.prefix(8)) + (run.machine.dirty == true ? "+" : "")
  }

  /// A value for people: points for fractions, milliseconds for times.
  static func text(_ value: Double, _ key: SeriesKey) -> String {
    switch key.unit {
    case .points: NumberFormat.fixed(value * 100, 2)
    case .own: NumberFormat.fixed(value, 4)
    case .milliseconds: NumberFormat.fixed(value, value < 10 ? 3 : 1) + " ms"
    }
  }
}

extension SeriesKey {
  enum Unit { case points, own, milliseconds }

  var unit: Unit {
    switch measure {
    case .time: .milliseconds
    case .score(let metric, _, _, _): ScoreName(column: metric)?.isFraction ?? true ? .points : .own
    }
  }

  var higherIsBetter: Bool {
    switch measure {
    case .time: false
    case .score(let metric, _, _, _): ScoreName(column: metric)?.higherIsBetter ?? true
    }
  }
}
