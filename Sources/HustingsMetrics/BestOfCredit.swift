public import Hustings

/// One point for placing the right answer above every wrong one, shared among the candidates at the top.
///
/// RewardBench 2: 1/k when k candidates share the highest reward and the right answer is among them, else 0.
/// With margins instead of rewards, a candidate shares the top when its margin against the right answer is 0.
public struct BestOfCredit: CreditRule {
  private let failures: FailureRule

  /// A best-of-n rule with shared ties.
  public init(failures: FailureRule) { self.failures = failures }

  /// The credit of an item with at least one right and one wrong candidate; nil for any other.
  public func credit(for trial: Trial) -> Credit? {
    let key = trial.key
    var right = Set<Int>()
    var wrong = Set<Int>()
    for matchup in key.gold.matchups {
      guard let gold = key.gold.judgment(matchup)?.logOdds, gold != 0 else { continue }
      right.insert(gold > 0 ? matchup.first : matchup.second)
      wrong.insert(gold > 0 ? matchup.second : matchup.first)
    }
    guard let best = right.min(), !wrong.isEmpty, right.isDisjoint(with: wrong) else { return nil }
    var sharing = 0
    for place in key.candidates {
      if place == best || right.contains(place) {
        sharing += 1
        continue
      }
      guard let margin = trial.tournament.margin(best, place) else {
        let absence = trial.tournament.absence(best, place)
        return Credit(absence ?? Absence(.error, "the pair was never asked"), failures: failures)
      }
      if margin < 0 { return Credit(.loss, 0) }
      if margin == 0 { sharing += 1 }
    }
    return sharing == 1 ? Credit(.win, 1) : Credit(.tie, 1 / Double(sharing))
  }
}
