import HustingsNumerics

/// Is the candidate not worse than the baseline by more than a margin? Candidate minus baseline, higher is
/// better.
public struct NonInferiority: Sendable, Hashable {
  /// What the limits say.
  public enum Verdict: String, Sendable, Hashable, Codable {
    /// The lower limit is above -margin: a loss as large as the margin is excluded.
    case passed
    /// The upper limit is below -margin: a loss of at least the margin is shown.
    case failed
    /// Neither.
    case inconclusive
  }

  /// Δ, the loss that is acceptable.
  public let margin: Double
  /// The one-sided lower limit of the difference.
  public let lowerLimit: Double
  /// The one-sided upper limit of the difference.
  public let upperLimit: Double

  /// A decision from one-sided limits at the same level, usually 0.95.
  public init(margin: Double, lowerLimit: Double, upperLimit: Double) {
    precondition(margin > 0, "a margin of \(margin)")
    precondition(lowerLimit <= upperLimit, "limits \(lowerLimit) and \(upperLimit)")
    self.margin = margin
    self.lowerLimit = lowerLimit
    self.upperLimit = upperLimit
  }

  /// Right or wrong answers to independent items, by Tango's limits.
  public init(_ score: TangoScore, margin: Double, level: Double) {
    self.init(
      margin: margin, lowerLimit: score.lowerLimit(level: level), upperLimit: score.upperLimit(level: level))
  }

  /// Any item differences, clustered or not, by Student's t; nil with fewer than two clusters.
  public init?(_ mean: ClusteredMean, margin: Double, level: Double) {
    guard let lower = mean.lowerLimit(level: level), let upper = mean.upperLimit(level: level) else {
      return nil
    }
    self.init(margin: margin, lowerLimit: lower, upperLimit: upper)
  }

  /// The verdict of the limits alone.
  public var verdict: Verdict {
    if lowerLimit > -margin { return .passed }
    return upperLimit < -margin ? .failed : .inconclusive
  }

  /// The verdict when any significant loss fails, however small.
  public func strictVerdict(significantlyWorse: Bool) -> Verdict {
    significantlyWorse ? .failed : verdict
  }
}

/// Two one-sided tests that the difference lies inside (-margin, margin): "did not change" as a finding.
///
/// Schuirmann (Journal of Pharmacokinetics and Biopharmaceutics 15, 1987). Equivalent at level α when the 1 -
/// 2α interval lies inside the margins.
public struct Equivalence: Sendable, Hashable {
  /// The p-value of a loss of at least the margin.
  public let lowerP: Double
  /// The p-value of a gain of at least the margin.
  public let upperP: Double

  /// The p-value of both together: the larger one.
  public var pValue: Double { max(lowerP, upperP) }

  /// Right or wrong answers to independent items, by Tango's score.
  public init(_ score: TangoScore, margin: Double) {
    precondition(margin > 0 && margin <= 1, "a margin of \(margin)")
    lowerP = score.statistic(difference: -margin).map(Normal.survival) ?? 1
    upperP = score.statistic(difference: margin).map(Normal.cdf) ?? 1
  }

  /// Any item differences, by Student's t; nil without a spread.
  public init?(_ mean: ClusteredMean, margin: Double) {
    precondition(margin > 0, "a margin of \(margin)")
    guard let lower = mean.statistic(null: -margin), let upper = mean.statistic(null: margin),
      let freedom = mean.degreesOfFreedom
    else { return nil }
    let t = StudentT(degreesOfFreedom: freedom)
    lowerP = t.survival(lower)
    upperP = t.cdf(upper)
  }
}
