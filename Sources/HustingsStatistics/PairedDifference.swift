import Foundation
import HustingsNumerics

/// The mean difference of two models' scores on the same items: candidate minus baseline.
///
/// The standard error is `ClusteredMean`'s, taken on the item differences; what the two models find hard
/// together drops out. Beside it stands what an unpaired comparison would have claimed.
public struct PairedDifference: Sendable, Hashable {
  /// The mean difference with its clustered standard error, interval and t test.
  public let mean: ClusteredMean
  /// Pearson's correlation of the two models' scores; nil if one of them is constant.
  public let correlation: Double?
  /// √(SE_A² + SE_B²), wrong on shared items and printed for comparison only; nil with fewer than two
  /// clusters.
  public let unpairedStandardError: Double?

  /// - Parameters:
  ///   - candidate: one score per item.
  ///   - baseline: the scores of the same items in the same order.
  /// - Returns: nil when there are no items.
  public init?(candidate: [Double], baseline: [Double], clusters: Clustering) {
    precondition(candidate.count == baseline.count, "\(candidate.count) and \(baseline.count) items")
    guard
      let mean = ClusteredMean(zip(candidate, baseline).map(-), clusters: clusters),
      let one = ClusteredMean(candidate, clusters: clusters),
      let other = ClusteredMean(baseline, clusters: clusters)
    else { return nil }
    self.mean = mean
    correlation = Correlation.pearson.value(candidate, baseline)
    unpairedStandardError = one.standardError.flatMap { a in
      other.standardError.map { (a * a + $0 * $0).squareRoot() }
    }
  }
}
