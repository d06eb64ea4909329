import HustingsData

extension RecordingFormat {
  /// Best-of-n picks: a prompt a row, with columns `pick:MODEL` holding the name of the candidate a model picked, and
  /// perhaps `len_NAME`, the length of each candidate, which becomes the model `len`.
  static let picks = RecordingFormat { names in
    itemName(names) != nil && names.contains { $0.hasPrefix("pick:") }
  } read: { row, line, file in
    guard case .table(let fields, let table) = row, let name = itemName(table.columns) else { return }
    let item = file.items.index(of: try row.identifier(name))
    for column in table.columns {
      if column.hasPrefix("pick:") {
        guard let pick = try fields.optionalString(column) else { continue }
        file.add(
          PickRow(item: item, response: file.responses.index(of: pick), line: line),
          to: String(column.dropFirst("pick:".count)))
      }
      guard column.hasPrefix("len_") else { continue }
      file.add(
        RewardRow(
          item: item, response: file.responses.index(of: String(column.dropFirst("len_".count))), line: line,
          reward: try fields.optionalDouble(column)),
        to: "len")
    }
  }
}
