import Foundation
import GRDB
import Records
import Text

/// Which runs to read; nil asks for all.
public struct RunFilter: Sendable, Equatable {
  public var experiment: String?
  public var branch: String?
  /// The first digits of a machine key.
  public var machine: String?
  public var manifestVersion: String?
  /// The latest so many.
  public var limit: Int?

  public init(
    experiment: String? = nil, branch: String? = nil, machine: String? = nil, manifestVersion: String? = nil,
    limit: Int? = nil
  ) {
    (self.experiment, self.branch, self.machine) = (experiment, branch, machine)
    (self.manifestVersion, self.limit) = (manifestVersion, limit)
  }
}

extension HistoryStore {
  /// Runs with all their numbers, oldest first.
  public func runs(_ filter: RunFilter = RunFilter()) throws(HistoryError) -> [StoredRun] {
    try read { db in
      var conditions: [String] = []
      var arguments: [String] = []
      func require(_ column: String, _ value: String?) {
        guard let value else { return }
        conditions.append("\(column) = ?")
        arguments.append(value)
      }
      require("run.experiment", filter.experiment)
      require("run.branch", filter.branch)
      require("run.manifest_version", filter.manifestVersion)
      if let machine = filter.machine {
        conditions.append("substr(machine.key, 1, ?) = ?")
        arguments += ["\(machine.count)", machine]
      }
      return try Self.runs(
        db, where: conditions.isEmpty ? "1" : conditions.joined(separator: " AND "),
        arguments: StatementArguments(arguments), limit: filter.limit)
    }
  }

  public func run(number: Int64) throws(HistoryError) -> StoredRun? {
    try read { try Self.runs($0, where: "run.id = ?", arguments: [number]).first }
  }

  /// When the newest run of all started; nil where there is none.
  public func newestStart() throws(HistoryError) -> Date? {
    try read { db in
      let row = try Row.fetchOne(db, sql: "SELECT max(started_at) AS newest FROM run")
      return try (row?.value("newest") as String?).flatMap(Timestamp.date)
    }
  }

  /// Runs of the commit whose hash begins with `prefix`, oldest first.
  public func runs(commit prefix: String) throws(HistoryError) -> [StoredRun] {
    try read {
      try Self.runs($0, where: "substr(run.commit_hash, 1, ?) = ?", arguments: [prefix.count, prefix])
    }
  }

  static func runs(
    _ db: Database, where condition: String, arguments: StatementArguments, limit: Int? = nil
  ) throws -> [StoredRun] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT run.*, machine.facts FROM run JOIN machine ON machine.id = run.machine_id
        WHERE \(condition) ORDER BY run.id DESC LIMIT \(limit.map { max(0, $0) } ?? -1)
        """, arguments: arguments)
    return try rows.reversed().map { row in
      var run = try run(row)
      run.trials = try trials(db, run: run.id ?? 0)
      run.timings = try timings(db, run: run.id ?? 0)
      return run
    }
  }

  private static func run(_ row: Row) throws -> StoredRun {
    var machine = try StoredJSON.decode(MachineFacts.self, from: row.value("facts"))
    (machine.commit, machine.dirty, machine.branch) = try (
      row.value("commit_hash"), row.value("dirty"), row.value("branch")
    )
    var run = try StoredRun(
      id: row.value("id"), experiment: row.value("experiment"), manifestVersion: row.value("manifest_version"),
      manifest: row.value("manifest"), primaryMetric: row.value("primary_metric"), margin: row.value("margin"),
      machine: machine,
      startedAt: Timestamp.date(row.value("started_at")) ?? .distantPast, elapsedSeconds: row.value("elapsed_seconds"),
      folder: row.value("folder"), warnings: StoredJSON.decode([String].self, from: row.value("warnings")))
    (run.night, run.roll) = try (row.value("night_id"), row.value("roll"))
    return run
  }

  private static func trials(_ db: Database, run: Int64) throws -> [StoredTrial] {
    var scores: [Int64: [String: Double]] = [:]
    let values = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT score.* FROM score JOIN trial ON trial.id = score.trial_id WHERE trial.run_id = ?"),
      arguments: [run])
    for row in values { try scores[row.value("trial_id"), default: [:]][row.value("metric")] = row.value("value") }
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM trial WHERE run_id = ? ORDER BY id"), arguments: [run])
    return try rows.map { row in
      try StoredTrial(
        name: row.value("name"), task: row.value("task"), corpus: row.value("corpus"),
        protocolName: row.value("protocol"),
        source: row.value("source"), target: row.value("target"), model: row.value("model"), kind: row.value("kind"),
        seed: UInt64(row.value("seed") as String) ?? 0, fold: row.value("fold"), repetition: row.value("repetition"),
        splitHash: row.value("split_hash"), trainRows: row.value("train_rows"), testRows: row.value("test_rows"),
        epochs: row.value("epochs"),
        failure: row.value("failure"), scores: scores[row.value("id")] ?? [:])
    }
  }

  private static func timings(_ db: Database, run: Int64) throws -> [StoredTiming] {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM timing WHERE run_id = ? ORDER BY id"), arguments: [run])
    return try rows.map { row in
      try StoredTiming(
        task: row.value("task"), corpus: row.value("corpus"), model: row.value("model"), kind: row.value("kind"),
        work: row.value("work"),
        threads: row.value("threads"), batch: row.value("batch"), order: row.value("text_order"),
        tokens: row.value("tokens"),
        samples: StoredJSON.decode([Double].self, from: row.value("samples")), peakBytes: row.value("peak_bytes"),
        costs: StoredJSON.decode([Double].self, from: row.value("costs")),
        calibrations: StoredJSON.decode([Double].self, from: row.value("calibrations")))
    }
  }
}

extension Row {
  /// A column's value; throws where a damaged or foreign file has another type there, which GRDB's subscript would
  /// trap on.
  func value<T: DatabaseValueConvertible>(_ column: String) throws -> T {
    try decode(T.self, forColumn: column)
  }
}
