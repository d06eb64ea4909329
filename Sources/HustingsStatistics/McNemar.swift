import Foundation
import HustingsNumerics

/// McNemar's test: two models judged right or wrong on the same items, of which only the discordant ones
/// tell.
///
/// McNemar (Psychometrika 12, 1947); for the mid-p form Fagerland, Lydersen, Laake, "The McNemar test for
/// binary matched-pairs data" (BMC Medical Research Methodology 13:91, 2013), who find it the best of the
/// four in common use.
public struct McNemar: Sendable, Hashable {
  /// b: items that only the candidate has right.
  public let candidateOnly: Int
  /// c: items that only the baseline has right.
  public let baselineOnly: Int

  /// A test from the two discordant counts.
  public init(candidateOnly: Int, baselineOnly: Int) {
    precondition(
      candidateOnly >= 0 && baselineOnly >= 0, "\(candidateOnly) and \(baselineOnly) discordant items")
    self.candidateOnly = candidateOnly
    self.baselineOnly = baselineOnly
  }

  /// A test from what each model has right, item by item.
  public init(candidate: [Bool], baseline: [Bool]) {
    precondition(candidate.count == baseline.count, "\(candidate.count) and \(baseline.count) items")
    let pairs = zip(candidate, baseline)
    self.init(
      candidateOnly: pairs.count { $0 && !$1 }, baselineOnly: pairs.count { !$0 && $1 })
  }

  /// m = b + c.
  public var discordant: Int { candidateOnly + baselineOnly }

  private var pointMass: Double {
    Binomial(trials: discordant, chance: 0.5).mass(min(candidateOnly, baselineOnly))
  }

  /// The exact conditional p-value, two-sided: min(1, 2 P[Bin(m, ½) ≤ min(b, c)]). Never too small, often too
  /// large.
  public var exactP: Double {
    SignTest(wins: candidateOnly, losses: baselineOnly).pValue
  }

  /// The mid-p value, two-sided: the exact one less P[Bin(m, ½) = min(b, c)]; for b = c, 1 less half of that.
  ///
  /// Without discordant items there is nothing to halve, and it is 1.
  public var midP: Double {
    if discordant == 0 { return 1 }
    return candidateOnly == baselineOnly ? 1 - pointMass / 2 : exactP - pointMass
  }

  /// (b - c) / √(b + c), for m of at least 25 about standard normal; nil without discordant items.
  public var statistic: Double? {
    discordant == 0 ? nil : Double(candidateOnly - baselineOnly) / Double(discordant).squareRoot()
  }

  /// The p-value of `statistic` under the normal distribution, two-sided; nil with fewer than 25 discordant
  /// items, where the approximation is poor.
  public var asymptoticP: Double? {
    discordant < 25 ? nil : statistic.map(Normal.twoSided)
  }
}
