import GRDB

/// The tables, and how an older file becomes a newer one. A migration that has been published is never changed.
enum Schema {
  private static let migrations = [
    ("1 runs, trials, scores, timings", runs),
    ("2 nights, costs", nights),
    ("3 series", series),
  ]

  /// Whether the tables are those of this version; throws where they are a later one's, or another program's.
  static func isCurrent(_ db: Database) throws -> Bool {
    // One statement: another process may make the tables between two.
    let names = try Row.fetchAll(db, sql: "SELECT name FROM sqlite_master").map { try $0.value("name") as String? }
    guard names.contains("grdb_migrations") else {
      if !names.isEmpty { throw SchemaError.foreign }
      return false
    }
    let applied = try self.applied(db)
    guard applied.isSubset(of: migrations.map(\.0)) else { throw SchemaError.newer }
    return applied.count == migrations.count
  }

  private static func applied(_ db: Database) throws -> Set<String> {
    let rows = try Row.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations")
    return try Set(rows.map { try $0.value("identifier") as String })
  }

  /// Makes the tables, or brings them up to date, up to a migration (nil: all). In one transaction that nobody else can
  /// write beside: of two processes that begin a history at once, the second waits and finds it made. (GRDB's own
  /// migrator, whose table this is, takes a transaction for each migration.)
  static func migrate(_ queue: DatabaseQueue, upTo last: String? = nil) throws {
    try queue.writeWithoutTransaction { db in
      try db.inTransaction(.immediate) {
        guard try !isCurrent(db) else { return .commit }
        try db.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        let applied = try self.applied(db)
        for (identifier, sql) in migrations {
          if !applied.contains(identifier) {
            try db.execute(sql: sql)
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [identifier])
          }
          if identifier == last { break }
        }
        return .commit
      }
    }
  }

  /// Names as the CSV files have them. Runs are ordered by `id`, never by the clock, which may go backwards.
  private static let runs = """
    CREATE TABLE machine (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      facts TEXT NOT NULL            -- JSON, as in machine.json
    );
    CREATE TABLE run (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      experiment TEXT NOT NULL,
      manifest_version TEXT NOT NULL,
      manifest TEXT NOT NULL,        -- resolved, as in manifest.resolved.yaml
      primary_metric TEXT NOT NULL,
      margin REAL NOT NULL,          -- points
      machine_id INTEGER NOT NULL REFERENCES machine,
      commit_hash TEXT,
      dirty INTEGER,
      branch TEXT,
      started_at TEXT NOT NULL,      -- ISO 8601, UTC
      elapsed_seconds REAL NOT NULL,
      folder TEXT,
      warnings TEXT NOT NULL         -- JSON array
    );
    CREATE INDEX run_by_experiment ON run(experiment, manifest_version, machine_id);
    CREATE TABLE trial (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      name TEXT NOT NULL, task TEXT NOT NULL, corpus TEXT NOT NULL, protocol TEXT NOT NULL,
      source TEXT NOT NULL, target TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL,
      seed TEXT NOT NULL, fold INTEGER, repetition INTEGER NOT NULL, split_hash TEXT NOT NULL,
      train_rows INTEGER NOT NULL, test_rows INTEGER NOT NULL, epochs INTEGER,
      failure TEXT                   -- NULL where the trial ended well
    );
    CREATE INDEX trial_by_run ON trial(run_id);
    CREATE TABLE score (
      trial_id INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE,
      metric TEXT NOT NULL,
      value REAL NOT NULL,           -- fractions; nats for log loss
      PRIMARY KEY (trial_id, metric)
    ) WITHOUT ROWID;
    CREATE TABLE timing (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      task TEXT NOT NULL, corpus TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL, work TEXT NOT NULL,
      threads INTEGER NOT NULL, batch INTEGER NOT NULL, text_order TEXT NOT NULL, tokens REAL NOT NULL,
      samples TEXT NOT NULL,         -- JSON array, milliseconds, in the order measured
      peak_bytes INTEGER NOT NULL
    );
    CREATE INDEX timing_by_run ON timing(run_id);
    """

  /// A night is one call of `bench nightly` on one manifest; its measurements are runs.
  private static let nights = """
    CREATE TABLE night (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      accepted INTEGER NOT NULL,     -- 1 where its figures begin a new baseline
      judgements TEXT                -- JSON array; NULL until the night has ended
    );
    ALTER TABLE run ADD COLUMN night_id INTEGER REFERENCES night;
    ALTER TABLE run ADD COLUMN roll INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE timing ADD COLUMN costs TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE timing ADD COLUMN calibrations TEXT NOT NULL DEFAULT '[]';
    """

  /// What makes a series is read from `run.manifest`; here is what a search needs.
  private static let series = """
    CREATE INDEX run_by_night ON run(night_id);
    ALTER TABLE night ADD COLUMN series INTEGER NOT NULL DEFAULT 1;   -- the manifest's
    ALTER TABLE night ADD COLUMN settled INTEGER NOT NULL DEFAULT 1;  -- 0 where a series ended that night
    """
}

enum SchemaError: Error {
  /// A later version's tables.
  case newer
  case foreign
}
