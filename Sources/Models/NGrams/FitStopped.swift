/// A fit was asked to end before it was done.
public struct FitStopped: Error, Sendable, Equatable, CustomStringConvertible {
  package init() {}

  public var description: String { "stopped on request" }

  /// Whether a loop over texts should ask, before its `number`th text, if it is to end: every few milliseconds.
  static func isToAsk(_ number: Int) -> Bool { number % 512 == 0 }
}
