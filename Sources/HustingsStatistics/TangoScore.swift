import Foundation
import HustingsNumerics

/// Tango's score test and interval for the difference of two shares on the same items: candidate minus
/// baseline.
///
/// T(λ) = (b - c - nλ) / √(n (2q + λ (1 - λ))), where q is the most likely share of baseline-only items when
/// the true difference is λ; T(0) is McNemar's statistic. The interval holds every λ that the test does not
/// reject. It keeps its level where d̄ ± z·SE does not (few discordant items). Tango, "Equivalence test and
/// confidence interval for the difference in proportions for the paired-sample design" (Statistics in
/// Medicine 17, 1998).
public struct TangoScore: Sendable, Hashable {
  /// b: items that only the candidate has right.
  public let candidateOnly: Int
  /// c: items that only the baseline has right.
  public let baselineOnly: Int
  /// n: all items, concordant ones included.
  public let items: Int

  /// Nil when there are no items.
  public init?(candidateOnly: Int, baselineOnly: Int, items: Int) {
    guard items > 0 else { return nil }
    precondition(
      candidateOnly >= 0 && baselineOnly >= 0 && candidateOnly + baselineOnly <= items,
      "\(candidateOnly) and \(baselineOnly) discordant of \(items) items")
    self.candidateOnly = candidateOnly
    self.baselineOnly = baselineOnly
    self.items = items
  }

  /// (b - c) / n, the observed difference.
  public var difference: Double { Double(candidateOnly - baselineOnly) / Double(items) }

  /// n (2q + λ (1 - λ)): the variance of b - c when the true difference is λ.
  private func variance(_ λ: Double) -> Double {
    let (b, c, n) = (Double(candidateOnly), Double(baselineOnly), Double(items))
    let linear = -b - c + (2 * n - b + c) * λ
    let constant = -c * λ * (1 - λ)
    let root = max(0, linear * linear - 8 * n * constant).squareRoot()
    // The larger root of 2n q² + linear q + constant, written so that nothing cancels.
    let q = linear > 0 ? -2 * constant / (linear + root) : (root - linear) / (4 * n)
    return max(0, n * (2 * q + λ * (1 - λ)))
  }

  /// T at a supposed difference; nil where the variance is zero and the data are exactly as supposed.
  ///
  /// Positive when the observed difference is above the supposed one.
  public func statistic(difference λ: Double) -> Double? {
    precondition(λ >= -1 && λ <= 1, "a difference of shares of \(λ)")
    let excess = Double(candidateOnly - baselineOnly) - Double(items) * λ
    let variance = variance(λ)
    if variance > 0 { return excess / variance.squareRoot() }
    return excess == 0 ? nil : excess * .infinity
  }

  /// Two-sided p-value of the hypothesis that the true difference is λ.
  public func pValue(difference λ: Double) -> Double {
    statistic(difference: λ).map(Normal.twoSided) ?? 1
  }

  /// One-sided p-value of the hypothesis that the true difference is at least λ: small when it is shown to be lower.
  public func pValue(atLeast λ: Double) -> Double { statistic(difference: λ).map(Normal.cdf) ?? 1 }

  /// One-sided p-value of the hypothesis that the true difference is at most λ: small when it is shown to be higher.
  public func pValue(atMost λ: Double) -> Double { statistic(difference: λ).map(Normal.survival) ?? 1 }

  /// The two-sided interval.
  public func interval(level: Double) -> Interval {
    let z = Normal.quantile(Interval.upperShare(level))
    return Interval(low: limit(z: z), high: limit(z: -z), level: level, method: .tango)
  }

  /// The value that the true difference exceeds with confidence `level`, one-sided.
  public func lowerLimit(level: Double) -> Double { limit(z: Normal.quantile(level)) }

  /// The value that the true difference stays below with confidence `level`, one-sided.
  public func upperLimit(level: Double) -> Double { limit(z: -Normal.quantile(level)) }

  /// The difference at which T is `z`.
  private func limit(z: Double) -> Double {
    let n = Double(items)
    if z == 0 || abs(difference) == 1 && (difference < 0) == (z > 0) { return difference }
    // Without discordant items T² is n |λ| / (1 - |λ|).
    if candidateOnly + baselineOnly == 0 { return -z * abs(z) / (n + z * z) }
    let excess = Double(candidateOnly - baselineOnly)
    let found = root(between: z > 0 ? -1 : 1, and: difference, tolerance: 0) { λ in
      excess - n * λ - z * variance(λ).squareRoot()
    }
    return found ?? difference
  }
}
