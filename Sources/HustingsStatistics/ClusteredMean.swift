import Foundation
import HustingsNumerics

/// The mean of a score over items, with a standard error that knows which items belong together.
///
/// SE = (1/n) √(G/(G-1) Σ_g (Σ_{i∈g} (s_i - s̄))²), with Student's t on G - 1 degrees of freedom. For
/// independent items (every item its own cluster) this is the usual √(Σ (s_i - s̄)² / (n (n-1))). Liang and
/// Zeger (Biometrika 73, 1986); Miller, "Adding error bars to evals" (arXiv 2411.00640), whose form lacks the
/// factor G/(G-1).
public struct ClusteredMean: Sendable, Hashable {
  /// The mean over items.
  public let mean: Double
  /// How many items.
  public let itemCount: Int
  /// How many clusters.
  public let clusterCount: Int
  /// The clustered standard error; nil with fewer than two clusters.
  public let standardError: Double?
  /// What the standard error would be if all items were independent; nil with fewer than two items.
  public let independentStandardError: Double?

  /// The mean of `values`; nil when there are none.
  public init?(_ values: [Double], clusters: Clustering) {
    precondition(
      values.count == clusters.itemCount, "\(values.count) values for \(clusters.itemCount) clustered items")
    guard let mean = Descriptive.mean(values) else { return nil }
    let n = Double(values.count)
    let residuals = values.map { $0 - mean }
    self.mean = mean
    itemCount = values.count
    clusterCount = clusters.count
    let independent = values.count < 2 ? nil : (sum(residuals.map { $0 * $0 }) / (n * (n - 1))).squareRoot()
    independentStandardError = independent
    if clusters.count < 2 {
      standardError = nil
    } else if clusters.count == values.count {
      standardError = independent
    } else {
      let g = Double(clusters.count)
      let squares = sum(clusters.totals(of: residuals).map { $0 * $0 })
      standardError = (g / (g - 1) * squares).squareRoot() / n
    }
  }

  /// How many times as large clustering makes the variance; nil without a spread to compare.
  public var designEffect: Double? {
    guard let standardError, let independentStandardError, independentStandardError > 0 else { return nil }
    return (standardError / independentStandardError) * (standardError / independentStandardError)
  }

  /// G - 1, the degrees of freedom of the t distribution; nil with fewer than two clusters.
  public var degreesOfFreedom: Double? { clusterCount < 2 ? nil : Double(clusterCount - 1) }

  /// Mean ± t · SE; nil with fewer than two clusters.
  public func interval(level: Double) -> Interval? {
    guard let standardError, let degreesOfFreedom else { return nil }
    let t = StudentT(degreesOfFreedom: degreesOfFreedom).quantile(Interval.upperShare(level))
    return Interval(
      low: mean - t * standardError, high: mean + t * standardError, level: level,
      method: clusterCount == itemCount ? .studentT : .clusteredT)
  }

  /// The value that the truth exceeds with confidence `level`, one-sided.
  public func lowerLimit(level: Double) -> Double? {
    oneSided(level).map { mean - $0 }
  }

  /// The value that the truth stays below with confidence `level`, one-sided.
  public func upperLimit(level: Double) -> Double? {
    oneSided(level).map { mean + $0 }
  }

  private func oneSided(_ level: Double) -> Double? {
    guard let standardError, let degreesOfFreedom else { return nil }
    return StudentT(degreesOfFreedom: degreesOfFreedom).quantile(level) * standardError
  }

  /// (mean - null) / SE; nil without a spread.
  public func statistic(null: Double) -> Double? {
    guard let standardError, standardError > 0 else { return nil }
    return (mean - null) / standardError
  }

  /// The two-sided p-value of the hypothesis that the true mean is `null`.
  ///
  /// Nil without a spread to judge by, unless the mean is the hypothesis exactly, which is no evidence
  /// against it.
  public func pValue(null: Double) -> Double? {
    guard let statistic = statistic(null: null), let degreesOfFreedom else {
      return standardError == 0 && mean == null ? 1 : nil
    }
    return StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(statistic)
  }
}
