import Foundation
public import Hustings
import HustingsStatistics

/// The scale of a model's rewards, which the order of responses does not show and which training against a model depends on.
///
/// Margins are those of what the key prefers over what it does not; an item with several such pairs counts with their mean.
public enum RewardScale: String, Sendable, Hashable, CaseIterable {
  /// The mean reward: candidate minus baseline, in standard deviations of the baseline's items.
  case location
  /// The standard deviation of margins: the natural logarithm of candidate over baseline.
  case spread
  /// The share of margins beyond the baseline's 1 % and 99 % quantiles: candidate minus baseline.
  case tails
  /// The share of margins beyond ±4.6, where a preference probability is within .01 of certainty: candidate minus baseline.
  case saturation

  /// log(.99 / .01).
  private static let saturated = 4.595119850134589

  /// The difference between two models on the items that both answered, with clustered errors; nil when the measure does not
  /// apply, as location to a model that gives no rewards.
  ///
  /// Spread is a function of means, so its error is that of its influence values, (x - μ)² / 2σ² (the delta method).
  public func evidence(baseline: [Trial], candidate: [Trial], clusters: Bool) -> MarginEvidence? {
    let others = Dictionary(candidate.map { ($0.key.item, $0) }, uniquingKeysWith: { first, _ in first })
    var mine: [Double] = []
    var yours: [Double] = []
    var names: [String] = []
    for trial in baseline {
      guard let other = others[trial.key.item], let a = value(of: trial), let b = value(of: other) else {
        continue
      }
      mine.append(a)
      yours.append(b)
      names.append(clusters ? trial.key.cluster : trial.key.item)
    }
    guard mine.count > 1, let parts = parts(mine, yours) else { return nil }
    return MarginEvidence(baseline: parts.baseline, candidate: parts.candidate, clusters: names)
  }

  /// What the measure takes of one item.
  private func value(of trial: Trial) -> Double? {
    if self == .location {
      guard let rewards = trial.tournament.rewards else { return nil }
      return Descriptive.mean(rewards.compactMap { $0 })
    }
    var margins: [Double] = []
    for matchup in trial.key.gold.matchups {
      guard let gold = trial.key.gold.margin(matchup.first, matchup.second), gold != 0,
        let margin = trial.tournament.margin(matchup.first, matchup.second)
      else { continue }
      margins.append(gold > 0 ? margin : 0 - margin)
    }
    return Descriptive.mean(margins)
  }

  /// Per item, numbers whose means are the measure of each model.
  private func parts(_ mine: [Double], _ yours: [Double]) -> (baseline: [Double], candidate: [Double])? {
    switch self {
    case .location:
      guard let spread = Descriptive.standardDeviation(mine, divisor: .sample), spread > 0 else {
        return nil
      }
      return (mine.map { $0 / spread }, yours.map { $0 / spread })
    case .spread:
      guard let a = RewardScale.influence(mine), let b = RewardScale.influence(yours) else { return nil }
      return (a, b)
    case .tails:
      guard let low = Descriptive.quantile(mine, 0.01, rule: .linear),
        let high = Descriptive.quantile(mine, 0.99, rule: .linear)
      else { return nil }
      func share(_ values: [Double]) -> [Double] { values.map { $0 < low || $0 > high ? 1 : 0 } }
      return (share(mine), share(yours))
    case .saturation:
      func share(_ values: [Double]) -> [Double] { values.map { abs($0) > RewardScale.saturated ? 1 : 0 } }
      return (share(mine), share(yours))
    }
  }

  /// Numbers whose mean is log σ, with the spread of its influence values.
  private static func influence(_ values: [Double]) -> [Double]? {
    guard let mean = Descriptive.mean(values),
      let variance = Descriptive.variance(values, divisor: .population), variance > 0
    else { return nil }
    let level = 0.5 * log(variance)
    return values.map { level + ($0 - mean) * ($0 - mean) / (2 * variance) - 0.5 }
  }
}
