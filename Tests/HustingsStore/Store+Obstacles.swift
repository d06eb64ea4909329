import Foundation
import GRDB

@testable import HustingsStore

/// What the outside world does to a store, made to order.
extension Store {
  /// Runs statements past the store's own.
  func execute(_ sql: String) throws {
    try write { try $0.execute(sql: sql) }
  }

  /// The first column of a query's rows.
  func strings(_ sql: String) throws -> [String] {
    try read { try String.fetchAll($0, sql: sql) }
  }

  /// Makes SQLite refuse an absence whose reason is long, for this connection only.
  func refuseReasons(longerThan length: Int) throws {
    try queue.writeWithoutTransaction { db in
      try db.execute(
        sql: """
          CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.absences WHEN length(new.reason) > \(length)
          BEGIN SELECT RAISE(ABORT, 'too long'); END
          """)
    }
  }

  /// Lets the file grow by a few pages only, as a disk does that is nearly full.
  func fillDisk(leaving pages: Int) throws {
    try queue.writeWithoutTransaction { db in
      let used = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(used + pages)")
    }
  }

  /// Runs `body` while this connection is in the middle of a write.
  func holding(_ body: () throws -> Void) throws {
    try queue.write { _ in try body() }
  }
}

/// Another program.
enum Foreign {
  static func makeDatabase(at url: URL) throws {
    let queue = try DatabaseQueue(path: url.path)
    try queue.write { try $0.execute(sql: "CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1") }
    try queue.close()
  }
}
