public import Hustings

/// Another metric with one rater's votes in place of the common key.
public struct RaterMetric: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// The direction of the metric underneath.
  public var direction: Direction { metric.direction }
  /// The unit of the metric underneath.
  public var unit: MetricUnit { metric.unit }
  private let metric: any ItemMetric
  private let rater: String

  /// The metric with one rater's votes for a key. Items the rater did not see do not count.
  public init(_ name: String, _ metric: any ItemMetric, keyOf rater: String) {
    self.name = name
    self.metric = metric
    self.rater = rater
  }

  /// The parts of the metric underneath, over the changed trials.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let (changed, places) = recast(trials)
    return metric.contributions(changed).map {
      Contribution(trial: places[$0.trial], stratum: $0.stratum, credit: $0.credit, weight: $0.weight)
    }
  }

  /// What came of the changed trials.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    let (changed, places) = recast(trials)
    return metric.outcomes(changed).map { (places[$0.trial], $0.outcome) }
  }

  private func recast(_ trials: [Trial]) -> (changed: [Trial], places: [Int]) {
    var changed: [Trial] = []
    var places: [Int] = []
    for (index, trial) in trials.enumerated() {
      guard let votes = trial.key.raters[rater] else { continue }
      changed.append(Trial(key: trial.key.with(gold: votes), tournament: trial.tournament))
      places.append(index)
    }
    return (changed, places)
  }
}

extension AnswerKey {
  func with(gold: Tournament) -> AnswerKey {
    AnswerKey(
      item: item, subset: subset, cluster: cluster, names: names, candidates: candidates, gold: gold,
      raters: raters)
  }
}
