public import Foundation
import GRDB

/// One SQLite file with the answer keys of benchmarks and the tournaments of models.
///
/// Rows are added and never changed. A marker that something is complete is written last, in a transaction of its own, so
/// after a crash at any point what was finished is whole and what was begun goes on where it stopped. Any number of
/// processes may read one store and add to it at the same time: a write holds the file for one short transaction, and
/// others wait for it.
///
/// A method blocks until SQLite is done. Methods may be called from any thread and run one after the other.
public final class Store: Sendable {
  /// What a store is opened for.
  public enum Mode: Sendable, Hashable {
    /// Adding, in a file that is made when it is not there, with its folder.
    case create
    /// Adding, in a file that is there.
    case write
    /// Reading. Nothing is made and nothing is changed; a disk that cannot be written will do.
    case read
  }

  /// Where the file is; `:memory:` when there is none.
  public let path: String
  /// What it was opened for.
  public let mode: Mode
  let queue: DatabaseQueue
  let patience: Double

  /// Opens the store at `url`.
  ///
  /// - Parameters:
  ///   - mode: what for.
  ///   - patience: for how many seconds to wait for another process that holds the file.
  /// - Throws: `StoreError`.
  public convenience init(at url: URL, mode: Mode, patience: Double = 30) throws {
    try self.init(at: url, mode: mode, patience: patience, migrations: Migration.all)
  }

  /// Opens the store as a release that knows only these migrations would.
  init(at url: URL, mode: Mode, patience: Double, migrations: [Migration]) throws {
    path = url.path
    self.mode = mode
    self.patience = patience
    queue = try Opening(path: path, mode: mode, patience: patience, migrations: migrations).open()
  }

  private init(inMemory queue: DatabaseQueue) {
    path = ":memory:"
    mode = .create
    patience = 0
    self.queue = queue
  }

  /// A store that is gone when nothing refers to it any more.
  public static func inMemory() throws -> Store {
    try StoreError.translating(path: ":memory:", patience: 0) {
      let queue = try DatabaseQueue()
      try queue.write { try Migration.apply(Migration.all, to: $0) }
      return Store(inMemory: queue)
    }
  }

  /// Runs queries on one consistent state of the file.
  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try StoreError.translating(path: path, patience: patience) { try queue.read(body) }
  }

  /// Runs a single query, which sees one state of the file without a transaction around it. Transactions make SQLite prepare
  /// every statement anew, which takes longer than finding a row.
  func look<T>(_ body: (Database) throws -> T) throws -> T {
    try StoreError.translating(path: path, patience: patience) { try queue.unsafeRead(body) }
  }

  /// Runs statements that take effect together or not at all.
  func write<T>(_ body: (Database) throws -> T) throws -> T {
    guard mode != .read else { throw StoreError.readOnly(path: path) }
    return try StoreError.translating(path: path, patience: patience) { try queue.write(body) }
  }
}
