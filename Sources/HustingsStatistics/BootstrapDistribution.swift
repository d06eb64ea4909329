import Foundation
import HustingsNumerics

/// A statistic on the data and on every bootstrap resample of them: standard error, intervals, p-values.
public struct BootstrapDistribution: Sendable, Hashable {
  /// How the replicates become an interval.
  public enum Method: Sendable, Hashable {
    /// Their quantiles.
    case percentile
    /// Their quantiles mirrored at the estimate.
    case basic
    /// Their quantiles at levels corrected for bias and for a spread that changes with the truth.
    ///
    /// Efron, "Better bootstrap confidence intervals" (JASA 82, 1987), with the acceleration from leaving out
    /// one cluster at a time.
    case bca
  }

  /// The statistic on the data themselves.
  public let estimate: Double
  /// The statistic on each resample, in order of replicate number; those where it was not defined are left
  /// out.
  public let replicates: [Double]
  /// How many resamples left the statistic undefined.
  public let undefinedCount: Int
  /// The statistic with each cluster left out in turn; empty when it was not asked for.
  public let leaveOneOut: [Double]

  /// A distribution from its parts.
  public init(estimate: Double, replicates: [Double], undefinedCount: Int, leaveOneOut: [Double]) {
    self.estimate = estimate
    self.replicates = replicates
    self.undefinedCount = undefinedCount
    self.leaveOneOut = leaveOneOut
  }

  /// The standard deviation of the replicates, which is the standard error itself: it is not divided by √B.
  public var standardError: Double? { Descriptive.standardDeviation(replicates, divisor: .sample) }

  /// The interval at a level; nil without replicates, or where BCa's corrections are not defined.
  public func interval(level: Double, method: Method) -> Interval? {
    let sorted = replicates.sorted()
    let tail = 1 - Interval.upperShare(level)
    func quantile(_ p: Double) -> Double? { Descriptive.quantile(sorted: sorted, p, rule: .linear) }
    switch method {
    case .percentile:
      guard let low = quantile(tail), let high = quantile(1 - tail) else { return nil }
      return Interval(low: low, high: high, level: level, method: .percentile)
    case .basic:
      guard let low = quantile(1 - tail), let high = quantile(tail) else { return nil }
      return Interval(low: 2 * estimate - low, high: 2 * estimate - high, level: level, method: .basic)
    case .bca:
      guard let correction, let low = correction.share(nominal: tail),
        let high = correction.share(nominal: 1 - tail),
        let from = quantile(min(low, high)), let to = quantile(max(low, high))
      else { return nil }
      return Interval(low: from, high: to, level: level, method: .bca)
    }
  }

  /// The two-sided p-value of a supposed truth: the smallest 1 - level at which the interval leaves it out.
  ///
  /// Replicates equal to `null` count half on each side. Never below 1 / (B + 1), as the resamples cannot
  /// show less. Nil where the interval is.
  public func pValue(null: Double, method: Method) -> Double? {
    guard !replicates.isEmpty else { return nil }
    let count = Double(replicates.count)
    let floor = 1 / (count + 1)
    let supposed = method == .basic ? 2 * estimate - null : null
    let below = Self.shareBelow(supposed, replicates)
    var share = below
    if method == .bca {
      guard let correction else { return nil }
      share = correction.nominal(share: below)
    }
    return max(floor, min(1, 2 * min(share, 1 - share)))
  }

  private static func shareBelow(_ value: Double, _ replicates: [Double]) -> Double {
    let twice = replicates.reduce(0) { $0 + ($1 < value ? 2 : $1 == value ? 1 : 0) }
    return Double(twice) / Double(2 * replicates.count)
  }

  /// BCa's bias z0 and acceleration a; nil when all replicates lie on one side of the estimate or none are
  /// left out.
  private var correction: Correction? {
    guard !replicates.isEmpty, let centre = Descriptive.mean(leaveOneOut) else { return nil }
    let below = Self.shareBelow(estimate, replicates)
    guard below > 0, below < 1 else { return nil }
    let away = leaveOneOut.map { centre - $0 }
    let squares = sum(away.map { $0 * $0 })
    let cubes = sum(away.map { $0 * $0 * $0 })
    return Correction(
      bias: Normal.quantile(below), acceleration: squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0)
  }

  private struct Correction {
    let bias: Double
    let acceleration: Double

    /// Φ(z0 + (z0 + z) / (1 - a (z0 + z))): where to read the replicates for a nominal share; nil past the
    /// pole.
    func share(nominal: Double) -> Double? {
      let shifted = bias + Normal.quantile(nominal)
      let slope = 1 - acceleration * shifted
      return slope > 0 ? Normal.cdf(bias + shifted / slope) : nil
    }

    /// The nominal share whose corrected one is `share`: the inverse of the above.
    func nominal(share: Double) -> Double {
      if share <= 0 || share >= 1 { return share }
      let shifted = Normal.quantile(share) - bias
      let slope = 1 + acceleration * shifted
      // Past the pole no nominal share reads that far out.
      return slope > 0 ? Normal.cdf(shifted / slope - bias) : shifted > 0 ? 1 : 0
    }
  }
}
