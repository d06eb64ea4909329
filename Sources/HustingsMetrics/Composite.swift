public import Hustings

/// The weighted mean of other metrics. Parts that do not apply drop out, and the weights of the others are scaled up.
public struct Composite: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// A share.
  public var unit: MetricUnit { .share }
  private let parts: [(weight: Double, metric: any ItemMetric)]

  /// The mean of `parts` with the given weights.
  public init(_ name: String, _ parts: [(weight: Double, metric: any ItemMetric)]) {
    self.name = name
    self.parts = parts
  }

  /// The plain mean of `parts`.
  public init(_ name: String, meanOf parts: [any ItemMetric]) {
    self.init(name, parts.map { (weight: 1, metric: $0) })
  }

  /// Every part's items, scaled by the part's weight.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let present = parts.map { (weight: $0.weight, items: $0.metric.contributions(trials)) }
      .filter { !$0.items.isEmpty }
    let total = present.reduce(0) { $0 + $1.weight }
    return present.enumerated().flatMap { index, part in
      part.items.map { item in
        let scaled = item.weighted(by: part.weight / total)
        return Contribution(
          trial: scaled.trial, stratum: "\(index) \(scaled.stratum)", credit: scaled.credit,
          weight: scaled.weight)
      }
    }
  }

  /// What came of the items of every part.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    parts.flatMap { $0.metric.outcomes(trials) }
  }
}
