import HustingsData
import HustingsMetrics

/// Reads the answers of OpenAI's interface and its imitations: chat completions and completions.
enum ReplyReading {
  /// Throws when an answer is not one.
  @Sendable static func check(_ row: JSONNode) throws {
    // What nearly all answers look like needs no way back to its place.
    if case .object(let answer) = row.value, case .array(let choices)? = answer["choices"],
      case .object(let choice)? = choices.first, case .object? = choice["message"]
    {
      return
    }
    guard let choice = try row.first(of: "choices") else {
      throw row.fault("choices", .missing(nearest: nil))
    }
    if try choice.optionalNode("message") == nil { _ = try choice.node("text") }
  }

  /// What the judge said.
  ///
  /// - Parameter wantsTokens: whether log-probabilities are to be read, where the answer has them.
  static func reply(_ row: JSONNode, wantsTokens: Bool) throws -> JudgeReply {
    guard let choice = try row.first(of: "choices") else { return .text("") }
    if wantsTokens, let logProbabilities = try choice.optionalNode("logprobs"),
      let tokens = try tokens(logProbabilities)
    {
      return .tokens(tokens)
    }
    guard let message = try choice.optionalNode("message") else {
      return .text(try choice.optionalString("text") ?? "")
    }
    if let call = try message.optionalArray("tool_calls")?.first {
      return .text(try call.node("function").string("arguments"))
    }
    if let call = try message.optionalNode("function_call") { return .text(try call.string("arguments")) }
    // A model that thinks aloud may be cut off before it says anything.
    return .text(try message.optionalString("content") ?? "")
  }

  /// Both shapes: `content` with `top_logprobs` per token, and the older list of objects from token to number.
  private static func tokens(_ row: JSONNode) throws -> [TokenChoices]? {
    if let content = try row.optionalArray("content") {
      return try content.map { position in
        var choices = try position.optionalArray("top_logprobs")?.map(choice) ?? []
        // The token itself is among the likeliest, but not every server lists it there.
        let own = try choice(position)
        if !choices.contains(where: { $0.token == own.token }) { choices.append(own) }
        return TokenChoices(choices)
      }
    }
    guard let top = try row.optionalArray("top_logprobs") else { return nil }
    return try top.map { position in
      TokenChoices(
        try position.members().map { TokenChoices.Choice($0.key, logProbability: try number($0.node)) })
    }
  }

  private static func choice(_ row: JSONNode) throws -> TokenChoices.Choice {
    TokenChoices.Choice(try row.string("token"), logProbability: try number(row.node("logprob")))
  }

  /// A log-probability; what is minus infinity, or null in JSON's place for it, is a token that cannot come.
  private static func number(_ row: JSONNode) throws -> Double {
    switch row.value {
    case .null, .nonFinite: -.infinity
    default: try row.double()
    }
  }
}
