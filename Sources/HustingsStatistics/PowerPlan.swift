import Foundation
import HustingsNumerics

/// How many items a test needs, or what it can see with those it has.
///
/// Normal approximations for a mean difference d̄ with standard deviation σ_d per item: the false alarm rate
/// α is one- or two-sided, the power is the chance of seeing a difference that is there.
public struct PowerPlan: Sendable, Hashable {
  /// Whether α is spent on one direction or on both.
  public enum Sides: Sendable, Hashable {
    /// All of α on one direction.
    case one
    /// Half of α on each.
    case two
  }

  /// The chance of a false alarm.
  public let alpha: Double
  /// The chance of seeing what is there.
  public let power: Double
  /// Whether α is one- or two-sided.
  public let sides: Sides

  /// A plan from its risks.
  public init(alpha: Double, power: Double, sides: Sides) {
    precondition(alpha > 0 && alpha < 1, "an alpha of \(alpha)")
    precondition(power > 0 && power < 1, "a power of \(power)")
    self.alpha = alpha
    self.power = power
    self.sides = sides
  }

  private var alphaQuantile: Double { Normal.quantile(sides == .one ? 1 - alpha : 1 - alpha / 2) }
  private var powerQuantile: Double { Normal.quantile(power) }

  /// The smallest true difference seen with the wanted power: (z_{1-α} + z_{1-β}) σ_d √deff / √n.
  public func detectableDifference(standardDeviation: Double, designEffect: Double, items: Int) -> Double {
    precondition(items > 0, "\(items) items")
    return (alphaQuantile + powerQuantile) * standardDeviation * (designEffect / Double(items)).squareRoot()
  }

  /// The items needed to see a true difference: (z_{1-α} + z_{1-β})² σ_d² deff / δ².
  public func items(difference: Double, standardDeviation: Double, designEffect: Double) -> Int {
    precondition(difference != 0, "no number of items shows a difference of zero")
    let z = alphaQuantile + powerQuantile
    return Self.whole(
      z * z * standardDeviation * standardDeviation * designEffect / (difference * difference))
  }

  /// The items McNemar's test needs when a share `discordance` of them is discordant:
  /// (z_{1-α} √p_d + z_{1-β} √(p_d - δ²))² / δ².
  ///
  /// Connor, "Sample size for testing differences in proportions for the paired-sample design" (Biometrics
  /// 43, 1987).
  public func mcNemarItems(difference: Double, discordance: Double) -> Int {
    precondition(
      difference != 0 && abs(difference) <= discordance && discordance <= 1,
      "a difference of \(difference) with a share of \(discordance) discordant")
    let root =
      alphaQuantile * discordance.squareRoot()
      + powerQuantile * (discordance - difference * difference).squareRoot()
    return Self.whole(root * root / (difference * difference))
  }

  /// The difference McNemar's test sees with the wanted power: the inverse of `mcNemarItems`.
  ///
  /// - Returns: nil when not even all discordant items in one direction would be seen.
  public func mcNemarDetectableDifference(discordance p: Double, items: Int) -> Double? {
    precondition(p > 0 && p <= 1 && items > 0, "a share of \(p) discordant of \(items) items")
    // (δ √n - z_α √p)² = z_β² (p - δ²), the larger root.
    let n = Double(items)
    let (a, b) = (alphaQuantile, powerQuantile)
    let linear = a * (n * p).squareRoot()
    let square = linear * linear - (n + b * b) * (a * a - b * b) * p
    guard square >= 0 else { return nil }
    let difference = (linear + square.squareRoot()) / (n + b * b)
    return difference <= p ? difference : nil
  }

  /// The items needed to certify a margin: (z_{1-α} + z_{1-β})² σ_d² deff / (δ + Δ)².
  ///
  /// - Parameters:
  ///   - margin: Δ > 0, the loss one is willing to accept.
  ///   - trueDifference: δ, what the truth is supposed to be; 0 for no change.
  ///   - standardDeviation: σ_d; √p_d for right or wrong answers that change for a share p_d of items.
  public func nonInferiorityItems(
    margin: Double, trueDifference: Double, standardDeviation: Double, designEffect: Double
  ) -> Int {
    precondition(margin > 0, "a margin of \(margin)")
    precondition(trueDifference > -margin, "a true difference of \(trueDifference), margin \(margin)")
    return items(
      difference: trueDifference + margin, standardDeviation: standardDeviation, designEffect: designEffect)
  }

  /// The chance that a test of this α with that many items sees a true difference `distance` away from its
  /// hypothesis.
  ///
  /// One tail only: for two-sided tests the chance of an alarm on the wrong side is left out.
  public func achievedPower(
    distance: Double, standardDeviation: Double, designEffect: Double, items: Int
  ) -> Double {
    let error = standardDeviation * (designEffect / Double(items)).squareRoot()
    return Normal.cdf(abs(distance) / error - alphaQuantile)
  }

  /// σ_d of one item's difference when items are scored repeatedly: √(ω² + σ_A² / K_A + σ_B² / K_B).
  ///
  /// Miller, "Adding error bars to evals" (arXiv 2411.00640), section 5.
  ///
  /// - Parameters:
  ///   - itemVariance: ω², the variance of the difference of true item means.
  ///   - repeatVariances: σ_A² and σ_B², of a single score about its item's mean.
  ///   - repeats: K_A and K_B.
  public static func differenceDeviation(
    itemVariance: Double, repeatVariances: (Double, Double), repeats: (Int, Int)
  ) -> Double {
    let noise = repeatVariances.0 / Double(repeats.0) + repeatVariances.1 / Double(repeats.1)
    return (itemVariance + noise).squareRoot()
  }

  /// The next whole number, forgiving the rounding of an exact one.
  private static func whole(_ items: Double) -> Int { Int((items * (1 - 1e-12)).rounded(.up)) }
}
