import Foundation
import HustingsNumerics

/// The paired permutation test: if two models are exchangeable, every cluster's difference could have had
/// either sign.
///
/// Two-sided: the share of sign patterns whose absolute total is at least the observed one. Up to twenty
/// clusters all patterns are tried; beyond that a seeded sample, and p = (1 + hits) / (1 + B) counts the
/// observed pattern.
public struct SignFlipTest: Sendable, Hashable {
  /// The two-sided p-value.
  public let pValue: Double
  /// Whether all patterns were tried.
  public let isExact: Bool
  /// How many patterns were looked at.
  public let patternCount: Int

  /// - Parameters:
  ///   - clusterSums: the sum of item differences over each cluster.
  ///   - replicates: how many patterns to draw when there are too many to try.
  /// - Returns: nil without clusters.
  public init?(clusterSums: [Double], replicates: Int, seed: UInt64, workers: Int? = nil) {
    guard !clusterSums.isEmpty else { return nil }
    let observed = abs(sum(clusterSums))
    // Totals that differ by rounding alone are equal.
    let slack = 1e-12 * sum(clusterSums.map(abs))
    if clusterSums.count <= 20 {
      // Patterns in Gray code order differ by one sign; the first sign stays, as the other half mirrors this
      // one.
      let patterns = 1 << (clusterSums.count - 1)
      var signed = clusterSums
      var total = sum(clusterSums)
      var hits = 1
      for pattern in 1..<max(patterns, 1) {
        let flip = pattern.trailingZeroBitCount + 1
        signed[flip] = -signed[flip]
        total += 2 * signed[flip]
        if abs(total) >= observed - slack { hits += 1 }
      }
      pValue = Double(hits) / Double(patterns)
      isExact = true
      patternCount = 2 * patterns
    } else {
      precondition(replicates > 0, "\(replicates) sign patterns")
      let totals = Resampling.flippedTotals(
        of: clusterSums, replicates: replicates, seed: seed, workers: workers)
      let hits = totals.count { abs($0) >= observed - slack }
      pValue = Double(1 + hits) / Double(1 + replicates)
      isExact = false
      patternCount = replicates
    }
  }
}
