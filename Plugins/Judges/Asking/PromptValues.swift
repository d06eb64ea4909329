import Hustings

/// What fills the places of a judge's prompt, under every name that upstream projects give it.
///
/// A value is put together when its place comes up: a prompt has few of the many names.
struct PromptValues {
  private enum Kind {
    /// Two of the responses in an order of presentation.
    case pair(Matchup)
    case single
    /// All responses, in the order they are shown.
    case list
  }

  private let prompt: Prompt
  private let kind: Kind
  private let responses: [Response]
  private let reference: [String]

  /// Two responses in an order of presentation.
  static func pair(
    _ prompt: Prompt, _ responses: [Response], _ matchup: Matchup, reference: [String]
  ) -> PromptValues {
    PromptValues(prompt: prompt, kind: .pair(matchup), responses: responses, reference: reference)
  }

  /// One response.
  static func single(_ prompt: Prompt, _ response: Response, reference: [String]) -> PromptValues {
    PromptValues(prompt: prompt, kind: .single, responses: [response], reference: reference)
  }

  /// All responses, in the order they are shown.
  static func list(_ prompt: Prompt, _ responses: [Response], reference: [String]) -> PromptValues {
    PromptValues(prompt: prompt, kind: .list, responses: responses, reference: reference)
  }

  /// About how many bytes they have together, conversations apart.
  var size: Int {
    var size = 0
    for index in prompt.messages.indices { size += prompt.messages[index].content.utf8.count }
    // Of a list, each is named before and behind.
    for index in responses.indices { size += responses[index].text.utf8.count + 32 }
    return size
  }

  /// The value of a name; nil when there is none.
  subscript(name: String) -> String? {
    switch name {
    case "prompt", "question", "instruction": return Self.transcript(prompt.messages)
    case "reference", "ref_answer", "reference_answer":
      let answers = answeredReference
      return answers.isEmpty ? nil : answers.joined(separator: "\n\n")
    default: break
    }
    if let number = Self.number(name, after: "ref_answer_") { return Self.text(answeredReference, number) }
    switch kind {
    case .pair(let matchup):
      let (first, second) = (matchup.first, matchup.second)
      switch name {
      case "answer_a", "answer_1", "output_1", "response_a", "first": return Self.whole(responses[first])
      case "answer_b", "answer_2", "output_2", "response_b", "second": return Self.whole(responses[second])
      default: break
      }
      // The turns of both conversations, for prompts that show two of them.
      if let number = Self.number(name, after: "answer_a_") {
        return Self.text(assistantTurns(responses[first])[...], number)
      }
      if let number = Self.number(name, after: "answer_b_") {
        return Self.text(assistantTurns(responses[second])[...], number)
      }
      return Self.number(name, after: "question_").flatMap { Self.text(userTurns(responses[first])[...], $0) }
    case .single:
      if ["answer", "response", "output"].contains(name) { return Self.whole(responses[0]) }
      if let number = Self.number(name, after: "answer_") {
        return Self.text(assistantTurns(responses[0])[...], number)
      }
      return Self.number(name, after: "question_").flatMap { Self.text(userTurns(responses[0])[...], $0) }
    case .list:
      switch name {
      case "count": return String(responses.count)
      case "answers":
        return responses.enumerated().map { number, response in
          "<response \(number + 1)>\n\(Self.whole(response))\n</response \(number + 1)>"
        }.joined(separator: "\n\n")
      default: return nil
      }
    }
  }

  /// A reference may answer turns that are not asked here.
  private var answeredReference: ArraySlice<String> {
    switch kind {
    case _ where reference.isEmpty: []
    case .pair(let matchup): reference.prefix(max(1, userTurns(responses[matchup.first]).count))
    case .single: reference.prefix(max(1, userTurns(responses[0]).count))
    case .list: reference.prefix(1)
    }
  }

  /// What a name counts, from 1, such as 2 in `answer_a_2`.
  private static func number(_ name: String, after stem: String) -> Int? {
    guard name.hasPrefix(stem), let number = Int(name.dropFirst(stem.count)), number >= 1,
      name == "\(stem)\(number)"
    else { return nil }
    return number
  }

  private static func text(_ texts: ArraySlice<String>, _ number: Int) -> String? {
    number <= texts.count ? texts[texts.startIndex + number - 1] : nil
  }

  /// A lone question as it is; a conversation with its speakers.
  private static func transcript(_ messages: [Message]) -> String {
    if messages.count == 1 { return messages[0].content }
    return messages.map { message in
      let name = message.role.name
      return "\(name.prefix(1).uppercased() + name.dropFirst()): \(message.content)"
    }.joined(separator: "\n\n")
  }

  private static func whole(_ response: Response) -> String {
    response.turns.isEmpty
      ? response.text : transcript(response.turns + [Message(.assistant, response.text)])
  }

  private func assistantTurns(_ response: Response) -> [String] {
    (prompt.messages + response.turns).filter { $0.role == .assistant }.map(\.content) + [response.text]
  }

  private func userTurns(_ response: Response) -> [String] {
    (prompt.messages + response.turns).filter { $0.role == .user }.map(\.content)
  }
}
