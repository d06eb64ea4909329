public import Hustings

/// How often a model had to be asked for each response of an item: once where every response is encoded or rated on its
/// own, and once per ordered pair where pairs are read, which is K − 1 for K responses and grows with them.
public struct QueriesPerResponse: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// Less is better.
  public var direction: Direction { .lowerIsBetter }
  /// A plain number.
  public var unit: MetricUnit { .number }

  /// The mean number of queries over all responses.
  public init(_ name: String) { self.name = name }

  /// Every item's queries per response, weighted by its number of responses.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let total = Double(trials.reduce(0) { $0 + $1.tournament.count })
    return trials.enumerated().compactMap { index, trial in
      let count = Double(trial.tournament.count)
      guard count > 1 else { return nil }
      let queries = trial.tournament.isOrdered ? Double(trial.tournament.matchups.count) : count
      return Contribution(trial: index, stratum: "", credit: queries / count, weight: count / total)
    }
  }

  /// Nothing comes of an item: being asked is no answer.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] { [] }
}
