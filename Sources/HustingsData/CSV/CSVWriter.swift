/// Writes a table of comma-separated values (RFC 4180) with LF line ends: the same rows always give the same bytes.
public struct CSVWriter: Sendable {
  /// The names of the columns, in order.
  public let columns: [String]
  /// The text so far, as UTF-8.
  public private(set) var bytes: [UInt8] = []

  /// A table with these columns, which are written at once; a name twice is a bug and stops.
  public init(columns: [String]) {
    precondition(!columns.isEmpty && Set(columns).count == columns.count, "columns must differ: \(columns)")
    self.columns = columns
    write(columns)
  }

  /// Adds a row of as many fields as there are columns.
  public mutating func append(_ fields: [String]) {
    precondition(fields.count == columns.count, "\(fields.count) fields, \(columns.count) columns")
    write(fields)
  }

  /// The text so far.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func write(_ fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      // A lone empty field would be a blank line.
      if mustQuote(field) || (field.isEmpty && fields.count == 1) {
        quote(field)
      } else {
        bytes += field.utf8
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private func mustQuote(_ field: String) -> Bool {
    field.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
    }
  }

  private mutating func quote(_ field: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
