import Corpora

/// What the audit says of one data set: counts only, never texts.
public struct AuditRecord: Sendable {
  public var corpus: String
  public var domain: String
  /// Label → count of the classes that the domain has, in their order.
  public var classCounts: [(name: String, count: Int)]
  public var rows: Int
  /// Texts that repeat each other within the data set.
  public var repeats: Audit.Repeats
  /// Normalised texts that carry more than one label, and the rows that they stand in.
  public var contradictory: Int
  public var contradictoryRows: Int
  /// Rows of one part among those of another, in the order official parts, divisions, other domains.
  public var overlaps: [Overlap]
  /// What the numbers are like, where a row has one in place of a class.
  public var numbers: NumberSummary?
  /// What the texts are like, and how much personal data a pattern finds in them.
  public var texts = TextProfile()
  /// What should be known of its classes and columns; what concerns all domains of a corpus stands with the first.
  public var warnings: [DataWarning] = []
  /// Lines for the report, in order: what was dropped, malformed, divided how.
  public var notes: [String]

  /// Rows of one part whose text or group stands in another part too.
  public struct Overlap: Sendable, Equatable, Codable {
    /// `official parts`, or the division (`holdout (seed 1)`).
    public var division: String
    /// `train → test`, or `train of finance → test` where the model comes from another domain.
    public var from: String
    public var into: String
    public var shared: Audit.Shared

    public init(division: String, from: String, into: String, shared: Audit.Shared) {
      (self.division, self.from, self.into, self.shared) = (division, from, into, shared)
    }
  }

  public init(
    corpus: String, domain: String, classCounts: [(name: String, count: Int)], rows: Int, repeats: Audit.Repeats,
    contradictory: Int, contradictoryRows: Int, overlaps: [Overlap], notes: [String]
  ) {
    (self.corpus, self.domain, self.classCounts, self.rows) = (corpus, domain, classCounts, rows)
    (self.repeats, self.contradictory, self.contradictoryRows) = (repeats, contradictory, contradictoryRows)
    (self.overlaps, self.notes) = (overlaps, notes)
  }

  /// What needs a look before a score is believed. Each is a finding of at least one row or text; a data set without
  /// any has no alarm.
  public enum Alarm: Sendable, Equatable {
    /// Rows that repeat an earlier one to the letter, after normalising only, nearly only.
    case repeats(exact: Int, normalised: Int, near: Int)
    case contradictions(texts: Int, rows: Int)
    case overlap(Overlap)
    case warning(DataWarning)
  }

  public var alarms: [Alarm] {
    var alarms: [Alarm] = []
    let exact = rows - repeats.distinct
    let normalised = repeats.distinct - repeats.distinctNormalised
    if exact + normalised + repeats.near > 0 {
      alarms.append(.repeats(exact: exact, normalised: normalised, near: repeats.near))
    }
    if contradictory > 0 { alarms.append(.contradictions(texts: contradictory, rows: contradictoryRows)) }
    return alarms + warnings.map(Alarm.warning) + overlaps.filter { !$0.shared.isClean }.map(Alarm.overlap)
  }
}
