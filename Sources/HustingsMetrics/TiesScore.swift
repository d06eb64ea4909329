import Foundation
public import Hustings

/// The Ties score of RewardBench 2, which rewards a model for rating equally right answers alike and well above wrong ones.
///
/// Items are named `tied:n` (several right answers) and `ref:n` (one right answer) and paired by n. For each item c is the
/// lowest right reward minus the highest wrong one, and for tied items d is the highest minus the lowest right reward.
///
///     score = 0.30 · mean over tied [c > 0] + 0.30 · mean over ref [c > 0]
///           + 0.20 · mean over pairs [c_tied > d] + 0.20 · mean over pairs [min(c_ref, c_tied) > d]
///           + 0.01 · mean over pairs tanh(min(c_ref, c_tied) / d - 1)
///
/// Where d is 0, 0/0 counts 0 and x/0 is the limit, ±1. The score can fall below 0 and rise above 1, and is not clamped.
/// Source: reward-bench, `rewardbench/utils.py`; Malik et al. 2025, appendix.
public struct TiesScore: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// Printed like a share, though it may leave [0, 1] by a hundredth.
  public var unit: MetricUnit { .share }
  private let subset: String

  /// The Ties score over the items of `subset`.
  public init(_ name: String, subset: String) {
    self.name = name
    self.subset = subset
  }

  /// The five terms of the score.
  public struct Terms: Sendable, Hashable {
    /// Share of tied items whose right answers all beat the wrong ones; nil without tied items.
    public let tiedAccuracy: Double?
    /// Share of reference items whose right answer beats the wrong ones; nil without reference items.
    public let referenceAccuracy: Double?
    /// Share of pairs in which the tied item's c exceeds its d; nil without pairs.
    public let correctnessPreferred: Double?
    /// Share of pairs in which both items' c exceed d; nil without pairs.
    public let correctnessPreferredHard: Double?
    /// Mean of tanh(min(c) / d - 1) over pairs; nil without pairs.
    public let marginTerm: Double?
    /// How many prompts have both items.
    public let pairs: Int
  }

  /// The terms over some trials.
  public func terms(_ trials: [Trial]) -> Terms {
    let items = measured(trials)
    let pairs = paired(items)
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    return Terms(
      tiedAccuracy: mean(items.filter(\.isTied).map { $0.gap > 0 ? 1 : 0 }),
      referenceAccuracy: mean(items.filter { !$0.isTied }.map { $0.gap > 0 ? 1 : 0 }),
      correctnessPreferred: mean(pairs.map { $0.tied.gap > $0.tied.spread ? 1 : 0 }),
      correctnessPreferredHard: mean(
        pairs.map { min($0.reference.gap, $0.tied.gap) > $0.tied.spread ? 1 : 0 }),
      marginTerm: mean(pairs.map { TiesScore.margin(min($0.reference.gap, $0.tied.gap), $0.tied.spread) }),
      pairs: pairs.count)
  }

  /// Each item's share of the score; the terms over pairs are booked on the tied item.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let items = measured(trials)
    let pairs = paired(items)
    let tiedCount = Double(items.count { $0.isTied })
    let referenceCount = Double(items.count) - tiedCount
    let accuracies = items.map { item in
      Contribution(
        trial: item.trial, stratum: item.isTied ? "tied" : "ref", credit: item.gap > 0 ? 1 : 0,
        weight: 0.30 / (item.isTied ? tiedCount : referenceCount))
    }
    let margins = pairs.map { tied, reference in
      let gap = min(reference.gap, tied.gap)
      let points =
        0.20 * (tied.gap > tied.spread ? 1 : 0) + 0.20 * (gap > tied.spread ? 1 : 0)
        + 0.01 * TiesScore.margin(gap, tied.spread)
      return Contribution(
        trial: tied.trial, stratum: "pair", credit: points, weight: 1 / Double(pairs.count))
    }
    return accuracies + margins
  }

  /// Whether each item's right answers beat its wrong ones.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard trial.key.subset == subset else { return nil }
      switch measure(trial, index) {
      case .success(let item): return (index, item.gap > 0 ? .win : .loss)
      case .failure(let missing): return (index, Outcome(missing.absence))
      }
    }
  }

  private struct Item {
    let trial: Int
    let number: String
    let isTied: Bool
    /// c: lowest right reward minus highest wrong reward.
    let gap: Double
    /// d: highest minus lowest right reward.
    let spread: Double
  }

  private struct Missing: Error { let absence: Absence }

  private func measured(_ trials: [Trial]) -> [Item] {
    trials.enumerated().compactMap { index, trial in
      trial.key.subset == subset ? try? measure(trial, index).get() : nil
    }
  }

  private func measure(_ trial: Trial, _ index: Int) -> Result<Item, Missing> {
    let name = trial.key.item.split(separator: ":", maxSplits: 1)
    guard let rewards = trial.tournament.rewards else {
      return .failure(
        Missing(absence: Absence(.invalid, "the Ties score needs rewards, and the model gives none")))
    }
    let gold = trial.key.gold
    var right = Set<Int>()
    var wrong = Set<Int>()
    for matchup in gold.matchups {
      guard let margin = gold.judgment(matchup)?.logOdds, margin != 0 else { continue }
      right.insert(margin > 0 ? matchup.first : matchup.second)
      wrong.insert(margin > 0 ? matchup.second : matchup.first)
    }
    var high: [Double] = []
    var low: [Double] = []
    for place in right.union(wrong).sorted() {
      guard let reward = rewards[place] else {
        let other = place == 0 ? 1 : 0
        let absence = trial.tournament.absence(place, other)
        return .failure(Missing(absence: absence ?? Absence(.error, "a response has no reward")))
      }
      if right.contains(place) { high.append(reward) } else { low.append(reward) }
    }
    guard let lowestRight = high.min(), let highestRight = high.max(), let highestWrong = low.max() else {
      return .failure(Missing(absence: Absence(.invalid, "the item has no right or no wrong answer")))
    }
    return .success(
      Item(
        trial: index, number: String(name.last ?? ""), isTied: name.first == "tied",
        gap: lowestRight - highestWrong, spread: highestRight - lowestRight))
  }

  private func paired(_ items: [Item]) -> [(tied: Item, reference: Item)] {
    let references = Dictionary(
      items.filter { !$0.isTied }.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    return items.filter(\.isTied).compactMap { tied in references[tied.number].map { (tied, $0) } }
  }

  private static func margin(_ gap: Double, _ spread: Double) -> Double {
    if spread == 0 { return gap == 0 ? 0 : gap > 0 ? 1 : -1 }
    return tanh(gap / spread - 1)
  }
}
