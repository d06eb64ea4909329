public import Hustings

/// The share of agreement with a key of ratings, over the pairs of candidates whose ratings differ by more than a gap.
///
/// Candidates with one text are rated as one, and each of them counts: a response that three models gave meets the others three
/// times. The pairs of an item stay together when the uncertainty is estimated.
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

  /// Every pair of candidates of every item, each counting the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let parts = trials.enumerated().flatMap { index, trial in
      separated(trial).flatMap { matchup, count in
        // One pair at a time, so that its credit can count as often as it is met.
        pairs.contributions([only(matchup, of: trial)]).flatMap {
          [(Int, Double)](repeating: (index, $0.credit), count: count)
        }
      }
    }
    return parts.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(parts.count))
    }
  }

  /// An item is won when every pair is right, lost when none is, and a tie between.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    pairs.outcomes(
      trials.map { trial in
        with(Dictionary(uniqueKeysWithValues: separated(trial).map { ($0.0, gold($0.0, trial)) }), trial)
      })
  }

  /// The matchups further apart than the gap, in ascending order, with how many pairs of candidates each stands for.
  private func separated(_ trial: Trial) -> [(Matchup, Int)] {
    var copies = [Int](repeating: 0, count: trial.key.gold.count)
    for place in trial.key.candidates { copies[place] += 1 }
    return trial.key.gold.matchups.compactMap { matchup in
      guard let margin = trial.key.gold.judgment(matchup)?.logOdds, abs(margin) > gap else { return nil }
      return (matchup, copies[matchup.first] * copies[matchup.second])
    }
  }

  private func gold(_ matchup: Matchup, _ trial: Trial) -> Judgment {
    .margin(trial.key.gold.judgment(matchup)?.logOdds ?? 0)
  }

  private func only(_ matchup: Matchup, of trial: Trial) -> Trial {
    with([matchup: gold(matchup, trial)], trial)
  }

  private func with(_ judgments: [Matchup: Judgment], _ trial: Trial) -> Trial {
    Trial(
      key: trial.key.with(gold: Tournament(count: trial.key.gold.count, symmetric: judgments)),
      tournament: trial.tournament)
  }
}
