public import Hustings

/// The share of the key's preferences that a coin would agree with: one half, over the same items as the other metrics.
public struct ChanceFloor: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// Neither way: it does not depend on the model.
  public var direction: Direction { .neutral }
  /// A share of pairs.
  public var unit: MetricUnit { .share }

  /// The floor over items with at least one preference.
  public init(_ name: String) { self.name = name }

  /// One half for every item.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let places = trials.indices.filter { index in
      let gold = trials[index].key.gold
      return gold.matchups.contains { gold.judgment($0)?.logOdds.map { $0 != 0 } ?? false }
    }
    return places.map {
      Contribution(trial: $0, stratum: "", credit: 0.5, weight: 1 / Double(places.count))
    }
  }

  /// Nothing comes of an item: no model is asked.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] { [] }
}
