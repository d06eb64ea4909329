import Hustings
import HustingsData

extension RecordingFormat {
  /// JudgeBench's judges as a table: `decision_original_order` is about (A, B), `decision_swapped_order` about (B, A).
  ///
  /// Both are as printed, so `A>B` means that the response presented first is better. Empty is no verdict.
  static let judgeBenchDecisions = RecordingFormat { names in
    itemName(names) != nil && names.contains("decision_original_order")
      && names.contains("decision_swapped_order")
  } read: { row, line, file in
    guard case .table(_, let table) = row, let name = itemName(table.columns) else { return }
    let columns = ["decision_original_order", "decision_swapped_order"]
    let decisions = try columns.map { try decision(row.optionalText($0), $0, row) }
    try add(decisions, item: row.identifier(name), line: line, to: file.stem, &file)
  }

  /// JudgeBench's own outputs: a pair a line with `judgments`, one per order of presentation, each with a `decision` as
  /// printed. Reward models have `scores` of A and B instead.
  static let judgeBenchOutputs = RecordingFormat { names in
    names.contains("pair_id") && names.contains("judgments")
  } read: { row, line, file in
    guard case .json(let node) = row else { return }
    let item = try node.node("pair_id").identifier()
    let judgments = try node.array("judgments")
    let details = try judgments.first?.isNull == false ? judgments[0].optionalNode("judgment") : nil
    let model = try details?.optionalString("judge_model") ?? file.stem
    if let scores = try details?.optionalArray("scores") {
      for (name, score) in zip(["A", "B"], scores) {
        file.add(
          RewardRow(
            item: file.items.index(of: item), response: file.responses.index(of: name), line: line,
            reward: try score.optionalReward()),
          to: model)
      }
      return
    }
    let decisions = try judgments.map { judgment in
      try decision(judgment.isNull ? nil : judgment.optionalString("decision"), "decision", row)
    }
    try add(decisions, item: item, line: line, to: model, &file)
  }

  private static func add(
    _ decisions: [Judgment], item: String, line: Int32, to model: String, _ file: inout RecordedFile
  ) throws {
    let names = [file.responses.index(of: "A"), file.responses.index(of: "B")]
    for (order, judgment) in decisions.prefix(2).enumerated() {
      file.add(
        JudgmentRow(
          item: file.items.index(of: item), first: names[order], second: names[1 - order], line: line,
          judgment: judgment),
        to: model, areVerdicts: true)
    }
  }

  private static func decision(_ word: String?, _ column: String, _ row: RecordedFields) throws -> Judgment {
    switch word {
    case nil, "": return noVerdict
    case "A>B": return Verdict.first.judgment
    case "B>A": return Verdict.second.judgment
    case "A=B": return Verdict.tie.judgment
    case let word?:
      throw RecordingError.label(
        at: row.place, column: column, found: word, allowed: ["A>B", "B>A", "A=B", ""])
    }
  }
}
