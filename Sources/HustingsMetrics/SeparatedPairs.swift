public import Hustings

/// The share of agreement with a key of ratings, over the pairs of candidates whose ratings differ by more than a gap.
///
/// Items count by how many such pairs they have, and the pairs of an item stay together when the uncertainty is estimated.
public struct SeparatedPairs: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A share of pairs.
  public var unit: MetricUnit { .share }
  private let pairs: PreferencePairs
  private let gap: Double

  /// The share of the pairs whose ratings differ by more than `gap`.
  public init(_ name: String, gap: Double, ties: TieRule, failures: FailureRule) {
    self.name = name
    self.gap = gap
    pairs = PreferencePairs(name, ties: ties, failures: failures)
  }

  /// Every item's share of agreement, weighted by its number of pairs.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    pairs.contributions(trials.map(separated))
  }

  /// An item is won when every pair is right, lost when none is, and a tie between.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    pairs.outcomes(trials.map(separated))
  }

  private func separated(_ trial: Trial) -> Trial {
    let gold = trial.key.gold
    var judgments: [Matchup: Judgment] = [:]
    for matchup in gold.matchups {
      guard let margin = gold.judgment(matchup)?.logOdds, abs(margin) > gap else { continue }
      judgments[matchup] = .margin(margin)
    }
    let key = trial.key.with(gold: Tournament(count: gold.count, symmetric: judgments))
    return Trial(key: key, tournament: trial.tournament)
  }
}
