/// One row of a table. Asking for a column that the header lacks throws, as does a field of the wrong kind.
public struct CSVRow: Sendable {
  let table: CSVTable
  /// The position of the row, from 0, the header not counted.
  public let index: Int

  /// The file and the line on which the row begins.
  public var place: Place { Place(file: table.file, line: table.scan.line(of: index)) }

  /// The fields as they are, in the order of the columns.
  public var fields: [String] {
    table.columns.indices.map { table.scan.string(row: index, column: $0) }
  }

  /// The field of `column` as it is; it may be empty.
  public func string(_ column: String) throws -> String {
    table.scan.string(row: index, column: try table.index(of: column))
  }

  /// The field of `column` as it is; nil when it is empty.
  public func optionalString(_ column: String) throws -> String? {
    let text = try string(column)
    return text.isEmpty ? nil : text
  }

  /// The finite number in `column`.
  public func double(_ column: String) throws -> Double {
    try table.double(row: index, column: try table.index(of: column))
  }

  /// The finite number in `column`; nil when the field is empty.
  public func optionalDouble(_ column: String) throws -> Double? {
    let column = try table.index(of: column)
    return table.scan.isEmpty(row: index, column: column) ? nil : try table.double(row: index, column: column)
  }

  /// The whole number in `column`; `3.0` is one.
  public func integer(_ column: String) throws -> Int {
    try table.integer(row: index, column: try table.index(of: column))
  }

  /// The whole number in `column`; nil when the field is empty.
  public func optionalInteger(_ column: String) throws -> Int? {
    let column = try table.index(of: column)
    return table.scan.isEmpty(row: index, column: column)
      ? nil : try table.integer(row: index, column: column)
  }

  /// An error about this row.
  public func fault(_ fault: CSVFault) -> DataError { .csv(at: place, fault: fault) }
}
