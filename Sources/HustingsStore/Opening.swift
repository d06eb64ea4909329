import Foundation
import GRDB

/// How a file is opened: what is refused, what is made, and what a disk that cannot be written still allows.
struct Opening {
  let path: String
  let mode: Store.Mode
  let patience: Double
  let migrations: [Migration]

  func open() throws -> DatabaseQueue {
    try StoreError.translating(path: path, patience: patience) {
      try checkFile()
      guard mode == .read else { return try openForWriting() }
      do {
        return try openForReading(at: path)
      } catch let error as DatabaseError where Opening.needsWritableFolder.contains(error.resultCode) {
        return try openImmutable(because: error)
      }
    }
  }

  private func checkFile() throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if isFolder.boolValue { throw StoreError.notAStore(path: path) }
    guard !isThere else { return }
    guard mode == .create else { throw StoreError.missing(path: path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(patience)
    configuration.label = "hustings.store"
    configuration.prepareDatabase { db in
      // In WAL mode NORMAL loses nothing when a process dies and never damages the file; a power cut may take the last
      // batches, which are then scored again.
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      // A page that changes often is copied from the journal into the file once per so many pages, so a journal of 16 MB saves
      // copies over SQLite's 4 MB.
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
    }
    return configuration
  }

  private func openForWriting() throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let applied = try queue.read { try schema(of: $0) }
    if applied < migrations.count {
      try queue.writeWithoutTransaction { db in
        _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        try db.inTransaction(.immediate) {
          // Another process may have been first.
          if try schema(of: db) < migrations.count { try Migration.apply(migrations, to: db) }
          return .commit
        }
      }
    }
    return queue
  }

  /// A connection that could write and is never asked to: the last one to close puts the journal back into the file, so
  /// that reading leaves nothing beside it. SQLite falls back to reading when the file may not be written.
  private func openForReading(at path: String, isReadOnly: Bool = false) throws -> DatabaseQueue {
    var configuration = configuration
    configuration.readonly = isReadOnly
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let applied = try queue.read { try schema(of: $0) }
    guard applied == migrations.count else {
      throw StoreError.older(path: self.path, schema: applied, known: migrations.count)
    }
    return queue
  }

  /// SQLite's answers to a WAL database in a folder where it may not make the journal's index.
  private static let needsWritableFolder: [ResultCode] = [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR]

  /// Reads a file that nothing can change, which the absence of a journal shows to be whole.
  private func openImmutable(because error: DatabaseError) throws -> DatabaseQueue {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard !FileManager.default.isWritableFile(atPath: folder) else { throw error }
    let journal = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
    if let size = journal?[.size] as? NSNumber, size.intValue > 0 {
      throw StoreError.unmergedJournal(path: path)
    }
    var allowed = CharacterSet.urlPathAllowed
    allowed.remove(charactersIn: ";?#%")
    guard let escaped = path.addingPercentEncoding(withAllowedCharacters: allowed) else { throw error }
    return try openForReading(at: "file:\(escaped)?immutable=1", isReadOnly: true)
  }

  /// How many migrations the file has had; 0 for an empty one.
  private func schema(of db: Database) throws -> Int {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    if application == Migration.applicationID {
      guard version <= migrations.count else {
        throw StoreError.newer(path: path, schema: version, known: migrations.count)
      }
      return version
    }
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    guard application == 0, version == 0, tables == 0, mode != .read else {
      throw StoreError.notAStore(path: path)
    }
    return 0
  }
}
