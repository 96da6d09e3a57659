import Text

/// What a check found, and what to do about it.
public struct Finding: Sendable, Equatable {
  public enum Level: String, Sendable, Comparable {
    case ok, warning, error

    public static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }
    private var rank: Int { self == .ok ? 0 : self == .warning ? 1 : 2 }
  }

  /// The check's name, in a word or two.
  public var check: String
  public var level: Level
  public var found: String
  /// What to do; nil where nothing is to be done.
  public var advice: String?

  /// What is not `ok` says in its advice what to do.
  public init(_ check: String, _ level: Level, _ found: String, advice: String) {
    (self.check, self.level, self.found, self.advice) = (check, level, found, advice)
  }

  /// Nothing to be done.
  public init(_ check: String, _ found: String) { (self.check, level, self.found) = (check, .ok, found) }

  /// One object on one line.
  public var json: String {
    "{\"check\":\(JSONText.quoted(check)),\"level\":\"\(level.rawValue)\",\"found\":\(JSONText.quoted(found)),"
      + "\"advice\":\(advice.map(JSONText.quoted) ?? "null")}"
  }
}
