public import Hustings

/// One point for preferring the response that the key prefers, over items of two candidates.
///
/// Where the key says the two are equally good, the point is for a tie.
public struct PairCredit: CreditRule {
  /// How the two orders of presentation become one answer. Irrelevant to models without an order.
  public enum Orders: Sendable, Hashable {
    /// The sign of the mean margin over the orders that were answered.
    case netted
    /// The mean of the two orders' points; an unanswered order is a failure of its own. LLMBar.
    case averaged
    /// The sign of the sum of verdicts, +1, 0 or -1 each, an unanswered order counting 0. JudgeBench.
    case voted
  }

  private let ties: TieRule
  private let failures: FailureRule
  private let orders: Orders

  /// A pair rule.
  public init(ties: TieRule, failures: FailureRule, orders: Orders) {
    self.ties = ties
    self.failures = failures
    self.orders = orders
  }

  /// The credit of a pair; nil when there are not two candidates or the key says nothing of them.
  public func credit(for trial: Trial) -> Credit? {
    let places = trial.key.candidates
    guard places.count == 2 else { return nil }
    let (a, b) = (places[0], places[1])
    // Equal texts cannot be told apart, so a preference between them is a tie whatever the model.
    guard a != b else { return points(for: 0, gold: 1) }
    guard let gold = trial.key.gold.margin(a, b) else { return nil }
    let tournament = trial.tournament
    guard tournament.isOrdered else {
      guard let margin = tournament.margin(a, b) else { return unanswered(trial, a, b) }
      return points(for: sign(margin), gold: sign(gold))
    }
    let forward = tournament.judgment(Matchup(a, b))?.logOdds.map { sign($0) }
    let reverse = tournament.judgment(Matchup(b, a))?.logOdds.map { -sign($0) }
    if forward == nil, reverse == nil { return unanswered(trial, a, b) }
    switch orders {
    case .netted:
      guard let margin = tournament.margin(a, b) else { return unanswered(trial, a, b) }
      return points(for: sign(margin), gold: sign(gold))
    case .voted:
      let sum = (forward ?? 0) + (reverse ?? 0)
      // A split vote is no verdict for either side, whatever a single tied score would have meant.
      return points(for: sum.signum(), gold: sign(gold), ties: ties == .secondWins ? .loss : ties)
    case .averaged:
      return averaged(
        [(forward, Matchup(a, b)), (reverse, Matchup(b, a))], gold: sign(gold), trial: trial)
    }
  }

  private func averaged(_ asked: [(Int?, Matchup)], gold: Int, trial: Trial) -> Credit {
    var sum = 0.0
    var counted = 0
    for (answer, matchup) in asked {
      if let answer {
        sum += points(for: answer, gold: gold).value ?? 0
        counted += 1
      } else if trial.tournament.judgment(matchup) != nil, failures == .loss {
        counted += 1
      }
    }
    let mean = sum / Double(counted)
    return Credit(mean == 1 ? .win : mean == 0 ? .loss : .tie, mean)
  }

  private func unanswered(_ trial: Trial, _ a: Int, _ b: Int) -> Credit {
    Credit(
      trial.tournament.absence(a, b) ?? Absence(.error, "the pair was never asked"), failures: failures)
  }

  private func points(for answer: Int, gold: Int, ties rule: TieRule? = nil) -> Credit {
    if answer == gold { return Credit(gold == 0 ? .tie : .win, 1) }
    guard answer == 0 else { return Credit(.loss, 0) }
    switch rule ?? ties {
    case .loss: return Credit(.tie, 0)
    case .half, .shared: return Credit(.tie, 0.5)
    case .secondWins: return Credit(.tie, gold < 0 ? 1 : 0)
    }
  }

  private func sign(_ value: Double) -> Int { value > 0 ? 1 : value < 0 ? -1 : 0 }
}
