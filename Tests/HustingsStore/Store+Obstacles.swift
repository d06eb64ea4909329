import GRDB

@testable import HustingsStore

/// Obstacles that the outside world puts in a store's way, made to order.
extension Store {
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
}
