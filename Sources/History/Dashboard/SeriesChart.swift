import Foundation
import Reports
import Statistics
import Text

/// One series over its runs: a dot a run, the levels between its steps, and where it stepped.
struct SeriesChart {
  struct Point {
    /// In the unit shown: points, milliseconds, or the metric's own.
    var value: Double
    var commit: String
    /// The night found this series worse.
    var isRegression: Bool
  }
  var title: String
  var unit: String
  var higherIsBetter: Bool
  var points: [Point]

  /// Dots drawn at most, beside those of regressions: of very many runs not each.
  static let mostDots = 1_000

  static let width = 430.0
  static let height = 170.0
  private static let plot = (left: 56.0, right: 416.0, top: 34.0, bottom: 140.0)

  /// A step between two levels, for lists.
  struct Step {
    /// Position of its first point.
    var position: Int
    var before: Double
    var after: Double
    var commit: String
    var isWorse: Bool
  }

  var segments: [StepDetection.Segment] { StepDetection.segments(points.map(\.value)) }

  var steps: [Step] {
    let segments = segments
    return zip(segments, segments.dropFirst()).map { before, after in
      Step(
        position: after.range.lowerBound, before: before.level, after: after.level,
        commit: points[after.range.lowerBound].commit, isWorse: (after.level < before.level) == higherIsBetter)
    }
  }

  /// The picture; `id` tells it from others of the page.
  func svg(id: String) -> String {
    var document = SVGDocument(width: Self.width, height: Self.height)
    let plot = Self.plot
    document.text(
      SVGDocument.fitted(title, size: 12.5, limit: Self.width - 24), x: 12, y: 20, size: 12.5, bold: true)
    let values = points.map(\.value).filter(\.isFinite)
    let axis = Axis(from: values.min() ?? 0, to: values.max() ?? 1)
    func y(_ value: Double) -> Double { plot.bottom - axis.share(value) * (plot.bottom - plot.top) }
    func x(_ position: Double) -> Double {
      plot.left + (position + 0.5) / Double(max(1, points.count)) * (plot.right - plot.left)
    }
    document.rules(axis, left: plot.left, right: plot.right, top: plot.top, bottom: plot.bottom, gap: 6)
    for step in steps {
      let place = x(Double(step.position) - 0.5)
      let colour = step.isWorse ? Self.worse : Self.better
      document.line(x1: place, y1: plot.top, x2: place, y2: plot.bottom, stroke: colour, width: 1.5)
      document.text(
        step.commit.isEmpty ? "step" : String(step.commit.prefix(8)), x: min(max(place, 80), 380), y: plot.bottom + 14,
        size: 10, anchor: .middle, fill: colour)
    }
    for segment in segments {
      document.line(
        x1: x(Double(segment.range.lowerBound) - 0.5), y1: y(segment.level),
        x2: x(Double(segment.range.upperBound) - 0.5), y2: y(segment.level), stroke: Self.level, width: 2)
    }
    let every = (points.count + Self.mostDots - 1) / Self.mostDots
    for (position, point) in points.enumerated() where position % every == 0 || point.isRegression {
      guard point.value.isFinite else { continue }
      document.circle(
        x: x(Double(position)), y: y(point.value), radius: point.isRegression ? 4 : points.count > 120 ? 1.8 : 2.6,
        fill: point.isRegression ? Self.worse : SVGDocument.Ink.soft)
    }
    document.text(
      "\(points.count) \(points.count == 1 ? "run" : "runs")", x: plot.left, y: Self.height - 8, size: 10.5,
      fill: SVGDocument.Ink.soft)
    document.text(
      "\(unit), \(higherIsBetter ? "higher" : "lower") is better", x: plot.right, y: Self.height - 8, size: 10.5,
      anchor: .end, fill: SVGDocument.Ink.soft)
    return document.rendered(title: title, description: description, id: id)
  }

  static let worse = "#c9322b"
  static let better = "#1f8a4c"
  private static let level = "#2f6db5"

  /// The same in words.
  var description: String {
    guard let last = points.last else { return "no runs" }
    let found = steps.map { step in
      "step \(step.isWorse ? "to the worse" : "to the better") from \(text(step.before)) to \(text(step.after)) at run "
        + "\(step.position + 1)" + (step.commit.isEmpty ? "" : " (\(step.commit.prefix(8)))")
    }
    return (["\(points.count) runs, last \(text(last.value)) \(unit)"] + (found.isEmpty ? ["no step"] : found))
      .joined(separator: "; ")
  }

  func text(_ value: Double) -> String {
    let size = value.magnitude
    return NumberFormat.short(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
  }
}
