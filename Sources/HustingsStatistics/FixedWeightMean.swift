import Foundation
import HustingsNumerics

/// A score made of strata with weights fixed in advance, such as a benchmark's sections: Σ w_k s̄_k.
///
/// When no cluster crosses strata, SE² = Σ w_k² SE_k² with each stratum's clustered standard error, and the
/// degrees of freedom are Satterthwaite's (Biometrics Bulletin 2, 1946). When one does, the strata are not
/// independent: SE² = G/(G-1) Σ_g (Σ_{i∈g} w_k (s_i - s̄_k) / n_k)² over cluster sums, on G - 1 degrees of
/// freedom.
public struct FixedWeightMean: Sendable, Hashable {
  /// Σ w_k s̄_k.
  public let value: Double
  /// The mean of each stratum.
  public let stratumMeans: [Double]
  /// Whether some cluster has items in more than one stratum.
  public let clustersCrossStrata: Bool
  /// The standard error; nil when a stratum with weight has a single cluster.
  public let standardError: Double?
  /// The degrees of freedom of the standard error; nil when there is none or no spread.
  public let degreesOfFreedom: Double?

  /// - Parameters:
  ///   - values: one score per item.
  ///   - strata: the stratum of each item, counted from 0.
  ///   - weights: the weight of each stratum, taken as they are: they need not sum to one.
  ///   - clusters: which items belong together.
  /// - Returns: nil when a stratum has no items.
  public init?(_ values: [Double], strata: [Int], weights: [Double], clusters: Clustering) {
    precondition(values.count == strata.count, "\(values.count) values, \(strata.count) strata")
    precondition(values.count == clusters.itemCount, "\(values.count) values, \(clusters.itemCount) items")
    var members = [[Int]](repeating: [], count: weights.count)
    for (item, stratum) in strata.enumerated() { members[stratum].append(item) }
    guard !weights.isEmpty, members.allSatisfy({ !$0.isEmpty }) else { return nil }
    let parts = members.compactMap { items in
      members.count == 1
        ? ClusteredMean(values, clusters: clusters)
        : ClusteredMean(items.map { values[$0] }, clusters: clusters.restricted(to: items))
    }
    stratumMeans = parts.map(\.mean)
    value = sum(zip(weights, parts).map { $0 * $1.mean })
    clustersCrossStrata = parts.map(\.clusterCount).reduce(0, +) > clusters.count
    if clustersCrossStrata {
      var influence = [Double](repeating: 0, count: clusters.count)
      for (item, stratum) in strata.enumerated() {
        let residual = values[item] - parts[stratum].mean
        influence[clusters.index[item]] += weights[stratum] * residual / Double(members[stratum].count)
      }
      let g = Double(clusters.count)
      standardError = g > 1 ? (g / (g - 1) * sum(influence.map { $0 * $0 })).squareRoot() : nil
      degreesOfFreedom = g > 1 ? g - 1 : nil
    } else {
      let used = zip(weights, parts).filter { $0.0 != 0 }
      let terms = used.compactMap { weight, part in
        part.standardError.map {
          (variance: weight * weight * $0 * $0, freedom: Double(part.clusterCount - 1))
        }
      }
      let variance = sum(terms.map(\.variance))
      standardError = terms.count == used.count ? variance.squareRoot() : nil
      degreesOfFreedom =
        terms.count == used.count && variance > 0
        ? variance * variance / sum(terms.map { $0.variance * $0.variance / $0.freedom }) : nil
    }
  }

  /// Value ± t · SE; nil without a standard error.
  public func interval(level: Double) -> Interval? {
    guard let standardError else { return nil }
    let half =
      degreesOfFreedom.map {
        StudentT(degreesOfFreedom: $0).quantile(Interval.upperShare(level)) * standardError
      } ?? 0
    return Interval(low: value - half, high: value + half, level: level, method: .clusteredT)
  }

  /// The two-sided p-value of the hypothesis that the true value is `null`; nil without a spread.
  public func pValue(null: Double) -> Double? {
    guard let standardError, standardError > 0, let degreesOfFreedom else { return nil }
    return StudentT(degreesOfFreedom: degreesOfFreedom).twoSided((value - null) / standardError)
  }

  /// The value that the truth exceeds with confidence `level`, one-sided; nil without a standard error.
  public func lowerLimit(level: Double) -> Double? { limit(quantile: 1 - level) }

  /// The value that the truth stays below with confidence `level`, one-sided; nil without a standard error.
  public func upperLimit(level: Double) -> Double? { limit(quantile: level) }

  private func limit(quantile: Double) -> Double? {
    guard let standardError else { return nil }
    guard let degreesOfFreedom else { return value }
    return value + StudentT(degreesOfFreedom: degreesOfFreedom).quantile(quantile) * standardError
  }

  /// One-sided p-value of the hypothesis that the truth is at least `null`; nil without a standard error.
  public func pValue(atLeast null: Double) -> Double? {
    tail(null) { t, statistic in t.cdf(statistic) }
  }

  /// One-sided p-value of the hypothesis that the truth is at most `null`; nil without a standard error.
  public func pValue(atMost null: Double) -> Double? {
    tail(null) { t, statistic in t.survival(statistic) }
  }

  private func tail(_ null: Double, _ probability: (StudentT, Double) -> Double) -> Double? {
    guard let standardError else { return nil }
    guard standardError > 0, let degreesOfFreedom else {
      // Without a spread only the exact value is possible, and only another one speaks.
      let excess = value - null
      return excess == 0 ? 1 : probability(StudentT(degreesOfFreedom: 1), excess * .infinity)
    }
    return probability(StudentT(degreesOfFreedom: degreesOfFreedom), (value - null) / standardError)
  }
}
