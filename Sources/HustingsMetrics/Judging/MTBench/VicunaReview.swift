/// One review of Vicuna-Bench: two scores, read from the reply or, where that cannot be read, set by hand.
public struct VicunaReview: Sendable, Hashable {
  /// The question.
  public let question: String
  /// The scores on the reply's first line; nil when it holds no bare pair.
  public let read: ScorePair?
  /// The scores that count.
  public let scores: ScorePair

  /// A review from the judge's reply; `fallback` counts where the reply cannot be read, and without it nil results.
  public init?(question: String, reply: String, fallback: ScorePair?) {
    let read = ScorePair(firstLineOf: reply)
    guard let scores = read ?? fallback else { return nil }
    self.question = question
    self.read = read
    self.scores = scores
  }
}

/// Two models' totals over Vicuna-Bench.
///
/// Chiang et al., "Vicuna: an open-source chatbot impressing GPT-4 with 90% ChatGPT quality" (2023), Table 2.
public struct VicunaTotals: Sendable, Hashable {
  /// The first model's points.
  public let first: Double
  /// The second model's points.
  public let second: Double
  /// Questions on which the first model scored more.
  public let firstBetter: Int
  /// Questions on which the second model scored more.
  public let secondBetter: Int
  /// Questions on which both scored the same.
  public let ties: Int
  /// Reviews whose first line could not be read.
  public let unreadable: Int

  /// The totals of the reviews.
  public init(_ reviews: [VicunaReview]) {
    first = reviews.reduce(0) { $0 + $1.scores.first }
    second = reviews.reduce(0) { $0 + $1.scores.second }
    firstBetter = reviews.count { $0.scores.first > $0.scores.second }
    secondBetter = reviews.count { $0.scores.first < $0.scores.second }
    ties = reviews.count - firstBetter - secondBetter
    unreadable = reviews.count { $0.read == nil }
  }
}
