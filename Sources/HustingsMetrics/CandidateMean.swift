public import Hustings

/// The mean rating of one candidate, whatever the model: what always picking it would be worth.
public struct CandidateMean: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// A fact about the data, which no model improves.
  public var direction: Direction { .neutral }
  /// The ratings' unit.
  public let unit: MetricUnit
  private let candidate: String

  /// The mean rating of the candidate with the given name.
  public init(_ name: String, candidate: String, unit: MetricUnit) {
    self.name = name
    self.candidate = candidate
    self.unit = unit
  }

  /// Every item in which the candidate is rated.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let values = trials.enumerated().compactMap { index, trial -> (Int, Double)? in
      guard let place = trial.key.index(named: candidate), let rating = trial.key.gold.rewards?[place]
      else { return nil }
      return (index, rating)
    }
    return values.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(values.count))
    }
  }

  /// No model is asked.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] { [] }
}
