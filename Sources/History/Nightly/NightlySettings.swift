import Foundation

/// What counts as worse, and how seldom a night may cry wolf.
public struct NightlySettings: Sendable, Equatable {
  /// Smallest slowdown that matters, in percent of the time.
  public var slowdown = 10.0
  /// Smallest loss that matters, in points of the primary metric (its own unit where it is no fraction).
  public var loss = 1.0
  /// False alarms a night, all series together: 0.27 % is one in a year.
  public var falseAlarms = 0.0027
  /// An alarm needs at least this share of what matters, however sure it is.
  public var smallestShare = 0.5
  /// A time is measured again where chance alone would make it look so bad in less than this share of nights.
  public var suspicionOfTimes = 0.01
  /// The same of scores: they only move where a commit has changed some bits, so a second look costs little.
  public var suspicionOfScores = 0.2
  /// Nights that the baseline looks back on.
  public var window = 30
  /// Measurements of the first night, and of a night that measures again.
  public var measurements = 3

  public init(loss: Double = 1, slowdown: Double = 10) { (self.loss, self.slowdown) = (loss, slowdown) }

  func suspicion(isTime: Bool) -> Double { isTime ? suspicionOfTimes : suspicionOfScores }

  func threshold(isTime: Bool) -> Double { isTime ? log1p(slowdown / 100) : loss }
}
