import Foundation
import HustingsData
import HustingsReports

/// Where a report goes.
enum Output {
  /// Writes a text to a file as a whole, or to standard output.
  static func write(_ text: String, to path: String?) throws {
    guard let path else { return Terminal.write(text) }
    try AtomicFile.write(Array(text.utf8), to: path)
  }

  /// Several reports in one format: JSON as a list, anything else one after the other.
  static func join(_ parts: [String], _ format: TableFormat) -> String {
    guard format == .json, parts.count > 1 else { return parts.joined(separator: "\n") }
    return "[\n" + parts.map { String($0.dropLast()) }.joined(separator: ",\n") + "\n]\n"
  }
}
