public import Hustings

/// The share of the key's strict preferences that a model agrees with, over every pair of candidates of every item.
///
/// Pairs that the key holds equal are left out. Items count by how many pairs they have, and the pairs of an item stay
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

  /// Every item's share of agreement, weighted by its number of pairs.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let scored = trials.enumerated().compactMap { index, trial -> (Int, Tally)? in
      let tally = tally(trial)
      return tally.pairs == 0 ? nil : (index, tally)
    }
    let total = scored.reduce(0) { $0 + $1.1.pairs }
    return scored.map { index, tally in
      let pairs = Double(tally.pairs)
      return Contribution(
        trial: index, stratum: "", credit: tally.points / pairs, weight: pairs / Double(total))
    }
  }

  /// An item is won when every pair is right, lost when none is, and a tie between.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      let tally = tally(trial)
      if let absence = tally.absence { return (index, Outcome(absence)) }
      guard tally.pairs > 0 else { return nil }
      let isWhole = tally.points == Double(tally.pairs)
      return (index, isWhole ? .win : tally.points == 0 ? .loss : .tie)
    }
  }

  private struct Tally {
    var pairs = 0
    var points = 0.0
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
        if Credit(absence, failures: failures).value != nil { tally.pairs += 1 }
        continue
      }
      tally.pairs += 1
      if margin == 0 {
        tally.points += tiePoints(gold)
      } else if (margin > 0) == (gold > 0) {
        tally.points += 1
      }
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
