import Foundation
import HustingsNumerics

/// Ratings of an arena's models: Bradley–Terry on all votes, with a bootstrap, on a scale that pins one model.
///
/// Chiang et al., "Chatbot Arena: an open platform for evaluating LLMs by human preference" (ICML 2024). Ties count one half,
/// 400 points are odds of ten to one. Upstream pins mixtral-8x7b-instruct-v0.1 at 1114 and draws 100 rounds.
public struct ArenaRatings: Sendable, Hashable {
  /// The rating of each model.
  public let ratings: [Double]
  /// Ratings refitted on resampled votes, shape [models][rounds]; rounds without a finite fit are left out.
  public let replicates: [[Double]]
  /// Rounds without a finite fit, as when a resample leaves a model without a win.
  public let undefinedRounds: Int

  /// Rates the models.
  ///
  /// - Parameters:
  ///   - votes: every vote; votes on the same two models with the same outcome are fitted as one with their weight.
  ///   - clusters: which votes are drawn together, such as those of one user or on one prompt.
  ///   - anchor: the model that is pinned.
  ///   - rating: the points it is pinned at.
  /// - Returns: nil when no finite ratings fit best.
  public init?(
    models: Int, votes: [BradleyTerry.Meeting], clusters: Clustering, anchor: Int, at rating: Double,
    rounds: Int,
    seed: UInt64
  ) {
    precondition(votes.count == clusters.itemCount, "\(votes.count) votes, \(clusters.itemCount) clustered")
    precondition((0..<models).contains(anchor), "model \(anchor) of \(models) as the anchor")
    let kinds = VoteKinds(votes)
    @Sendable func fitted(_ weights: [Double]) -> [Double]? {
      let meetings = kinds.meetings(weights)
      guard
        let fit = BradleyTerry(
          models: models, meetings: meetings, clusters: .singletons(meetings.count), position: false,
          disconnected: .refuse)
      else { return nil }
      let points = fit.ratings(scale: 400, base: 10, initial: 0)
      return points.map { $0 - points[anchor] + rating }
    }
    guard let ratings = fitted(kinds.weights(votes, counts: nil, clusters)) else { return nil }
    self.ratings = ratings
    let drawn = filledRows(rounds, width: models, blockSize: 1) { range, out in
      for round in range {
        let counts = Resampling.counts(clusters: clusters.count, seed: seed, replicate: round)
        let points = fitted(kinds.weights(votes, counts: counts, clusters))
        // NaN marks a round without a fit in the block of memory; it never leaves this initialiser.
        for model in 0..<models { out[(round - range.lowerBound) * models + model] = points?[model] ?? .nan }
      }
    }
    let defined = (0..<rounds).filter { !drawn[$0 * models].isNaN }
    replicates = (0..<models).map { model in defined.map { drawn[$0 * models + model] } }
    undefinedRounds = rounds - defined.count
  }

  private init(_ ratings: [Double], _ replicates: [[Double]], undefinedRounds: Int) {
    self.ratings = ratings
    self.replicates = replicates
    self.undefinedRounds = undefinedRounds
  }

  /// The same with the mean of all models at the given points in place of a pinned model, in every round.
  public func centred(at points: Double) -> ArenaRatings {
    func moved(_ values: [Double]) -> [Double] {
      let shift = points - values.reduce(0, +) / Double(values.count)
      return values.map { $0 + shift }
    }
    let rounds = replicates.first?.count ?? 0
    let moves = (0..<rounds).map { round in moved(replicates.map { $0[round] }) }
    return ArenaRatings(
      moved(ratings), replicates.indices.map { model in moves.map { $0[model] } },
      undefinedRounds: undefinedRounds)
  }

  /// The table's intervals, variances and ranks; nil without replicates.
  public func standings(level: Double) -> [ArenaStanding]? {
    ArenaStanding.table(replicates: replicates, level: level)
  }
}

/// Votes that differ in nothing but their number, as one.
private struct VoteKinds {
  private struct Kind: Hashable {
    let first: Int
    let second: Int
    let outcome: Double
  }

  private let kinds: [Kind]
  /// The kind of each vote.
  private let kind: [Int]

  init(_ votes: [BradleyTerry.Meeting]) {
    var number: [Kind: Int] = [:]
    var kinds: [Kind] = []
    kind = votes.map { vote in
      let isOrdered = vote.first < vote.second
      let key = Kind(
        first: min(vote.first, vote.second), second: max(vote.first, vote.second),
        outcome: isOrdered ? vote.outcome : 1 - vote.outcome)
      if let known = number[key] { return known }
      number[key] = kinds.count
      kinds.append(key)
      return kinds.count - 1
    }
    self.kinds = kinds
  }

  /// The weight of each kind, every cluster counted as often as it was drawn.
  func weights(_ votes: [BradleyTerry.Meeting], counts: [UInt32]?, _ clusters: Clustering) -> [Double] {
    var weights = [Double](repeating: 0, count: kinds.count)
    for (vote, kind) in kind.enumerated() {
      weights[kind] += votes[vote].weight * Double(counts?[clusters.index[vote]] ?? 1)
    }
    return weights
  }

  func meetings(_ weights: [Double]) -> [BradleyTerry.Meeting] {
    zip(kinds, weights).compactMap { kind, weight in
      weight > 0
        ? BradleyTerry.Meeting(first: kind.first, second: kind.second, outcome: kind.outcome, weight: weight)
        : nil
    }
  }
}
