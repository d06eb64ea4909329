import GRDB

/// Gathers rows of one table and inserts sixteen at a time, which takes about half the time of one at a time.
final class RowBuffer<Row> {
  private let db: Database
  private let head: String
  private let columns: Int
  private let bind: (Row, Prepared, Int32) -> Void
  private let width = 16
  private var rows: [Row] = []
  private var wide: Prepared?

  /// - Parameters:
  ///   - head: the statement up to `VALUES`.
  ///   - columns: how many columns it names.
  ///   - bind: binds a row's values, its first at the given parameter.
  init(_ db: Database, _ head: String, columns: Int, bind: @escaping (Row, Prepared, Int32) -> Void) {
    self.db = db
    self.head = head
    self.columns = columns
    self.bind = bind
    rows.reserveCapacity(width)
  }

  func append(_ row: Row) throws {
    rows.append(row)
    if rows.count == width { try flush() }
  }

  /// Inserts what is gathered. To be called after the last row.
  func flush() throws {
    guard !rows.isEmpty else { return }
    try insert(rows[...])
    rows.removeAll(keepingCapacity: true)
  }

  /// The first gathered row that the table refuses, when inserting them together has failed.
  func refused() -> Row? { rows.first { row in (try? insert([row])) == nil } }

  private func insert(_ rows: ArraySlice<Row>) throws {
    let statement = try statement(rows: rows.count)
    for (place, row) in rows.enumerated() { bind(row, statement, Int32(place * columns + 1)) }
    try statement.run()
  }

  private func statement(rows count: Int) throws -> Prepared {
    if count == width, let wide { return wide }
    let row = "(" + repeatElement("?", count: columns).joined(separator: ", ") + ")"
    let statement = try Prepared(
      db, cached: head + " VALUES " + repeatElement(row, count: count).joined(separator: ", "))
    if count == width { wide = statement }
    return statement
  }
}
