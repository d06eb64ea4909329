import HustingsData

/// A file of rows that the user named, in one of the formats that are told apart by name.
enum RowFile {
  /// Whether the name says comma-separated values: `.csv`, perhaps with `.gz` behind it.
  static func isTable(_ path: String) -> Bool { stem(path).hasSuffix(".csv") }

  /// Every row of a JSON list (`.json`) or of JSON lines (any other name).
  static func rows(_ path: String, _ body: (JSONNode) throws -> Void) throws {
    if stem(path).hasSuffix(".json") {
      for row in try JSONNode.read(path).elements() { try body(row) }
    } else {
      var rows = try JSONLines(path)
      while let row = try rows.next() { try body(row) }
    }
  }

  private static func stem(_ path: String) -> String {
    let name = path.lowercased()
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}
