import Hustings
import HustingsData

/// Opens a recording, finds out its format, and reads all of it.
enum RecordedReader {
  static func read(_ path: String) throws -> RecordedFile {
    let file: RecordedFile
    switch try kind(of: path) {
    case .table: file = try table(path)
    case .document: file = try document(path)
    case .lines: file = try lines(path)
    }
    guard !file.models.isEmpty else { throw RecordingError.noRows(file: path) }
    return file
  }

  /// What people call a model that its file does not name: the file's name without folders and endings.
  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".csv", ".json", ".jsonl", ".ndjson"] {
      for whole in [ending, ending + ".gz"] where name.hasSuffix(whole) && name.count > whole.count {
        return String(name.dropLast(whole.count))
      }
    }
    return name
  }

  private enum Kind { case table, document, lines }

  private static func kind(of path: String) throws -> Kind {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if name.hasSuffix(".csv") { return .table }
    if name.hasSuffix(".json") { return .document }
    if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") { return .lines }
    let start = try FileBytes(text: path).bytes.first { !($0 == 32 || (9...13).contains($0)) }
    return start == UInt8(ascii: "[") ? .document : start == UInt8(ascii: "{") ? .lines : .table
  }

  private static func table(_ path: String) throws -> RecordedFile {
    let table = try CSVTable.read(path)
    guard let format = RecordingFormat.tables.first(where: { $0.fits(table.columns) }) else {
      throw RecordingError.unknownFormat(file: path, found: table.columns)
    }
    var file = RecordedFile(file: path)
    for row in table.rows {
      try format.read(.table(row, table), Int32(row.place.line ?? 0), &file)
    }
    return file
  }

  private static func lines(_ path: String) throws -> RecordedFile {
    var file = RecordedFile(file: path)
    var lines = try JSONLines(path)
    var format: RecordingFormat?
    while let row = try lines.next() {
      let known = try format ?? self.format(of: row, path)
      format = known
      try known.read(.json(row), Int32(row.place.line ?? 0), &file)
    }
    return file
  }

  private static func document(_ path: String) throws -> RecordedFile {
    let root = try JSONNode.read(path)
    if case .object(let object) = root.value {
      guard RewardBenchColumns.fits(object.keys) else {
        throw RecordingError.unknownFormat(file: path, found: object.keys)
      }
      return try RewardBenchColumns.read(root, path)
    }
    var file = RecordedFile(file: path) { index in
      // Finding a line means reading the file again, which only a message is worth.
      guard let rows = try? JSONNode.read(path).elements(), rows.indices.contains(Int(index)) else {
        return Place(file: path)
      }
      return rows[Int(index)].place
    }
    var format: RecordingFormat?
    for (index, row) in try root.elements().enumerated() {
      let known = try format ?? self.format(of: row, path)
      format = known
      try known.read(.json(row), Int32(index), &file)
    }
    return file
  }

  private static func format(of row: JSONNode, _ path: String) throws -> RecordingFormat {
    let keys = try row.object().keys
    guard let format = RecordingFormat.rows.first(where: { $0.fits(keys) }) else {
      throw RecordingError.unknownFormat(file: path, found: keys)
    }
    return format
  }
}
