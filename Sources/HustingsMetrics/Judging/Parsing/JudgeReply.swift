/// What came back from a judge for one request.
public enum JudgeReply: Sendable, Hashable {
  /// A text, which may be the arguments of a tool call as they came.
  case text(String)
  /// The arguments of a tool call, already parsed.
  case value(ReplyValue)
  /// The likeliest tokens at each position of the answer.
  case tokens([TokenChoices])
}

/// The likeliest tokens at one position of an answer.
public struct TokenChoices: Sendable, Hashable {
  /// A token and how likely it is.
  public struct Choice: Sendable, Hashable {
    /// The token's text.
    public let token: String
    /// Natural logarithm of its probability.
    public let logProbability: Double

    /// A token and how likely it is.
    public init(_ token: String, logProbability: Double) {
      self.token = token
      self.logProbability = logProbability
    }
  }

  /// As the judge listed them. A token that is not listed has probability 0 for the parser.
  public let choices: [Choice]

  /// Tokens at one position.
  public init(_ choices: [Choice]) { self.choices = choices }

  /// The log-probability of `token`, the last one listed; nil when it is not listed.
  public subscript(token: String) -> Double? { choices.last { $0.token == token }?.logProbability }
}

/// Why a reply holds no preference.
public enum ReplyFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The reply is empty.
  case empty
  /// The parser reads text and got log-probabilities, or the other way round.
  case wrongKind(expected: String)
  /// The text is not what the parser reads; `expected` says what that is.
  case unreadable(expected: String)
  /// The reply holds another number of preferences than asked for.
  case wrongCount(found: Int, expected: Int)
  /// None of the labels is among the likeliest tokens.
  case noLabel([String])
  /// What was found is no preference: neither 0 nor between 1 and 2.
  case notAPreference(String)

  /// The fault as a sentence.
  public var description: String {
    switch self {
    case .empty: "The judge's reply is empty."
    case .wrongKind(let expected): "The parser needs \(expected), and the reply holds none."
    case .unreadable(let expected): "The reply is not \(expected)."
    case .wrongCount(let found, let expected):
      "The reply holds \(found) preference\(found == 1 ? "" : "s") where \(expected) were asked for."
    case .noLabel(let labels):
      "None of \(labels.map { "'\($0)'" }.joined(separator: ", ")) is among the likeliest tokens."
    case .notAPreference(let found): "\(found) is no preference, which is 0 or lies between 1 and 2."
    }
  }
}
