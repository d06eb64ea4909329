/// How AlpacaEval's annotators turn a judge's reply into preferences, one per example of the batch.
///
/// A preference of 1 means that the first response shown is better, 2 the second, 1.5 or 0 neither; anything between is
/// 1 + the probability that the second is better. The names follow upstream's `completion_parsers`.
public indirect enum ReplyParser: Sendable, Hashable {
  /// A value for every match of its pattern, in the order of the text (`regex_parser`).
  case patterns([Pattern])
  /// Two numbers on the first line; equal ones are a draw (`lmsys_parser`).
  case twoScores
  /// The rank of one model in a list of `{model, rank}`, a Python literal or an already parsed value (`ranking_parser`).
  case ranking(model: String)
  /// A JSON text, fenced as ```` ```json ```` or not, or a member of it (`json_parser`).
  case json(key: String?)
  /// A Python literal (`eval_parser`).
  case literal
  /// A table of values to put in the place of texts, and what to put in the place of others; nil keeps them
  /// (`replace_parser`).
  case replaced([String: ReplyValue], otherwise: ReplyValue?)
  /// The share of one label in the probability of all (`logprob_parser`).
  case logProbability(LabelProbability)
  /// Each parser reads what the one before it found (`pipeline_meta_parser`).
  case pipeline([ReplyParser])

  /// A pattern and what it stands for.
  public struct Pattern: Sendable, Hashable {
    /// A regular expression.
    public let expression: String
    /// What a match means.
    public let value: Double

    /// A pattern that means `value`.
    public init(_ expression: String, means value: Double) {
      self.expression = expression
      self.value = value
    }
  }

  /// Labels among the likeliest tokens.
  public struct LabelProbability: Sendable, Hashable {
    /// Which positions of the answer are read.
    public enum Position: Sendable, Hashable {
      /// All: one preference each.
      case each
      /// The last, as after written-out reasoning.
      case last
    }

    /// The label of the response shown first.
    public let first: String
    /// All labels, `first` among them.
    public let labels: [String]
    /// Whether only the likelier label counts.
    public let isBinarized: Bool
    /// Which positions are read.
    public let position: Position

    /// A rule for labels.
    public init(first: String, labels: [String], isBinarized: Bool, position: Position) {
      self.first = first
      self.labels = labels
      self.isBinarized = isBinarized
      self.position = position
    }
  }

  /// The preferences in a reply to a batch of `count` examples; nil marks an example without one.
  ///
  /// A reply that cannot be read, or that holds another number of preferences, says nothing of the whole batch.
  public func preferences(in reply: JudgeReply, count: Int = 1) throws(ReplyFault) -> [Double?] {
    let found: [Found]
    switch reply {
    case .text(let text): found = try read(.value(.text(text)))
    case .value(let value): found = try read(.value(value))
    case .tokens(let tokens): found = try read(.tokens(tokens))
    }
    guard found.count == count else { throw .wrongCount(found: found.count, expected: count) }
    var preferences: [Double?] = []
    for element in found { preferences.append(try element.preference) }
    return preferences
  }

  /// The preference in a reply to a single example.
  public func preference(in reply: JudgeReply) throws(ReplyFault) -> Double {
    guard let preference = try preferences(in: reply)[0] else {
      if case .logProbability(let rule) = self { throw .noLabel(rule.labels) }
      throw .unreadable(expected: "a preference")
    }
    return preference
  }
}

/// What a parser reads and finds.
enum Found: Sendable, Hashable {
  case value(ReplyValue)
  case tokens([TokenChoices])
  /// No preference for this example, others of the batch may have one.
  case nothing

  var preference: Double? {
    get throws(ReplyFault) {
      switch self {
      case .nothing: return nil
      case .tokens: throw .wrongKind(expected: "a text")
      case .value(let value):
        guard let number = value.number else { throw .notAPreference("\(value)") }
        guard number == 0 || (1...2).contains(number) else { throw .notAPreference("\(number)") }
        return number
      }
    }
  }
}
