import Hustings
import HustingsMetrics
import Testing

/// Metrics over items with rated candidates, on values computed by hand or by scipy 1.17.1.
@Suite struct RankingMetricTests {
  private func value(_ metric: any Metric, _ trials: [Trial]) -> Double? { metric.estimate(trials)?.value }

  @Test func rankCorrelationsAgreeWithScipy() throws {
    let trial = Made.trial(gold: .ratings([2, 1, 3, 3, 5]), rewards: [1, 2, 2, 4, 5])
    // scipy.stats.kendalltau and spearmanr of ([1, 2, 2, 4, 5], [2, 1, 3, 3, 5]).
    let tau = try #require(value(RankAgreement("", .kendall), [trial]))
    let rho = try #require(value(RankAgreement("", .spearman), [trial]))
    #expect(abs(tau - 0.6666666666666666) < 1e-12)
    #expect(abs(rho - 0.7631578947368421) < 1e-12)
  }

  @Test func constantSidesHaveNoCorrelation() {
    let flat = Made.trial("flat", gold: .ratings([1, 1, 1]), rewards: [1, 2, 3])
    let silent = Made.trial("silent", gold: .ratings([1, 2, 3]), rewards: [4, 4, 4])
    let metric = RankAgreement("", .kendall)
    #expect(metric.estimate([flat, silent]) == nil)
    #expect(metric.outcomes([flat, silent]).map(\.outcome) == [.tie])
    let right = Made.trial("right", gold: .ratings([1, 2, 3]), rewards: [4, 5, 6])
    #expect(value(metric, [flat, silent, right]) == 1)
  }

  @Test func unratedCandidatesTakeNoPart() {
    let trial = Made.trial(gold: .ratings([1, nil, 3]), rewards: [1, nil, 2])
    #expect(value(RankAgreement("", .kendall), [trial]) == 1)
    #expect(value(PreferencePairs("", ties: .loss, failures: .loss), [trial]) == 1)
  }

  /// Six pairs, one tied in the key; of the five, three are right, one is a tie, one is wrong.
  @Test(arguments: [(TieRule.loss, 3.0 / 5), (.half, 3.5 / 5), (.shared, 3.5 / 5)])
  func tiedPairsCountByTheRule(_ ties: TieRule, _ expected: Double) {
    let trial = Made.trial(gold: .ratings([4, 3, 2, 2]), rewards: [3, 3, 1, 4])
    // Pairs: 0–1 tie, 0–2 right, 0–3 wrong, 1–2 right, 1–3 wrong, 2–3 left out.
    let wrong = value(PreferencePairs("", ties: ties, failures: .loss), [trial])
    let right = Made.trial(gold: .ratings([4, 3, 2, 2]), rewards: [3, 3, 1, 2.5])
    // Now 0–3 and 1–3 are right too: 4 right of 5 and a tie.
    let other = value(PreferencePairs("", ties: ties, failures: .loss), [right])
    #expect(wrong.map { abs($0 - (expected - 0.2)) < 1e-12 } == true)
    #expect(other.map { abs($0 - (expected + 0.2)) < 1e-12 } == true)
  }

