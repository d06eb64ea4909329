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

extension ClusterBootstrap {
  /// The band of ranks each column's mean takes over the resamples: from the lower to the upper quantile at a
  /// level.
  ///
  /// Rank 1 is the largest mean; a model's rank is one more than the number of models strictly above it.
  public func rankBands(level: Double) -> [ClosedRange<Int>] {
    let tail = 1 - Interval.upperShare(level)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: columnCount + 1), count: columnCount)
    for replicate in 0..<replicateCount {
      let row = resampled[replicate * (columnCount + 1)..<(replicate + 1) * (columnCount + 1) - 1]
      let values = Array(row)
      let order = values.indices.sorted { values[$0] > values[$1] }
      var rank = 1
      for (position, column) in order.enumerated() {
        if position > 0, values[column] < values[order[position - 1]] { rank = position + 1 }
        counts[column][rank] += 1
      }
    }
    return counts.map { ranks in
      Self.attained(
        ranks, share: tail, of: replicateCount)...Self.attained(
          ranks, share: 1 - tail, of: replicateCount)
    }
  }

  /// The smallest rank whose share at or below reaches `share`.
  private static func attained(_ counts: [Int], share: Double, of total: Int) -> Int {
    let needed = max(1, Int((share * Double(total) * (1 - 1e-12)).rounded(.up)))
    var seen = 0
    for (rank, count) in counts.enumerated() {
      seen += count
      if seen >= needed { return rank }
    }
    return counts.count - 1
  }
}
