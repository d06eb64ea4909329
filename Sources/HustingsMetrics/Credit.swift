public import Hustings

/// What one item earned, and how.
public struct Credit: Sendable, Hashable {
  /// What came of the item.
  public let outcome: Outcome
  /// The points it earned, usually between 0 and 1; nil when it counts towards coverage alone.
  public let value: Double?

  /// A credit.
  public init(_ outcome: Outcome, _ value: Double?) {
    self.outcome = outcome
    self.value = value
  }

  /// The credit of an item that was not answered: an abstention counts by the benchmark's rule, anything else is left out.
  public init(_ absence: Absence, failures: FailureRule) {
    let outcome = Outcome(absence)
    self.init(outcome, outcome == .abstention && failures == .loss ? 0 : nil)
  }
}

/// How a benchmark turns one trial into points.
public protocol CreditRule: Sendable {
  /// The credit of a trial; nil when the rule does not apply to it, as a pair rule to an item without a preference.
  func credit(for trial: Trial) -> Credit?
}
