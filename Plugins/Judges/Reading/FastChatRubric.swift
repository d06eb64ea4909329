import Hustings
import HustingsData
import HustingsMetrics

/// A judge prompt of FastChat, read from its `judge_prompts.jsonl`, or those that MT-Bench takes together: `single` or `pair`.
enum FastChatRubric {
  static func read(_ file: String, _ selection: String?) throws -> Rubric {
    var rows: [(name: String, row: JSONNode)] = []
    var lines = try JSONLines(file)
    while let row = try lines.next() { rows.append((try row.string("name"), row)) }
    func row(_ name: String) -> JSONNode? { rows.first { $0.name == name }?.row }
    if let selection, row(selection) == nil, let plan = plans[selection],
      let base = row(plan.promptName(category: "", turn: 1))
    {
      var rubric = try rubric(base, named: selection, file: file)
      for occasion in Rubric.Occasion.special {
        let name = plan.promptName(
          category: occasion.isGuided ? "math" : "", turn: occasion.hasSeveralTurns ? 2 : 1)
        rubric.others[occasion] = try row(name).map(turns)
      }
      return rubric
    }
    guard let name = selection ?? (rows.count == 1 ? rows[0].name : nil) else {
      throw RubricFault.several(file: file, names: rows.map(\.name) + plans.keys.sorted())
    }
    guard let row = row(name) else {
      throw RubricFault.unusable(
        file: file, reason: "it has no prompt '\(name)', only \(rows.map(\.name).joined(separator: ", ")).")
    }
    return try rubric(row, named: name, file: file)
  }

  /// The prompts that MT-Bench takes together, by question: guided by a reference answer or not, for the first turn or both.
  private static let plans: [String: MTBenchPlan] = ["single": .single, "pair": .pairwiseAll]

  private static func turns(_ row: JSONNode) throws -> [PromptTemplate] {
    [
      PromptTemplate(.system, try row.string("system_prompt")),
      PromptTemplate(.user, try row.string("prompt_template"), style: .format),
    ]
  }

  private static func rubric(_ row: JSONNode, named name: String, file: String) throws -> Rubric {
    let kind: Rubric.Kind = try row.string("type") == "single" ? .rating : .pairwise
    let format = try row.optionalString("output_format") ?? ""
    let parser: RubricParser =
      kind == .rating ? .rating : format.contains("rating_a") ? .twoRatings : .containment
    return Rubric(
      name: name, summary: try row.optionalString("description") ?? "FastChat's prompt \(name)", kind: kind,
      prompt: try turns(row), parser: parser,
      // Upstream's judge call: temperature 0, 2048 tokens.
      parameters: JSONObject([("temperature", 0), ("max_tokens", 2048)]))
  }
}
