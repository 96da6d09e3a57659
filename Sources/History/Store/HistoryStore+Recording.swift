import Foundation
import GRDB
import Records
import Text

extension HistoryStore {
  /// Adds a run, whole or not at all, and gives its number.
  @discardableResult
  public func record(_ run: StoredRun) throws(HistoryError) -> Int64 {
    try write { db in
      let machine = try Self.machine(run.machine, db)
      try db.execute(
        sql: """
          INSERT INTO run (experiment, manifest_version, manifest, primary_metric, margin, machine_id, commit_hash,
            dirty, branch, started_at, elapsed_seconds, folder, warnings, night_id, roll)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run.experiment, run.manifestVersion, run.manifest, run.primaryMetric, run.margin, machine,
          run.machine.commit, run.machine.dirty, run.machine.branch, Timestamp.text(run.startedAt),
          run.elapsedSeconds, run.folder, StoredJSON.encode(run.warnings), run.night, run.roll,
        ])
      let id = db.lastInsertedRowID
      for trial in run.trials { try Self.insert(trial, run: id, db) }
      for timing in run.timings { try Self.insert(timing, run: id, db) }
      return id
    }
  }

  /// The row of this machine, made where it is new.
  private static func machine(_ facts: MachineFacts, _ db: Database) throws -> Int64 {
    if let id = try Int64.fetchOne(db, sql: "SELECT id FROM machine WHERE key = ?", arguments: [facts.key]) {
      return id
    }
    // What changes from run to run stands in the run.
    var lasting = facts
    (lasting.commit, lasting.dirty, lasting.branch, lasting.load) = (nil, nil, nil, nil)
    try db.execute(
      sql: "INSERT INTO machine (key, facts) VALUES (?, ?)", arguments: [facts.key, StoredJSON.encode(lasting)])
    return db.lastInsertedRowID
  }

  private static func insert(_ trial: StoredTrial, run: Int64, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO trial (run_id, name, task, corpus, protocol, source, target, model, kind, seed, fold, repetition,
          split_hash, train_rows, test_rows, epochs, failure)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(
      arguments: [
        run, trial.name, trial.task, trial.corpus, trial.protocolName, trial.source, trial.target, trial.model,
        trial.kind, "\(trial.seed)", trial.fold, trial.repetition, trial.splitHash, trial.trainRows, trial.testRows,
        trial.epochs, trial.failure,
      ])
    let id = db.lastInsertedRowID
    let score = try db.cachedStatement(sql: "INSERT INTO score (trial_id, metric, value) VALUES (?, ?, ?)")
    for (metric, value) in trial.scores.sorted(by: { $0.key < $1.key }) where value.isFinite {
      try score.execute(arguments: [id, metric, value])
    }
  }

  private static func insert(_ timing: StoredTiming, run: Int64, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO timing (run_id, task, corpus, model, kind, work, threads, batch, text_order, tokens, samples,
          peak_bytes, costs, calibrations)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(
      arguments: [
        run, timing.task, timing.corpus, timing.model, timing.kind, timing.work, timing.threads, timing.batch,
        timing.order, timing.tokens, StoredJSON.encode(timing.samples), timing.peakBytes,
        StoredJSON.encode(timing.costs), StoredJSON.encode(timing.calibrations),
      ])
  }
}

/// Points in time as ISO 8601 in UTC, to the second; the same in every locale and time zone.
enum Timestamp {
  static func text(_ date: Date) -> String { date.formatted(style) }

  static func date(_ text: String) -> Date? { try? Date(text, strategy: style) }

  private static var style: Date.ISO8601FormatStyle { Date.ISO8601FormatStyle(timeZone: .gmt) }
}
