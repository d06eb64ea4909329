public import Hustings
import HustingsStatistics

/// What picking the best of N is worth, for every N: the expected gold rating of the response that a model scores highest among N
/// drawn at random, exact over all subsets, with bands over clusters.
///
/// Past the knee more draws lower the gold rating: the model is being over-optimised (Gao, Schulman and Hilton 2022).
public struct BestOfCurve: Sendable, Hashable {
  /// One point.
  public struct Point: Sendable, Hashable {
    /// N, the responses drawn.
    public let draws: Int
    /// The expected gold rating of the pick.
    public let value: Estimate
    /// The same for a selector that knows the gold ratings.
    public let oracle: Double
  }

  /// The points, from N = 1 on.
  public let points: [Point]

  /// The N with the highest expected gold rating, the smallest of equals.
  public var knee: Int? {
    points.max { a, b in
      a.value.value < b.value.value || (a.value.value == b.value.value && a.draws > b.draws)
    }?
    .draws
  }

  /// The curve over the items with at least two rated and scored responses; nil when there are none. N goes to the smallest number of
  /// such responses among the items.
  public init?(_ trials: [Trial], level: Double = 0.95) {
    var curves: [(model: [Double], oracle: [Double])] = []
    var clusters: [String] = []
    for trial in trials {
      guard let gold = trial.key.gold.rewards, let rewards = trial.tournament.rewards else { continue }
      let known = zip(rewards, gold).compactMap { reward, rating in
        reward.flatMap { reward in rating.map { (reward, $0) } }
      }
      guard known.count > 1 else { continue }
      curves.append(
        (
          BestOfK.curve(scores: known.map(\.0), values: known.map(\.1), ties: .averaged),
          BestOfK.curve(scores: known.map(\.1), values: known.map(\.1), ties: .averaged)
        ))
      clusters.append(trial.key.cluster)
    }
    guard let longest = curves.map(\.model.count).min() else { return nil }
    let clustering = Clustering(labels: clusters)
    points = (0..<longest).compactMap { index in
      guard let mean = ClusteredMean(curves.map { $0.model[index] }, clusters: clustering),
        let oracle = Descriptive.mean(curves.map { $0.oracle[index] })
      else { return nil }
      return Point(
        draws: index + 1,
        value: Estimate(
          value: mean.mean, interval: mean.interval(level: level).map(Hustings.Interval.init),
          count: curves.count),
        oracle: oracle)
    }
  }
}
