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

  /// Every item's queries per response, once for each of its responses.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let asked = trials.enumerated().filter { $1.tournament.count > 1 }
    let total = Double(asked.reduce(0) { $0 + $1.element.tournament.count })
    return asked.flatMap { index, trial in
      let count = trial.tournament.count
      let queries = trial.tournament.isOrdered ? trial.tournament.matchups.count : count
      let part = Contribution(
        trial: index, stratum: "", credit: Double(queries) / Double(count), weight: 1 / total)
      return [Contribution](repeating: part, count: count)
    }
  }

  /// Nothing comes of an item: being asked is no answer.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] { [] }
}
