import HustingsData
public import HustingsMetrics

/// One row of a file of recorded judgments: what an annotation comes to without its texts.
///
/// JSON lines with `i` (the prompt's place), `p` (the preference on upstream's scale), `l2` and perhaps `l1` (the lengths of
/// the model's and the baseline's response in code points), `same` (equal responses), and the judge's reply as `raw` (a text)
/// or `lp` (its likeliest tokens with their log-probabilities).
public struct AlpacaRecordedRow: Sendable, Hashable {
  /// The prompt's place in the set.
  public private(set) var place = 0
  /// The stored preference on upstream's scale; nil for a failure.
  public private(set) var code: Double?
  /// The length of the baseline's response in code points; nil where the file leaves it to the set.
  public private(set) var baselineLength: Int?
  /// The length of the model's response in code points.
  public private(set) var modelLength = 0
  /// Whether both responses are the same.
  public private(set) var isIdentical = false
  /// The judge's reply; nil where it was not kept.
  public private(set) var reply: JudgeReply?

  /// Reads a file, row by row.
  public static func read(_ path: String) throws -> [AlpacaRecordedRow] {
    var lines = try JSONLines(path)
    var rows: [AlpacaRecordedRow] = []
    while let row = try lines.next(with: { cursor in try AlpacaRecordedRow(&cursor) }) { rows.append(row) }
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
      case "lp": reply = try cursor.null() ? nil : .tokens([AlpacaRecordedRow.choices(&cursor)])
      default: try cursor.skip()
      }
    }
    guard hasPlace else { throw cursor.missing("i") }
  }

  private static func choices(_ cursor: inout JSONCursor) throws -> TokenChoices {
    var choices: [TokenChoices.Choice] = []
    choices.reserveCapacity(8)
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

  /// The row as an annotation. The preference is read from the judge's reply where that was kept, and compared with the stored
  /// one; where the judge was not asked it is a draw.
  public func annotation(
    baselineLength: Int, isSwapped: Bool, annotator: AlpacaAnnotator?, check: inout AlpacaReplyCheck
  ) -> AlpacaAnnotation {
    let stored = AlpacaPreference.probability(code: code)
    return AlpacaAnnotation(
      place: place, baselineLength: baselineLength, modelLength: modelLength,
      preference: isIdentical
        ? 0.5
        : check.preference(stored: stored, reply) { reply in
          annotator.flatMap {
            try? AlpacaPreference.probability(
              in: reply, parser: $0.parser, isSwapped: $0.randomisesOrder && isSwapped)
          }
        }, isIdentical: isIdentical)
  }
}
