import HustingsStatistics

/// How often a model's responses are preferred to the baseline's, as AlpacaEval counts it.
public struct AlpacaWinRate: Sendable, Hashable {
  /// The mean preference, a share. Prompts without a preference do not count.
  public let winRate: Double
  /// The standard error of that mean, from the spread of the preferences (divisor n − 1); nil for a single prompt.
  public let standardError: Double?
  /// The share of prompts won when every preference but an exact draw is rounded to a win or a loss.
  public let discreteWinRate: Double
  /// Prompts with a preference above one half.
  public let wins: Int
  /// Prompts with a preference below one half.
  public let losses: Int
  /// Prompts with a preference of exactly one half.
  public let draws: Int
  /// Prompts with a preference.
  public let total: Int

  /// The rate over the given preferences; nil when there are none.
  public init?(_ preferences: some Sequence<Double?>) {
    let known = preferences.compactMap { $0 }
    guard let mean = Descriptive.mean(known) else { return nil }
    winRate = mean
    standardError = Descriptive.standardDeviation(known, divisor: .sample).map {
      $0 / Double(known.count).squareRoot()
    }
    wins = known.count { $0 > 0.5 }
    losses = known.count { $0 < 0.5 }
    draws = known.count - wins - losses
    total = known.count
    // Upstream rounds 1 + preference half to even, and keeps exact draws apart; no preference rounds down to a draw.
    discreteWinRate = (Double(wins) + Double(draws) / 2) / Double(known.count)
  }

  /// Whether a length-controlled rate is so far from this one that AlpacaEval warns of a failed fit: below the smaller
  /// of three quarters of this rate and 10 points less, or above the larger of a quarter of the way to 100 and 10 points
  /// more. All are shares.
  public func isFar(from lengthControlled: Double) -> Bool {
    lengthControlled < min(winRate * 0.75, winRate - 0.1)
      || lengthControlled > max(winRate + (1 - winRate) / 4, winRate + 0.1)
  }
}
