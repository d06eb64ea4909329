import GRDB

/// A row that cannot be read, told by code that does not know the file's path.
struct Unreadable: Error {
  let table: String
  let detail: String
}

extension StoreError {
  /// Runs `body` and throws the facts behind SQLite's result codes.
  static func translating<T>(path: String, patience: Double, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as Unreadable {
      throw StoreError.unreadable(path: path, table: error.table, detail: error.detail)
    } catch let error as DatabaseError {
      throw StoreError(error, path: path, patience: patience)
    }
  }

  private init(_ error: DatabaseError, path: String, patience: Double) {
    let message = error.message ?? "no message"
    switch error.resultCode {
    case .SQLITE_NOTADB: self = .notAStore(path: path)
    case .SQLITE_CANTOPEN: self = .unreachable(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
    case .SQLITE_FULL: self = .full(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path, seconds: patience)
    case .SQLITE_CORRUPT: self = .damaged(path: path, detail: message)
    case .SQLITE_CONSTRAINT where message == Migration.appendOnlyMessage: self = .appendOnly(path: path)
    default: self = .failed(path: path, code: Int(error.extendedResultCode.rawValue), message: message)
    }
  }
}
