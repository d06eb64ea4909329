public import Hustings

/// One item's part in a metric that is a weighted sum over items: value = Σ weight · credit.
public struct Contribution: Sendable, Hashable {
  /// The index of the trial.
  public let trial: Int
  /// The stratum whose mean the item is measured against when its spread is estimated; usually the subset.
  public let stratum: String
  /// The points the item earned.
  public let credit: Double
  /// Its weight: weights of one metric add up to 1 unless its definition says otherwise.
  public let weight: Double

  /// An item's part in a metric.
  public init(trial: Int, stratum: String, credit: Double, weight: Double) {
    self.trial = trial
    self.stratum = stratum
    self.credit = credit
    self.weight = weight
  }

  /// The same part in a metric that gives this one the given weight.
  public func weighted(by factor: Double) -> Contribution {
    Contribution(trial: trial, stratum: stratum, credit: credit, weight: weight * factor)
  }
}

/// A metric that is a weighted sum of what items earned, so that two models can be compared item by item.
public protocol ItemMetric: Metric {
  /// Every item's part; empty when the metric does not apply to the trials.
  func contributions(_ trials: [Trial]) -> [Contribution]
  /// What came of each item the metric covers, answered or not, with the index of its trial.
  func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)]
}

extension ItemMetric {
  /// The weighted sum with its interval, which is kept where shares and percentages can lie; nil when no item counts.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    guard
      let sum = WeightedSum(contributions(trials), trials: trials)?.estimate(
        level: 0.95, isShare: unit == .share)
    else { return nil }
    let most: Double? = unit == .share ? 1 : unit == .percent ? 100 : nil
    guard let most, (0...most).contains(sum.value), let interval = sum.interval else { return sum }
    return Estimate(
      value: sum.value,
      interval: Interval(
        low: max(0, interval.low), high: min(most, interval.high), level: interval.level,
        method: interval.method), count: sum.count)
  }

  /// Items per outcome.
  public func coverage(_ trials: [Trial]) -> Coverage { Coverage(outcomes(trials).map(\.outcome)) }
}
