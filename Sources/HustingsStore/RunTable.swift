import Foundation
import GRDB
import Hustings

/// The SQL of tables `runs` and `finished_runs`.
enum RunTable {
  private static let query = """
    SELECT runs.id, runs.identity, benchmarks.identity, models.fingerprint, seed, started_at, finished_at,
      CASE WHEN finished_at IS NOT NULL THEN item_count
        ELSE (SELECT count(*) FROM answered WHERE answered.sheet_id = runs.sheet_id) END,
      item_count, sheet_id, \(BenchmarkTable.lastOrdinal)
    FROM runs
    JOIN benchmarks ON benchmarks.id = runs.benchmark_id
    JOIN complete_benchmarks ON complete_benchmarks.benchmark_id = runs.benchmark_id
    JOIN models ON models.id = runs.model_id
    LEFT JOIN finished_runs ON finished_runs.run_id = runs.id
    """

  static func insert(
    _ identity: Digest, benchmark: Int64, model: Int64, seed: UInt64, sheet: Int64, startedAt: Date,
    in db: Database
  ) throws {
    let insert = try Prepared(
      db,
      cached: """
        INSERT INTO runs (identity, benchmark_id, model_id, seed, sheet_id, started_at) VALUES (?, ?, ?, ?, ?, ?)
        """)
    insert.bind(identity.hex, at: 1)
    insert.bind(benchmark, at: 2)
    insert.bind(model, at: 3)
    // SQLite has signed integers only: the same 64 bits.
    insert.bind(Int64(bitPattern: seed), at: 4)
    insert.bind(sheet, at: 5)
    insert.bind(Moment.text(startedAt), at: 6)
    try insert.run()
  }

  static func finish(_ run: Int64, at moment: Date, in db: Database) throws {
    try db.execute(
      sql: "INSERT INTO finished_runs (run_id, finished_at) VALUES (?, ?)",
      arguments: [run, Moment.text(moment)])
  }

  static func find(_ identity: Digest, in db: Database) throws -> Run? {
    let select = try Prepared(db, "\(query) WHERE runs.identity = ?")
    select.bind(identity.hex, at: 1)
    return try select.step() ? try run(select) : nil
  }

  static func all(benchmark: Digest?, model: Digest?, in db: Database) throws -> [Run] {
    let select = try Prepared(
      db,
      """
      \(query) WHERE benchmarks.identity = coalesce(?, benchmarks.identity)
        AND models.fingerprint = coalesce(?, models.fingerprint)
      ORDER BY benchmarks.name, benchmarks.version, benchmarks.identity, models.name, models.fingerprint, seed
      """)
    select.bind(benchmark?.hex, at: 1)
    select.bind(model?.hex, at: 2)
    var runs: [Run] = []
    while try select.step() { runs.append(try run(select)) }
    return runs
  }

  private static func run(_ row: Prepared) throws -> Run {
    Run(
      identity: try Digest(stored: row.text(1), table: "runs"),
      benchmark: try Digest(stored: row.text(2), table: "benchmarks"),
      model: try Digest(stored: row.text(3), table: "models"),
      seed: UInt64(bitPattern: row.identifier(4)),
      startedAt: try Moment.date(row.text(5), table: "runs"),
      finishedAt: try row.optionalText(6).map { try Moment.date($0, table: "finished_runs") },
      scored: row.integer(7),
      itemCount: try BenchmarkTable.checked(itemCount: row.integer(8), lastOrdinal: row.integer(10)),
      rowID: row.identifier(0), sheet: row.identifier(9))
  }
}
