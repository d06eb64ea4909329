public import HustingsMetrics

/// How an annotator of AlpacaEval asks and reads its judge, as far as a stored reply needs it.
public struct AlpacaAnnotator: Sendable, Hashable {
  /// Its name upstream.
  public let name: String
  /// How its replies are read.
  public let parser: ReplyParser
  /// Whether the order of the responses was drawn for each prompt.
  public let randomisesOrder: Bool

  /// An annotator.
  public init(name: String, parser: ReplyParser, randomisesOrder: Bool) {
    self.name = name
    self.parser = parser
    self.randomisesOrder = randomisesOrder
  }

  /// Upstream's annotators by name: those whose stored replies are read by a rule of their own.
  public static func named(_ name: String) -> AlpacaAnnotator? { all.first { $0.name == name } }

  /// Label `m` is the response shown first.
  private static let labels = ReplyParser.LabelProbability(
    first: "m", labels: ["m", "M"], isBinarized: false, position: .each)
  private static let toolCall = ReplyParser.pipeline([.json(key: "ordered_models"), .ranking(model: "m")])

  /// The annotators known here, with the settings of their upstream configuration files.
  public static let all: [AlpacaAnnotator] = {
    let binary = ReplyParser.LabelProbability(
      first: "m", labels: ["m", "M"], isBinarized: true, position: .each)
    let last = ReplyParser.LabelProbability(
      first: "m", labels: ["m", "M"], isBinarized: false, position: .last)
    let ranking = ReplyParser.ranking(model: "model_1")
    let letters = ReplyParser.patterns([
      .init(#"(?i)output \(a\)"#, means: 1), .init(#"(?i)output \(b\)"#, means: 2),
    ])
    return [
      AlpacaAnnotator(
        name: "weighted_alpaca_eval_gpt4_turbo", parser: .logProbability(labels), randomisesOrder: true),
      AlpacaAnnotator(
        name: "weighted_alpaca_eval_gpt4.1", parser: .logProbability(labels), randomisesOrder: true),
      AlpacaAnnotator(
        name: "weighted_alpaca_eval_gpt-4o-mini-2024-07-18", parser: .logProbability(labels),
        randomisesOrder: true),
      AlpacaAnnotator(
        name: "weighted_alpaca_eval_vllm_llama3_70b", parser: .logProbability(labels), randomisesOrder: true),
      AlpacaAnnotator(
        name: "weighted_alpaca_eval_cot_gpt4_turbo", parser: .logProbability(last), randomisesOrder: true),
      AlpacaAnnotator(
        name: "alpaca_eval_clf_gpt4_turbo", parser: .logProbability(binary), randomisesOrder: true),
      AlpacaAnnotator(name: "alpaca_eval_gpt4", parser: ranking, randomisesOrder: true),
      AlpacaAnnotator(
        name: "alpaca_eval_gpt4_fn", parser: .pipeline([.json(key: "ordered_models"), ranking]),
        randomisesOrder: true),
      AlpacaAnnotator(name: "alpaca_eval_gpt4_turbo_fn", parser: toolCall, randomisesOrder: true),
      AlpacaAnnotator(name: "alpaca_eval_cot_gpt4_turbo_fn", parser: toolCall, randomisesOrder: true),
      AlpacaAnnotator(name: "chatgpt_fn", parser: letters, randomisesOrder: true),
      AlpacaAnnotator(name: "claude_ranking", parser: ranking, randomisesOrder: true),
      AlpacaAnnotator(name: "aviary_gpt4", parser: ranking, randomisesOrder: false),
      AlpacaAnnotator(name: "lmsys_gpt4", parser: .twoScores, randomisesOrder: false),
    ]
  }()

  /// The probability that the model's response is preferred, from a stored reply.
  public func probability(in reply: JudgeReply, prompt: String) throws(ReplyFault) -> Double {
    try AlpacaPreference.probability(
      in: reply, parser: parser, isSwapped: randomisesOrder && AlpacaSeeding.isSwapped(prompt: prompt))
  }
}
