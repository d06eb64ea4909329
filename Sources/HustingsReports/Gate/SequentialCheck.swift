import Hustings
import HustingsMetrics
import HustingsStatistics

/// A gate that may be looked at while a candidate is being run: evidence by betting, which stays valid however often one looks.
///
/// Items come in draws that were planned beforehand, shuffled by a seed within each; a cluster counts once, with the mean of
/// its items in the draw in which it first appears. Waudby-Smith and Ramdas 2024.
public struct SequentialCheck: Sendable {
  /// How many draws are planned.
  public let draws: Int
  /// What the order within a draw is a function of.
  public let seed: UInt64

  /// A plan of draws.
  public init(draws: Int, seed: UInt64) {
    precondition(draws >= 1, "\(draws) draws")
    self.draws = draws
    self.seed = seed
  }

  /// What the bets on one clause came to.
  struct Evidence {
    /// How many items had been bet on when the clause passed, or in all.
    let items: Int
    /// How many clusters.
    let bets: Int
    /// The largest wealth so far, an e-value.
    let wealth: Double
    let hasPassed: Bool
  }

  /// The bets on a metric's paired differences; nil when the metric is no plain mean.
  ///
  /// - Parameter ordinals: each item's place in the benchmark, which decides its draw.
  func evidence(
    _ metric: any ItemMetric, baseline: [Trial], candidate: [Trial], ordinals: [String: Int], margin: Double,
    alpha: Double, clusters: Bool
  ) -> Evidence? {
    let others = Dictionary(candidate.map { ($0.key.item, $0) }, uniquingKeysWith: { first, _ in first })
    let ordered = baseline.filter { others[$0.key.item] != nil }.map { trial in
      (draw: (ordinals[trial.key.item] ?? 0) % draws, digest: shuffle(trial.key.item), trial: trial)
    }.sorted { ($0.draw, $0.digest) < ($1.draw, $1.digest) }
    var firstDraws: [String: Int] = [:]
    let counted = ordered.filter { entry in
      guard clusters else { return true }
      let cluster = entry.trial.key.cluster
      if let first = firstDraws[cluster] { return first == entry.draw }
      firstDraws[cluster] = entry.draw
      return true
    }.map(\.trial)
    guard
      let sample = PairedSample(
        metric, baseline: counted, candidate: counted.compactMap { others[$0.key.item] }),
      sample.isPlainMean,
      let evidence = MarginEvidence(
        sample, lowerIsBetter: metric.direction == .lowerIsBetter, clusters: clusters)
    else { return nil }
    var wealth = NonInferiorityWealth(margin: margin)
    for difference in evidence.clusterDifferences {
      wealth.add(min(1, max(-1, difference)))
      if wealth.passes(alpha: alpha) { break }
    }
    return Evidence(
      items: evidence.items, bets: wealth.count, wealth: wealth.maximumWealth,
      hasPassed: wealth.passes(alpha: alpha))
  }

  private func shuffle(_ item: String) -> Digest {
    var hash = SHA256()
    hash.update(seed)
    hash.updateFramed(item)
    return hash.finalize()
  }
}
