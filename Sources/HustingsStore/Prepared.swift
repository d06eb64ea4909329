import Foundation
import GRDB
import GRDBSQLite

/// One prepared statement, bound and stepped through SQLite's own calls.
///
/// GRDB keeps the connection, the transactions and the cache of statements. Values go past it because it ends a text at
/// its first NUL, which responses and replies may hold, and because a run is hundreds of thousands of rows.
final class Prepared {
  private let statement: Statement
  private let handle: OpaquePointer
  private let database: Database

  /// The statement, from the connection's cache: for statements of which one is in use at a time.
  init(_ database: Database, cached sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
    self.database = database
    rewind()
  }

  /// A statement of its own: for queries that are stepped through side by side.
  init(_ database: Database, _ sql: String) throws {
    statement = try database.makeStatement(sql: sql)
    handle = statement.sqliteStatement
    self.database = database
  }

  deinit { rewind() }

  private func rewind() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  // MARK: Values in, parameters counted from 1

  func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

  func bind(_ value: Int, at index: Int32) { sqlite3_bind_int64(handle, index, Int64(value)) }

  func bind(_ value: Double, at index: Int32) { sqlite3_bind_double(handle, index, value) }

  func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

  func bind(_ value: Int64?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  func bind(_ value: Double?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  func bind(_ value: String, at index: Int32) {
    var value = value
    value.withUTF8 { bytes in
      // An empty buffer may have no address, which SQLite would take for NULL.
      let start = UnsafeRawPointer(bytes.baseAddress) ?? UnsafeRawPointer(bitPattern: 1)
      sqlite3_bind_text64(
        handle, index, start?.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), Prepared.copied,
        UInt8(SQLITE_UTF8))
    }
  }

  func bind(_ value: String?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  func bind(_ value: Data, at index: Int32) {
    if value.isEmpty {
      sqlite3_bind_zeroblob(handle, index, 0)
    } else {
      _ = value.withUnsafeBytes { bytes in
        sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), Prepared.copied)
      }
    }
  }

  /// SQLITE_TRANSIENT, a macro with a cast that Swift does not import: SQLite copies the bytes.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  // MARK: Running

  /// Runs a statement that returns no rows, and makes it ready for the next values. Bindings stay.
  ///
  /// - Returns: how many rows an INSERT has added.
  @discardableResult
  func run() throws -> Int {
    while try step() {}
    sqlite3_reset(handle)
    return Int(sqlite3_changes(sqlite3_db_handle(handle)))
  }

  /// Runs a statement with bytes that SQLite reads where they are.
  ///
  /// - Returns: how many rows an INSERT has added.
  @discardableResult
  func run(lending value: Data, at index: Int32) throws -> Int {
    defer { bindNull(at: index) }
    guard !value.isEmpty else {
      bind(value, at: index)
      return try run()
    }
    return try value.withUnsafeBytes { bytes in
      sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
      return try run()
    }
  }

  /// Ends a query before its last row, and makes it ready for the next values.
  func finish() { sqlite3_reset(handle) }

  /// Moves to the next row; false when there is none.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let message = database.lastErrorMessage
      sqlite3_reset(handle)
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }
  }

  // MARK: Values out of the current row, columns counted from 0

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

  func identifier(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }

  /// The UTF-8 bytes of a text, valid until the next step.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let start = sqlite3_column_text(handle, column)
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  func data(_ column: Int32) -> Data {
    let count = Int(sqlite3_column_bytes(handle, column))
    guard count > 0, let start = sqlite3_column_blob(handle, column) else { return Data() }
    return Data(bytes: start, count: count)
  }
}
