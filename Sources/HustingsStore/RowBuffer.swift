import GRDB

/// Gathers rows of one table and inserts sixteen at a time, which takes about half the time of one at a time.
///
/// Every row is a few integers, a number or nothing, and the reason for nothing: the shape of `rewards` and `judgments`.
final class RowBuffer {
  struct Row {
    let sheet: Int64
    let ordinal: Int
    /// The response; or the one presented first.
    let first: Int
    /// The response presented second, where there is one.
    let second: Int
    let value: Double?
    let absence: Int64?
  }

  private static let width = 16
  private let db: Database
  private let head: String
  private let columns: Int
  private var rows: [Row] = []
  private var wide: Prepared?

  /// - Parameters:
  ///   - head: the statement up to `VALUES`.
  ///   - columns: how many columns it names: five without `second`, six with it.
  init(_ db: Database, _ head: String, columns: Int) {
    self.db = db
    self.head = head
    self.columns = columns
    rows.reserveCapacity(RowBuffer.width)
  }

  func append(_ row: Row) throws {
    rows.append(row)
    if rows.count == RowBuffer.width { try flush() }
  }

  /// Inserts what is gathered. To be called after the last row.
  func flush() throws {
    guard !rows.isEmpty else { return }
    let statement = try statement(rows: rows.count)
    var index: Int32 = 0
    func next() -> Int32 {
      index += 1
      return index
    }
    for row in rows {
      statement.bind(row.sheet, at: next())
      statement.bind(row.ordinal, at: next())
      statement.bind(row.first, at: next())
      if columns == 6 { statement.bind(row.second, at: next()) }
      statement.bind(row.value, at: next())
      statement.bind(row.absence, at: next())
    }
    try statement.run()
    rows.removeAll(keepingCapacity: true)
  }

  private func statement(rows count: Int) throws -> Prepared {
    if count == RowBuffer.width, let wide { return wide }
    let row = "(" + repeatElement("?", count: columns).joined(separator: ", ") + ")"
    let statement = try Prepared(
      db, cached: head + " VALUES " + repeatElement(row, count: count).joined(separator: ", "))
    if count == RowBuffer.width { wide = statement }
    return statement
  }
}
