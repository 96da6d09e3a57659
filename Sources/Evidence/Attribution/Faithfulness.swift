import Compute
import Statistics
import Text

/// Whether a model's answer hangs on the words that an attribution names first (DeYoung et al. 2020, section 4): against
/// words that are named at random.
///
/// Of each text the first 1, 5, 10, 20 and 50 % of its words, at least one, are taken. Comprehensiveness is the mean loss of
/// probability without them, of the class that the whole text gets: high where they were needed. Sufficiency is the mean loss
/// with them alone: low where they are enough.
public struct Faithfulness: Sendable {
  /// Of one text.
  public struct Row: Sendable, Equatable {
    public var comprehensiveness: Double
    public var sufficiency: Double
    /// The same of rankings by chance, in the mean.
    public var randomComprehensiveness: Double
    public var randomSufficiency: Double

    /// What the attribution's ranking brings beyond chance: both are high where it is faithful.
    public var needed: Double { comprehensiveness - randomComprehensiveness }
    public var enough: Double { randomSufficiency - sufficiency }
  }

  /// A mean over texts with its 95 % interval; nil with fewer than two texts.
  public struct Mean: Sendable, Equatable {
    public var value: Double
    public var interval: Interval?
  }

  /// `[texts]`.
  public let rows: [Row]

  public static let shares = [0.01, 0.05, 0.1, 0.2, 0.5]
  /// Rankings by chance for each text.
  public static let draws = 5

  /// - Parameters:
  ///   - texts: of at least two words each.
  ///   - rankings: of each text the numbers of its words, the one that adds most first.
  ///   - classes: what the whole text gets.
  ///   - random: the same for two models, whose rankings by chance are then the same.
  ///   - probability: of a class for each of some texts.
  public init(
    _ texts: [TextRuns], rankings: [[Int]], classes: [Int], random: Random,
    probability: (_ texts: [String], _ classes: [Int]) -> [Double]
  ) {
    precondition(
      texts.count == rankings.count && texts.count == classes.count && texts.allSatisfy { $0.count > 1 },
      "Faithfulness: \(texts.count) texts, \(rankings.count) rankings, \(classes.count) classes")
    let whole = probability(texts.map(\.text), classes)
    rows = texts.indices.map { place in
      let text = texts[place]
      var orders = [rankings[place]]
      for draw in 0..<Self.draws {
        var order = Array(0..<text.count), stream = random.stream("text \(place) draw \(draw)")
        stream.shuffle(&order)
        orders.append(order)
      }
      let changed = orders.flatMap { order in
        Self.shares.flatMap { share in
          let first = Set(order.prefix(Self.count(share, of: text.count)))
          return [text.keeping { !first.contains($0) }, text.keeping { first.contains($0) }]
        }
      }
      let found = probability(changed, [Int](repeating: classes[place], count: changed.count))
      // Of each ranking the loss without its words, and with them alone.
      let losses = orders.indices.map { order -> (Double, Double) in
        let own = (0..<2 * Self.shares.count).map { whole[place] - found[order * 2 * Self.shares.count + $0] }
        func mean(_ first: Int) -> Double {
          stride(from: first, to: own.count, by: 2).reduce(0) { $0 + own[$1] } / Double(Self.shares.count)
        }
        return (mean(0), mean(1))
      }
      let chance = losses.dropFirst(), count = Double(Self.draws)
      return Row(
        comprehensiveness: losses[0].0, sufficiency: losses[0].1,
        randomComprehensiveness: chance.reduce(0) { $0 + $1.0 } / count,
        randomSufficiency: chance.reduce(0) { $0 + $1.1 } / count)
    }
  }

  /// Words that a share of a text comes to: one at least, and one fewer than all.
  static func count(_ share: Double, of words: Int) -> Int {
    min(words - 1, max(1, Int((share * Double(words)).rounded(.up))))
  }

  public func mean(_ value: (Row) -> Double) -> Mean { Self.mean(rows.map(value)) }

  /// This model's less another's, on the same texts.
  public func difference(from other: Faithfulness, _ value: (Row) -> Double) -> Mean {
    precondition(rows.count == other.rows.count, "Faithfulness: \(rows.count) texts and \(other.rows.count)")
    return Self.mean(zip(rows, other.rows).map { value($0) - value($1) })
  }

  private static func mean(_ values: [Double]) -> Mean {
    Mean(
      value: Descriptive.mean(values) ?? .nan,
      interval: GroupedMean(values, groups: Array(values.indices))?.interval())
  }
}
