/// A table of comma-separated values with a header (RFC 4180), read whole and checked at once.
///
/// Quoted fields may hold separators, line ends and doubled quotation marks; lines end with LF or CRLF; blank lines at
/// the end are tolerated; every row has as many fields as the header, and no two columns share a name.
///
/// ```swift
/// let table = try CSVTable.read("scores.csv")
/// for row in table.rows { total += try row.double("score") }
/// ```
public struct CSVTable: Sendable {
  /// The file, for messages.
  public var file: String { scan.file }
  /// The names of the columns, in order.
  public var columns: [String] { scan.header }
  let scan: CSVScan

  /// Reads a file, gzip or plain. `separator` is one ASCII character other than a quotation mark or a line end.
  public static func read(_ path: String, separator: Unicode.Scalar = ",") throws -> CSVTable {
    try CSVTable(FileBytes(text: path), separator: separator)
  }

  /// Reads a text in memory; `name` stands for the file in messages.
  public static func parse(
    _ text: String, name: String, separator: Unicode.Scalar = ","
  ) throws -> CSVTable {
    try CSVTable(FileBytes(text: Array(text.utf8), file: name), separator: separator)
  }

  init(_ text: FileBytes, separator: Unicode.Scalar) throws {
    precondition(separator.isASCII && separator != "\"", "'\(separator)' cannot separate fields")
    scan = try CSVScan(text, separator: UInt8(ascii: separator))
    var seen: Set<String> = []
    for name in columns where !seen.insert(name).inserted {
      throw DataError.csv(at: Place(file: text.file, line: 1), fault: .duplicateColumn(name))
    }
  }

  /// The number of rows, without the header.
  public var rowCount: Int { scan.rowCount }

  /// The rows in order.
  public var rows: CSVRows { CSVRows(table: self) }

  /// Whether there is a column of this name.
  public func has(_ column: String) -> Bool { scan.header.contains(column) }

  /// The position of a column; throws when the header lacks it.
  public func index(of column: String) throws -> Int {
    // Tables have few columns, and comparing short names is quicker than hashing them.
    if let index = scan.header.firstIndex(of: column) { return index }
    let nearest = nearestName(to: column, among: columns)
    throw DataError.csv(at: Place(file: file, line: 1), fault: .missingColumn(column, nearest: nearest))
  }

  /// All fields of a column as they are.
  public func strings(_ column: String) throws -> [String] {
    let index = try index(of: column)
    return (0..<rowCount).map { scan.string(row: $0, column: index) }
  }

  /// All fields of a column as finite numbers; throws at the first that is none.
  public func doubles(_ column: String) throws -> [Double] {
    let index = try index(of: column)
    return try (0..<rowCount).map { try double(row: $0, column: index) }
  }

  /// All fields of a column as finite numbers, empty ones as nil.
  public func optionalDoubles(_ column: String) throws -> [Double?] {
    let index = try index(of: column)
    return try (0..<rowCount).map {
      scan.isEmpty(row: $0, column: index) ? nil : try double(row: $0, column: index)
    }
  }

  /// All fields of a column as whole numbers; throws at the first that is none.
  public func integers(_ column: String) throws -> [Int] {
    let index = try index(of: column)
    return try (0..<rowCount).map { try integer(row: $0, column: index) }
  }

  func fault(row: Int, _ fault: CSVFault) -> DataError {
    .csv(at: Place(file: file, line: scan.line(of: row)), fault: fault)
  }

  func double(row: Int, column: Int) throws -> Double {
    if let value = scan.double(row: row, column: column), value.isFinite { return value }
    let name = columns[column]
    let text = scan.string(row: row, column: column)
    if text.isEmpty { throw fault(row: row, .emptyField(column: name)) }
    let isWord = Double(text).map { !$0.isFinite } ?? false
    throw fault(
      row: row, isWord ? .notFinite(column: name, text: text) : .notANumber(column: name, text: text))
  }

  func integer(row: Int, column: Int) throws -> Int {
    let text = scan.string(row: row, column: column)
    if let value = Int(text) { return value }
    // Tables written by pandas spell a whole column with one gap as 1.0, 2.0, …
    if let value = scan.double(row: row, column: column), let whole = JSONValue.double(value).wholeNumber {
      return whole
    }
    let name = columns[column]
    throw fault(row: row, text.isEmpty ? .emptyField(column: name) : .notAnInteger(column: name, text: text))
  }
}

/// The rows of a table, in order.
public struct CSVRows: RandomAccessCollection, Sendable {
  let table: CSVTable
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of rows.
  public var endIndex: Int { table.rowCount }
  /// The row at `position`, from 0.
  public subscript(position: Int) -> CSVRow {
    precondition(indices.contains(position), "row \(position) of \(endIndex)")
    return CSVRow(table: table, index: position)
  }
}
