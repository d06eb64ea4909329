import HustingsNumerics

/// Ranks as sets: which places of a board the data leave open to each model.
public struct RankSets: Sendable, Hashable {
  /// A paired test of two models.
  public struct Comparison: Sendable, Hashable {
    /// One model.
    public let first: Int
    /// The other.
    public let second: Int
    /// Value of the first less that of the second; positive when the first is better.
    public let difference: Double
    /// The two-sided p-value before any correction.
    public let pValue: Double

    /// A test from its parts.
    public init(first: Int, second: Int, difference: Double, pValue: Double) {
      self.first = first
      self.second = second
      self.difference = difference
      self.pValue = pValue
    }
  }

  /// For each model [1 + number significantly better, M - number significantly worse].
  public let ranks: [ClosedRange<Int>]
  /// p-values after Holm, in the order of the comparisons.
  public let adjustedP: [Double]
  private let worse: Set<Pair>

  private struct Pair: Hashable {
    let better: Int
    let worse: Int
  }

  /// Rank sets after Holm's correction over all comparisons at level α.
  public init(models: Int, comparisons: [Comparison], alpha: Double) {
    adjustedP = Multiplicity.holm(comparisons.map(\.pValue))
    var shown: Set<Pair> = []
    for (comparison, p) in zip(comparisons, adjustedP) where p <= alpha && comparison.difference != 0 {
      let firstBetter = comparison.difference > 0
      shown.insert(
        Pair(
          better: firstBetter ? comparison.first : comparison.second,
          worse: firstBetter ? comparison.second : comparison.first))
    }
    worse = shown
    ranks = (0..<models).map { model in
      1 + shown.count { $0.worse == model }...models - shown.count { $0.better == model }
    }
  }

  /// Whether one model is significantly better than another.
  public func isBetter(_ model: Int, than other: Int) -> Bool {
    worse.contains(Pair(better: model, worse: other))
  }

  /// Models in groups, best first: the best of the rest opens a tier and takes in all that are not
  /// significantly worse than it. Within a tier models stand by estimate, then by number.
  public func tiers(estimates: [Double]) -> [[Int]] {
    precondition(estimates.count == ranks.count, "\(estimates.count) estimates, \(ranks.count) models")
    var rest = estimates.indices.sorted { (estimates[$1], $0) < (estimates[$0], $1) }
    var tiers: [[Int]] = []
    while let leader = rest.first {
      tiers.append(rest.filter { !isBetter(leader, than: $0) })
      rest.removeAll { !isBetter(leader, than: $0) }
    }
    return tiers
  }
}
