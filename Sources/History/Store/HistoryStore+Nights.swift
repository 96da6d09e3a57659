import Foundation
import GRDB
import Manifests
import Records
import Text

extension HistoryStore {
  /// Begins a night; its runs are recorded under the number as they end.
  public func beginNight(isAccepted: Bool) throws(HistoryError) -> Int64 {
    try write { db in
      try db.execute(sql: "INSERT INTO night (accepted) VALUES (?)", arguments: [isAccepted])
      return db.lastInsertedRowID
    }
  }

  /// Ends a night with what it found. A night that never ended is no baseline.
  /// `series` is the manifest's.
  public func endNight(_ number: Int64, judgements: [Judgement], series: Int = 1) throws(HistoryError) {
    try write { db in
      try db.execute(
        sql: "UPDATE night SET judgements = ?, series = ?, settled = ? WHERE id = ?",
        arguments: [StoredJSON.encode(judgements), series, !judgements.contains { $0.status == .ended }, number])
    }
  }

  /// The nights that ended, of the same experiment, series and machine as `run`, as tonight's manifest sees them: the
  /// latest `limit` and, where series have ended since, the last before they did; oldest first. Where none of its nights
  /// settled its series, the last of the experiment that it was before somebody gave it another name is among them;
  /// `others` are experiments of the same call, which are none that were renamed.
  public func nights(
    before run: StoredRun, besides others: [String] = [], limit: Int = 120
  ) throws(HistoryError) -> [Night] {
    try read { db in
      let condition = """
        FROM night WHERE judgements IS NOT NULL AND series = ? AND EXISTS (
          SELECT 1 FROM run JOIN machine ON machine.id = run.machine_id
          WHERE run.night_id = night.id AND run.experiment = ? AND machine.key = ?)
        """
      let arguments: StatementArguments = [
        ManifestChange.series(of: run.manifest), run.experiment, run.machine.key,
      ]
      var rows = try Row.fetchAll(
        db, sql: "SELECT * \(condition) ORDER BY id DESC LIMIT \(max(0, limit))", arguments: arguments)
      if try rows.allSatisfy({ try !($0.value("settled") as Bool) }) {
        rows += try Row.fetchAll(
          db, sql: "SELECT * \(condition) AND settled ORDER BY id DESC LIMIT 1", arguments: arguments)
      }
      if try rows.allSatisfy({ try !($0.value("settled") as Bool) }) {
        rows += try Self.lastNight(db, ofFormerNameOf: run, besides: others)
      }
      var view = TonightsView(of: run)
      return try rows.reversed().map { row in
        let number: Int64 = try row.value("id")
        var night = try view.night(number, Self.runs(db, where: "run.night_id = ?", arguments: [number]))
        let judgements = try StoredJSON.decode([Judgement].self, from: row.value("judgements"))
        night.regressions = Set(judgements.filter { $0.status == .regression }.map(\.series))
        (night.isAccepted, night.isSettled) = try (row.value("accepted"), row.value("settled"))
        return night
      }
    }
  }

  /// The last settled night of another experiment whose manifest is the run's in all but its name, on the same machine;
  /// none where there is no such night.
  private static func lastNight(
    _ db: Database, ofFormerNameOf run: StoredRun, besides others: [String]
  ) throws -> [Row] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT max(night.id) AS id, run.experiment FROM night JOIN run ON run.night_id = night.id
        JOIN machine ON machine.id = run.machine_id
        WHERE night.judgements IS NOT NULL AND night.settled AND night.series = ? AND machine.key = ?
        GROUP BY run.experiment ORDER BY id DESC
        """, arguments: [ManifestChange.series(of: run.manifest), run.machine.key])
    for row in rows {
      let (number, experiment): (Int64, String) = try (row.value("id"), row.value("experiment"))
      if experiment == run.experiment || others.contains(experiment) { continue }
      let manifest = try Row.fetchOne(
        db, sql: "SELECT manifest FROM run WHERE night_id = ? ORDER BY id LIMIT 1", arguments: [number])
      guard let before: String = try manifest?.value("manifest"),
        ManifestChange(from: before, to: run.manifest)?.isOfNameAlone == true
      else { continue }
      return try Row.fetchAll(db, sql: "SELECT * FROM night WHERE id = ?", arguments: [number])
    }
    return []
  }

  /// Where there is no earlier night of the same series and machine: why the experiment's latest night does not count.
  public func reasonForBeginning(_ run: StoredRun) throws(HistoryError) -> String? {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT night.id, night.series, machine.key, machine.facts FROM night JOIN run ON run.night_id = night.id
          JOIN machine ON machine.id = run.machine_id WHERE night.judgements IS NOT NULL AND run.experiment = ?
          ORDER BY machine.key = ? DESC, night.id DESC LIMIT 1
          """, arguments: [run.experiment, run.machine.key])
      guard let row else { return nil }
      let night: Int64 = try row.value("id")
      guard try (row.value("key") as String) == run.machine.key else {
        let other = try StoredJSON.decode(MachineFacts.self, from: row.value("facts"))
        let changes = zip(other.keyFields, run.machine.keyFields).filter { $0.value != $1.value }
          .map { "\($0.name): \($0.value) → \($1.value)" }
        return "another machine than night \(night)'s, whose figures do not compare: " + changes.joined(separator: "; ")
      }
      let series: Int = try row.value("series")
      return "begun on purpose: series: \(ManifestChange.series(of: run.manifest)) "
        + "(night \(night) had series: \(series))"
    }
  }

  /// What each night found, by the night's number.
  public func judgements() throws(HistoryError) -> [Int64: [Judgement]] {
    try read { db in
      var found: [Int64: [Judgement]] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT id, judgements FROM night WHERE judgements IS NOT NULL") {
        found[try row.value("id")] = try StoredJSON.decode([Judgement].self, from: row.value("judgements"))
      }
      return found
    }
  }
}
