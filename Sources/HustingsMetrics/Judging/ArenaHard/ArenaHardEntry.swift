public import HustingsStatistics

/// A model's line on Arena-Hard's leaderboard. Scores are shares.
public struct ArenaHardEntry: Sendable, Hashable {
  /// The model.
  public let model: String
  /// The score.
  public let score: Double
  /// Its interval, with the level that the version uses; nil without resamples.
  public let interval: Interval?
  /// Rows behind the score.
  public let rows: Int
  /// The mean number of tokens of its answers, rounded down; nil when unknown.
  public let averageTokens: Int?
}

extension ArenaHardRule {
  /// The level of the version's intervals. Version 2 takes the 5 and 95 percentiles.
  public var intervalLevel: Double { self == .v01 ? 0.95 : 0.9 }

  /// A model's line; nil without rows.
  ///
  /// Version 0.1 scores the rows themselves, version 2 the mean of its resamples. Upstream draws version 2's without a seed, so
  /// that its numbers change from run to run; here they follow from the seed.
  public func entry(
    _ model: String, _ rows: [ArenaHardRow], averageTokens: Int?,
    resampling: ArenaHardScore.Resampling = .rows,
    rounds: Int = 100, seed: UInt64
  ) -> ArenaHardEntry? {
    guard let share = ArenaHardScore(rows).share,
      let bootstrap = ArenaHardScore.bootstrap(rows, resampling: resampling, rounds: rounds, seed: seed)
    else { return nil }
    let mean = Descriptive.mean(bootstrap.replicates) ?? share
    return ArenaHardEntry(
      model: model, score: self == .v01 ? share : mean,
      interval: bootstrap.interval(level: intervalLevel, method: .percentile), rows: rows.count,
      averageTokens: averageTokens)
  }
}
