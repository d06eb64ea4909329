import HustingsNumerics

/// The exact two-sided sign test: are wins and losses equally likely? Ties take no part.
///
/// p = min(1, 2 P[Bin(m, ½) ≤ min(wins, losses)]), m = wins + losses. Without wins and losses p is 1.
public struct SignTest: Sendable, Hashable {
  /// How often the first side won.
  public let wins: Int
  /// How often the second side won.
  public let losses: Int

  /// A test of so many wins against so many losses.
  public init(wins: Int, losses: Int) {
    precondition(wins >= 0 && losses >= 0, "\(wins) wins and \(losses) losses")
    self.wins = wins
    self.losses = losses
  }

  /// The exact two-sided p-value.
  public var pValue: Double {
    min(1, 2 * Binomial(trials: wins + losses, chance: 0.5).cdf(min(wins, losses)))
  }
}
