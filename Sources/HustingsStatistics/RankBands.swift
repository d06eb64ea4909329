import HustingsNumerics

/// The ranks that models take over bootstrap resamples: from the lower to the upper quantile at a level.
///
/// Rank 1 is the largest value; a model's rank is one more than the number of models strictly above it.
public enum RankBands {
  /// Bands from distributions of one bootstrap, one per model, so that their replicates are of the same
  /// resamples.
  ///
  /// - Returns: nil when the models do not all have the same number of replicates, because some were not
  ///   defined.
  public static func bands(of models: [BootstrapDistribution], level: Double) -> [ClosedRange<Int>]? {
    guard let count = models.first?.replicates.count, count > 0,
      models.allSatisfy({ $0.replicates.count == count })
    else { return nil }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: models.count + 1), count: models.count)
    var values = [Double](repeating: 0, count: models.count)
    for replicate in 0..<count {
      for (model, distribution) in models.enumerated() { values[model] = distribution.replicates[replicate] }
      let order = values.indices.sorted { values[$0] > values[$1] }
      var rank = 1
      for (position, model) in order.enumerated() {
        if position > 0, values[model] < values[order[position - 1]] { rank = position + 1 }
        counts[model][rank] += 1
      }
    }
    let tail = 1 - Interval.upperShare(level)
    return counts.map { ranks in
      attained(ranks, share: tail, of: count)...attained(ranks, share: 1 - tail, of: count)
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
