import Hustings
import HustingsData

/// A judge prompt of FastChat, read from its `judge_prompts.jsonl`.
enum FastChatRubric {
  static func read(_ file: String, _ selection: String?) throws -> Rubric {
    var rows: [(name: String, row: JSONNode)] = []
    var lines = try JSONLines(file)
    while let row = try lines.next() { rows.append((try row.string("name"), row)) }
    guard let name = selection ?? (rows.count == 1 ? rows[0].name : nil) else {
      throw RubricFault.several(file: file, names: rows.map(\.name))
    }
    guard let row = rows.first(where: { $0.name == name })?.row else {
      throw RubricFault.unusable(
        file: file, reason: "it has no prompt '\(name)', only \(rows.map(\.name).joined(separator: ", ")).")
    }
    let kind: Rubric.Kind = try row.string("type") == "single" ? .rating : .pairwise
    let format = try row.optionalString("output_format") ?? ""
    let parser: RubricParser =
      kind == .rating ? .rating : format.contains("rating_a") ? .twoRatings : .containment
    return Rubric(
      name: name, summary: try row.optionalString("description") ?? "FastChat's prompt \(name)", kind: kind,
      prompt: [
        PromptTemplate(.system, try row.string("system_prompt")),
        PromptTemplate(.user, try row.string("prompt_template"), style: .format),
      ], parser: parser,
      // Upstream's judge call: temperature 0, 2048 tokens.
      parameters: JSONObject([("temperature", 0), ("max_tokens", 2048)]))
  }
}
