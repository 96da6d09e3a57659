import Statistics

/// Whether a model treats texts of different groups of people alike: its probability of one class, and the mistakes that it
/// makes about it. Every gap has an interval that holds together with all the others, and the gap that such texts would show.
public struct GroupGaps: Sendable {
  /// What a model says of one text.
  public struct Answer: Sendable, Equatable {
    /// Number of the text's group, and of its unit: texts of one unit differ in the group alone, or belong together.
    public var group: Int
    public var unit: Int
    /// Number of the word that stands for the group, as no other does; nil where a column names it.
    public var word: Int?
    /// Of the class that is looked at.
    public var probability: Double
    /// Whether that class is the answer, and whether it is the true one; nil where that is not known.
    public var isGiven: Bool
    public var isTrue: Bool?

    public init(group: Int, unit: Int, word: Int? = nil, probability: Double, isGiven: Bool, isTrue: Bool?) {
      (self.group, self.unit, self.word, self.probability) = (group, unit, word, probability)
      (self.isGiven, self.isTrue) = (isGiven, isTrue)
    }
  }

  public enum Measure: String, Sendable, CaseIterable {
    /// Mean probability of the class.
    case probability
    /// Of texts of other classes, how many get the class.
    case falsePositives = "false positives"
    /// Of texts of the class, how many do not get it.
    case falseNegatives = "false negatives"
  }

  public enum Verdict: String, Sendable {
    case differs
    /// And by less than the margin.
    case differsLittle = "differs, by less than the margin"
    case equal
    case undecided
    /// A side has fewer than two units.
    case tooFew = "too few texts"
  }

  public struct Gap: Sendable {
    public var measure: Measure
    /// The other is nil where it is all other groups.
    public var group: Int
    public var other: Int?
    public var rows: Int
    public var otherRows: Int
    /// From 0 to 1, as all that follows.
    public var mean: Double?
    public var otherMean: Double?
    public var difference: Double?
    /// Of the level that all gaps hold together at 95 %.
    public var interval: Interval?
    /// Corrected by Bonferroni.
    public var p: Double?
    /// The gap that such texts show in four of five cases.
    public var leastDetectable: Double?
    public var verdict: Verdict
  }

  public let gaps: [Gap]
  /// Gaps within it count as none.
  public let margin: Double

  /// - Parameters:
  ///   - answers: of all texts.
  ///   - groups: how many there are.
  ///   - margin: from 0 to 1.
  ///   - models: how many are looked at, all of whose intervals hold together.
  ///   - others: those of the same model to texts as they are, for mistakes, where `answers` are to changed texts; the same
  ///     where nil.
  public init(
    _ answers: [Answer], groups: Int, margin: Double, models: Int = 1, mistakes others: [Answer]? = nil
  ) {
    self.margin = margin
    let asked: [(Measure, [(Answer, Double)])] = [
      (.probability, answers.map { ($0, $0.probability) }),
      (.falsePositives, (others ?? answers).filter { $0.isTrue == false }.map { ($0, $0.isGiven ? 1 : 0) }),
      (.falseNegatives, (others ?? answers).filter { $0.isTrue == true }.map { ($0, $0.isGiven ? 0 : 1) }),
    ]
    let pairs = groups == 2 ? [(0, 1 as Int?)] : (0..<groups).map { ($0, nil) }
    let wanted = asked.filter { !$0.1.isEmpty }
    let level = 1 - 0.05 / Double(max(1, models * wanted.count * pairs.count))
    gaps = wanted.flatMap { measure, rows in
      pairs.map { Self.gap(measure, rows, $0.0, $0.1, level: level, margin: margin) }
    }
  }

  private static func gap(
    _ measure: Measure, _ rows: [(answer: Answer, value: Double)], _ group: Int, _ other: Int?, level: Double,
    margin: Double
  ) -> Gap {
    let used = rows.filter { other == nil || $0.answer.group == group || $0.answer.group == other }
    let isInside = used.map { $0.answer.group == group }, values = used.map(\.value)
    func side(_ wanted: Bool) -> [Double] { values.indices.filter { isInside[$0] == wanted }.map { values[$0] } }
    var gap = Gap(
      measure: measure, group: group, other: other, rows: side(true).count, otherRows: side(false).count,
      mean: Descriptive.mean(side(true)), otherMean: Descriptive.mean(side(false)), verdict: .tooFew)
    if let mean = gap.mean, let otherMean = gap.otherMean { gap.difference = mean - otherMean }
    guard values.allSatisfy(\.isFinite) else {
      gap.verdict = .undecided
      return gap
    }
    func difference(by units: [Int]) -> MeanDifference? {
      MeanDifference(values, isInside: isInside, groups: units, hasFloor: measure != .probability)
    }
    // Units vary, and words do: other words would give other gaps. The less certain of the two counts.
    let byUnit = difference(by: used.map(\.answer.unit)), words = used.compactMap(\.answer.word)
    let byWord = words.count == used.count ? difference(by: words) : nil
    func width(_ difference: MeanDifference) -> Double {
      let interval = difference.interval(level: level)
      return interval.high - interval.low
    }
    let found = [byUnit, byWord].compactMap(\.self).max { width($0) < width($1) }
    guard let found else {
      let units = [true, false].map { wanted in
        Set(used.indices.filter { isInside[$0] == wanted }.map { used[$0].answer.unit }).count
      }
      if let difference = gap.difference, units.allSatisfy({ $0 > 1 }) {
        // A probability without any variance is what it is; that none of some texts is answered wrong shows little.
        gap.interval = measure == .probability ? Interval(low: difference, high: difference) : nil
        gap.verdict =
          measure != .probability
          ? .undecided : difference == 0 ? .equal : abs(difference) <= margin ? .differsLittle : .differs
      }
      return gap
    }
    let interval = found.interval(level: level)
    let isWithin = -margin <= interval.low && interval.high <= margin
    gap.interval = interval
    gap.p = min(1, found.p * 0.05 / (1 - level))
    gap.leastDetectable = found.leastDetectable(alpha: 1 - level)
    gap.verdict =
      interval.low > 0 || interval.high < 0 ? (isWithin ? .differsLittle : .differs) : isWithin ? .equal : .undecided
    return gap
  }
}
