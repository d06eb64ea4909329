import HustingsNumerics

/// Resamples of whole clusters with one set of draws for all models and metrics.
///
/// Give one column of item values per model or metric; every statistic made of column sums (means, ratios,
/// differences, weighted composites) then comes from the same resamples, so that differences are paired.
/// Replicate r is a pure function of (seed, r): any number of threads gives the same bytes.
///
/// ```swift
/// let bootstrap = ClusterBootstrap(
///   columns: [candidate, baseline], clusters: Clustering(labels: prompts), replicates: 10_000, seed: 1, draws: .shared)
/// let gain = bootstrap?.difference(0, minus: 1).interval(level: 0.95, method: .bca)
/// ```
public struct ClusterBootstrap: Sendable {
  /// How resamples are drawn. The distribution is the same; speed and reproducibility differ.
  public enum Draws: Sendable, Hashable {
    /// One index per drawn cluster. A column's replicates are the same whatever other columns there are, so
    /// that adding a model never changes another's interval.
    case shared
    /// One multinomial draw of how many clusters of each kind, where a kind is a distinct row of cluster
    /// sums. Time does not grow with the number of clusters; replicates depend on all columns together.
    case byKind
    /// By kind where that is the faster way, which depends on the data alone.
    case automatic
  }

  /// How many columns were given.
  public let columnCount: Int
  /// How many items.
  public let itemCount: Int
  /// How many clusters.
  public let clusterCount: Int
  /// How many resamples.
  public let replicateCount: Int
  /// Whether resamples were drawn by kind.
  public let drawnByKind: Bool

  /// Cluster sums, shape [clusters][columns + 1]; the last column is the number of items.
  let table: [Double]
  /// Resampled sums, shape [replicates][columns + 1].
  let resampled: [Double]
  private let width: Int

  /// - Parameters:
  ///   - columns: shape [columns][items].
  ///   - clusters: which items belong together.
  ///   - replicates: how many resamples; 10,000 is a good number.
  ///   - seed: chooses the resamples.
  ///   - draws: how they are drawn.
  ///   - workers: the number of threads, which changes nothing but the time; nil for one per core.
  /// - Returns: nil without items.
  public init?(
    columns: [[Double]], clusters: Clustering, replicates: Int, seed: UInt64, draws: Draws,
    workers: Int? = nil
  ) {
    precondition(replicates > 0, "\(replicates) resamples")
    guard clusters.itemCount > 0 else { return nil }
    columnCount = columns.count
    itemCount = clusters.itemCount
    clusterCount = clusters.count
    replicateCount = replicates
    let width = columns.count + 1
    self.width = width
    var table = [Double](repeating: 0, count: clusters.count * width)
    for (column, values) in columns.enumerated() {
      precondition(values.count == clusters.itemCount, "\(values.count) values, \(clusters.itemCount) items")
      // Adding zero turns -0 into 0, so that equal rows are one kind.
      for (cluster, value) in zip(clusters.index, values) { table[cluster * width + column] += value + 0 }
    }
    for (cluster, size) in clusters.sizes.enumerated() { table[cluster * width + width - 1] = Double(size) }
    self.table = table
    let limit = draws == .byKind ? clusters.count : clusters.count / Self.clustersPerKind
    let kinds = draws == .shared ? nil : ClusterKinds(table: table, width: width, limit: limit)
    drawnByKind = kinds != nil
    if let kinds {
      resampled = Resampling.totals(
        ofTypes: kinds.sizes, rows: kinds.rows, columns: width, replicates: replicates, seed: seed,
        workers: workers)
    } else {
      resampled = Self.sharedTotals(
        table: table, width: width, replicates: replicates, seed: seed, workers: workers)
    }
  }

  /// One binomial draw costs about as much as this many index draws.
  private static let clustersPerKind = 160

  /// Equal cluster sizes need no drawing: every resample then has as many items as the data.
  private static func sharedTotals(
    table: [Double], width: Int, replicates: Int, seed: UInt64, workers: Int?
  ) -> [Double] {
    let clusters = table.count / width
    let sizes = (0..<clusters).map { table[$0 * width + width - 1] }
    guard width > 1, let size = sizes.first, sizes.allSatisfy({ $0 == size }) else {
      return Resampling.totals(
        of: table, columns: width, replicates: replicates, seed: seed, workers: workers)
    }
    let narrow = width - 1
    var values = [Double](repeating: 0, count: clusters * narrow)
    for cluster in 0..<clusters {
      for column in 0..<narrow { values[cluster * narrow + column] = table[cluster * width + column] }
    }
    let totals = Resampling.totals(
      of: values, columns: narrow, replicates: replicates, seed: seed, workers: workers)
    var all = [Double](repeating: size * Double(clusters), count: replicates * width)
    for replicate in 0..<replicates {
      for column in 0..<narrow { all[replicate * width + column] = totals[replicate * narrow + column] }
    }
    return all
  }

  /// The mean over items of a column.
  public func mean(of column: Int) -> BootstrapDistribution {
    ratio(column, over: columnCount)
  }

  /// The mean over items of one column less that of another.
  public func difference(_ column: Int, minus other: Int) -> BootstrapDistribution {
    distribution { sums in (sums[column] - sums[other]) / sums[sums.count - 1] }
  }

  /// The sum of a column over the sum of another, such as right answers over answers; undefined where the
  /// latter is 0.
  public func ratio(_ numerator: Int, over denominator: Int) -> BootstrapDistribution {
    distribution { sums in sums[denominator] == 0 ? nil : sums[numerator] / sums[denominator] }
  }

  /// Σ weight · (sum of one column / sum of another): a composite of strata with weights fixed in advance.
  ///
  /// A stratum is two columns: its scores with 0 for items of other strata, and 1 for its own items with 0
  /// for others. Undefined in resamples that miss a stratum.
  public func composite(_ strata: [(numerator: Int, denominator: Int, weight: Double)])
    -> BootstrapDistribution
  {
    distribution { sums in
      var value = 0.0
      for stratum in strata {
        guard sums[stratum.denominator] != 0 else { return nil }
        value += stratum.weight * sums[stratum.numerator] / sums[stratum.denominator]
      }
      return value
    }
  }

  /// Any statistic of the column sums.
  ///
  /// - Parameter statistic: is given the sum of each column and, last, the number of items; nil where not
  ///   defined. It must be defined on the data themselves.
  public func distribution(_ statistic: ([Double]) -> Double?) -> BootstrapDistribution {
    var all = [Double](repeating: 0, count: width)
    for cluster in 0..<clusterCount {
      for column in 0..<width { all[column] += table[cluster * width + column] }
    }
    guard let estimate = statistic(all) else {
      preconditionFailure("a statistic that is not defined on the data has no bootstrap distribution")
    }
    var sums = all
    var replicates: [Double] = []
    replicates.reserveCapacity(replicateCount)
    for replicate in 0..<replicateCount {
      for column in 0..<width { sums[column] = resampled[replicate * width + column] }
      if let value = statistic(sums) { replicates.append(value) }
    }
    var leaveOneOut: [Double] = []
    if clusterCount > 1 {
      leaveOneOut.reserveCapacity(clusterCount)
      for cluster in 0..<clusterCount {
        for column in 0..<width { sums[column] = all[column] - table[cluster * width + column] }
        if let value = statistic(sums) { leaveOneOut.append(value) }
      }
    }
    return BootstrapDistribution(
      estimate: estimate, replicates: replicates, undefinedCount: replicateCount - replicates.count,
      leaveOneOut: leaveOneOut)
  }
}
