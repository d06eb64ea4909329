import Foundation
import HustingsNumerics

/// Evidence that may be looked at after every item: an e-value stays below 1/α with chance 1 - α, however
/// often one looks.
///
/// Grünwald, de Heide, Koolen, "Safe testing" (JRSS B 86, 2024). Several e-values for one question are
/// combined by their mean, whatever their dependence.
public enum SequentialEvidence {
  /// log E that candidate-only and baseline-only items are not equally frequent: E = 2^m B(b+κ, c+κ) / B(κ,
  /// κ).
  ///
  /// The likelihood of the discordant items mixed over a Beta(κ, κ) chance, over that of even chance.
  ///
  /// - Parameter kappa: κ; ½ is Jeffreys' choice.
  public static func logDifference(candidateOnly b: Int, baselineOnly c: Int, kappa: Double) -> Double {
    precondition(kappa > 0, "a kappa of \(kappa)")
    return Double(b + c) * log(2) + logBeta(Double(b) + kappa, Double(c) + kappa) - logBeta(kappa, kappa)
  }

  /// log E that the candidate is better, with the Beta's mass on chances above one half only.
  public static func logImprovement(candidateOnly b: Int, baselineOnly c: Int, kappa: Double) -> Double {
    let above = regularizedBeta(Double(c) + kappa, Double(b) + kappa, 0.5)
    return logDifference(candidateOnly: b, baselineOnly: c, kappa: kappa) + log(2) + log(above)
  }

  /// The mean of e-values, itself one; nil for none.
  public static func combined(_ evalues: [Double]) -> Double? { Descriptive.mean(evalues) }

  /// How much of α may be spent by the time a share t of the items is done: 2 - 2Φ(z_{1-α/2} / √t).
  ///
  /// Lan and DeMets (Biometrika 70, 1983), after O'Brien and Fleming: almost nothing early, all of α at the
  /// end.
  public static func obrienFlemingSpending(alpha: Double, share: Double) -> Double {
    precondition(share >= 0 && share <= 1, "a share of \(share)")
    return share == 0 ? 0 : Normal.twoSided(Normal.quantile(1 - alpha / 2) / share.squareRoot())
  }
}

/// A bettor against "worse by at least the margin": wealth K = Π (1 + λ_i (d_i + Δ)), from 1; passes at K ≥
/// 1/α.
///
/// Under the hypothesis no bet has a positive mean, so that K reaches 1/α with chance at most α whenever one
/// stops. λ_i = Δ / (mean square of d + Δ over earlier items), kept below 0.9 / (1 - Δ): the stake that grows
/// wealth fastest if nothing changed, which is when a gate should pass soon. Waudby-Smith and Ramdas,
/// "Estimating means of bounded random variables by betting" (JRSS B 86, 2024). Feed items in a seeded random
/// order, one per cluster or cluster means in [-1, 1].
public struct NonInferiorityWealth: Sendable, Hashable {
  /// Δ, the loss that is acceptable.
  public let margin: Double
  /// How many items were bet on.
  public private(set) var count = 0
  /// log K now.
  public private(set) var logWealth = 0.0
  /// The largest log K so far, which decides.
  public private(set) var maximumLogWealth = 0.0
  private var squares: Double

  // Ten supposed items, of which one changed, stand in for a spread not yet seen.
  private static let supposedItems = 10.0
  private static let supposedChange = 0.1

  /// A bettor who has seen nothing.
  public init(margin: Double) {
    precondition(margin > 0 && margin < 1, "a margin of \(margin), not between 0 and 1")
    self.margin = margin
    squares = Self.supposedItems * (Self.supposedChange + margin * margin)
  }

  /// The share λ that is staked on the next item.
  public var stake: Double {
    min(margin * (Double(count) + Self.supposedItems) / squares, 0.9 / (1 - margin))
  }

  /// Bets on one item: candidate minus baseline, from -1 to 1.
  public mutating func add(_ difference: Double) {
    precondition(difference >= -1 && difference <= 1, "a difference of \(difference), not between -1 and 1")
    let gain = difference + margin
    logWealth += log1p(stake * gain)
    maximumLogWealth = max(maximumLogWealth, logWealth)
    squares += gain * gain
    count += 1
  }

  /// The largest K so far, an e-value.
  public var maximumWealth: Double { exp(maximumLogWealth) }

  /// Whether the hypothesis may be rejected at level α.
  public func passes(alpha: Double) -> Bool { maximumLogWealth >= -log(alpha) }
}
