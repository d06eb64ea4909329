import Foundation
public import HustingsStatistics

/// A model's score on Arena-Hard: its share of the points in battles with the baseline.
///
/// Version 0.1 fits Bradley–Terry to the battles. As every battle involves the baseline, the fit is the share in closed form:
/// R = R_baseline + 400 · log₁₀(s / (1 − s)), and mapping it back gives s.
public struct ArenaHardScore: Sendable, Hashable {
  /// Rows won.
  public let wins: Int
  /// Rows lost.
  public let losses: Int
  /// Rows tied.
  public let ties: Int

  /// The score of a model's rows.
  public init(_ rows: [ArenaHardRow]) {
    wins = rows.count { $0.credit > 0.5 }
    losses = rows.count { $0.credit < 0.5 }
    ties = rows.count - wins - losses
  }

  /// Rows.
  public var total: Int { wins + losses + ties }

  /// The share of points; nil without rows.
  public var share: Double? { total == 0 ? nil : (Double(wins) + Double(ties) / 2) / Double(total) }

  /// The rating with the baseline at `anchor`; nil for a model that won everything or nothing, whose rating is not finite.
  public func rating(anchor: Double = 1000) -> Double? {
    guard let share, share > 0, share < 1 else { return nil }
    return anchor + 400 * log10(share / (1 - share))
  }

  /// What is drawn again in a resample.
  public enum Resampling: Sendable, Hashable {
    /// Rows, as upstream: the rows of a strong verdict and both games of a prompt as if they were independent.
    case rows
    /// Prompts with all their rows, which are what was sampled.
    case prompts
  }

  /// The bootstrap of the share; nil without rows. Version 0.1 takes the 2.5 and 97.5 percentiles of 100 rounds, version 2 the
  /// 5 and 95 percentiles and, as the score, the mean of the rounds.
  public static func bootstrap(
    _ rows: [ArenaHardRow], resampling: Resampling, rounds: Int, seed: UInt64
  ) -> BootstrapDistribution? {
    let clusters: Clustering
    switch resampling {
    case .rows: clusters = .singletons(rows.count)
    case .prompts: clusters = Clustering(labels: rows.map(\.prompt))
    }
    return ClusterBootstrap(
      columns: [rows.map(\.credit)], clusters: clusters, replicates: rounds, seed: seed, draws: .automatic)?
      .mean(of: 0)
  }
}
