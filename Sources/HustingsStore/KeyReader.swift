import Foundation
import GRDB
import Hustings

/// Reads answer keys. The SELECT statements of tables `items` and `rosters`.
///
/// Names, places and subsets that many items share are made once and shared by the keys.
final class KeyReader {
  private let benchmark: Int64
  private let db: Database
  private let roster: Prepared
  private var rosters: [Int64: [String]] = [:]
  private var places: [UInt64: [Int]] = [:]
  private var subsets = TextPool()
  private var clusters = TextPool()

  init(_ db: Database, benchmark: Int64) throws {
    self.benchmark = benchmark
    self.db = db
    roster = try Prepared(db, "SELECT names FROM rosters WHERE id = ?")
  }

  /// The keys of the given items, all of which must be in the file.
  func keys(_ ordinals: Range<Int>) throws -> [AnswerKey] {
    let sheets = try Voice.key(of: benchmark, in: db)
    guard let goldSheet = sheets.gold else {
      guard ordinals.isEmpty else { throw missing("gold sheet") }
      return []
    }
    let raters = try votes(of: sheets.raters, ordinals)
    let golds = try GoldReader(db, sheet: goldSheet, ordinals: ordinals)
    let items = try Prepared(
      db,
      """
      SELECT ordinal, item, subset, cluster, roster_id, places, gold_of FROM items
      WHERE benchmark_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal
      """)
    items.bind(benchmark, at: 1)
    items.bind(ordinals.lowerBound, at: 2)
    items.bind(ordinals.upperBound, at: 3)
    var keys: [AnswerKey] = []
    keys.reserveCapacity(ordinals.count)
    for ordinal in ordinals {
      guard try items.step(), items.integer(0) == ordinal,
        let gold = try golds.gold(of: ordinal, orOf: items.isNull(6) ? nil : items.integer(6))
      else { throw missing("item \(ordinal)") }
      let names = try names(items.identifier(4))
      let candidates = try places(items.bytes(5), ordinal)
      guard names.count == candidates.count else {
        throw Unreadable(
          table: "items", detail: "item \(ordinal) has \(names.count) names, \(candidates.count) places")
      }
      keys.append(
        AnswerKey(
          item: items.text(1), subset: subsets.text(items.bytes(2)), cluster: clusters.text(items.bytes(3)),
          names: names, candidates: candidates, gold: gold, raters: raters[ordinal] ?? [:]))
    }
    return keys
  }

  private func missing(_ what: String) -> Unreadable {
    Unreadable(table: "items", detail: "the \(what) of benchmark \(benchmark) is missing")
  }

  private func votes(
    of raters: [(name: String, sheet: Int64)], _ ordinals: Range<Int>
  ) throws -> [Int: [String: Tournament]] {
    var votes: [Int: [String: Tournament]] = [:]
    for (name, sheet) in raters {
      let reader = try TournamentReader(db, sheet: sheet, ordinals: ordinals)
      while let (ordinal, tournament) = try reader.next() {
        votes[ordinal, default: [:]][name] = tournament
      }
    }
    return votes
  }

  private func names(_ id: Int64) throws -> [String] {
    if let names = rosters[id] { return names }
    roster.bind(id, at: 1)
    defer { roster.finish() }
    guard try roster.step() else {
      throw Unreadable(table: "rosters", detail: "there are no candidates \(id)")
    }
    let names = try StoredJSON.decode([String].self, from: roster.text(0), table: "rosters")
    rosters[id] = names
    return names
  }

  private func places(_ bytes: UnsafeBufferPointer<UInt8>, _ ordinal: Int) throws -> [Int] {
    let packed = bytes.count <= 8 ? bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : nil
    if let packed, let known = places[packed] { return known }
    guard let read = Places.read(bytes) else {
      throw Unreadable(
        table: "items", detail: "item \(ordinal) has places '\(String(decoding: bytes, as: UTF8.self))'")
    }
    if let packed { places[packed] = read }
    return read
  }
}

/// Reads the gold of items in order, some of which have the gold of an earlier one.
private final class GoldReader {
  private let db: Database
  private let sheet: Int64
  private let own: TournamentReader
  private var shared: [Int: Tournament] = [:]

  init(_ db: Database, sheet: Int64, ordinals: Range<Int>) throws {
    self.db = db
    self.sheet = sheet
    own = try TournamentReader(db, sheet: sheet, ordinals: ordinals)
  }

  /// The item's own gold, or that of the item it refers to; nil when it is not there.
  func gold(of ordinal: Int, orOf earlier: Int?) throws -> Tournament? {
    guard let earlier else {
      guard let answer = try own.next(), answer.ordinal == ordinal else { return nil }
      return answer.tournament
    }
    if let known = shared[earlier] { return known }
    guard earlier >= 0, earlier < ordinal else { return nil }
    let found = try TournamentReader(db, sheet: sheet, ordinals: earlier..<earlier + 1).next()?.tournament
    shared[earlier] = found
    return found
  }
}

/// Makes texts that come again and again once.
struct TextPool {
  private var last = ""
  private var known: [String: String] = [:]

  /// The text with these UTF-8 bytes.
  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // Up to 15 bytes a string is stored in place, and making one costs nothing.
    if bytes.count <= 15 { return String(decoding: bytes, as: UTF8.self) }
    if TextPool.has(last, bytes) { return last }
    let made = String(decoding: bytes, as: UTF8.self)
    // Two texts may be equal to Swift and differ in their bytes, which the store keeps.
    if let shared = known[made], TextPool.has(shared, bytes) {
      last = shared
    } else {
      if known.count < 4096 { known[made] = made }
      last = made
    }
    return last
  }

  private static func has(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.utf8.count == bytes.count, let start = bytes.baseAddress else { return false }
    return text.utf8.withContiguousStorageIfAvailable {
      memcmp($0.baseAddress ?? start, start, $0.count) == 0
    }
      ?? text.utf8.elementsEqual(bytes)
  }
}
