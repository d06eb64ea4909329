import Hustings
import HustingsData

/// A prompt with its competing responses, from whatever shape a data set gives them.
///
/// Prompts and responses may be texts or lists of messages. What all responses share in front is the prompt, the last
/// assistant turn of each is its text, and turns between the two that only one response has stay with it.
struct Conversation {
  let prompt: Prompt
  let responses: [Response]

  init(prompt: Prompt, responses: [Response]) {
    self.prompt = prompt
    self.responses = responses
  }

  /// - Parameters:
  ///   - prompt: a text, a list of messages, or nil when the responses carry the whole conversation.
  ///   - responses: texts or lists of messages, which may repeat the prompt in front.
  init(prompt: JSONNode?, responses: [JSONNode]) throws {
    if case .string(let question)? = prompt?.value {
      let texts = responses.compactMap { node in if case .string(let text) = node.value { text } else { nil }
      }
      if texts.count == responses.count {
        self.prompt = Prompt(question)
        self.responses = texts.map { Response($0) }
        return
      }
    }
    let asked = try prompt.map(Turns.init)
    let answers = try responses.map { node in
      let turns = try Turns(node)
      guard asked == nil, case .text(let text) = turns else { return turns }
      // Without a prompt a text must be a whole dialogue, as in HH-RLHF.
      guard let dialogue = Turns(dialogue: text) else {
        throw node.fault(
          .notAllowed(
            found: "a text without a prompt", expected: "a list of messages, or stand beside a 'prompt'"))
      }
      return dialogue
    }
    let shared = asked?.messages(role: .user) ?? Conversation.sharedTurns(of: answers)
    self.prompt = Prompt(shared)
    self.responses = try zip(answers, responses).map { turns, node in
      switch turns {
      case .text(let text): return Response(text)
      case .messages(let messages):
        let own = messages.starts(with: shared) ? Array(messages.dropFirst(shared.count)) : messages
        guard let last = own.last, last.role == .assistant else {
          let found = own.last.map { "a conversation that ends with a turn by '\($0.role.name)'" }
          throw node.fault(
            .notAllowed(
              found: found ?? "a conversation without a reply",
              expected: "one that ends with a turn by 'assistant'"))
        }
        return Response(last.content, after: own.dropLast())
      }
    }
  }

  private static func sharedTurns(of answers: [Turns]) -> [Message] {
    let lists = answers.map { $0.messages(role: .assistant) }
    guard let first = lists.first, let longest = lists.map({ $0.count - 1 }).min() else { return [] }
    let length = (0..<max(0, longest)).first { index in lists.contains { $0[index] != first[index] } }
    return Array(first.prefix(length ?? max(0, longest)))
  }
}

/// One side of a conversation as a file gives it.
private enum Turns {
  case text(String)
  case messages([Message])

  init(_ node: JSONNode) throws {
    switch node.value {
    case .string(let text): self = .text(text)
    case .array: self = .messages(try node.elements().map(Turns.message))
    default:
      throw node.fault(.wrongType(expected: "a text or a list of messages", found: node.value.typeName))
    }
  }

  /// The turns of a dialogue written as one text, with "\n\nHuman:" or "\n\nAssistant:" in front of each; nil when the
  /// text does not begin with a turn. A space after the colon belongs to the turn, as in the lengths published for
  /// HH-RLHF.
  init?(dialogue text: String) {
    let bytes = Array(text.utf8)
    var marks: [(role: Role, start: Int, content: Int)] = []
    for at in bytes.indices where bytes[at] == UInt8(ascii: "\n") {
      for (mark, role) in Turns.dialogueMarks where bytes[at...].starts(with: mark) {
        marks.append((role, at, at + mark.count))
      }
    }
    guard marks.first?.start == 0 else { return nil }
    let ends = marks.dropFirst().map(\.start) + [bytes.count]
    self = .messages(
      zip(marks, ends).map { mark, end in
        Message(mark.role, String(decoding: bytes[mark.content..<end], as: UTF8.self))
      })
  }

  private static let dialogueMarks: [([UInt8], Role)] = [
    (Array("\n\nHuman:".utf8), .user), (Array("\n\nAssistant:".utf8), .assistant),
  ]

  private static func message(_ node: JSONNode) throws -> Message {
    // Chat formats write role and content; ShareGPT's write from and value.
    if let role = try node.optionalString("from") { return Message(Role(role), try node.string("value")) }
    return Message(Role(try node.string("role")), try node.string("content"))
  }

  func messages(role: Role) -> [Message] {
    switch self {
    case .text(let text): [Message(role, text)]
    case .messages(let messages): messages
    }
  }
}
