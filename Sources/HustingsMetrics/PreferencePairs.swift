public import Hustings

/// The share of the key's strict preferences that a model agrees with, over every pair of candidates of every item.
///
/// Pairs that the key holds equal are left out. Items count by how many pairs they have, and pairs of one cluster stay
/// together when the uncertainty is estimated.
public struct PreferencePairs: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A share of pairs.
  public var unit: MetricUnit { .share }
  private let ties: TieRule
  private let failures: FailureRule

  /// The share of pairs, with what an equal margin and an abstention count as.
  public init(_ name: String, ties: TieRule, failures: FailureRule) {
    self.name = name
    self.ties = ties
    self.failures = failures
  }

  /// Every pair of every item, each counting the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let pairs = trials.enumerated().flatMap { index, trial in tally(trial).points.map { (index, $0) } }
    return pairs.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(pairs.count))
    }
  }

  /// An item is won when every pair is right, lost when none is, and a tie between.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      let tally = tally(trial)
      if let absence = tally.absence { return (index, Outcome(absence)) }
      guard !tally.points.isEmpty else { return nil }
      let isWon = tally.points.allSatisfy { $0 == 1 }
      return (index, isWon ? .win : tally.points.allSatisfy { $0 == 0 } ? .loss : .tie)
    }
  }

  private struct Tally {
    var points: [Double] = []
    var absence: Absence?
  }

  private func tally(_ trial: Trial) -> Tally {
    var tally = Tally()
    for matchup in trial.key.gold.matchups {
      guard let gold = trial.key.gold.judgment(matchup)?.logOdds, gold != 0 else { continue }
      guard let margin = trial.tournament.margin(matchup.first, matchup.second) else {
        let absence =
          trial.tournament.absence(matchup.first, matchup.second)
          ?? Absence(.error, "the pair was never asked")
        tally.absence = tally.absence ?? absence
        if let points = Credit(absence, failures: failures).value { tally.points.append(points) }
        continue
      }
      tally.points.append(margin == 0 ? tiePoints(gold) : (margin > 0) == (gold > 0) ? 1 : 0)
    }
    return tally
  }

  private func tiePoints(_ gold: Double) -> Double {
    switch ties {
    case .loss: 0
    case .half, .shared: 0.5
    case .secondWins: gold < 0 ? 1 : 0
    }
  }
}
