/// How many judges preferred a response, of those whose answer could be used.
public struct VoteCount: Sendable, Hashable {
  /// Votes for the chosen response; half a vote where a judge saw no difference.
  public let chosen: Double
  /// Votes that could be used, for either response.
  public let valid: Int

  /// Votes of which `chosen` are for the chosen response.
  public init(chosen: Double, valid: Int) {
    precondition(chosen >= 0 && chosen <= Double(valid), "\(chosen) of \(valid) votes")
    self.chosen = chosen
    self.valid = valid
  }

  /// The share of votes for the chosen response; nil when no vote could be used.
  public var share: Double? { valid > 0 ? chosen / Double(valid) : nil }

  /// |votes − n/2| / (n/2), the disagreement margin of Padmakumar et al. 2024 (arXiv 2412.03822): 0 at an even split, 1 when
  /// all agree, whichever side they are on; nil when no vote could be used.
  public var agreement: Double? { share.map { abs(2 * $0 - 1) } }

  /// The same votes told of the pair with its responses swapped.
  public var swapped: VoteCount { VoteCount(chosen: Double(valid) - chosen, valid: valid) }
}

/// A prompt with the response that was chosen and the one that was rejected: what models are trained on.
public struct PreferencePair: Sendable, Hashable, Identifiable {
  /// The pair's name, unique within its data.
  public let id: String
  /// The slice of the data that the pair belongs to.
  public let subset: String
  /// What makes pairs dependent: those of one cluster are never on both sides of a split.
  public let cluster: String
  /// What was asked.
  public let prompt: Prompt
  /// The response that was chosen.
  public let chosen: Response
  /// The response that was rejected.
  public let rejected: Response
  /// What a number of judges said; nil where nobody was asked.
  public let votes: VoteCount?
  /// The share of people who prefer the chosen response, where it is known; it may be below 1/2.
  public let probability: Double?

  /// A pair; its cluster is the prompt's digest when nil.
  public init(
    id: String, subset: String, cluster: String? = nil, prompt: Prompt, chosen: Response, rejected: Response,
    votes: VoteCount? = nil, probability: Double? = nil
  ) {
    self.id = id
    self.subset = subset
    self.cluster = cluster ?? prompt.digest.short
    self.prompt = prompt
    self.chosen = chosen
    self.rejected = rejected
    self.votes = votes
    self.probability = probability
  }

  /// The same pair with other votes.
  public func with(votes: VoteCount?) -> PreferencePair {
    PreferencePair(
      id: id, subset: subset, cluster: cluster, prompt: prompt, chosen: chosen, rejected: rejected,
      votes: votes, probability: probability)
  }
}

/// A benchmark that makes its own data, and so can also make data to train on.
public struct TrainingPlugin: Sendable {
  /// The name of the benchmark it belongs to.
  public let name: String
  /// How to write it, such as `subjectivity:judges=5`.
  public let usage: String
  /// One sentence: what the pairs are.
  public let summary: String
  /// The pairs, with an argument (the text after the colon, if any), in a fixed order.
  public let pairs: @Sendable (_ argument: String?, BenchmarkContext) throws -> [PreferencePair]

  /// A source of training pairs.
  public init(
    name: String, usage: String? = nil, summary: String,
    pairs: @escaping @Sendable (_ argument: String?, BenchmarkContext) throws -> [PreferencePair]
  ) {
    self.name = name
    self.usage = usage ?? name
    self.summary = summary
    self.pairs = pairs
  }
}
