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
