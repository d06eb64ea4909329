public import Hustings
import HustingsStatistics

/// How a model's margins move with the share of people who prefer one response to another, over pairs of candidates.
///
/// Padmakumar et al. 2024 (arXiv 2412.03822): the correlation of a reward difference, or of its logistic, with aggregate
/// preference. The share is that of the raters where the key names them, a tie being half a vote, and else the logistic of
/// the key's margin. A pair is read in the benchmark's own order of candidates.
public struct AggregateCorrelation: Metric {
  /// Which correlation.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    /// Of the values.
    case pearson
    /// Of their mean ranks.
    case spearman
    /// Kendall's tau-b.
    case kendall
  }

  /// What of the model is correlated.
  public enum Scale: String, Sendable, Hashable, CaseIterable {
    /// The margin, as log-odds.
    case margin
    /// The preference probability, its logistic.
    case probability
  }

  /// Its name on a board.
  public let name: String
  /// More is better.
  public var direction: Direction { .higherIsBetter }
  /// Between -1 and 1.
  public var unit: MetricUnit { .coefficient }
  private let measure: Measure
  private let scale: Scale
  private let subsets: Set<String>?

  /// The correlation over the items of some subsets; over all when nil.
  public init(_ name: String, _ measure: Measure, of scale: Scale, subsets: [String]? = nil) {
    self.name = name
    self.measure = measure
    self.scale = scale
    self.subsets = subsets.map { Set($0) }
  }

  /// The correlation; nil where a side is constant, and for the probability of verdicts, which have none.
  ///
  /// The interval is Fisher's where no two pairs depend on each other, and else that of 500 resamples of whole clusters.
  public func estimate(_ trials: [Trial]) -> Estimate? {
    let points = trials.flatMap { read($0) }
    guard let value = correlation.value(points.map(\.said), points.map(\.share)) else { return nil }
    let clusters = Clustering(labels: points.map(\.cluster))
    let interval =
      clusters.count < 2
      ? nil
      : clusters.count == points.count
        ? correlation.interval(value, count: points.count, level: 0.95)
        : resampled(points, clusters)
    return Estimate(
      value: value, interval: interval.map(Hustings.Interval.init), count: Set(points.map(\.item)).count)
  }

  private struct Point {
    let item: String
    let cluster: String
    let said: Double
    let share: Double
  }

  private var correlation: Correlation {
    switch measure {
    case .pearson: .pearson
    case .spearman: .spearman
    case .kendall: .kendall
    }
  }

  private func read(_ trial: Trial) -> [Point] {
    let key = trial.key
    if let subsets, !subsets.contains(key.subset) { return [] }
    if scale == .probability, trial.tournament.areVerdicts { return [] }
    return Matchup.all(among: key.candidates.count).compactMap { pair in
      let (a, b) = (key.candidates[pair.first], key.candidates[pair.second])
      guard a != b, let share = key.share(preferring: a, to: b), let margin = trial.tournament.margin(a, b)
      else { return nil }
      return Point(
        item: key.item, cluster: key.cluster, said: scale == .margin ? margin : probability(of: margin),
        share: share)
    }
  }

  private func resampled(_ points: [Point], _ clusters: Clustering) -> HustingsStatistics.Interval? {
    let correlation = correlation
    return ClusterBootstrap.distribution(
      clusters: clusters.count, replicates: 500, seed: 0, jackknife: false
    ) { counts in
      var said: [Double] = []
      var shares: [Double] = []
      for (point, cluster) in zip(points, clusters.index) {
        for _ in 0..<counts[cluster] {
          said.append(point.said)
          shares.append(point.share)
        }
      }
      return correlation.value(said, shares)
    }?.interval(level: 0.95, method: .percentile)
  }
}

extension AnswerKey {
  /// The share of people who prefer response `a` to response `b`: of the raters, a tie being half a vote, where raters are
  /// named, and else the logistic of the key's margin; nil where nobody compared them.
  func share(preferring a: Int, to b: Int) -> Double? {
    guard !raters.isEmpty else { return gold.margin(a, b).map { probability(of: $0) } }
    let votes = raters.keys.sorted().compactMap { raters[$0]?.margin(a, b) }
    guard !votes.isEmpty else { return nil }
    return votes.reduce(0) { $0 + ($1 > 0 ? 1 : $1 == 0 ? 0.5 : 0) } / Double(votes.count)
  }
}
