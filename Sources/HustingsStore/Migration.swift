import GRDB

/// One step of the schema, under a name that never changes. Steps are only ever added to the end of `all`.
struct Migration: Sendable {
  /// What it brings.
  let name: String
  /// The statements that bring it.
  let sql: String

  /// Every step, oldest first. A file's schema number is how many of them it has had.
  static let all: [Migration] = [tournaments, ledgers, sharing]

  /// Marks a file as a Hustings store in SQLite's header: the ASCII letters `HUST`.
  static let applicationID = 0x4855_5354

  /// Applies the steps that a file lacks. To be called inside a transaction, so that of two processes that open a new file
  /// one applies them and the other finds them applied.
  static func apply(_ steps: [Migration], to db: Database) throws {
    let applied = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    guard applied < steps.count else { return }
    for step in steps[applied...] {
      try db.execute(sql: step.sql)
      try db.execute(sql: "INSERT INTO migrations (name) VALUES (?)", arguments: [step.name])
    }
    try guardRows(of: db)
    // A pragma takes no bound parameters; both values are integers of our own.
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(steps.count)")
  }

  /// Makes SQLite itself refuse to change or delete a row, whoever asks.
  private static func guardRows(of db: Database) throws {
    let tables = try String.fetchAll(
      db,
      sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    for table in tables {
      for change in ["UPDATE", "DELETE"] {
        try db.execute(
          sql: """
            CREATE TRIGGER IF NOT EXISTS \(table)_refuses_\(change.lowercased()) BEFORE \(change) ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(appendOnlyMessage)'); END
            """)
      }
    }
  }

  /// What SQLite says when a row is to be changed.
  static let appendOnlyMessage = "a Hustings store is append-only"
}
