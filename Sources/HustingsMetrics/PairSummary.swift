public import Hustings
import HustingsStatistics

/// Everything that is usually said of a reward model on pairs: outcomes, the scale of its rewards and margins, and how its
/// margins do as log-odds.
///
/// The margin of an item is the reward of what the key prefers minus the reward of what it does not; items without one, and
/// items the key holds equal, are left out. Two candidates with one text have a margin of 0.
public struct PairSummary: Sendable, Hashable {
  /// One margin per item, the preferred response's reward first.
  public let margins: [Double]
  /// The rewards of the preferred responses; empty for a model without rewards.
  public let chosen: [Double]
  /// The rewards of the others; empty for a model without rewards.
  public let rejected: [Double]

  /// The summary of the pairs among some trials.
  public init(_ trials: [Trial]) {
    var margins: [Double] = []
    var chosen: [Double] = []
    var rejected: [Double] = []
    for trial in trials {
      guard let (better, worse) = trial.key.preferredPair else { continue }
      guard let margin = better == worse ? 0 : trial.tournament.margin(better, worse) else { continue }
      margins.append(margin)
      if let rewards = trial.tournament.rewards, let one = rewards[better], let other = rewards[worse] {
        chosen.append(one)
        rejected.append(other)
      }
    }
    self.margins = margins
    self.chosen = chosen
    self.rejected = rejected
  }

  /// How many items.
  public var count: Int { margins.count }
  /// Items whose preferred response has the higher reward.
  public var wins: Int { margins.count { $0 > 0 } }
  /// Items with equal rewards.
  public var ties: Int { margins.count { $0 == 0 } }
  /// Items whose preferred response has the lower reward.
  public var losses: Int { margins.count { $0 < 0 } }
  /// Wins over items; a tie is no win.
  public var strictAccuracy: Double? { count == 0 ? nil : Double(wins) / Double(count) }
  /// Wins and half the ties over items.
  public var halfAccuracy: Double? {
    count == 0 ? nil : (Double(wins) + Double(ties) / 2) / Double(count)
  }
  /// Wilson's 95 % interval of the strict accuracy.
  public var wilson: Hustings.Interval? {
    Proportion(successes: Double(wins), trials: count).map { Hustings.Interval($0.wilson(level: 0.95)) }
  }
  /// Mean of softplus(-margin): the Bradley–Terry loss, in nats.
  public var logLoss: Double? { MarginScores.logLoss(margins) }
  /// Mean of (1 - logistic(margin))².
  public var brier: Double? { MarginScores.brier(margins) }
  /// The expected calibration error over ten equal bins of the confidence max(p, 1 - p) on [0, 1].
  public var calibrationError: Double? {
    guard !margins.isEmpty else { return nil }
    return CalibrationBins.equalWidth(MarginScores.folded(margins, temperature: 1), bins: 10).expectedError
  }
  /// The area under the ROC curve of all preferred against all other rewards, ties half; nil without rewards.
  public var areaUnderCurve: Double? {
    chosen.isEmpty ? nil : areaUnderROC(positive: chosen, negative: rejected)
  }
  /// The two-sided exact sign test of wins against losses.
  public var signTest: Double { SignTest(wins: wins, losses: losses).pValue }
}

extension AnswerKey {
  /// The responses that a pair's key prefers and does not; the same one twice where both candidates have one text. Nil for
  /// more than two candidates, and where the key prefers neither.
  var preferredPair: (better: Int, worse: Int)? {
    guard candidates.count == 2 else { return nil }
    let (a, b) = (candidates[0], candidates[1])
    if a == b { return (a, b) }
    guard let margin = gold.margin(a, b), margin != 0 else { return nil }
    return margin > 0 ? (a, b) : (b, a)
  }
}
