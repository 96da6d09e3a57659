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
}
