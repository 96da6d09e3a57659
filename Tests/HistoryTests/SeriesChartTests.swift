import Reports
import Testing

@testable import History

@Suite struct SeriesChartTests {
  private func chart(_ values: [Double], higherIsBetter: Bool = true) -> SeriesChart {
    SeriesChart(
      title: "a <model> & more", unit: "points", higherIsBetter: higherIsBetter,
      points: values.enumerated().map { .init(value: $1, commit: "commit\($0)", isRegression: false) })
  }

  @Test("a step is at the first run of the new level, worse or better by the direction")
  func steps() {
    let values = [Double](repeating: 80, count: 6) + [Double](repeating: 77, count: 4)
    let steps = chart(values).steps
    #expect(steps.count == 1)
    #expect(steps[0].position == 6 && steps[0].commit == "commit6" && steps[0].isWorse)
    #expect(!chart(values, higherIsBetter: false).steps[0].isWorse)
    #expect(chart(values).description.contains("step to the worse from 80.0 to 77.0 at run 7 (commit6)"))
  }

  @Test("one value and none draw without a division by nothing; names are escaped")
  func edges() {
    for values in [[], [5.0], [5, 5]] {
      let svg = chart(values).svg(id: "x-")
      #expect(!svg.contains("nan") && !svg.contains("inf\""))
      #expect(svg.contains("a &lt;model&gt; &amp; more") && svg.contains("id=\"x-title\""))
    }
  }

  @Test("any values give at most ten round ticks and a picture within the bound")
  func oddValues() {
    let odd: [Double] = [0, 20.740740, 20.740741, .nan, .infinity, 1e300, -1e300, .leastNonzeroMagnitude, 80]
    for place in 0..<(odd.count * odd.count) {
      let (a, b) = (odd[place % odd.count], odd[place / odd.count])
      let svg = chart([a, b, a]).svg(id: "")
      #expect(svg.utf8.count < 5_000 && !svg.contains("\"nan") && !svg.contains("\"\""), "\(a) \(b)")
      let rules = svg.components(separatedBy: "stroke=\"\(SVGDocument.Ink.rule)\"").count - 1
      #expect((2...Axis.mostTicks).contains(rules), "\(a) \(b)")
    }
    #expect(chart([80.1, 83.4]).svg(id: "").contains(">80<"))
    let name = String(repeating: "<&", count: 2_500)
    var points = (0..<10_000).map { run -> SeriesChart.Point in
      SeriesChart.Point(value: Double(run % 97), commit: name, isRegression: run.isMultiple(of: 2))
    }
    // Of no number, no step is sought.
    points[0].value = .nan
    let svg = SeriesChart(title: name, unit: name, higherIsBetter: true, points: points).svg(id: "")
    #expect(svg.utf8.count <= SVGDocument.largest)
  }

  @Test("a line of blocks of any values")
  func sparkline() {
    #expect(Sparkline.text([-.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude, .nan], width: 9) == "▁▅█")
  }
}
