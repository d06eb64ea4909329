import Hustings
import HustingsData

extension RecordingFormat {
  /// LLMBar's judges: one run a line, with `subset`, `evaluator`, and lists over the subset's items.
  ///
  /// `winner_original` and `winner_swapped` name the winner when output 1, respectively output 2, was presented first,
  /// both in the original numbering; null is no readable verdict. Runs that only rate have `score_1` and `score_2` instead.
  /// A model is an evaluator over all its subsets.
  static let llmBar = RecordingFormat { names in
    names.contains("evaluator") && names.contains("subset")
      && (names.contains("winner_original") || names.contains("score_1"))
  } read: { row, line, file in
    guard case .json(let node) = row else { return }
    let subset = try node.string("subset")
    let model = try node.string("evaluator")
    let responses = [file.responses.index(of: "1"), file.responses.index(of: "2")]
    func item(_ index: Int) -> Int32 { file.items.index(of: "\(subset)/\(index)") }
    guard try node.member("winner_original") != nil else {
      let scores = try lists(node, "score_1", "score_2")
      for index in scores[0].indices {
        for (response, list) in zip(responses, scores) {
          file.add(
            RewardRow(item: item(index), response: response, line: line, reward: try rating(list[index])),
            to: model)
        }
      }
      return
    }
    let winners = try lists(node, "winner_original", "winner_swapped")
    for index in winners[0].indices {
      for (order, list) in winners.enumerated() {
        file.add(
          JudgmentRow(
            item: item(index), first: responses[order], second: responses[1 - order], line: line,
            judgment: try verdict(list[index], presentedFirst: order + 1)),
          to: model, areVerdicts: true)
      }
    }
  }

  private static func lists(_ node: JSONNode, _ first: String, _ second: String) throws -> [[JSONNode]] {
    let lists = [try node.array(first), try node.array(second)]
    guard lists[0].count == lists[1].count else {
      throw RecordingError.lengths(
        at: node.place, first: first, count: lists[0].count, second: second, other: lists[1].count)
    }
    return lists
  }

  private static func verdict(_ winner: JSONNode, presentedFirst: Int) throws -> Judgment {
    if winner.isNull { return noVerdict }
    let word = try winner.identifier()
    guard word == "1" || word == "2" else {
      throw winner.fault(.notAllowed(found: "'\(word)'", expected: "'1' or '2' or null"))
    }
    return (word == String(presentedFirst) ? Verdict.first : .second).judgment
  }

  /// A rating, which the files spell as a text; empty is no readable rating.
  private static func rating(_ node: JSONNode) throws -> Double? {
    guard case .string(let text) = node.value else { return try node.optionalReward() }
    if text.isEmpty { return nil }
    guard let value = Double(text), value.isFinite else {
      throw node.fault(.notAllowed(found: "'\(text)'", expected: "a number"))
    }
    return value
  }
}
