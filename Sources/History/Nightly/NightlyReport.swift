import Foundation
import Reports
import Text

/// What `bench nightly` found, for all its manifests.
public struct NightlyReport: Sendable {
  /// One experiment of the night.
  public struct Part: Sendable {
    public var experiment: String
    public var manifestVersion: String
    public var machine: String
    /// nil where the history could not be written.
    public var night: Int64?
    public var commit: String?
    public var measurements: Int
    /// Of all runs of the night.
    public var warnings: [String]
    /// Why a baseline begins.
    public var notes: [String]
    public var judgements: [Judgement]
    /// Why it could not be measured at all.
    public var failure: String?

    public init(
      experiment: String, manifestVersion: String = "", machine: String = "", night: Int64? = nil,
      commit: String? = nil, measurements: Int = 0, warnings: [String] = [], notes: [String] = [],
      judgements: [Judgement] = [], failure: String? = nil
    ) {
      (self.experiment, self.manifestVersion, self.machine) = (experiment, manifestVersion, machine)
      (self.night, self.commit, self.measurements) = (night, commit, measurements)
      (self.warnings, self.notes, self.judgements, self.failure) = (warnings, notes, judgements, failure)
    }

    public var isFirst: Bool { failure == nil && judgements.allSatisfy { $0.status == .baseline } }

    func count(_ status: Judgement.Status) -> Int { judgements.count { $0.status == status } }

    /// What is otherwise of the series that ended, each change once.
    var changes: [String] {
      var seen: Set<String> = []
      return judgements.flatMap { $0.changes ?? [] }.filter { seen.insert($0).inserted }
    }
  }

  public var parts: [Part]
  public init(parts: [Part]) { self.parts = parts }

  /// The command's end: 3 a regression, 4 something could not be measured or a series has ended, 0 neither.
  public var exitCode: Int32 {
    let all = parts.flatMap(\.judgements)
    if all.contains(where: { $0.status == .regression }) { return 3 }
    let isIncomplete =
      all.contains { $0.status == .unmeasured || $0.status == .ended } || parts.contains { $0.failure != nil }
    return isIncomplete ? 4 : 0
  }

  /// One line for all.
  public var headline: String {
    let all = parts.flatMap(\.judgements)
    func count(_ status: Judgement.Status) -> Int { all.count { $0.status == status } }
    let failed = parts.count { $0.failure != nil }
    var words: [String] = []
    if count(.regression) > 0 { words.append(Self.counted(count(.regression), "regression")) }
    if count(.unmeasured) + failed > 0 { words.append("\(count(.unmeasured) + failed) could not be measured") }
    if count(.ended) > 0 { words.append("\(count(.ended)) series ended") }
    if count(.improvement) > 0 { words.append(Self.counted(count(.improvement), "improvement")) }
    // What is compared for the first time is no part of what could have told.
    let compared = parts.filter { !$0.isFirst }.flatMap(\.judgements)
      .filter { [.steady, .improvement, .baseline].contains($0.status) }
    let mute = compared.count { !$0.isTelling }
    if exitCode == 0, !compared.isEmpty, 2 * mute <= compared.count { words.insert("nothing worse", at: 0) }
    if mute > 0 { words.append("\(mute) of \(compared.count) series could not have shown a change that matters") }
    if parts.contains(where: \.isFirst) { words.append("baseline created") }
    return words.joined(separator: ", ")
  }

  static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// JSON: the parts with every judgement.
  public func json() throws -> String {
    struct Content: Encodable {
      struct Item: Encodable {
        var experiment, manifestVersion, machine: String
        var night: Int64?
        var commit: String?
        var measurements: Int
        var warnings: [String]
        var notes: [String]
        var judgements: [Judgement]
        var failure: String?
      }
      var exitCode: Int32
      var headline: String
      var experiments: [Item]
    }
    let items = parts.map { part in
      Content.Item(
        experiment: part.experiment, manifestVersion: part.manifestVersion, machine: part.machine, night: part.night,
        commit: part.commit, measurements: part.measurements, warnings: part.warnings, notes: part.notes,
        judgements: part.judgements, failure: part.failure)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let content = Content(exitCode: exitCode, headline: headline, experiments: items)
    return String(decoding: try encoder.encode(content), as: UTF8.self) + "\n"
  }
}

extension Judgement {
  /// `−2.31 points`, `+31.0 %`; worse is negative for scores and positive for times.
  func text(_ worsening: Double?) -> String {
    guard let worsening else { return "" }
    return isTime
      ? NumberFormat.signed((exp(worsening) - 1) * 100, 1) + " %" : NumberFormat.signed(-worsening, 2) + " points"
  }

  /// `worse by 31.0 % (95 % interval +27.0 to +35.2 %)`-like: the change with its interval.
  var change: String {
    guard let worsening, let low, let high else { return "" }
    guard low != high else { return text(worsening) }
    // In the direction of the figure: a score's lower end is its greatest worsening.
    let ends = isTime ? (low, high) : (high, low)
    return "\(text(worsening)) (\(text(ends.0)) to \(text(ends.1)))"
  }

  /// `since night 12, commit 89abcdef (night before: 01234567)`.
  var since: String {
    guard let sinceNight else { return "" }
    var text = "night \(sinceNight)"
    if let sinceCommit { text += ", commit \(sinceCommit.prefix(8))" }
    if let lastGoodCommit { text += " (before: \(lastGoodCommit.prefix(8)))" }
    return text
  }

  /// `since night 3: models.lstm.hidden: 64 → 8`
  var end: String {
    let shown = (changes ?? []).prefix(3)
    let more = (changes ?? []).count - shown.count
    return (lastNight.map { "since night \($0): " } ?? "") + shown.joined(separator: "; ")
      + (more > 0 ? "; \(more) more" : "")
  }
}
