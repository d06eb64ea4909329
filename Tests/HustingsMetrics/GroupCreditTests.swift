import Hustings
import HustingsMetrics
import Testing

@Suite struct BestOfCreditTests {
  let rule = BestOfCredit(failures: .loss)
  let gold = Answer.groups(better: [0], worse: [1, 2, 3])
  static let tops: [([Double], Double, Outcome)] = [
    ([3, 1, 2, 0], 1, .win), ([3, 3, 2, 0], 0.5, .tie), ([3, 3, 3, 3], 0.25, .tie), ([1, 2, 0, 0], 0, .loss),
    ([1, 2, 1, 1], 0, .loss), ([-1, -1, -1, -2], 1.0 / 3, .tie),
  ]

  @Test(arguments: tops)
  func theTopIsShared(rewards: [Double], points: Double, outcome: Outcome) {
    #expect(rule.credit(for: Made.trial(gold: gold, rewards: rewards)) == Credit(outcome, points))
  }

  @Test func aMissingRewardIsAnAbstention() {
    #expect(rule.credit(for: Made.trial(gold: gold, rewards: [3, nil, 2, 0])) == Credit(.abstention, 0))
  }

  @Test func aWrongAnswerWithTheRightTextSharesTheTop() {
    let example = Example(
      id: "x", subset: "s", prompt: Prompt("p"),
      candidates: [Candidate("r", "a"), Candidate("w1", "a"), Candidate("w2", "b"), Candidate("w3", "c")],
      gold: gold)
    var rewards = [Double?](repeating: 0, count: 3)
    rewards[example.key.candidates[0]] = 1
    let trial = Trial(key: example.key, tournament: Tournament(rewards: rewards))
    #expect(rule.credit(for: trial) == Credit(.tie, 0.5))
  }

  @Test func anItemWithoutWrongAnswersDoesNotCount() {
    #expect(rule.credit(for: Made.trial(gold: .tie(0, 1), rewards: [1, 2])) == nil)
  }
}

@Suite struct MatrixCreditTests {
  static let groups: [(MatrixCredit.Cells, Double)] = [
    (.all, 5.0 / 9), (.easy, 2.0 / 3), (.normal, 1.0 / 3), (.hard, 2.0 / 3),
  ]
  /// Right answers 1, 2, 3 and wrong answers 2, 2, 0 by hand: wins are (2,2), (1,2), (0,2), (2,0), (2,1).
  let trial = Made.trial(
    gold: .groups(better: [0, 1, 2], worse: [3, 4, 5]), rewards: [1, 2, 3, 2, 2, 0])

  @Test(arguments: groups)
  func cellsAreGroupedByStyle(cells: MatrixCredit.Cells, share: Double) throws {
    let credit = try #require(MatrixCredit(cells, failures: .loss).credit(for: trial))
    #expect(abs((credit.value ?? -1) - share) < 1e-15)
  }

  @Test func oneCellComparesOnePairStrictly() {
    func cell(_ row: Int, _ column: Int) -> Double? {
      MatrixCredit(row: row, column: column, failures: .loss).credit(for: trial)?.value
    }
    #expect(cell(0, 2) == 1)
    #expect(cell(1, 0) == 0)
    #expect(cell(2, 0) == 1)
  }
}

@Suite struct TiesScoreTests {
  let metric = TiesScore("Ties", subset: "Ties")

  private func item(_ id: String, right: [Double], wrong: [Double]) -> Trial {
    let count = right.count
    return Made.trial(
      id, subset: "Ties", cluster: String(id.split(separator: ":")[1]),
      gold: .groups(better: Array(0..<count), worse: Array(count..<count + wrong.count)),
      rewards: right + wrong)
  }

  /// c_tied = 2 - 0 = 2, d = 1, c_ref = 3: everything holds, tanh(2/1 - 1) = tanh 1.
  @Test func aPerfectPairEarnsAllButTheMargin() throws {
    let trials = [item("tied:1", right: [3, 2], wrong: [0, -1]), item("ref:1", right: [4], wrong: [1])]
    let estimate = try #require(metric.estimate(trials))
    #expect(abs(estimate.value - (1 + 0.01 * 0.7615941559557649)) < 1e-12)
    #expect(estimate.count == 2)
  }

  @Test func equalRightRewardsGoToTheLimit() throws {
    let trials = [item("tied:1", right: [2, 2], wrong: [0]), item("ref:1", right: [4], wrong: [1])]
    #expect(abs(try #require(metric.estimate(trials)).value - 1.01) < 1e-12)
    let flat = [item("tied:1", right: [2, 2], wrong: [2]), item("ref:1", right: [2], wrong: [2])]
    #expect(abs(try #require(metric.estimate(flat)).value) < 1e-12)
  }

  @Test func aReversedModelFallsBelowZero() throws {
    let trials = [item("tied:1", right: [0, 0.5], wrong: [9]), item("ref:1", right: [0], wrong: [5])]
    let value = try #require(metric.estimate(trials)).value
    // tanh(-9 / 0.5 - 1) is -1 to double precision.
    #expect(abs(value + 0.01) < 1e-12)
  }

  @Test func unpairedPromptsCountForAccuracyAlone() throws {
    let trials = [
      item("tied:1", right: [3, 2], wrong: [0]), item("ref:1", right: [4], wrong: [1]),
      item("ref:2", right: [0], wrong: [1]),
    ]
    let terms = metric.terms(trials)
    #expect(terms.referenceAccuracy == 0.5)
    #expect(terms.tiedAccuracy == 1)
    #expect(terms.pairs == 1)
  }

  @Test func contributionsAddUpToTheFormula() throws {
    let trials = [
      item("tied:1", right: [3, 2], wrong: [0]), item("ref:1", right: [4], wrong: [1]),
      item("tied:2", right: [1, 5], wrong: [2]), item("ref:2", right: [0.5], wrong: [0]),
    ]
    let terms = metric.terms(trials)
    let weighted: [(Double, Double?)] = [
      (0.3, terms.tiedAccuracy), (0.3, terms.referenceAccuracy), (0.2, terms.correctnessPreferred),
      (0.2, terms.correctnessPreferredHard), (0.01, terms.marginTerm),
    ]
    let formula = try weighted.reduce(0.0) { $0 + $1.0 * (try #require($1.1)) }
    #expect(abs(try #require(metric.estimate(trials)).value - formula) < 1e-12)
  }
}
