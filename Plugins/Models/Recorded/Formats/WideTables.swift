import HustingsData

extension RecordingFormat {
  /// One item a row, with a column `MODEL:score_NAME` for every model and candidate, as in JudgeBench's reward scores.
  static let scores = RecordingFormat { names in
    itemName(names) != nil && names.contains { split($0) != nil }
  } read: { row, line, file in
    guard case .table(let fields, let table) = row, let name = itemName(table.columns) else { return }
    let item = file.items.index(of: try row.identifier(name))
    for column in table.columns {
      guard let (model, candidate) = split(column) else { continue }
      file.add(
        RewardRow(
          item: item, response: file.responses.index(of: candidate), line: line,
          reward: try fields.optionalDouble(column)),
        to: model)
    }
  }

  /// One item a row, with a column of rewards for every candidate, named for it: `item,A,B`.
  static let wide = RecordingFormat { names in
    itemName(names) != nil && names.count > 1
  } read: { row, line, file in
    guard case .table(let fields, let table) = row, let name = itemName(table.columns) else { return }
    let item = file.items.index(of: try row.identifier(name))
    let model = file.stem
    for column in table.columns where column != name {
      file.add(
        RewardRow(
          item: item, response: file.responses.index(of: column), line: line,
          reward: try fields.optionalDouble(column)),
        to: model)
    }
  }

  /// The model and the candidate that a column is named for.
  private static func split(_ column: String) -> (model: String, candidate: String)? {
    guard let range = column.ranges(of: ":score_").last, !range.isEmpty,
      range.lowerBound > column.startIndex, range.upperBound < column.endIndex
    else { return nil }
    return (String(column[..<range.lowerBound]), String(column[range.upperBound...]))
  }
}
