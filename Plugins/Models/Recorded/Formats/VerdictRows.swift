import Hustings
import HustingsData

extension RecordingFormat {
  /// One answer about an ordered pair a row: `item`, `first`, `second`, and `verdict` (`first`, `second`, `tie`) or
  /// `log_odds` that the first is preferred; `model` where the file holds several.
  ///
  /// `first` is the response that was presented first. An empty verdict or number is an abstention.
  static let verdicts = RecordingFormat { names in
    ["item", "first", "second"].allSatisfy(names.contains)
      && (names.contains("verdict") || names.contains("log_odds"))
  } read: { row, line, file in
    let isVerdict = try !row.has("log_odds")
    let judgment = try isVerdict ? verdict(row) : logOdds(row)
    file.add(
      JudgmentRow(
        item: file.items.index(of: try row.identifier("item")),
        first: file.responses.index(of: try row.identifier("first")),
        second: file.responses.index(of: try row.identifier("second")), line: line, judgment: judgment),
      to: try row.optionalText("model") ?? file.stem, areVerdicts: isVerdict)
  }

  private static func logOdds(_ row: RecordedFields) throws -> Judgment {
    guard let logOdds = try row.optionalNumber("log_odds") else { return noVerdict }
    return .margin(logOdds)
  }

  private static func verdict(_ row: RecordedFields) throws -> Judgment {
    guard let word = try row.optionalText("verdict") else { return noVerdict }
    switch word {
    case "first": return Verdict.first.judgment
    case "second": return Verdict.second.judgment
    case "tie": return Verdict.tie.judgment
    default:
      throw RecordingError.label(
        at: row.place, column: "verdict", found: word, allowed: ["first", "second", "tie"])
    }
  }

  /// What an empty field says.
  static let noVerdict = Judgment.absent(Absence(.abstention, "the recording gives no verdict"))
}
