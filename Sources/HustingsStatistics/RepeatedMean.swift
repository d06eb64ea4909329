import HustingsNumerics

/// The mean of items that were each scored several times, with the noise of scoring told apart from that of
/// the items.
///
/// Average within the item first; then Var(s̄) = (ω² + E[σ_i²] / K) / n. More repeats shrink only the second
/// part. Miller, "Adding error bars to evals" (arXiv 2411.00640), section 3.
public struct RepeatedMean: Sendable, Hashable {
  /// The mean over items of the mean over repeats.
  public let mean: Double
  /// How many items.
  public let itemCount: Int
  /// How often each item was scored.
  public let repeatCount: Int
  /// The standard error of the mean, both parts together.
  public let standardError: Double
  /// ω², the variance of the items' true means, by subtraction; nil with a single repeat, where it cannot be
  /// told.
  public let itemVariance: Double?
  /// E[σ_i²], the mean variance of one item's score from repeat to repeat; nil with a single repeat.
  public let repeatVariance: Double?

  /// - Parameter scores: shape [items][repeats], every item scored equally often.
  /// - Returns: nil with fewer than two items or no repeats.
  public init?(scores: [[Double]]) {
    guard let repeats = scores.first?.count, repeats > 0, scores.count > 1 else { return nil }
    precondition(
      scores.allSatisfy { $0.count == repeats }, "items scored \(Set(scores.map(\.count)).sorted()) times")
    let means = scores.compactMap(Descriptive.mean)
    guard let mean = Descriptive.mean(means), let between = Descriptive.variance(means, divisor: .sample)
    else {
      return nil
    }
    self.mean = mean
    itemCount = scores.count
    repeatCount = repeats
    standardError = (between / Double(scores.count)).squareRoot()
    let within = Descriptive.mean(scores.compactMap { Descriptive.variance($0, divisor: .sample) })
    repeatVariance = within
    // The variance of item means already holds the noise of K repeats; an estimate below zero means none was
    // seen.
    itemVariance = within.map { max(0, between - $0 / Double(repeats)) }
  }

  /// The standard error to expect with `repeats` repeats of `items` items; nil where the parts are not known.
  public func expectedStandardError(items: Int, repeats: Int) -> Double? {
    guard let itemVariance, let repeatVariance else { return nil }
    return ((itemVariance + repeatVariance / Double(repeats)) / Double(items)).squareRoot()
  }
}
