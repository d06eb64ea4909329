public import Hustings

/// A weighted sum over items with its uncertainty: the engine under every `ItemMetric`.
public struct WeightedSum: Sendable {
  private let items: [Contribution]
  private let trials: [Trial]

  /// The sum of the given parts; nil when there are none.
  public init?(_ items: [Contribution], trials: [Trial]) {
    guard !items.isEmpty else { return nil }
    self.items = items
    self.trials = trials
  }

  /// Σ weight · credit.
  public var value: Double { items.reduce(0) { $0 + $1.weight * $1.credit } }

  /// The value with its interval.
  public func estimate(level: Double, isShare: Bool) -> Estimate {
    Estimate(value: value, interval: nil, count: Set(items.map(\.trial)).count)
  }
}
