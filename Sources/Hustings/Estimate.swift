/// A range that covers the true value with a stated confidence.
public struct Interval: Sendable, Hashable {
  /// The lower limit.
  public let low: Double
  /// The upper limit.
  public let high: Double
  /// The confidence level, such as 0.95.
  public let level: Double
  /// How it was made, such as `wilson` or `clustered-t`.
  public let method: String

  /// An interval from `low` to `high`.
  public init(low: Double, high: Double, level: Double, method: String) {
    self.low = low
    self.high = high
    self.level = level
    self.method = method
  }
}

/// A value with its uncertainty and the number of items behind it.
public struct Estimate: Sendable, Hashable {
  /// The value, in the metric's own unit.
  public let value: Double
  /// Its confidence interval; nil when too few items are there to make one.
  public let interval: Interval?
  /// How many items the value was computed from.
  public let count: Int

  /// An estimate from `count` items.
  public init(value: Double, interval: Interval?, count: Int) {
    self.value = value
    self.interval = interval
    self.count = count
  }
}

/// How many items were answered, and what the others would allow.
public struct Coverage: Sendable, Hashable {
  /// Items per outcome.
  public let counts: [Outcome: Int]

  /// The coverage of the given outcomes.
  public init(_ outcomes: some Sequence<Outcome>) {
    counts = outcomes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// All items.
  public var total: Int { counts.values.reduce(0, +) }
  /// The items the model answered.
  public var answered: Int { counts.reduce(0) { $0 + ($1.key.isAnswer ? $1.value : 0) } }
  /// The share of items the model answered; nil without items.
  public var share: Double? { total == 0 ? nil : Double(answered) / Double(total) }
}
