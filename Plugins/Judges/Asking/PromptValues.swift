import Hustings

/// What fills the places of a judge's prompt, under every name that upstream projects give it.
enum PromptValues {
  /// Two responses in an order of presentation.
  static func pair(
    _ prompt: Prompt, _ first: Response, _ second: Response, reference: [String]
  ) -> [String: String] {
    var values = common(prompt, reference, turns: userTurns(prompt, first).count)
    for (names, response) in [
      (["answer_a", "answer_1", "output_1", "response_a", "first"], first),
      (["answer_b", "answer_2", "output_2", "response_b", "second"], second),
    ] {
      for name in names { values[name] = shown(response) }
    }
    // The turns of both conversations, for prompts that show two of them.
    for (letter, response) in [("a", first), ("b", second)] {
      for (number, text) in assistantTurns(prompt, response).enumerated() {
        values["answer_\(letter)_\(number + 1)"] = text
      }
    }
    for (number, text) in userTurns(prompt, first).enumerated() { values["question_\(number + 1)"] = text }
    return values
  }

  /// One response.
  static func single(_ prompt: Prompt, _ response: Response, reference: [String]) -> [String: String] {
    var values = common(prompt, reference, turns: userTurns(prompt, response).count)
    for name in ["answer", "response", "output"] { values[name] = shown(response) }
    for (number, text) in assistantTurns(prompt, response).enumerated() {
      values["answer_\(number + 1)"] = text
    }
    for (number, text) in userTurns(prompt, response).enumerated() { values["question_\(number + 1)"] = text }
    return values
  }

  /// All responses, in the order they are shown.
  static func list(_ prompt: Prompt, _ responses: [Response], reference: [String]) -> [String: String] {
    var values = common(prompt, reference, turns: 1)
    values["count"] = String(responses.count)
    values["answers"] = responses.enumerated().map { number, response in
      "<response \(number + 1)>\n\(shown(response))\n</response \(number + 1)>"
    }.joined(separator: "\n\n")
    return values
  }

  private static func common(
    _ prompt: Prompt, _ reference: [String], turns: Int
  ) -> [String: String] {
    let asked = transcript(prompt.messages)
    var values = ["prompt": asked, "question": asked, "instruction": asked]
    // A reference may answer turns that are not asked here.
    let shown = reference.prefix(max(1, turns))
    for name in ["reference", "ref_answer", "reference_answer"] where !shown.isEmpty {
      values[name] = shown.joined(separator: "\n\n")
    }
    for (number, text) in shown.enumerated() { values["ref_answer_\(number + 1)"] = text }
    return values
  }

  /// A lone question as it is; a conversation with its speakers.
  private static func transcript(_ messages: [Message]) -> String {
    if messages.count == 1 { return messages[0].content }
    return messages.map { message in
      let name = message.role.name
      return "\(name.prefix(1).uppercased() + name.dropFirst()): \(message.content)"
    }.joined(separator: "\n\n")
  }

  private static func shown(_ response: Response) -> String {
    response.turns.isEmpty
      ? response.text : transcript(response.turns + [Message(.assistant, response.text)])
  }

  private static func assistantTurns(_ prompt: Prompt, _ response: Response) -> [String] {
    (prompt.messages + response.turns).filter { $0.role == .assistant }.map(\.content) + [response.text]
  }

  private static func userTurns(_ prompt: Prompt, _ response: Response) -> [String] {
    (prompt.messages + response.turns).filter { $0.role == .user }.map(\.content)
  }
}
