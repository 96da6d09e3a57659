import Foundation
import Reports
import Settings
import Statistics

/// One HTML page of all series with their steps: a single file, no script, nothing from the network.
public struct Dashboard {
  private struct Section {
    var lineage: Lineage
    var charts: [(key: SeriesKey, chart: SeriesChart)]
  }
  private let sections: [Section]

  /// - Parameters:
  ///   - runs: oldest first; those with another initialisation (a night that measured again) are left out.
  ///   - judgements: what the nights found.
  ///   - metric: the score that is drawn; nil for each experiment's primary metric.
  ///   - latest: runs shown of each series.
  public init(runs: [StoredRun], judgements: [Int64: [Judgement]], metric: String? = nil, latest: Int = 365) {
    var regressions: [Int64: Set<String>] = [:]
    for (night, found) in judgements {
      regressions[night] = Set(found.filter { $0.status == .regression }.map(\.series))
    }
    sections = Lineage.all(of: runs.filter { $0.roll == 0 }).map { lineage in
      var recent = lineage
      recent.runs = Array(lineage.runs.suffix(max(1, latest)))
      return Section(lineage: recent, charts: Self.charts(recent, metric: metric, regressions))
    }
  }

  private static func charts(
    _ lineage: Lineage, metric: String?, _ regressions: [Int64: Set<String>]
  ) -> [(key: SeriesKey, chart: SeriesChart)] {
    let yardstick = lineage.usualCalibration
    let all = lineage.all { run in
      var numbers = run.values(metric: metric ?? run.primaryMetric)
      // Times as they would be at the machine's usual speed.
      for timing in run.timings {
        guard let yardstick, let relative = Descriptive.median(timing.relativeCosts) else { continue }
        numbers[SeriesKey(timing)] = relative * yardstick
      }
      return numbers
    }
    return all.map { key, endedAt, points in
      let unit =
        switch key.unit {
        case .points: "points"
        case .milliseconds: "ms"
        case .own: "own unit"
        }
      let chart = SeriesChart(
        title: key.name + (endedAt.map { ", until run \($0)" } ?? ""), unit: unit, higherIsBetter: key.higherIsBetter,
        points: points.map { run, value in
          SeriesChart.Point(
            value: key.unit == .points ? value * 100 : value,
            commit: run.machine.commit.map { String($0.prefix(8)) } ?? "",
            isRegression: run.night.flatMap { regressions[$0] }?.contains(key.name) ?? false)
        })
      return (key, chart)
    }
  }

  public func html() -> String {
    var body: [String] = []
    if sections.isEmpty { body.append("<p>No run is recorded yet.</p>") }
    var number = 0
    for section in sections {
      body.append(heading(section.lineage))
      body.append(steps(section))
      for (title, isTime) in [("Quality", false), ("Speed", true)] {
        let charts = section.charts.filter { $0.key.isTime == isTime }
        guard !charts.isEmpty else { continue }
        body.append("<h3>\(title)</h3>\n<div class=\"charts\">")
        for (_, chart) in charts {
          number += 1
          body.append("<figure>\(chart.svg(id: "chart\(number)-"))</figure>")
        }
        body.append("</div>")
      }
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>bench: series and their steps</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1>bench: series and their steps</h1>
      <p class="legend">A dot is a run, a <span class="level">line</span> the level between two steps, \
      <span class="worse">red</span> a step to the worse or a night's alarm, <span class="better">green</span> a step \
      to the better. Times are normalised by the calibration kernel.</p>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private func heading(_ lineage: Lineage) -> String {
    let xml = MarkdownRenderer.xml
    guard let last = lineage.runs.last else { return "" }
    let facts = [
      "manifest \(last.manifestVersion.prefix(8))", "\(last.machine.cpu), \(last.machine.cores) cores",
      "machine \(lineage.machine)", "last run \(Timestamp.text(last.startedAt))",
      HistoryListing.commit(last).isEmpty ? "" : "commit \(HistoryListing.commit(last))",
    ]
    return "<h2>\(xml(lineage.experiment))</h2>\n<p class=\"facts\">"
      + facts.filter { !$0.isEmpty }.map(xml).joined(separator: " · ") + "</p>"
  }

  /// The steps in words, the latest first.
  private func steps(_ section: Section) -> String {
    let xml = MarkdownRenderer.xml
    let found = section.charts.flatMap { _, chart in chart.steps.map { (chart, $0) } }
      .sorted { ($1.1.position, $0.0.title) < ($0.1.position, $1.0.title) }
    guard !found.isEmpty else { return "<p>No step in any series.</p>" }
    let rows = found.map { chart, step in
      let colour = step.isWorse ? "worse" : "better"
      return "<tr><td class=\"\(colour)\">\(step.isWorse ? "worse" : "better")</td><td>\(xml(chart.title))</td>"
        + "<td>\(chart.text(step.before)) → \(chart.text(step.after)) \(chart.unit)</td>"
        + "<td>run \(step.position + 1) of \(chart.points.count)</td><td><code>\(xml(step.commit))</code></td></tr>"
    }
    return "<table>\n<tr><th></th><th>Series</th><th>Step</th><th>At</th><th>Commit</th></tr>\n"
      + rows.joined(separator: "\n") + "\n</table>"
  }

  private static let style = """
    body { font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; color: #1f2430;
      background: #f4f5f7; margin: 0 auto; max-width: 1380px; padding: 24px; }
    h1 { font-size: 24px; } h2 { margin: 40px 0 0; font-size: 20px; } h3 { margin: 24px 0 8px; font-size: 16px; }
    .facts, .legend { color: #5c6470; margin: 4px 0 12px; }
    .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(400px, 1fr)); gap: 16px; }
    figure { margin: 0; } svg { display: block; width: 100%; height: auto; }
    table { border-collapse: collapse; background: #fff; border-radius: 8px; margin: 8px 0; }
    th, td { padding: 5px 14px; text-align: left; border-bottom: 1px solid #e3e6ea; }
    .worse { color: #c9322b; font-weight: 600; } .better { color: #1f8a4c; font-weight: 600; }
    .level { color: #2f6db5; font-weight: 600; }
    """
}

extension Lineage {
  /// What the calibration kernel takes on this machine, in milliseconds: the median over the runs; nil where none has it.
  var usualCalibration: Double? {
    let medians = runs.compactMap { run -> Double? in
      Descriptive.median(run.timings.filter { $0.threads == 1 }.flatMap(\.calibrations))
    }
    return Descriptive.median(medians)
  }
}
