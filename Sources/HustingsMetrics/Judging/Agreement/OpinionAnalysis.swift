import HustingsStatistics

/// What is known of a judge from its opinions of pairs whose texts are not at hand, and by the side of people's votes on the same
/// pairs: position bias and agreement.
public struct OpinionAnalysis: Sendable, Hashable {
  /// Opinions that could be read.
  public let parsed: Int
  /// Opinions that could not.
  public let unreadable: Int
  /// Pairs, in either order of presentation.
  public let pairs: Int
  /// The share of the points for the response shown first, a tie counting half.
  public let shownFirst: JudgeAnalysis.Figure?
  /// Of opinions whose pair was also shown the other way round, the share that says the same there.
  public let consistency: JudgeAnalysis.Figure?
  /// The share of ties.
  public let ties: JudgeAnalysis.Figure?
  /// The share of opinions that are those of most people, of three: the first, the second, neither.
  public let humanAgreement: JudgeAnalysis.Figure?
  /// The same where neither the judge nor most people say tie.
  public let decidedAgreement: JudgeAnalysis.Figure?
  /// Cohen's kappa with most people.
  public let cohenKappa: Double?
  /// Fleiss' kappa with most people.
  public let fleissKappa: Double?
  /// The share of two people's votes on a pair that agree; nil without several votes on any.
  public let amongPeople: Double?

  /// The analysis of one judge's opinions. Those on one prompt depend on each other.
  ///
  /// - Parameter people: single votes on the same pairs; empty without any.
  public init(_ opinions: [LabelledPair], unreadable: Int, people: [LabelledPair]) {
    parsed = opinions.count
    self.unreadable = unreadable
    pairs = Set(opinions.map { $0.inNameOrder.pair }).count
    shownFirst = Self.mean(opinions.map { ($0.pair.prompt, $0.label.credit) })
    ties = Self.mean(opinions.map { ($0.pair.prompt, $0.label == .tie ? 1 : 0) })
    var labels: [LabelledPair.Pair: PairLabel] = [:]
    for opinion in opinions { labels[opinion.pair] = opinion.label }
    consistency = Self.mean(
      opinions.compactMap { opinion in
        labels[opinion.pair.mirrored].map { (opinion.pair.prompt, $0 == opinion.label.mirrored ? 1 : 0) }
      })
    let majorities = LabelledPair.majorities(people.map(\.inNameOrder))
    let consensus = Dictionary(
      majorities.map { ($0.pair, $0.label) }, uniquingKeysWith: { first, _ in first })
    let shared = opinions.compactMap { opinion in
      consensus[opinion.inNameOrder.pair].map { (opinion.pair.prompt, opinion.inNameOrder.label, $0) }
    }
    humanAgreement = Self.mean(shared.map { ($0.0, $0.1 == $0.2 ? 1 : 0) })
    decidedAgreement = Self.mean(
      shared.filter { $0.1 != .tie && $0.2 != .tie }.map { ($0.0, $0.1 == $0.2 ? 1 : 0) })
    let agreement = LabelAgreement(opinions, with: majorities)
    cohenKappa = agreement?.cohenKappa
    fleissKappa = agreement?.fleissKappa
    amongPeople = VoteAgreement(among: people, ties: true).share
  }

  private static func mean(_ values: [(prompt: String, value: Double)]) -> JudgeAnalysis.Figure? {
    guard let mean = ClusteredMean(values.map(\.value), clusters: Clustering(labels: values.map(\.prompt)))
    else { return nil }
    return JudgeAnalysis.Figure(
      value: mean.mean, interval: mean.interval(level: 0.95)?.withinShares, count: values.count)
  }
}

extension LabelledPair {
  /// The opinion with its models in alphabetical order, so that both orders of presentation are one pair.
  fileprivate var inNameOrder: LabelledPair { pair.first <= pair.second ? self : mirrored }
}

extension Interval {
  /// The same kept between 0 and 1, where shares lie.
  var withinShares: Interval {
    Interval(low: max(0, low), high: min(1, high), level: level, method: method)
  }
}
