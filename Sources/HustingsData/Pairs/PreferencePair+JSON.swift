public import Hustings

extension PreferencePair {
  /// The pair as one line of a file of pairs: `id`, `subset`, `cluster`, `prompt`, `chosen`, `rejected`, and, where known,
  /// `votes` (an object of `chosen` and `valid`) and `probability`.
  ///
  /// A prompt of one user's turn is a text, any other a list of messages; a response with turns of its own is a list of
  /// messages, any other a text.
  public var json: JSONValue {
    var object = JSONObject([
      ("id", .string(id)), ("subset", .string(subset)), ("cluster", .string(cluster)),
      ("prompt", PreferencePair.json(prompt)), ("chosen", PreferencePair.json(chosen)),
      ("rejected", PreferencePair.json(rejected)),
    ])
    if let votes {
      object["votes"] = ["chosen": PreferencePair.number(votes.chosen), "valid": .integer(votes.valid)]
    }
    if let probability { object["probability"] = .double(probability) }
    return .object(object)
  }

  private static func number(_ value: Double) -> JSONValue {
    Int(exactly: value).map(JSONValue.integer) ?? .double(value)
  }

  private static func json(_ prompt: Prompt) -> JSONValue {
    if prompt.messages.count == 1, prompt.messages[0].role == .user {
      return .string(prompt.messages[0].content)
    }
    return .array(prompt.messages.map(json))
  }

  private static func json(_ response: Response) -> JSONValue {
    guard !response.turns.isEmpty else { return .string(response.text) }
    return .array((response.turns + [Message(.assistant, response.text)]).map(json))
  }

  private static func json(_ message: Message) -> JSONValue {
    ["role": .string(message.role.name), "content": .string(message.content)]
  }
}

/// Files of preference pairs, as JSON lines.
public enum PairLines {
  /// Writes pairs to `path`, one a line, whole or not at all.
  public static func write(_ pairs: some Sequence<PreferencePair>, to path: String) throws {
    try AtomicFile.write(to: path) { output in
      for pair in pairs { try output.write(try pair.json.encoded() + [UInt8(ascii: "\n")]) }
    }
  }
}
