/// A model's line in an arena's table, from the bootstrap of its rating.
public struct ArenaStanding: Sendable, Hashable {
  /// The spread of the replicates squared (divisor n − 1); nil for a single replicate.
  public let variance: Double?
  /// The interval between their quantiles.
  public let interval: Interval
  /// 1 and the number of models that are surely better: whose interval lies wholly above this one.
  public let rank: Int

  /// Standings of all models.
  ///
  /// - Parameters:
  ///   - replicates: shape [models][rounds]; every model has the same rounds.
  ///   - level: the level of the intervals; Chatbot Arena uses 0.95.
  /// - Returns: nil without replicates.
  public static func table(replicates: [[Double]], level: Double) -> [ArenaStanding]? {
    var intervals: [Interval] = []
    for rounds in replicates {
      let distribution = BootstrapDistribution(
        estimate: 0, replicates: rounds, undefinedCount: 0, leaveOneOut: [])
      guard let interval = distribution.interval(level: level, method: .percentile) else { return nil }
      intervals.append(interval)
    }
    return zip(replicates, intervals).map { rounds, interval in
      ArenaStanding(
        variance: Descriptive.variance(rounds, divisor: .sample), interval: interval,
        rank: 1 + intervals.count { $0.low > interval.high })
    }
  }
}
