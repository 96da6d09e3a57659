import Foundation
import Testing
#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Reports

/// Pictures of what nobody draws, and somebody will: no part of them may grow with it beyond a bound.
@Suite struct PictureTests {
  private static let name = String(repeating: "<&\"'>\u{1}\u{FFFF}é", count: 700)
  /// One character of 5,000 accents, one of a family, and nothing but spaces.
  private static let names = [
    name, "e" + String(repeating: "\u{301}", count: 5_000), String(repeating: "👩‍👩‍👧‍👦", count: 500),
    String(repeating: " ", count: 5_000), "",
  ]
  private static let values: [Double] = [
    32, 50, .nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, 0, -0.0, 20.74074074,
    .greatestFiniteMagnitude,
  ]
  private static let kinds = ["bert", "lstm", "tfidf-logistic", "majority", "lookup", "no kind"]

  private static func value(_ place: Int) -> Double { values[place % values.count] }
  private static func name(_ place: Int) -> String { names[place % names.count] + "\(place)" }

  private func expectBounded(_ svg: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(svg.utf8.count <= SVGDocument.largest, sourceLocation: sourceLocation)
    let reader = ElementReader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")", sourceLocation: sourceLocation)
    #expect(reader.wrong.isEmpty, "\(reader.wrong.prefix(3))", sourceLocation: sourceLocation)
  }

  @Test("500 models of 300 groups with names of thousands of characters", arguments: [1, 300])
  func manyModels(groups: Int) {
    let panels = (0..<groups).map { panel in
      DotPlot.Panel(
        title: Self.name(panel),
        rows: (0..<500).map {
          DotPlot.Row(
            model: Self.name($0), kind: Self.kinds[$0 % 6], mean: Self.value($0 + panel),
            low: $0 % 3 == 0 ? nil : Self.value($0 * 7), high: $0 % 3 == 0 ? nil : Self.value($0 * 5 + panel))
        })
    }
    let svg = DotPlot(title: Self.name, axisLabel: Self.name, digits: 1, limits: nil, panels: panels).svg()
    expectBounded(svg)
    #expect(svg.contains("30 of 500 models"))
    #expect(svg.contains("24 of 300 groups") == (groups == 300))
  }

  @Test("usual values in as many rows as are shown are within the bound too")
  func fullPanels() {
    let panels = (0..<40).map { panel in
      DotPlot.Panel(
        title: Self.name,
        rows: (0..<40).map {
          .init(model: String(repeating: "\"", count: 90), kind: "bert", mean: 50.1 + Double($0), low: 20.3, high: 99.7)
        })
    }
    expectBounded(DotPlot(title: "", axisLabel: "", digits: 3, limits: 0...100, panels: panels).svg())
  }

  @Test("every mix of two odd values", arguments: [nil, -100...100] as [ClosedRange<Double>?])
  func oddValues(limits: ClosedRange<Double>?) {
    for place in 0..<(Self.values.count * Self.values.count) {
      let (first, second) = (Self.value(place), Self.values[place / Self.values.count])
      for kinds in [("bert", "majority"), ("majority", "bert"), ("lstm", "bert"), ("majority", "lookup")] {
        let rows = [
          DotPlot.Row(model: "a", kind: kinds.0, mean: first, low: second, high: first),
          DotPlot.Row(model: "b", kind: kinds.1, mean: second, low: nil, high: nil),
        ]
        let plot = DotPlot(
          title: "t", axisLabel: "x", digits: 1, limits: limits, panels: [.init(title: "p", rows: rows)])
        let svg = plot.svg()
        #expect(svg.utf8.count < 8_000, "\(first) \(second) \(kinds)")
      }
    }
  }

  @Test("300 domains in each of 500 matrices", arguments: [2, 300])
  func manyDomains(domains: Int) {
    let names = (0..<domains).map(Self.name)
    let panels = (0..<500).map { panel in
      HeatMap.Panel(
        model: Self.name(panel), kind: Self.kinds[panel % 6],
        values: (0..<domains).map { row in
          (0..<domains).map { $0 % 7 == 3 ? nil : Self.value(row + $0 + panel) }
        })
    }
    let svg = HeatMap(title: Self.name, scaleLabel: Self.name, sources: names, targets: names, panels: panels).svg()
    expectBounded(svg)
    #expect(svg.contains(domains == 2 ? "40 of 500 models" : "20 of 300 domains"))
  }

  @Test("10,000 trials of 500 curves in 60 groups", arguments: [1, 60])
  func manyTrials(groups: Int) {
    let points = (1...10_000).map { trial -> (x: Double, y: Double) in (Double(trial) * 0.37, 80 - 30 / Double(trial)) }
    var odd: [(x: Double, y: Double)] = []
    for x in Self.values { for y in Self.values { odd.append((x, y)) } }
    let panels = (0..<groups).map { panel in
      CurvePlot.Panel(
        title: Self.name(panel),
        curves: (0..<500).map {
          CurvePlot.Curve(model: Self.name($0), kind: Self.kinds[$0 % 6], points: $0 % 2 == 0 ? points : odd)
        })
    }
    let svg = CurvePlot(title: Self.name, xLabel: Self.name, yLabel: Self.name, digits: 1, panels: panels).svg()
    expectBounded(svg)
    #expect(svg.contains("30 of 500 models"))
  }

  @Test("500 classes of two models, with counts beyond any number of rows", arguments: [3, 500])
  func manyClasses(classes: Int) {
    let panels = (0..<3).map { panel in
      ConfusionPlot.Panel(
        model: Self.name(panel),
        counts: (0..<classes).map { row in (0..<classes).map { ($0 * 7 + row + panel) % 5 == 0 ? Int.max >> 22 : 0 } })
    }
    let svg = ConfusionPlot(title: Self.name, classes: (0..<classes).map(Self.name), panels: panels).svg()
    expectBounded(svg)
    #expect(svg.contains("14 of 500 classes, those confused most") == (classes == 500))
  }

  @Test("the classes with most confusions are shown, the diagonal and zeros are not, and each cell says what it is of")
  func confusions() {
    // Class c has 9 rows right; class 0 is taken for 16, and 20 for c, c times.
    var counts = (0..<21).map { row in (0..<21).map { $0 == row ? 9 : 0 } }
    counts[0][16] = 50
    for place in 1..<20 { counts[20][place] = place }
    let plot = ConfusionPlot(
      title: "t", classes: (0..<21).map { "class <\($0)>" },
      panels: [
        .init(model: "a", counts: counts),
        .init(model: "b", counts: [[Int]](repeating: [Int](repeating: 0, count: 21), count: 21)),
      ])
    #expect(plot.shown == [20, 16, 0, 19, 18, 17, 15, 14, 13, 12, 11, 10, 9, 8])
    let svg = plot.svg()
    #expect(svg.contains("<title>class &lt;0&gt; taken for class &lt;16&gt;: 50</title>"))
    // The 11 cells of the last class that are shown, and that one.
    let cells = svg.components(separatedBy: " taken for class &lt;").filter {
      $0.contains("&gt;: ") && $0.contains("</title></rect>")
    }
    #expect(cells.count == 13)
    // The number of a row, of two columns, and one count; on the diagonals there would be more.
    #expect(svg.components(separatedBy: ">9</text>").count - 1 == 4)
    #expect(svg.contains("shown: 14 of 21 classes, those confused most; 212 of 240 and 0 of 0 confusions"))
  }

  @Test("500 models with odd times and scores")
  func manyPoints() {
    let points = (0..<500).map {
      ParetoPlot.Point(
        model: Self.name($0), kind: Self.kinds[$0 % 6], costs: [Self.value($0 / 3), Self.value($0 / 5)],
        score: Self.value($0 * 7), low: Self.value($0), high: $0 % 3 == 0 ? nil : Self.value($0 * 5))
    }
    for count in [0, 1, 500] {
      let plot = ParetoPlot(
        title: Self.name, costs: [.init(label: Self.name, unit: " ms"), .init(label: "size", unit: " B")],
        yLabel: Self.name, digits: 1, limits: -100...100, higherIsBetter: true, points: Array(points.prefix(count)))
      expectBounded(plot.svg())
      #expect(plot.svg().contains("30 of 500 models") == (count == 500))
    }
  }

  @Test("the front has what no other beats: of equals both, of the beaten none; the other way round for losses")
  func front() {
    let places: [(String, Double, Double)] = [
      ("slow and best", 9, 90), ("fast", 1, 70), ("beaten by fast", 2, 70), ("middle", 3, 80), ("its equal", 3, 80),
      ("beaten by middle", 4, 75), ("no time", 0, 99), ("no score", 1, .nan),
    ]
    func front(_ higherIsBetter: Bool) -> [String] {
      ParetoPlot(
        title: "t", costs: [.init(label: "x", unit: "")], yLabel: "y", digits: 1, limits: nil,
        higherIsBetter: higherIsBetter,
        points: places.map { .init(model: $0.0, kind: "bert", costs: [$0.1], score: $0.2, low: nil, high: nil) }
      ).front(by: 0).map(\.model)
    }
    #expect(front(true) == ["fast", "its equal", "middle", "slow and best"])
    #expect(front(false) == ["fast"])
  }

  @Test("beaten is what another model beats by all costs at once; an unknown cost says nothing")
  func beaten() {
    let places: [(String, [Double], Double)] = [
      ("small", [5, 1], 80), ("fast", [1, 5], 80), ("both worse", [6, 6], 79), ("as good, slower", [2, 5], 80),
      ("best", [9, 9], 90), ("size unknown", [0.5, 0], 70), ("equal to best", [9, 9], 90),
    ]
    let plot = ParetoPlot(
      title: "t", costs: [.init(label: "time", unit: " ms"), .init(label: "size", unit: " B")], yLabel: "y", digits: 1,
      limits: nil, higherIsBetter: true,
      points: places.map { .init(model: $0.0, kind: "lstm", costs: $0.1, score: $0.2, low: nil, high: nil) })
    #expect(
      plot.beaten.map { [$0.point.model, $0.by.model] } == [["both worse", "small"], ["as good, slower", "fast"]])
    #expect(plot.front(by: 1).map(\.model) == ["small", "best", "equal to best"])
  }

  @Test("curves over epochs begin at 0, in round numbers")
  func epochs() {
    let curve = CurvePlot.Curve(
      model: "m", kind: "lstm", points: (1...12).map { (x: Double($0), y: 50 + Double($0)) })
    let plot = CurvePlot(
      title: "t", xLabel: "epoch", yLabel: "y", digits: 1, isLogarithmic: false,
      panels: [.init(title: "p", curves: [curve])])
    #expect(plot.description.contains("from 51.0 at 1.0 to 62.0 at 12.0"))
    #expect(plot.svg().contains(">y against epoch</text>") && plot.svg().contains(">0</text>"))
  }

  @Test("a curve that is thinned keeps its first and last point, and a short one all")
  func thinning() {
    func circles(_ count: Int) -> Int {
      let curve = CurvePlot.Curve(
        model: "m", kind: "bert", points: (0..<count).map { (x: Double($0 + 1), y: 0.5 + Double($0)) })
      let plot = CurvePlot(
        title: "t", xLabel: "x", yLabel: "y", digits: 1, panels: [.init(title: "p", curves: [curve])])
      #expect(plot.description.contains("from 0.5 at 1.00 to \(Double(count) - 0.5) at \(count).00"))
      return plot.svg().components(separatedBy: "r=\"3\"").count - 1
    }
    #expect(circles(4_000) == 4_000)
    #expect((2_000...4_000).contains(circles(100_000)))
  }
}

/// Attributes that are no numbers where numbers belong.
private final class ElementReader: NSObject, XMLParserDelegate {
  var wrong: [String] = []
  private static let numbers: Set = ["x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "font-size", "stroke-width"]

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    for (key, value) in attributes where Self.numbers.contains(key) {
      guard let number = Double(value), number.isFinite, (-1_000...100_000).contains(number) else {
        wrong.append("\(name) \(key)=\(value)")
        continue
      }
    }
  }
}
