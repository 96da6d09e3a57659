/// How a report spends the 5 % of reports that may hold a false word.
///
/// Corrected p-values are weighted (Genovese, Roeder and Wasserman 2006): each family's p is multiplied by what it is
/// corrected for and by 5 % over the family's share, so that one bound, .05, holds for all of them.
public struct ErrorBudget: Sendable, Equatable {
  /// Of the whole report.
  public static let report = 0.05

  /// The mean over a task's settings, one test a declared pair.
  public let headlines: Double
  /// The declared pairs in each setting.
  public let settings: Double
  /// All else that has words: the floors, what is lost across domains.
  public let others = 0.01

  /// Where no task has several settings the mean over them is the setting, and has the share of both.
  public init(hasSeveralSettings: Bool) {
    (headlines, settings) = hasSeveralSettings ? (0.025, 0.015) : (0.04, 0)
  }

  /// Of what the declared pairs of one task share the first has half, for it is the question; the others share the rest.
  package static func weights(pairs count: Int) -> [Double] {
    count < 2
      ? [Double](repeating: 1, count: count) : [0.5] + [Double](repeating: 0.5 / Double(count - 1), count: count - 1)
  }

  /// p of a contrast whose part of the 5 % is `level`, to be held against `report`.
  package static func corrected(_ p: Double, level: Double) -> Double { level > 0 ? min(1, p * report / level) : 1 }
}
