public import Hustings

/// Another metric over the items of some subsets alone.
public struct SubsetMetric: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// The direction of the metric underneath.
  public var direction: Direction { metric.direction }
  /// The unit of the metric underneath.
  public var unit: MetricUnit { metric.unit }
  private let metric: any ItemMetric
  private let subsets: Set<String>

  /// The metric over the items of the named subsets.
  public init(_ name: String, _ metric: any ItemMetric, subsets: [String]) {
    self.name = name
    self.metric = metric
    self.subsets = Set(subsets)
  }

  /// The parts of the metric underneath.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let (chosen, places) = select(trials)
    return metric.contributions(chosen).map {
      Contribution(trial: places[$0.trial], stratum: $0.stratum, credit: $0.credit, weight: $0.weight)
    }
  }

  /// What came of the items of these subsets.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    let (chosen, places) = select(trials)
    return metric.outcomes(chosen).map { (places[$0.trial], $0.outcome) }
  }

  private func select(_ trials: [Trial]) -> (chosen: [Trial], places: [Int]) {
    let places = trials.indices.filter { subsets.contains(trials[$0].key.subset) }
    return (places.map { trials[$0] }, places)
  }
}
