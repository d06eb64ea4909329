import HustingsData

extension RecordingFormat {
  /// One reward a row: `item`, `response`, `reward`, and `model` where the file holds several.
  ///
  /// `response` is the candidate's name, or the SHA-256 of its text in 64 hexadecimal digits. An empty or null reward is an
  /// abstention.
  static let long = RecordingFormat { names in
    ["item", "response", "reward"].allSatisfy(names.contains)
  } read: { row, line, file in
    let model = try row.optionalText("model") ?? file.stem
    file.add(
      RewardRow(
        item: file.items.index(of: try row.identifier("item")),
        response: file.responses.index(of: try row.identifier("response")), line: line,
        reward: try row.optionalNumber("reward")),
      to: model)
  }
}
