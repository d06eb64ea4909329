import Hustings
import HustingsData

/// A file of ratings on several criteria: a table of any criteria, or rows of UltraFeedback's shape.
///
/// A table (CSV) has one response a row, in the columns `item`, `prompt` and `response`; every other column is a criterion, and
/// an empty field no rating. Any other file is read as `UltraFeedbackFile` says.
struct RatingFile {
  /// The criteria, in the order of the file.
  let criteria: [String]
  /// One table per item, in the order of the file.
  let tables: [RatingTable]

  private static let own = ["item", "prompt", "response"]

  init(_ path: String) throws {
    guard RowFile.isTable(path) else {
      criteria = CriterionCycle.four
      tables = try UltraFeedbackFile.read(path)
      return
    }
    let file = try CSVTable.read(path)
    for column in RatingFile.own { _ = try file.index(of: column) }
    let criteria = file.columns.filter { !RatingFile.own.contains($0) }
    guard criteria.count >= 3 else { throw GeneratedError.fewCriteria(file: path, found: criteria) }
    var items: [String] = []
    var rows: [String: [CSVRow]] = [:]
    for row in file.rows {
      let item = try row.string("item")
      if rows[item] == nil { items.append(item) }
      rows[item, default: []].append(row)
    }
    self.criteria = criteria
    tables = try items.map { item in
      let rows = rows[item] ?? []
      var ratings: [String: [Double?]] = [:]
      for criterion in criteria { ratings[criterion] = try rows.map { try $0.optionalDouble(criterion) } }
      return RatingTable(
        id: item, prompt: Prompt(try rows.first?.string("prompt") ?? ""),
        responses: try rows.map { Response(try $0.string("response")) }, ratings: ratings)
    }
  }

  /// Every fifth table is for testing, the others for training.
  func tables(inTest: Bool) -> [RatingTable] {
    tables.indices.filter { ($0 % 5 == 4) == inTest }.map { tables[$0] }
  }
}
