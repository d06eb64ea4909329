import Hustings
import HustingsData

/// A file of ratings in UltraFeedback's shape (Cui et al. 2023, github.com/OpenBMB/UltraFeedback): JSON lines or a JSON list of
///
///     {"instruction": "…", "completions": [{"response": "…", "annotations": {
///       "instruction_following": {"Rating": "4"}, "honesty": {"Rating": "5"},
///       "truthfulness": {"Rating": "N/A"}, "helpfulness": {"Rating": "3"}}}]}
///
/// A rating may be a number, a number in a string, or N/A, which is none. Annotations may be missing, whole or in part.
enum UltraFeedbackFile {
  private static let keys = [
    "instruction following": "instruction_following", "honesty": "honesty", "truthfulness": "truthfulness",
    "helpfulness": "helpfulness",
  ]

  /// The tables of the file, one a row, named by their position from 0.
  static func read(_ path: String) throws -> [RatingTable] {
    var tables: [RatingTable] = []
    try RowFile.rows(path) { row in tables.append(try table(row, index: tables.count)) }
    return tables
  }

  private static func table(_ row: JSONNode, index: Int) throws -> RatingTable {
    let completions = try row.array("completions")
    var ratings: [String: [Double?]] = [:]
    for completion in completions {
      let annotations = try completion.optionalNode("annotations")
      for (criterion, key) in keys.sorted(by: { $0.key < $1.key }) {
        let annotation = try annotations?.optionalNode(key)
        ratings[criterion, default: []].append(try annotation.flatMap(rating))
      }
    }
    return RatingTable(
      id: String(index), prompt: Prompt(try row.string("instruction")),
      responses: try completions.map { Response(try $0.string("response")) }, ratings: ratings)
  }

  private static func rating(_ annotation: JSONNode) throws -> Double? {
    guard let node = try annotation.optionalNode("Rating") else { return nil }
    guard case .string(let text) = node.value else { return try node.double() }
    if text == "N/A" { return nil }
    guard let value = Double(text), value.isFinite else {
      throw node.fault(.notAllowed(found: "'\(text)'", expected: "a number or 'N/A'"))
    }
    return value
  }
}
