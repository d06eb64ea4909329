import Hustings
import HustingsMetrics
import Testing

@Suite struct PairCreditTests {
  /// Margins of the two orders, each for the candidate shown first, and the points they make.
  static let votes: [(Double?, Double?, Double)] = [
    (1, -1, 1), (1, 1, 0), (1, 0, 1), (1, nil, 1), (0, 0, 0), (-1, 0, 0), (0, -1, 1), (nil, 1, 0),
    (0, nil, 0),
  ]
  static let averages: [(Double?, Double?, Double, Outcome)] = [
    (1, -1, 1, .win), (1, 1, 0.5, .tie), (-1, 1, 0, .loss), (1, nil, 0.5, .tie), (0, 0, 0.5, .tie),
    (0, -1, 0.75, .tie),
  ]

  let strict = PairCredit(ties: .loss, failures: .loss, orders: .netted)

  @Test func theHigherRewardWins() {
    #expect(strict.credit(for: Made.trial(gold: .prefers(0, over: 1), rewards: [2, 1])) == Credit(.win, 1))
    #expect(strict.credit(for: Made.trial(gold: .prefers(0, over: 1), rewards: [1, 2])) == Credit(.loss, 0))
    #expect(strict.credit(for: Made.trial(gold: .prefers(1, over: 0), rewards: [1, 2])) == Credit(.win, 1))
  }

  @Test(arguments: [(TieRule.loss, 0.0), (.half, 0.5), (.shared, 0.5)])
  func aTieCountsAsDeclared(rule: TieRule, points: Double) {
    let credit = PairCredit(ties: rule, failures: .loss, orders: .netted)
    #expect(
      credit.credit(for: Made.trial(gold: .prefers(0, over: 1), rewards: [1, 1])) == Credit(.tie, points))
  }

  @Test func whereTheSecondWinsTiesTheLabelDecides() {
    let rule = PairCredit(ties: .secondWins, failures: .loss, orders: .voted)
    #expect(rule.credit(for: Made.trial(gold: .prefers(0, over: 1), rewards: [1, 1])) == Credit(.tie, 0))
    #expect(rule.credit(for: Made.trial(gold: .prefers(1, over: 0), rewards: [1, 1])) == Credit(.tie, 1))
  }

  @Test func anAbstentionCountsByItsRuleAndAFaultNever() {
    let missing = Made.trial(gold: .prefers(0, over: 1), rewards: [1, nil])
    #expect(strict.credit(for: missing) == Credit(.abstention, 0))
    let lenient = PairCredit(ties: .loss, failures: .excluded, orders: .netted)
    #expect(lenient.credit(for: missing) == Credit(.abstention, nil))
    let broken = Made.trial(gold: .prefers(0, over: 1), rewards: [1, .nan])
    #expect(strict.credit(for: broken) == Credit(.invalid, nil))
  }

  @Test func aGoldTieIsWonByATie() {
    #expect(strict.credit(for: Made.trial(gold: .tie(0, 1), rewards: [1, 1])) == Credit(.tie, 1))
    #expect(strict.credit(for: Made.trial(gold: .tie(0, 1), rewards: [1, 2])) == Credit(.loss, 0))
  }

  @Test func moreThanTwoCandidatesAreNoPair() {
    #expect(strict.credit(for: Made.trial(gold: .prefers(0, over: 1), rewards: [1, 2, 3])) == nil)
  }

  @Test func equalTextsAreATieWhateverTheModel() {
    let example = Example(
      id: "x", subset: "s", prompt: Prompt("p"),
      candidates: [Candidate("a", "same"), Candidate("b", "same")],
      gold: .prefers(0, over: 1))
    let trial = Trial(key: example.key, tournament: Tournament(rewards: [5]))
    #expect(strict.credit(for: trial) == Credit(.tie, 0))
    let half = PairCredit(ties: .half, failures: .loss, orders: .netted)
    #expect(half.credit(for: trial) == Credit(.tie, 0.5))
  }

  /// JudgeBench: +1 for the label, -1 against, 0 for a tie or nothing; right when the sum is positive.
  @Test(arguments: votes)
  func votesOfBothOrdersAreSummed(forward: Double?, reverse: Double?, points: Double) {
    let rule = PairCredit(ties: .secondWins, failures: .loss, orders: .voted)
    let trial = Made.ordered(gold: .prefers(0, over: 1), forward: forward, reverse: reverse)
    #expect(rule.credit(for: trial)?.value == points)
  }

  @Test func aSplitVoteIsNoVerdictForTheSecondEither() {
    let rule = PairCredit(ties: .secondWins, failures: .loss, orders: .voted)
    let trial = Made.ordered(gold: .prefers(1, over: 0), forward: 1, reverse: 1)
    #expect(rule.credit(for: trial) == Credit(.tie, 0))
  }

  @Test func noAnswerInEitherOrderIsAnAbstention() {
    let rule = PairCredit(ties: .secondWins, failures: .loss, orders: .voted)
    let trial = Made.ordered(gold: .prefers(0, over: 1), forward: nil, reverse: nil)
    #expect(rule.credit(for: trial) == Credit(.abstention, 0))
  }

  /// LLMBar: the mean of two orders, an unreadable verdict being wrong and equal ratings half.
  @Test(arguments: averages)
  func pointsOfBothOrdersAreAveraged(forward: Double?, reverse: Double?, points: Double, outcome: Outcome) {
    let rule = PairCredit(ties: .half, failures: .loss, orders: .averaged)
    let trial = Made.ordered(gold: .prefers(0, over: 1), forward: forward, reverse: reverse)
    #expect(rule.credit(for: trial) == Credit(outcome, points))
  }

  @Test func nettedOrdersWeighTheMargins() {
    let trial = Made.ordered(gold: .prefers(0, over: 1), forward: 3, reverse: 1, areVerdicts: false)
    #expect(strict.credit(for: trial) == Credit(.win, 1))
    let other = Made.ordered(gold: .prefers(0, over: 1), forward: 1, reverse: 3, areVerdicts: false)
    #expect(strict.credit(for: other) == Credit(.loss, 0))
  }
}
