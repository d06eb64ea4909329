public import Hustings

/// One rule for models that give rewards or margins, another for judges that name winners only.
///
/// Benchmarks that were written for reward models often score judges differently: RewardBench 1 counts a tie of rewards
/// as a loss and a judge's tie as half a point.
public struct CreditByForm: CreditRule {
  private let margins: any CreditRule
  private let verdicts: any CreditRule

  /// The rule for margins and the rule for verdicts.
  public init(margins: any CreditRule, verdicts: any CreditRule) {
    self.margins = margins
    self.verdicts = verdicts
  }

  /// The credit by whichever rule applies to what the model returns.
  public func credit(for trial: Trial) -> Credit? {
    (trial.tournament.areVerdicts ? verdicts : margins).credit(for: trial)
  }
}
