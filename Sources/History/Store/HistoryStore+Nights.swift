import Experiments
import Foundation
import GRDB

extension HistoryStore {
  /// Begins a night; its runs are recorded under the number as they end.
  public func beginNight(isAccepted: Bool) throws(HistoryError) -> Int64 {
    try write { db in
      try db.execute(sql: "INSERT INTO night (accepted) VALUES (?)", arguments: [isAccepted])
      return db.lastInsertedRowID
    }
  }

  /// Ends a night with what it found. A night that never ended is no baseline.
  public func endNight(_ number: Int64, judgements: [Judgement]) throws(HistoryError) {
    try write { db in
      try db.execute(
        sql: "UPDATE night SET judgements = ? WHERE id = ?", arguments: [StoredJSON.encode(judgements), number])
    }
  }

  /// The nights that ended, of runs that compare with `run`; the latest `limit`, oldest first.
  public func nights(like run: StoredRun, limit: Int = 120) throws(HistoryError) -> [Night] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT night.* FROM night JOIN run ON run.night_id = night.id
          JOIN machine ON machine.id = run.machine_id
          WHERE night.judgements IS NOT NULL AND run.experiment = ? AND run.manifest_version = ? AND machine.key = ?
          ORDER BY night.id DESC LIMIT ?
          """, arguments: [run.experiment, run.manifestVersion, run.machine.key, limit])
      return try rows.reversed().map { row in
        let number: Int64 = try row.value("id")
        let runs = try Self.runs(db, where: "run.night_id = ?", arguments: [number])
        let judgements = try StoredJSON.decode([Judgement].self, from: row.value("judgements"))
        return Night(
          number: number, commit: runs.first?.machine.commit, measurements: runs.map { NightMeasurement($0) },
          isAccepted: try row.value("accepted"),
          regressions: Set(judgements.filter { $0.status == .regression }.map(\.series)))
      }
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
