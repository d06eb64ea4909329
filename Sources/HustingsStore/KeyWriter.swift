import GRDB
import Hustings

/// Adds answer keys to a benchmark. The INSERT statements of tables `items` and `rosters`.
final class KeyWriter {
  private let benchmark: Int64
  private let name: String
  private let db: Database
  private struct ItemRow {
    let ordinal: Int
    let item: String
    let subset: String
    let cluster: String
    let roster: Int64?
    let places: String
    let goldOf: Int?
  }

  private let item: Prepared
  private let items: RowBuffer<ItemRow>
  /// The last item there is: everything beyond is new.
  private var lastOrdinal: Int
  private let roster: Prepared
  private let rosterID: Prepared
  private let tournaments: TournamentWriter
  private let gold: Int64
  private var raters: [String: Int64] = [:]
  private var rosters: [[String]: Int64] = [:]
  private var lastRoster: (names: [String], id: Int64)?
  private var placesTexts: [[Int]: String] = [:]
  /// The first golds, by the item that has them on the gold sheet: what later items refer to. Few of them, since where golds
  /// differ from item to item nothing is shared.
  private var golds: [(gold: Tournament, ordinal: Int)] = []
  private let sharedGolds = 8

  init(_ db: Database, benchmark: Int64, name: String) throws {
    self.benchmark = benchmark
    self.name = name
    self.db = db
    let columns = "items (benchmark_id, ordinal, item, subset, cluster, roster_id, places, gold_of)"
    item = try Prepared(
      db,
      cached: """
        INSERT INTO \(columns) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (benchmark_id, ordinal) DO NOTHING
        """)
    items = RowBuffer(db, "INSERT INTO \(columns)", columns: 8) { row, statement, index in
      KeyWriter.bind(row, of: benchmark, to: statement, from: index)
    }
    lastOrdinal =
      try Int.fetchOne(
        db, sql: "SELECT max(ordinal) FROM items WHERE benchmark_id = ?", arguments: [benchmark]) ?? -1
    roster = try Prepared(db, cached: "INSERT OR IGNORE INTO rosters (names) VALUES (?)")
    rosterID = try Prepared(db, cached: "SELECT id FROM rosters WHERE names = ?")
    tournaments = try TournamentWriter(db)
    gold = try Voice.gold.sheet(on: benchmark, in: db)
  }

  private static func bind(_ row: ItemRow, of benchmark: Int64, to statement: Prepared, from index: Int32) {
    statement.bind(benchmark, at: index)
    statement.bind(row.ordinal, at: index + 1)
    statement.bind(row.item, at: index + 2)
    statement.bind(row.subset, at: index + 3)
    statement.bind(row.cluster, at: index + 4)
    statement.bind(row.roster, at: index + 5)
    statement.bind(row.places, at: index + 6)
    statement.bind(row.goldOf.map(Int64.init), at: index + 7)
  }

  /// Adds one key; an item that is there already stays as it is.
  func write(_ key: AnswerKey, at ordinal: Int) throws {
    if lastRoster?.names != key.names { lastRoster = (key.names, try id(ofRoster: key.names)) }
    let goldOf = golds.first { $0.gold == key.gold }?.ordinal
    let row = ItemRow(
      ordinal: ordinal, item: key.item, subset: key.subset, cluster: key.cluster, roster: lastRoster?.id,
      places: places(key.candidates), goldOf: goldOf)
    guard try write(row) else { return }
    if goldOf == nil {
      _ = try tournaments.write(key.gold, to: gold, at: ordinal)
      if golds.count < sharedGolds { golds.append((key.gold, ordinal)) }
    }
    for (rater, votes) in key.raters.sorted(by: { $0.key < $1.key }) {
      _ = try tournaments.write(votes, to: try sheet(of: rater), at: ordinal)
    }
  }

  /// Writes an item's own row; false when there is one.
  private func write(_ row: ItemRow) throws -> Bool {
    if row.ordinal > lastOrdinal {
      lastOrdinal = row.ordinal
      try refusingDuplicates { try items.append(row) }
      return true
    }
    try refusingDuplicates(items.flush)
    KeyWriter.bind(row, of: benchmark, to: item, from: 1)
    do {
      return try item.run() > 0
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
      throw StoreError.duplicateItem(benchmark: name, item: row.item)
    }
  }

  private func refusingDuplicates(_ insert: () throws -> Void) throws {
    do {
      try insert()
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
      guard let row = items.refused() else { throw error }
      throw StoreError.duplicateItem(benchmark: name, item: row.item)
    }
  }

  /// Hands the last rows to SQLite. To be called before the transaction ends.
  func finish() throws {
    try refusingDuplicates(items.flush)
    try tournaments.finish()
  }

  private func sheet(of rater: String) throws -> Int64 {
    if let sheet = raters[rater] { return sheet }
    let sheet = try Voice.rater(rater).sheet(on: benchmark, in: db)
    raters[rater] = sheet
    return sheet
  }

  private func places(_ candidates: [Int]) -> String {
    if let text = placesTexts[candidates] { return text }
    let text = Places.text(candidates)
    if candidates.count <= 4 { placesTexts[candidates] = text }
    return text
  }

  private func id(ofRoster names: [String]) throws -> Int64 {
    if let id = rosters[names] { return id }
    let text = try StoredJSON.encode(names)
    roster.bind(text, at: 1)
    try roster.run()
    rosterID.bind(text, at: 1)
    defer { rosterID.finish() }
    guard try rosterID.step() else {
      throw Unreadable(table: "rosters", detail: "the candidates \(text) are missing")
    }
    let id = rosterID.identifier(0)
    rosters[names] = id
    return id
  }
}

/// Response indices as the JSON array of column `places`.
enum Places {
  static func text(_ places: [Int]) -> String {
    "[" + places.map(String.init).joined(separator: ",") + "]"
  }

  /// The indices in `[1,0]`; nil for any other text.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int]? {
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") else {
      return nil
    }
    var places: [Int] = []
    var value: Int?
    for byte in bytes[1..<bytes.count - 1] {
      if byte == UInt8(ascii: ",") {
        guard let place = value else { return nil }
        places.append(place)
        value = nil
      } else {
        guard (48...57).contains(byte), (value ?? 0) < 1 << 32 else { return nil }
        value = (value ?? 0) * 10 + Int(byte - 48)
      }
    }
    guard let value else { return bytes.count == 2 ? [] : nil }
    places.append(value)
    return places
  }
}
