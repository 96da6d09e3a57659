/// What is left wrong where a model answers only what it is surest of (El-Yaniv and Wiener 2010).
public struct RiskCoverage: Sendable, Equatable {
  /// Rows of one confidence are answered together; of each such step the share of all rows that is answered then, and
  /// the share of these that is wrong.
  public struct Point: Sendable, Equatable {
    public var coverage: Double
    public var risk: Double
    /// From which confidence on rows are answered.
    public var threshold: Double
  }

  /// By falling confidence; the last answers every row.
  public let points: [Point]
  /// Mean risk over coverages 1/n … 1 (Geifman and El-Yaniv 2017); rows of one confidence in their mean order.
  public let area: Double
  /// The same of a model that is as often right and ranks every mistake last (Geifman, Uziel and El-Yaniv 2019).
  public let bestArea: Double

  /// nil without rows, with lists of other lengths, and where a confidence is no number.
  public init?(confidences: [Double], right: [Bool]) {
    guard !confidences.isEmpty, confidences.count == right.count, confidences.allSatisfy({ !$0.isNaN }) else {
      return nil
    }
    let n = Double(confidences.count)
    let order = confidences.indices.sorted { confidences[$0] > confidences[$1] }
    var points: [Point] = []
    var (answered, wrong, area) = (0, 0, 0.0)
    var place = 0
    while place < order.count {
      let confidence = confidences[order[place]]
      var (rows, mistakes) = (0, 0)
      while place < order.count, confidences[order[place]] == confidence {
        rows += 1
        if !right[order[place]] { mistakes += 1 }
        place += 1
      }
      // Of equals any order is as good: their mistakes come evenly.
      for row in 1...rows {
        let expected = Double(wrong) + Double(mistakes) * Double(row) / Double(rows)
        area += expected / Double(answered + row)
      }
      answered += rows
      wrong += mistakes
      points.append(
        Point(coverage: Double(answered) / n, risk: Double(wrong) / Double(answered), threshold: confidence))
    }
    self.points = points
    self.area = area / n
    var best = 0.0
    for mistake in 0..<wrong { best += Double(mistake + 1) / Double(order.count - wrong + mistake + 1) }
    bestArea = best / n
  }

  /// What is wrong where at least this share of the rows is answered; `share` is above 0.
  public func risk(at share: Double) -> Double {
    points.first { $0.coverage >= share - 1e-12 }?.risk ?? points[points.count - 1].risk
  }

  /// The largest share of rows that can be answered with at most so much wrong; 0 where none can.
  public func coverage(atRisk risk: Double) -> Double { points.last { $0.risk <= risk }?.coverage ?? 0 }
}
