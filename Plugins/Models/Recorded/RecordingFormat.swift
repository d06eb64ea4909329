import HustingsData

/// One way of writing recordings down, told apart by the columns of a table or the keys of a row.
struct RecordingFormat: Sendable {
  /// Whether columns or keys are those of this format.
  let fits: @Sendable (_ names: [String]) -> Bool
  /// Reads one row; `line` is what the row counts as in messages.
  let read: @Sendable (_ row: RecordedFields, _ line: Int32, _ file: inout RecordedFile) throws -> Void

  /// Formats of tables. The first that fits is taken.
  static let tables: [RecordingFormat] = [.long, .verdicts, .judgeBenchDecisions, .scores, .picks, .wide]

  /// Formats of JSON rows. The first that fits is taken.
  static let rows: [RecordingFormat] = [
    .long, .verdicts, .judgeBenchOutputs, .llmBar, .pandaLM, .rmBench, .rewardBench,
  ]

  /// Columns or keys that name the item in formats of other projects, in order of preference.
  static let itemNames = ["item", "pair_id", "id", "prompt_index", "idx"]

  /// The one of `itemNames` that is there.
  static func itemName(_ names: [String]) -> String? { itemNames.first(where: names.contains) }
}
