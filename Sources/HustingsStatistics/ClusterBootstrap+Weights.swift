import HustingsNumerics

extension ClusterBootstrap {
  /// Bootstrap of any statistic of the clusters, for what is not made of sums: a median, a correlation, an
  /// AUROC.
  ///
  /// The resamples are those of `Draws.shared` with the same seed and number of clusters.
  ///
  /// - Parameters:
  ///   - clusters: how many clusters there are.
  ///   - jackknife: whether to leave out each cluster in turn, which BCa needs.
  ///   - statistic: is given how often each cluster counts: once each for the data, 0 and 1 when one is left
  ///     out, as drawn for a resample. Called from several threads. Nil where not defined.
  /// - Returns: nil when the statistic is not defined on the data.
  public static func distribution(
    clusters: Int, replicates: Int, seed: UInt64, jackknife: Bool, workers: Int? = nil,
    statistic: @Sendable ([UInt32]) -> Double?
  ) -> BootstrapDistribution? {
    let once = [UInt32](repeating: 1, count: clusters)
    guard clusters > 0, let estimate = statistic(once) else { return nil }
    // An undefined value travels as a NaN and is taken out below.
    let values = filledRows(replicates, width: 1, blockSize: 8, workers: workers) { rows, out in
      for replicate in rows {
        let counts = Resampling.counts(clusters: clusters, seed: seed, replicate: replicate)
        out[replicate - rows.lowerBound] = statistic(counts) ?? .nan
      }
    }
    let left = filledRows(
      jackknife && clusters > 1 ? clusters : 0, width: 1, blockSize: 8, workers: workers
    ) { rows, out in
      for cluster in rows {
        var counts = once
        counts[cluster] = 0
        out[cluster - rows.lowerBound] = statistic(counts) ?? .nan
      }
    }
    let defined = values.filter { !$0.isNaN }
    return BootstrapDistribution(
      estimate: estimate, replicates: defined, undefinedCount: replicates - defined.count,
      leaveOneOut: left.filter { !$0.isNaN })
  }
}
