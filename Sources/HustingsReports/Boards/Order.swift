import Hustings
import HustingsData
import HustingsMetrics
import HustingsStatistics

/// What paired tests allow to be said of the order of models that are sorted by their headline.
struct Order: Sendable {
  /// For each model the places it may have: one more than the number significantly better, to the number of models less
  /// those significantly worse.
  let ranks: [ClosedRange<Int>]
  /// For each model its tier, from 1.
  let tiers: [Int]

  init(_ models: [Scored], headline: (any ItemMetric)?, direction: Direction, alpha: Double) {
    let count = models.count
    let matches = models.indices.flatMap { i in (i + 1..<max(i + 1, count)).map { (i, $0) } }
    let comparisons = Parallel.map(matches) { Scored.compare(models[$0.0], models[$0.1], headline) }
    var pairs: [(better: Int, worse: Int)] = []
    var probabilities: [Double] = []
    for ((i, j), comparison) in zip(matches, comparisons) {
      guard let comparison else { continue }
      let rise = comparison.difference.value
      let improved = direction == .lowerIsBetter ? rise < 0 : rise > 0
      pairs.append(improved ? (j, i) : (i, j))
      probabilities.append(comparison.pValue ?? 1)
    }
    var beats = [Set<Int>](repeating: [], count: count)
    for (pair, p) in zip(pairs, Multiplicity.holm(probabilities)) where p < alpha {
      beats[pair.better].insert(pair.worse)
    }
    ranks = models.indices.map { model in
      let better = models.indices.count { beats[$0].contains(model) }
      return 1 + better...max(1 + better, count - beats[model].count)
    }
    var tiers: [Int] = []
    var head = 0
    for model in models.indices {
      if let tier = tiers.last, beats[head].contains(model) {
        head = model
        tiers.append(tier + 1)
      } else {
        tiers.append(tiers.last ?? 1)
      }
    }
    self.tiers = tiers
  }
}
