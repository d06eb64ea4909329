import GRDB
import Hustings

/// The SQL of tables `benchmarks` and `complete_benchmarks`.
enum BenchmarkTable {
  static func insert(_ identity: Digest, card: BenchmarkCard, text: String, in db: Database) throws -> Int64 {
    let insert = try Prepared(
      db, cached: "INSERT OR IGNORE INTO benchmarks (identity, name, version, card) VALUES (?, ?, ?, ?)")
    insert.bind(identity.hex, at: 1)
    insert.bind(card.name, at: 2)
    insert.bind(card.version, at: 3)
    insert.bind(text, at: 4)
    try insert.run()
    let select = try Prepared(db, "SELECT id FROM benchmarks WHERE identity = ?")
    select.bind(identity.hex, at: 1)
    guard try select.step() else { throw StoreError.unknownBenchmark(identity) }
    return select.identifier(0)
  }

  static func itemCount(of id: Int64, in db: Database) throws -> Int? {
    try Int.fetchOne(
      db, sql: "SELECT item_count FROM complete_benchmarks WHERE benchmark_id = ?", arguments: [id])
  }

  static func storedItems(of id: Int64, in db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM items WHERE benchmark_id = ?", arguments: [id]) ?? 0
  }

  static func complete(_ id: Int64, itemCount: Int, in db: Database) throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO complete_benchmarks (benchmark_id, item_count) VALUES (?, ?)",
      arguments: [id, itemCount])
  }

  /// The row of a completely written benchmark.
  static func find(_ identity: Digest, in db: Database) throws -> (id: Int64, itemCount: Int) {
    let select = try Prepared(
      db,
      """
      SELECT id, item_count, \(lastOrdinal) FROM benchmarks
      JOIN complete_benchmarks ON benchmark_id = id WHERE identity = ?
      """)
    select.bind(identity.hex, at: 1)
    guard try select.step() else { throw StoreError.unknownBenchmark(identity) }
    return (select.identifier(0), try checked(itemCount: select.integer(1), lastOrdinal: select.integer(2)))
  }

  static func all(in db: Database) throws -> [BenchmarkRecord] {
    let select = try Prepared(
      db,
      """
      SELECT identity, card, item_count, \(lastOrdinal) FROM benchmarks
      JOIN complete_benchmarks ON benchmark_id = id ORDER BY name, version, identity
      """)
    var records: [BenchmarkRecord] = []
    while try select.step() {
      records.append(
        BenchmarkRecord(
          identity: try Digest(stored: select.text(0), table: "benchmarks"),
          card: try CardText.decode(select.text(1)),
          itemCount: try checked(itemCount: select.integer(2), lastOrdinal: select.integer(3))))
    }
    return records
  }

  /// The greatest ordinal among the items of the benchmark in the row; -1 without items.
  static let lastOrdinal = """
    (SELECT coalesce(max(ordinal), -1) FROM items WHERE items.benchmark_id = benchmarks.id)
    """

  /// A count of items that the items bear out: arrays are made of that length, so a damaged one must not get through.
  static func checked(itemCount: Int, lastOrdinal: Int) throws -> Int {
    guard itemCount >= 0, lastOrdinal == itemCount - 1 else {
      throw Unreadable(
        table: "complete_benchmarks", detail: "\(itemCount) items are announced, the last is \(lastOrdinal)")
    }
    return itemCount
  }
}

extension Digest {
  /// A digest as the store writes it.
  init(stored text: String, table: String) throws {
    guard let digest = Digest(hex: text) else {
      throw Unreadable(table: table, detail: "'\(text)' is no digest")
    }
    self = digest
  }
}
