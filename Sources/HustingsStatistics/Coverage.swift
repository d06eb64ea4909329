/// How many items were scored, and what that leaves open about all of them.
public struct Coverage: Sendable, Hashable, Codable {
  /// Items with a score.
  public let scored: Int
  /// Items asked for.
  public let total: Int

  /// `scored` of `total` items.
  public init(scored: Int, total: Int) {
    precondition(scored >= 0 && scored <= total, "\(scored) of \(total) items scored")
    self.scored = scored
    self.total = total
  }

  /// The share of items with a score; nil when nothing was asked.
  public var share: Double? { total == 0 ? nil : Double(scored) / Double(total) }

  /// The mean over all items if every missing one had the worst, or the best, possible score.
  ///
  /// - Parameters:
  ///   - mean: the mean over the scored items; not used when there are none.
  ///   - range: the worst and the best possible score.
  /// - Returns: nil when nothing was asked.
  public func bounds(mean: Double, range: ClosedRange<Double>) -> ClosedRange<Double>? {
    guard total > 0 else { return nil }
    let known = scored == 0 ? 0 : mean * Double(scored)
    let missing = Double(total - scored)
    let low = (known + missing * range.lowerBound) / Double(total)
    let high = (known + missing * range.upperBound) / Double(total)
    return low...max(low, high)
  }
}
