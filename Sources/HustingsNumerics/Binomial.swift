import Foundation

/// The number of successes in independent trials of equal chance.
public struct Binomial: Sendable, Hashable {
  /// How many trials.
  public let trials: Int
  /// The chance of success in each.
  public let chance: Double

  /// The distribution of successes in `trials` trials of chance `chance`.
  public init(trials: Int, chance: Double) {
    precondition(trials >= 0, "\(trials) trials")
    precondition(chance >= 0 && chance <= 1, "a chance of \(chance)")
    self.trials = trials
    self.chance = chance
  }

  /// The probability of exactly `k` successes.
  public func mass(_ k: Int) -> Double {
    guard k >= 0, k <= trials else { return 0 }
    return binomialMass(Double(k), Double(trials), chance, 1 - chance)
  }

  /// The probability of at most `k` successes.
  public func cdf(_ k: Int) -> Double {
    if k < 0 { return 0 }
    if k >= trials { return 1 }
    return regularizedBeta(Double(trials - k), Double(k + 1), 1 - chance, complement: chance)
  }

  /// The probability of more than `k` successes, accurate in the upper tail.
  public func survival(_ k: Int) -> Double {
    if k < 0 { return 1 }
    if k >= trials { return 0 }
    return regularizedBeta(Double(k + 1), Double(trials - k), chance, complement: 1 - chance)
  }
}
