import Foundation
import GRDB
public import Hustings

/// A benchmark whose items are all in the store.
public struct BenchmarkRecord: Sendable, Hashable {
  /// The digest of its items, templates and metric version.
  public let identity: Digest
  /// Who it is.
  public let card: BenchmarkCard
  /// How many items it has.
  public let itemCount: Int
}

/// A benchmark whose items are being written to a store, in batches.
public struct Registration: Sendable {
  /// The digest of its items, templates and metric version.
  public let identity: Digest
  /// Its name, for messages.
  public let name: String
  /// How many items it has, when all of them are in the store already; nil when they have to be appended.
  public let itemCount: Int?
  let id: Int64
}

extension Store {
  /// Begins to write a benchmark, or finds it written.
  ///
  /// Unless `itemCount` says that every item is there, append all keys from ordinal 0 on and then complete it. Keys that an
  /// interrupted process or another one has written stay as they are.
  public func beginBenchmark(_ identity: Digest, card: BenchmarkCard) throws -> Registration {
    let text = try CardText.encode(card)
    return try write { db in
      let id = try BenchmarkTable.insert(identity, card: card, text: text, in: db)
      return Registration(
        identity: identity, name: card.name, itemCount: try BenchmarkTable.itemCount(of: id, in: db), id: id)
    }
  }

  /// Writes the next answer keys; all of them or none.
  ///
  /// - Parameter ordinal: the place of the first of these keys among the benchmark's items.
  public func append(
    _ keys: some Sequence<AnswerKey>, from ordinal: Int, to registration: Registration
  ) throws {
    guard registration.itemCount == nil else { return }
    try write { db in
      let writer = try KeyWriter(db, benchmark: registration.id, name: registration.name)
      var ordinal = ordinal
      for key in keys {
        try writer.write(key, at: ordinal)
        ordinal += 1
      }
    }
  }

  /// Marks a benchmark as completely written.
  @discardableResult
  public func complete(_ registration: Registration, itemCount: Int) throws -> Registration {
    try write { db in
      let stored = try BenchmarkTable.storedItems(of: registration.id, in: db)
      guard stored == itemCount else {
        throw StoreError.wrongItemCount(benchmark: registration.name, stored: stored, expected: itemCount)
      }
      try BenchmarkTable.complete(registration.id, itemCount: itemCount, in: db)
    }
    return Registration(
      identity: registration.identity, name: registration.name, itemCount: itemCount, id: registration.id)
  }

  /// Writes a whole benchmark at once; nothing when it is in the store already.
  public func register(
    _ identity: Digest, card: BenchmarkCard, keys: some Collection<AnswerKey>
  ) throws {
    let registration = try beginBenchmark(identity, card: card)
    guard registration.itemCount == nil else { return }
    try append(keys, from: 0, to: registration)
    try complete(registration, itemCount: keys.count)
  }

  /// Every completely written benchmark, by name, version and identity.
  public func benchmarks() throws -> [BenchmarkRecord] {
    try read { try BenchmarkTable.all(in: $0) }
  }

  /// The benchmark of the given identity.
  public func benchmark(_ identity: Digest) throws -> BenchmarkRecord {
    guard let found = try benchmarks().first(where: { $0.identity == identity }) else {
      throw StoreError.unknownBenchmark(identity)
    }
    return found
  }

  /// The answer keys of a benchmark, by ordinal.
  public func keys(of benchmark: Digest) throws -> [AnswerKey] {
    try read { db in
      let (id, itemCount) = try BenchmarkTable.find(benchmark, in: db)
      return try KeyReader(db, benchmark: id).keys(0..<itemCount)
    }
  }
}

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
      SELECT id, item_count FROM benchmarks JOIN complete_benchmarks ON benchmark_id = id WHERE identity = ?
      """)
    select.bind(identity.hex, at: 1)
    guard try select.step() else { throw StoreError.unknownBenchmark(identity) }
    return (select.identifier(0), select.integer(1))
  }

  static func all(in db: Database) throws -> [BenchmarkRecord] {
    let select = try Prepared(
      db,
      """
      SELECT identity, card, item_count FROM benchmarks JOIN complete_benchmarks ON benchmark_id = id
      ORDER BY name, version, identity
      """)
    var records: [BenchmarkRecord] = []
    while try select.step() {
      records.append(
        BenchmarkRecord(
          identity: try Digest(stored: select.text(0), table: "benchmarks"),
          card: try CardText.decode(select.text(1)), itemCount: select.integer(2)))
    }
    return records
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
