public import Hustings

/// The mean over items of a number that one trial gives; items without it are left out.
public struct ItemMean: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// Which way it improves.
  public let direction: Direction
  /// How it is printed.
  public let unit: MetricUnit
  /// Whether boards print its interval.
  public let hasOwnInterval: Bool
  private let value: @Sendable (Trial) -> Double?

  /// - Parameter value: the number of one trial; nil where it has none.
  public init(
    _ name: String, _ direction: Direction, unit: MetricUnit, hasOwnInterval: Bool = false,
    value: @escaping @Sendable (Trial) -> Double?
  ) {
    self.name = name
    self.direction = direction
    self.unit = unit
    self.hasOwnInterval = hasOwnInterval
    self.value = value
  }

  /// Every item's number, each with the same weight.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let values = trials.enumerated().compactMap { place, trial in value(trial).map { (place, $0) } }
    return values.map {
      Contribution(trial: $0.0, stratum: "", credit: $0.1, weight: 1 / Double(values.count))
    }
  }

  /// A number is an answer that neither wins nor loses; an item without one says why the model had nothing to say of it.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().map { place, trial in
      if value(trial) != nil { return (place, .tie) }
      let absence = trial.tournament.absences.values.first ?? Absence(.abstention, "there is no such number")
      return (place, Outcome(absence))
    }
  }
}
