import GRDB
import Hustings

/// Adds answer keys to a benchmark. The INSERT statements of tables `items` and `rosters`.
final class KeyWriter {
  private let benchmark: Int64
  private let name: String
  private let db: Database
  private let item: Prepared
  private let roster: Prepared
  private let rosterID: Prepared
  private let tournaments: TournamentWriter
  private let gold: Int64
  private var raters: [String: Int64] = [:]
  private var rosters: [[String]: Int64] = [:]
  private var lastRoster: (names: [String], id: Int64)?
  private var placesTexts: [[Int]: String] = [:]

  init(_ db: Database, benchmark: Int64, name: String) throws {
    self.benchmark = benchmark
    self.name = name
    self.db = db
    item = try Prepared(
      db,
      cached: """
        INSERT INTO items (benchmark_id, ordinal, item, subset, cluster, roster_id, places)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (benchmark_id, ordinal) DO NOTHING
        """)
    roster = try Prepared(db, cached: "INSERT OR IGNORE INTO rosters (names) VALUES (?)")
    rosterID = try Prepared(db, cached: "SELECT id FROM rosters WHERE names = ?")
    tournaments = try TournamentWriter(db)
    gold = try Voice.gold.sheet(on: benchmark, in: db)
    item.bind(benchmark, at: 1)
  }

  /// Adds one key; an item that is there already stays as it is.
  func write(_ key: AnswerKey, at ordinal: Int) throws {
    item.bind(ordinal, at: 2)
    item.bind(key.item, at: 3)
    item.bind(key.subset, at: 4)
    item.bind(key.cluster, at: 5)
    if lastRoster?.names != key.names { lastRoster = (key.names, try id(ofRoster: key.names)) }
    item.bind(lastRoster?.id, at: 6)
    item.bind(places(key.candidates), at: 7)
    let isNew: Bool
    do {
      isNew = try item.run() > 0
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
      throw StoreError.duplicateItem(benchmark: name, item: key.item)
    }
    guard isNew else { return }
    _ = try tournaments.write(key.gold, to: gold, at: ordinal)
    for (rater, votes) in key.raters.sorted(by: { $0.key < $1.key }) {
      _ = try tournaments.write(votes, to: try sheet(of: rater), at: ordinal)
    }
  }

  /// Hands the last rows to SQLite. To be called before the transaction ends.
  func finish() throws { try tournaments.finish() }

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
