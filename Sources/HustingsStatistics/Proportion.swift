import Foundation
import HustingsNumerics

/// A share of independent trials, such as an accuracy, with Wilson's interval.
public struct Proportion: Sendable, Hashable {
  /// How many successes; a tie may count as half of one.
  public let successes: Double
  /// How many trials, at least one.
  public let trials: Int

  /// A share of `trials`; nil when there were none.
  public init?(successes: Double, trials: Int) {
    guard trials > 0 else { return nil }
    precondition(
      successes >= 0 && successes <= Double(trials), "\(successes) successes in \(trials) trials")
    self.successes = successes
    self.trials = trials
  }

  /// Successes per trial.
  public var value: Double { successes / Double(trials) }

  /// √(p (1 - p) / n). Zero at 0 and 1, where Wilson's interval still has a width.
  public var standardError: Double {
    (value * (1 - value) / Double(trials)).squareRoot()
  }

  /// Wilson's score interval: the shares p with |p̂ - p| ≤ z √(p (1 - p) / n).
  ///
  /// Centre (p̂ + z²/2n) / (1 + z²/n), half-width z / (1 + z²/n) · √(p̂ (1 - p̂) / n + z²/4n²).
  /// Wilson, "Probable inference, the law of succession, and statistical inference" (JASA 22, 1927).
  public func wilson(level: Double) -> Interval {
    let n = Double(trials)
    let z = Normal.quantile(Interval.upperShare(level))
    let shrink = 1 + z * z / n
    let centre = (value + z * z / (2 * n)) / shrink
    let half = z / shrink * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
    return Interval(
      low: successes == 0 ? 0 : max(0, centre - half),
      high: successes == Double(trials) ? 1 : min(1, centre + half), level: level, method: .wilson)
  }
}
