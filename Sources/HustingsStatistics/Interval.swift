/// A range of values that a procedure says holds the truth with a stated frequency.
public struct Interval: Sendable, Hashable, Codable {
  /// The procedure that made an interval; its name goes wherever the interval is printed.
  public enum Method: String, Sendable, Hashable, Codable {
    /// Wilson's score interval of a share.
    case wilson
    /// Student's t on independent items.
    case studentT = "student-t"
    /// Student's t on cluster sums.
    case clusteredT = "clustered-t"
    /// Tango's score interval of a paired difference of shares.
    case tango
    /// Quantiles of the bootstrap replicates.
    case percentile
    /// Bootstrap quantiles mirrored at the estimate.
    case basic
    /// Bias-corrected and accelerated bootstrap quantiles.
    case bca
    /// Fisher's z transform of a correlation.
    case fisherZ = "fisher-z"
    /// Estimate and standard error of a large sample.
    case normal
  }

  /// The lower end.
  public let low: Double
  /// The upper end, not below the lower.
  public let high: Double
  /// The stated frequency, such as 0.95.
  public let level: Double
  /// The procedure that made it.
  public let method: Method

  /// An interval from its parts.
  public init(low: Double, high: Double, level: Double, method: Method) {
    precondition(low <= high, "an interval from \(low) to \(high)")
    precondition(level > 0 && level < 1, "a level of \(level), not between 0 and 1")
    self.low = low
    self.high = high
    self.level = level
    self.method = method
  }

  /// Whether `value` lies between the ends, ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Upper end minus lower end.
  public var width: Double { high - low }

  /// The interval cut to a range that the quantity cannot leave.
  public func clamped(to range: ClosedRange<Double>) -> Interval {
    Interval(
      low: min(max(low, range.lowerBound), range.upperBound),
      high: min(max(high, range.lowerBound), range.upperBound), level: level, method: method)
  }

  /// The interval after a change of scale that keeps or turns round the order, such as a factor of 100.
  public func mapped(_ scale: (Double) -> Double) -> Interval {
    let (a, b) = (scale(low), scale(high))
    return Interval(low: min(a, b), high: max(a, b), level: level, method: method)
  }

  /// The value of a normal or t quantile that leaves half of 1 - level above it.
  static func upperShare(_ level: Double) -> Double {
    precondition(level > 0 && level < 1, "a level of \(level), not between 0 and 1")
    return 1 - (1 - level) / 2
  }
}