  @Test func pairsWithoutAnAnswerFollowTheFailureRule() {
    let trial = Made.trial(gold: .ratings([3, 2, 1]), rewards: [3, 2, nil])
    #expect(value(PreferencePairs("", ties: .loss, failures: .excluded), [trial]) == 1)
    #expect(
      value(PreferencePairs("", ties: .loss, failures: .loss), [trial]).map { abs($0 - 1.0 / 3) < 1e-12 }
        == true)
    #expect(
      PreferencePairs("", ties: .loss, failures: .loss).outcomes([trial]).map(\.outcome) == [.abstention])
  }

  @Test func theBestOfNIsWorthItsRating() {
    let trial = Made.trial(gold: .ratings([10, 20, 60]), rewards: [1, 3, 3])
    #expect(value(BestOfValue("", ties: .averaged, unit: .number), [trial]) == 40)
    #expect(value(BestOfValue("", ties: .firstWins, unit: .number), [trial]) == 20)
    #expect(
      value(BestOfValue("", draws: 1, ties: .firstWins, unit: .number), [trial]).map { abs($0 - 30) < 1e-12 }
        == true)
    // Of the three pairs: {0, 1} picks 20, {0, 2} picks 60, {1, 2} picks 20 or both.
    #expect(
      value(BestOfValue("", draws: 2, ties: .firstWins, unit: .number), [trial]).map {
        abs($0 - 100.0 / 3) < 1e-12
      } == true)
    #expect(
      value(BestOfValue("", draws: 2, ties: .averaged, unit: .number), [trial]).map { abs($0 - 40) < 1e-12 }
        == true)
    #expect(value(BestOfValue("", draws: 4, ties: .averaged, unit: .number), [trial]) == nil)
    #expect(value(BestOfValue("", among: ["0", "1"], ties: .averaged, unit: .number), [trial]) == 20)
    #expect(value(BestOfValue("", among: ["0", "9"], ties: .averaged, unit: .number), [trial]) == nil)
  }

  @Test func aPickWithoutARatingIsNotMeasured() {
    let trial = Made.trial(gold: .ratings([10, nil, 60]), rewards: [1, 3, 2])
    let metric = BestOfValue("", ties: .averaged, unit: .number)
    #expect(metric.estimate([trial]) == nil)
    #expect(metric.outcomes([trial]).map(\.outcome) == [.error])
    #expect(value(BestOfValue("", among: ["0", "2"], ties: .averaged, unit: .number), [trial]) == 60)
  }

  /// A model without rewards picks by wins: on a ring of three all are equal.
  @Test func pairwiseModelsPickByWins() {
    func trial(_ margins: [Matchup: Double]) -> Trial {
      let example = Made.example(gold: .ratings([10, 20, 60]), count: 3)
      let places = example.key.candidates
      var judgments: [Matchup: Judgment] = [:]
      for (matchup, margin) in margins {
        judgments[Matchup(places[matchup.first], places[matchup.second])] = .margin(margin)
      }
      return Trial(key: example.key, tournament: Tournament(count: 3, symmetric: judgments))
    }
    let metric = BestOfValue("", ties: .averaged, unit: .number)
    let ring = trial([Matchup(0, 1): 1, Matchup(1, 2): 1, Matchup(2, 0): 1])
    #expect(value(metric, [ring]) == 30)
    let order = trial([Matchup(0, 1): 1, Matchup(1, 2): 1, Matchup(0, 2): 1])
    #expect(value(metric, [order]) == 10)
    // Asked only for the winner, the model still has a pick, but no standing of the others.
    let pick = trial([Matchup(1, 0): 1, Matchup(1, 2): 1])
    #expect(value(metric, [pick]) == 20)
    #expect(value(BestOfValue("", draws: 2, ties: .averaged, unit: .number), [pick]) == nil)
    #expect(value(RankAgreement("", .kendall), [pick]) == nil)
  }

  @Test func candidateMeansAskNoModel() {
    let trials = [
      Made.trial("a", gold: .ratings([1, 2]), rewards: [nil, nil]),
      Made.trial("b", gold: .ratings([3, nil]), rewards: [1, 1]),
    ]
    #expect(value(CandidateMean("", candidate: "0", unit: .number), trials) == 2)
    #expect(value(CandidateMean("", candidate: "1", unit: .number), trials) == 2)
    #expect(value(CandidateMean("", candidate: "7", unit: .number), trials) == nil)
  }

  @Test func oneRatersVotesMayBeTheKey() {
    let example = Example(
      id: "x", subset: "s", prompt: Prompt("x"), candidates: [Candidate("a", "a"), Candidate("b", "b")],
      gold: .prefers(0, over: 1), raters: ["r": .prefers(1, over: 0)])
    let places = example.key.candidates
    var rewards = [0.0, 0.0]
    rewards[places[0]] = 1
    let trial = Trial(key: example.key, tournament: Tournament(rewards: rewards))
    let accuracy = Accuracy(
      "", rule: PairCredit(ties: .loss, failures: .loss, orders: .netted), subsets: .all)
    #expect(value(accuracy, [trial]) == 1)
    #expect(value(RaterMetric("", accuracy, keyOf: "r"), [trial]) == 0)
    #expect(value(RaterMetric("", accuracy, keyOf: "q"), [trial]) == nil)
  }
}
