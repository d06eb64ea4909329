/// Where the fields of a table lie in its text. Fields are made into strings and numbers only when asked for.
///
/// A class, because every row holds its table: one reference to count instead of one per array.
final class CSVScan: Sendable {
  /// The bounds of one field in the text, quotation marks excluded.
  struct Field: Sendable {
    var start: Int
    var count: Int32
    var spelling: Spelling
  }

  /// How a field is written.
  enum Spelling: Sendable {
    case plain
    /// In quotation marks, with none inside.
    case quoted
    /// In quotation marks, with doubled ones inside.
    case doubled
  }

  /// The file, for messages.
  let file: String
  let bytes: [UInt8]
  let header: [String]
  /// How many rows there are, without the header.
  var rowCount: Int { lines.count - 1 }
  /// The line on which each row begins, counted from 1; the header's first.
  private let lines: [Int32]
  /// The fields of the header and of all rows, row by row.
  private let fields: [Field]

  init(_ text: FileBytes, separator: UInt8) throws {
    var scanner = CSVScanner(file: text.file, separator: separator)
    try text.bytes.withUnsafeBufferPointer { try scanner.scan($0) }
    file = text.file
    bytes = text.bytes
    let columnCount = scanner.columnCount
    header = scanner.fields[..<columnCount].map { Self.string(of: $0, in: text.bytes) }
    fields = scanner.fields
    lines = scanner.rowLines
  }

  @inline(__always)
  private func field(_ row: Int, _ column: Int) -> Field {
    precondition(column < header.count, "column \(column) of \(header.count)")
    return fields[(row + 1) * header.count + column]
  }

  /// The line on which a row begins, counted from 1.
  func line(of row: Int) -> Int { Int(lines[row + 1]) }

  func isEmpty(row: Int, column: Int) -> Bool { field(row, column).count == 0 }

  func string(row: Int, column: Int) -> String { Self.string(of: field(row, column), in: bytes) }

  /// The field as a double, infinite if it is too large; nil when it is not spelled as a number.
  func double(row: Int, column: Int) -> Double? {
    let field = field(row, column)
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, field.count > 0 else { return nil }
      let end = field.start + Int(field.count)
      var at = field.start
      let isNegative = base[at] == UInt8(ascii: "-")
      if isNegative || base[at] == UInt8(ascii: "+") { at += 1 }
      let start = at
      guard at < end, let parts = DecimalParts(base, &at, end, leadingZeros: true), at == end else {
        return nil
      }
      let value = parts.double(base, start: start, stop: end)
      return isNegative ? -value : value
    }
  }

  private static func string(of field: Field, in bytes: [UInt8]) -> String {
    bytes.withUnsafeBufferPointer { buffer in
      let slice = UnsafeBufferPointer(rebasing: buffer[field.start..<field.start + Int(field.count)])
      guard field.spelling == .doubled else { return String(decoding: slice, as: UTF8.self) }
      return String(unsafeUninitializedCapacity: slice.count) { output in
        var count = 0
        var index = 0
        while index < slice.count {
          output[count] = slice[index]
          count += 1
          index += slice[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return count
      }
    }
  }
}

/// Finds the bounds of all fields in one pass.
struct CSVScanner {
  let file: String
  let separator: UInt8
  private(set) var fields: [CSVScan.Field] = []
  /// The line on which each row begins, the header included.
  private(set) var rowLines: [Int32] = []
  private(set) var columnCount = 0
  private var line: Int32 = 1

  init(file: String, separator: UInt8) {
    self.file = file
    self.separator = separator
  }

  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0x0a || bytes[end - 1] == 0x0d { end -= 1 }
    guard end > 0, let base = bytes.baseAddress else { throw DataError.empty(file: file) }
    var at = 0
    while at < end {
      rowLines.append(line)
      let first = fields.count
      try scanRow(base, &at, end)
      let count = fields.count - first
      if columnCount == 0 {
        columnCount = count
        // A guess at the rows from the first: enough for most files, harmless for the others.
        fields.reserveCapacity(count * (end / max(at, 16) + 16))
      } else if count != columnCount {
        let place = Place(file: file, line: rowLines.last.map(Int.init))
        throw DataError.csv(at: place, fault: .ragged(found: count, expected: columnCount))
      }
    }
  }

  /// Reads one row and its line end.
  @inline(__always)
  private mutating func scanRow(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) throws {
    while true {
      if at < end, base[at] == UInt8(ascii: "\"") {
        try scanQuoted(base, &at, end)
      } else {
        try scanPlain(base, &at, end)
      }
      if at < end, base[at] == separator {
        at += 1
        continue
      }
      if at < end, base[at] == 0x0d { at += 1 }
      if at < end { at += 1 }
      line += 1
      return
    }
  }

  @inline(__always)
  private mutating func scanPlain(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) throws {
    let start = at
    while at < end {
      let byte = base[at]
      if byte == separator || byte == 0x0a || isLineEnd(base, at, end) { break }
      if byte == UInt8(ascii: "\"") { throw fault(.strayQuote) }
      at += 1
    }
    try append(start, at, .plain)
  }

  private mutating func scanQuoted(_ base: UnsafePointer<UInt8>, _ at: inout Int, _ end: Int) throws {
    let opening = line
    at += 1
    let start = at
    var spelling = CSVScan.Spelling.quoted
    while true {
      guard at < end else {
        throw DataError.csv(at: Place(file: file, line: Int(opening)), fault: .unterminatedQuote)
      }
      let byte = base[at]
      if byte == 0x0a { line += 1 }
      if byte == UInt8(ascii: "\"") {
        guard at + 1 < end, base[at + 1] == UInt8(ascii: "\"") else { break }
        spelling = .doubled
        at += 1
      }
      at += 1
    }
    try append(start, at, spelling)
    at += 1
    guard at == end || base[at] == separator || base[at] == 0x0a || isLineEnd(base, at, end) else {
      throw fault(.strayQuote)
    }
  }

  /// A carriage return ends a line only before a line feed, or at the end of the text.
  @inline(__always)
  private func isLineEnd(_ base: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Bool {
    base[at] == 0x0d && (at + 1 == end || base[at + 1] == 0x0a)
  }

  private mutating func append(_ start: Int, _ stop: Int, _ spelling: CSVScan.Spelling) throws {
    guard let count = Int32(exactly: stop - start) else {
      throw DataError.lines(at: Place(file: file, line: Int(line)), fault: .tooLong(limit: Int(Int32.max)))
    }
    fields.append(CSVScan.Field(start: start, count: count, spelling: spelling))
  }

  private func fault(_ fault: CSVFault) -> DataError {
    .csv(at: Place(file: file, line: Int(line)), fault: fault)
  }
}
