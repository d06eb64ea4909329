import Foundation
import HustingsNumerics

/// Means, spreads and quantiles of a list of numbers; nil where there are too few.
public enum Descriptive {
  /// What the sum of squares is divided by.
  public enum Divisor: Sendable, Hashable {
    /// n: the spread of the values themselves.
    case population
    /// n - 1: the unbiased estimate of the spread they were drawn from.
    case sample
  }

  /// How a quantile between two values is found (Hyndman and Fan, "Sample quantiles in statistical packages",
  /// 1996).
  public enum QuantileRule: Sendable, Hashable {
    /// Type 1: the smallest value whose share at or below reaches p. Always one of the values.
    case attained
    /// Type 7: linear between order statistics, position (n - 1) p. The default of numpy and R.
    case linear
    /// Type 8: linear, position (n + 1/3) p - 2/3. Approximately median-unbiased for any distribution.
    case medianUnbiased
  }

  /// The arithmetic mean; nil for no values.
  public static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : sum(values) / Double(values.count)
  }

  /// The mean squared distance from the mean; nil for no values, or a single one if the divisor is n - 1.
  public static func variance(_ values: [Double], divisor: Divisor) -> Double? {
    guard let centre = mean(values) else { return nil }
    let degrees = divisor == .population ? values.count : values.count - 1
    guard degrees > 0 else { return nil }
    return sum(values.lazy.map { ($0 - centre) * ($0 - centre) }) / Double(degrees)
  }

  /// The square root of the variance.
  public static func standardDeviation(_ values: [Double], divisor: Divisor) -> Double? {
    variance(values, divisor: divisor)?.squareRoot()
  }

  /// The middle value, or the mean of the middle two; nil for no values.
  public static func median(_ values: [Double]) -> Double? {
    quantile(values, 0.5, rule: .linear)
  }

  /// The value below which the share `p` lies; nil for no values.
  public static func quantile(_ values: [Double], _ p: Double, rule: QuantileRule) -> Double? {
    quantile(sorted: values.sorted(), p, rule: rule)
  }

  /// `quantile` for values already in ascending order.
  static func quantile(sorted: [Double], _ p: Double, rule: QuantileRule) -> Double? {
    precondition(p >= 0 && p <= 1, "quantile \(p), which is not a share")
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let n = Double(sorted.count)
    let position: Double
    switch rule {
    case .attained:
      // A hair below, so that n p computed as 3.0000000000000004 is still 3.
      return sorted[max(0, min(sorted.count - 1, Int((n * p * (1 - 4e-16)).rounded(.up)) - 1))]
    case .linear: position = (n - 1) * p
    case .medianUnbiased: position = (n + 1.0 / 3) * p - 2.0 / 3
    }
    if position <= 0 { return first }
    if position >= n - 1 { return last }
    let below = Int(position)
    let share = position - Double(below)
    if share == 0 { return sorted[below] }
    return sorted[below] + share * (sorted[below + 1] - sorted[below])
  }
}
