import HustingsData
import HustingsMetrics

/// One row of a `numeric` file: what an annotation comes to without its texts.
struct AlpacaNumericRow {
  /// The prompt's place in the set.
  var place = 0
  /// The stored preference on upstream's scale; nil for a failure.
  var code: Double?
  /// The length of the baseline's response in code points; nil where the file leaves it to the set.
  var baselineLength: Int?
  /// The length of the model's response in code points.
  var modelLength = 0
  /// Whether both responses are the same.
  var isIdentical = false
  /// The judge's reply; nil where it was not kept.
  var reply: JudgeReply?

  /// Reads a file, row by row.
  static func read(_ path: String) throws -> [AlpacaNumericRow] {
    var lines = try JSONLines(path)
    var rows: [AlpacaNumericRow] = []
    while let row = try lines.next(with: { cursor in try AlpacaNumericRow(&cursor) }) { rows.append(row) }
    return rows
  }

  private init(_ cursor: inout JSONCursor) throws {
    var hasPlace = false
    try cursor.object { key, cursor in
      switch key {
      case "i":
        place = try cursor.integer()
        hasPlace = true
      case "p": code = try cursor.null() ? nil : cursor.double()
      case "l1": baselineLength = try cursor.integer()
      case "l2": modelLength = try cursor.integer()
      case "same":
        let flag = try cursor.value()
        isIdentical = flag == .integer(1) || flag == .bool(true)
      case "raw": reply = try cursor.null() ? nil : .text(cursor.string())
      case "lp": reply = try cursor.null() ? nil : .tokens([AlpacaNumericRow.choices(&cursor)])
      default: try cursor.skip()
      }
    }
    guard hasPlace else { throw cursor.missing("i") }
  }

  private static func choices(_ cursor: inout JSONCursor) throws -> TokenChoices {
    var choices: [TokenChoices.Choice] = []
    try cursor.array { cursor in
      var token = ""
      var logProbability = 0.0
      var place = 0
      try cursor.array { cursor in
        if place == 0 { token = try cursor.string() } else { logProbability = try cursor.double() }
        place += 1
      }
      choices.append(.init(token, logProbability: logProbability))
    }
    return TokenChoices(choices)
  }
}
