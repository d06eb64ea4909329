/// A file of JSON lines: one value a line, gzip or plain, read as a stream.
///
/// Only byte 10 separates lines, so U+2028 inside a string is fine; a carriage return before it is tolerated, and so
/// are blank lines at the end. A last line without its end that is no JSON is reported as truncated.
public struct JSONLines: ~Copyable {
  private var reader: LineReader
  private var cursor: JSONCursor

  /// Opens the file `path`.
  public init(_ path: String, nonFinite: NonFiniteRule = .keep) throws {
    reader = try LineReader.open(path)
    cursor = JSONCursor(file: path, nonFinite: nonFinite)
  }

  /// The next record; nil after the last.
  public mutating func next() throws -> JSONNode? {
    guard let value = try next(with: { cursor in try cursor.value() }) else { return nil }
    return JSONNode(value, .line(file: reader.file, line: reader.line))
  }

  /// What `body` makes of the next record, which it must read to its end; nil after the last record.
  public mutating func next<Result>(with body: (inout JSONCursor) throws -> Result) throws -> Result? {
    guard try advance() else { return nil }
    cursor.aim(at: reader.current, line: reader.line, offset: reader.lineOffset)
    do {
      let result = try body(&cursor)
      try cursor.finish()
      return result
    } catch let error as DataError where !reader.isTerminated && isCutShort(error) {
      throw DataError.lines(at: Place(file: reader.file, line: reader.line), fault: .truncated)
    }
  }

  /// Whether `error` is what a record gives that stops early, in the middle of a word or a character if need be.
  private func isCutShort(_ error: DataError) -> Bool {
    switch error {
    case .json(_, .endOfText): true
    case .json(_, .unexpected), .json(_, .badNumber), .json(_, .badEscape), .json(_, .loneSurrogate):
      cursor.isInLastWord
    case .invalidUTF8(_, let offset): offset > reader.lineOffset + reader.current.count - 4
    default: false
    }
  }

  /// Moves to the next line that is not blank. Blank lines may only come at the end.
  private mutating func advance() throws -> Bool {
    var blank: Int?
    while try reader.advance() {
      if reader.current.contains(where: { !isSpace($0) }) {
        if let blank { throw DataError.lines(at: Place(file: reader.file, line: blank), fault: .blank) }
        return true
      }
      blank = blank ?? reader.line
    }
    if blank == 1 { throw DataError.empty(file: reader.file) }
    return false
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

  /// All records of the file `path`.
  public static func read(_ path: String, nonFinite: NonFiniteRule = .keep) throws -> [JSONNode] {
    try map(path, nonFinite: nonFinite) { $0 }
  }

  /// What `body` makes of every record of the file `path`, one record in memory at a time.
  public static func map<Result>(
    _ path: String, nonFinite: NonFiniteRule = .keep, _ body: (JSONNode) throws -> Result
  ) throws -> [Result] {
    var lines = try JSONLines(path, nonFinite: nonFinite)
    var results: [Result] = []
    while let row = try lines.next() { results.append(try body(row)) }
    return results
  }
}
