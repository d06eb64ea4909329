public import Hustings

/// What a judge said in each order of presentation, told apart. For models that were asked in both orders only.
public struct OrderCredit: CreditRule {
  /// What earns the point.
  public enum Measure: Sendable, Hashable {
    /// Naming the right candidate when the candidates are presented in the benchmark's order.
    case original
    /// Naming the right candidate when they are presented the other way round.
    case swapped
    /// Naming the right candidate both times.
    case both
    /// Saying the same of the two candidates both times; two unreadable verdicts are the same, as LLMBar and JudgeBench
    /// count them.
    case agreement
  }

  private let measure: Measure

  /// A rule about orders.
  public init(_ measure: Measure) { self.measure = measure }

  /// The credit of a pair; nil when there are not two candidates, the key says nothing of them, or the model was not
  /// asked in the order that counts. Candidates with equal texts are a tie in either order.
  public func credit(for trial: Trial) -> Credit? {
    let places = trial.key.candidates
    guard trial.tournament.isOrdered, places.count == 2 else { return nil }
    guard places[0] != places[1] else { return Credit(.tie, measure == .agreement ? 1 : 0) }
    guard let gold = trial.key.gold.margin(places[0], places[1]) else { return nil }
    let matchup = Matchup(places[0], places[1])
    let original = trial.tournament.judgment(matchup)
    let swapped = trial.tournament.judgment(matchup.swapped)?.negated
    let asked: [Judgment?] =
      switch measure {
      case .original: [original]
      case .swapped: [swapped]
      case .both, .agreement: [original, swapped]
      }
    guard !asked.contains(nil) else { return nil }
    let signs = asked.map { sign($0?.logOdds) }
    if measure == .agreement {
      if let absence = original?.absence, swapped?.absence != nil { return Credit(Outcome(absence), 1) }
      return Credit(signs[0] == signs[1] ? .win : .loss, signs[0] == signs[1] ? 1 : 0)
    }
    if let absence = asked.lazy.compactMap({ $0?.absence }).first { return Credit(Outcome(absence), 0) }
    let isRight = signs.allSatisfy { $0 == sign(gold) }
    return Credit(isRight ? .win : signs.contains(0) ? .tie : .loss, isRight ? 1 : 0)
  }

  private func sign(_ value: Double?) -> Int? { value.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 } }
}
