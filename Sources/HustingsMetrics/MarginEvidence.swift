import HustingsStatistics

/// What paired items say about a loss that is acceptable or not: candidate minus baseline, turned so that higher is better.
///
/// A plain share of independent right or wrong answers is judged by Tango's score, which keeps its level with few discordant
/// items; everything else by Student's t on cluster sums, of a fixed-weight mean where the metric has strata.
public struct MarginEvidence: Sendable, Hashable {
  /// How the limits are made.
  public enum Method: String, Sendable, Hashable {
    case tango
    case clusteredT = "clustered-t"
  }

  /// Items that only one of the two got right.
  public struct Discordance: Sendable, Hashable {
    /// Only the candidate.
    public let candidateOnly: Int
    /// Only the baseline.
    public let baselineOnly: Int
  }

  private enum Base: Sendable, Hashable {
    case tango(TangoScore)
    case mean(FixedWeightMean)
  }

  private let base: Base
  /// The baseline's value on the shared items, as the metric prints it.
  public let baseline: Double
  /// The candidate's.
  public let candidate: Double
  /// Candidate minus baseline, higher being better.
  public let difference: Double
  /// How many items take part.
  public let items: Int
  /// How many clusters they form.
  public let clusters: Int
  /// Items that only one of the two got right; nil unless items earn all or nothing.
  public let discordant: Discordance?
  /// √n times the standard error: the spread of one item's difference, clustering and strata included.
  public let deviation: Double
  /// The differences of the clusters, in the order in which clusters first appear: what a sequential test bets on.
  public let clusterDifferences: [Double]

  /// The evidence of a paired sample; nil when there is no item, or when its spread cannot be judged.
  ///
  /// - Parameters:
  ///   - lowerIsBetter: whether a lower value of the metric is the better one.
  ///   - clusters: whether items of one cluster count as dependent.
  public init?(_ sample: PairedSample, lowerIsBetter: Bool, clusters usesClusters: Bool) {
    let sign = lowerIsBetter ? -1.0 : 1.0
    let differences = sample.differences.map { sign * $0 }
    let clustering = usesClusters ? sample.clustering : .singletons(differences.count)
    let baseline = sample.value(sample.baseline)
    let candidate = sample.value(sample.candidate)
    self.baseline = baseline
    self.candidate = candidate
    difference = sign * (candidate - baseline)
    items = sample.itemCount
    clusters = clustering.count
    clusterDifferences = MarginEvidence.means(of: differences, in: clustering)
    let only = sample.discordant.map {
      lowerIsBetter
        ? Discordance(candidateOnly: $0.baseline, baselineOnly: $0.candidate)
        : Discordance(candidateOnly: $0.candidate, baselineOnly: $0.baseline)
    }
    discordant = only
    if let only, clustering.count == differences.count,
      let tango = TangoScore(
        candidateOnly: only.candidateOnly, baselineOnly: only.baselineOnly, items: differences.count)
    {
      base = .tango(tango)
      let share = Double(only.candidateOnly + only.baselineOnly) / Double(differences.count)
      deviation = max(0, share - difference * difference).squareRoot()
    } else {
      guard
        let mean = FixedWeightMean(
          differences, strata: sample.strata, weights: sample.weights, clusters: clustering),
        let error = mean.standardError
      else { return nil }
      base = .mean(mean)
      deviation = error * Double(items).squareRoot()
    }
  }

  /// The evidence of numbers whose mean difference is the question; nil with fewer than two clusters.
  init?(baseline: [Double], candidate: [Double], clusters names: [String]) {
    let clustering = Clustering(names)
    let differences = zip(candidate, baseline).map(-)
    guard let one = Descriptive.mean(baseline), let other = Descriptive.mean(candidate),
      let mean = FixedWeightMean(
        differences, strata: differences.map { _ in 0 }, weights: [1], clusters: clustering),
      let error = mean.standardError
    else { return nil }
    base = .mean(mean)
    self.baseline = one
    self.candidate = other
    difference = mean.value
    items = differences.count
    clusters = clustering.count
    discordant = nil
    deviation = error * Double(items).squareRoot()
    clusterDifferences = MarginEvidence.means(of: differences, in: clustering)
  }

  private static func means(of differences: [Double], in clustering: Clustering) -> [Double] {
    var sums = [Double](repeating: 0, count: clustering.count)
    var counts = sums
    for (cluster, difference) in zip(clustering.index, differences) {
      sums[cluster] += difference
      counts[cluster] += 1
    }
    return zip(sums, counts).map(/)
  }

  /// How the limits are made.
  public var method: Method {
    if case .tango = base { .tango } else { .clusteredT }
  }

  /// The value that the true difference exceeds with confidence `level`.
  public func lowerLimit(level: Double) -> Double {
    switch base {
    case .tango(let score): score.lowerLimit(level: level)
    case .mean(let mean): mean.lowerLimit(level: level) ?? -.infinity
    }
  }

  /// The value that the true difference stays below with confidence `level`.
  public func upperLimit(level: Double) -> Double {
    switch base {
    case .tango(let score): score.upperLimit(level: level)
    case .mean(let mean): mean.upperLimit(level: level) ?? .infinity
    }
  }

  /// One-sided p-value of a true difference of at least `value`: small when the candidate is shown to be below it.
  public func pValue(atLeast value: Double) -> Double {
    switch base {
    case .tango(let score): score.pValue(atLeast: value)
    case .mean(let mean): mean.pValue(atLeast: value) ?? 1
    }
  }

  /// One-sided p-value of a true difference of at most `value`: small when the candidate is shown to be above it.
  public func pValue(atMost value: Double) -> Double {
    switch base {
    case .tango(let score): score.pValue(atMost: value)
    case .mean(let mean): mean.pValue(atMost: value) ?? 1
    }
  }
}
