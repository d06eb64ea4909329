public import Hustings
import HustingsStatistics

/// How far a model's margins go round in circles: the share of their square, within an item, that no scalar explains.
///
/// 0 for a reward model, whatever it is asked; 1 for margins that are nothing but cycles. Items with fewer than three
/// answered pairs, and items whose margins are all 0, are left out.
public struct CyclicShare: ItemMetric {
  /// Its name on a board.
  public let name: String
  /// Neither way: whether cycles are right depends on the key.
  public var direction: Direction { .neutral }
  /// A share of squared margin.
  public var unit: MetricUnit { .share }

  /// The mean share over items.
  public init(_ name: String) { self.name = name }

  /// Every item's share, each counting the same.
  public func contributions(_ trials: [Trial]) -> [Contribution] {
    let shares = trials.enumerated().compactMap { index, trial in
      CyclicShare.share(of: trial.tournament).map { (trial: index, share: $0) }
    }
    return shares.map { index, share in
      Contribution(trial: index, stratum: "", credit: share, weight: 1 / Double(shares.count))
    }
  }

  /// An item is won when it has a share.
  public func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] {
    trials.enumerated().compactMap { index, trial in
      guard trial.tournament.count > 2 else { return nil }
      return CyclicShare.share(of: trial.tournament).map { _ in (index, .win) }
    }
  }

  private static func share(of tournament: Tournament) -> Double? {
    guard tournament.count > 2 else { return nil }
    var margins: [HodgeSplit.Margin] = []
    for matchup in Matchup.all(among: tournament.count) {
      guard let value = tournament.margin(matchup.first, matchup.second) else { continue }
      margins.append(
        HodgeSplit.Margin(first: matchup.first, second: matchup.second, value: value, weight: 1))
    }
    guard margins.count > 2, margins.contains(where: { $0.value != 0 }) else { return nil }
    // Differences of rewards have no cycle, and rounding must not give them one.
    if tournament.rewards != nil { return 0 }
    return HodgeSplit(competitors: tournament.count, margins: margins)?.cyclicity
  }
}
