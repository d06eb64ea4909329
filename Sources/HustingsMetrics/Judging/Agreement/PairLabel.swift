public import Hustings

/// Which of two responses somebody prefers.
public enum PairLabel: String, Sendable, Hashable, CaseIterable {
  /// The first.
  case first
  /// The second.
  case second
  /// Neither.
  case tie

  /// The label of a readable verdict.
  public init?(_ verdict: Verdict) {
    switch verdict {
    case .first: self = .first
    case .second: self = .second
    case .tie: self = .tie
    case .unreadable: return nil
    }
  }

  /// The label of a preference, the probability that the second is preferred.
  public init(preference: Double) {
    self = preference > 0.5 ? .second : preference < 0.5 ? .first : .tie
  }

  /// The same opinion with the responses in the other order.
  public var mirrored: PairLabel {
    switch self {
    case .first: .second
    case .second: .first
    case .tie: .tie
    }
  }

  /// The first response's points: 1, 0 or ½.
  public var credit: Double {
    switch self {
    case .first: 1
    case .second: 0
    case .tie: 0.5
    }
  }

  /// What most votes say: a tie when as many are for the first as for the second. Nil without votes.
  public static func majority(_ votes: some Collection<PairLabel>) -> PairLabel? {
    if votes.isEmpty { return nil }
    let first = votes.count { $0 == .first }
    let second = votes.count { $0 == .second }
    return first > second ? .first : first < second ? .second : .tie
  }
}

/// Somebody's opinion of two models' responses to one prompt, presented in this order.
public struct LabelledPair: Sendable, Hashable {
  /// The prompt and who responded, in the order of presentation.
  public struct Pair: Sendable, Hashable {
    /// The prompt.
    public let prompt: String
    /// The model shown first.
    public let first: String
    /// The model shown second.
    public let second: String

    /// A pair of responses.
    public init(prompt: String, first: String, second: String) {
      self.prompt = prompt
      self.first = first
      self.second = second
    }

    /// The same responses in the other order.
    public var mirrored: Pair { Pair(prompt: prompt, first: second, second: first) }
  }

  /// The pair of responses.
  public let pair: Pair
  /// The opinion.
  public let label: PairLabel

  /// An opinion of a pair.
  public init(_ pair: Pair, _ label: PairLabel) {
    self.pair = pair
    self.label = label
  }

  /// The same opinion of the responses in the other order.
  public var mirrored: LabelledPair { LabelledPair(pair.mirrored, label.mirrored) }

  /// The majority of the votes on each pair, in the order in which pairs first occur.
  public static func majorities(_ votes: some Sequence<LabelledPair>) -> [LabelledPair] {
    var order: [Pair] = []
    var ballots: [Pair: [PairLabel]] = [:]
    for vote in votes {
      if ballots[vote.pair] == nil { order.append(vote.pair) }
      ballots[vote.pair, default: []].append(vote.label)
    }
    return order.compactMap { pair in
      PairLabel.majority(ballots[pair] ?? []).map { LabelledPair(pair, $0) }
    }
  }

  /// Each model's mean points over the pairs it is in.
  public static func winRates(_ labelled: some Sequence<LabelledPair>) -> [String: Double] {
    var points: [String: (sum: Double, count: Int)] = [:]
    for opinion in labelled {
      for (model, credit) in [
        (opinion.pair.first, opinion.label.credit), (opinion.pair.second, 1 - opinion.label.credit),
      ] {
        let so = points[model] ?? (0, 0)
        points[model] = (so.sum + credit, so.count + 1)
      }
    }
    return points.mapValues { $0.sum / Double($0.count) }
  }
}
