import Hustings
import HustingsData

extension RecordingFormat {
  /// PandaLM's judges: `idx` and a verdict on (1, 2), which is `pandalm_result` or `gpt_result`.
  ///
  /// 1 and 2 name the winner; 0 and `Tie` are ties. Anything else in `gpt_result` is a reply the authors could not read, and
  /// they count it as a tie, so it is a tie here.
  static let pandaLM = RecordingFormat { names in
    names.contains("idx") && (names.contains("gpt_result") || names.contains("pandalm_result"))
  } read: { row, line, file in
    let key = try row.has("pandalm_result") ? "pandalm_result" : "gpt_result"
    let word = try row.optionalText(key) ?? ""
    let verdict: Verdict
    switch word {
    case "1": verdict = .first
    case "2": verdict = .second
    case "0", "Tie", "tie": verdict = .tie
    default:
      guard key == "gpt_result" else {
        throw RecordingError.label(at: row.place, column: key, found: word, allowed: ["0", "1", "2"])
      }
      verdict = .tie
    }
    file.add(
      JudgmentRow(
        item: file.items.index(of: try row.identifier("idx")), first: file.responses.index(of: "1"),
        second: file.responses.index(of: "2"), line: line, judgment: verdict.judgment),
      to: file.stem, areVerdicts: true)
  }
}
