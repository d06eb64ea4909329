import Foundation
public import Hustings

/// The mean log loss of a model's margins as log-odds, over every pair that the key judges.
///
/// With margin m and target p the loss of a pair is p·softplus(−m) + (1 − p)·softplus(m), in nats; a model that says nothing
/// of any pair, with margins of 0, has ln 2. Verdicts have no size, so the metric does not apply to them.
public struct PairLogLoss: ItemMetric {
  /// What the target of a pair is.
  public enum Target: String, Sendable, Hashable, CaseIterable {
    /// 1 for the response that the key prefers; pairs that it holds equal are left out.
    case preference
    /// The logistic of the key's margin, for keys whose margins are log-odds.
    case probability
  }

  /// Its name on a board.
  public let name: String
  /// Less is better.
  public var direction: Direction { .lowerIsBetter }
  /// In nats.
  public var unit: MetricUnit { .number }
  private let target: Target

  /// The mean log loss against `target`.
  public init(_ name: String, against target: Target) {
    self.name = name
    self.target = target
  }

  /// The loss of every pair of every item, each counting the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let losses = trials.enumerated().flatMap { index, trial in self.losses(trial).map { (index, $0) } }
    return losses.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(losses.count))
    }
  }

  /// An item is won when it was answered; the loss says how well.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard !trial.tournament.areVerdicts else { return nil }
      let asked = trial.key.gold.matchups.filter { goal(trial, $0) != nil }
      guard !asked.isEmpty else { return nil }
      for matchup in asked where trial.tournament.margin(matchup.first, matchup.second) == nil {
        let absence =
          trial.tournament.absence(matchup.first, matchup.second)
          ?? Absence(.error, "the pair was never asked")
        return (index, Outcome(absence))
      }
      return (index, .win)
    }
  }

  private func goal(_ trial: Trial, _ matchup: Matchup) -> Double? {
    guard let gold = trial.key.gold.judgment(matchup)?.logOdds else { return nil }
    switch target {
    case .preference: return gold == 0 ? nil : gold > 0 ? 1 : 0
    case .probability: return probability(of: gold)
    }
  }

  private func losses(_ trial: Trial) -> [Double] {
    guard !trial.tournament.areVerdicts else { return [] }
    return trial.key.gold.matchups.compactMap { matchup in
      guard let p = goal(trial, matchup),
        let margin = trial.tournament.margin(matchup.first, matchup.second)
      else { return nil }
      return p * softplus(0 - margin) + (1 - p) * softplus(margin)
    }
  }
}

/// 1 / (1 + e⁻ˣ).
func probability(of logOdds: Double) -> Double {
  logOdds >= 0 ? 1 / (1 + exp(0 - logOdds)) : exp(logOdds) / (1 + exp(logOdds))
}

/// ln(1 + eˣ).
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(0 - abs(x))) }
