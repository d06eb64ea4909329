public import Hustings
import HustingsNumerics

/// How much the order of presentation matters to a model.
public struct SwapReport: Sendable, Hashable {
  /// The mean of |P(a over b) + P(b over a) - 1|, each asked with its first response presented first.
  public let error: Double
  /// The share of pairs in which the preferred response changes with the order.
  public let flipRate: Double
  /// Pairs asked.
  public let count: Int

  /// A report from its parts.
  public init(error: Double, flipRate: Double, count: Int) {
    self.error = error
    self.flipRate = flipRate
    self.count = count
  }
}

extension PreferenceNetwork {
  /// Asks every pair in both orders; nil for no pair. Heads that read responses one by one have 0 in both places.
  public func swapReport(
    _ pairs: [RowPair], features: FeatureMatrix, prompts: FeatureMatrix? = nil, workers: Int = 1
  ) -> SwapReport? {
    guard !pairs.isEmpty else { return nil }
    let there = presentedMargins(pairs, features: features, prompts: prompts, workers: workers)
    let back = presentedMargins(pairs.map(\.swapped), features: features, prompts: prompts, workers: workers)
    var (error, flips) = (0.0, 0)
    for (a, b) in zip(there, back) {
      error += abs(logistic(a) + logistic(b) - 1)
      // Whoever is presented first wins both times, or loses both times.
      if a * b > 0 { flips += 1 }
    }
    let count = Double(pairs.count)
    return SwapReport(error: error / count, flipRate: Double(flips) / count, count: pairs.count)
  }
}
