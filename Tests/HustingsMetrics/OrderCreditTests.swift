import Hustings
import HustingsMetrics
import Testing

@Suite struct OrderCreditTests {
  /// What was said of the candidate shown first, in either order, and the points for original, swapped, both, agreement.
  @Test(
    arguments: [
      (1.0, -1.0, [1.0, 1, 1, 1]),  // right both times
      (-1, 1, [0, 0, 0, 1]),  // wrong both times
      (1, 1, [1, 0, 0, 0]),  // whoever is shown first
      (0, 0, [0, 0, 0, 1]), (1, 0, [1, 0, 0, 0]), (nil, -1, [0, 1, 0, 0]), (nil, nil, [0, 0, 0, 1]),
    ] as [(Double?, Double?, [Double])]) func everyMeasure(
      _ forward: Double?, _ reverse: Double?, _ points: [Double]
    )
  {
    let trial = Made.ordered(gold: .prefers(0, over: 1), forward: forward, reverse: reverse)
    let measures: [OrderCredit.Measure] = [.original, .swapped, .both, .agreement]
    #expect(measures.map { OrderCredit($0).credit(for: trial)?.value } == points)
  }

  @Test func unansweredIsAnOutcomeOfItsOwn() {
    let trial = Made.ordered(gold: .prefers(0, over: 1), forward: nil, reverse: 1)
    #expect(OrderCredit(.original).credit(for: trial)?.outcome == .abstention)
    #expect(OrderCredit(.swapped).credit(for: trial)?.outcome == .loss)
  }

  @Test func modelsWithoutAnOrderHaveNone() {
    let trial = Made.trial(gold: .prefers(0, over: 1), rewards: [1, 0])
    #expect(OrderCredit(.original).credit(for: trial) == nil)
  }

  @Test func judgesAndRewardModelsMayHaveDifferentRules() {
    let rule = CreditByForm(
      margins: PairCredit(ties: .loss, failures: .loss, orders: .netted),
      verdicts: PairCredit(ties: .half, failures: .loss, orders: .netted))
    #expect(rule.credit(for: Made.trial(gold: .prefers(0, over: 1), rewards: [1, 1]))?.value == 0)
    #expect(rule.credit(for: Made.ordered(gold: .prefers(0, over: 1), forward: 0, reverse: 0))?.value == 0.5)
    let margins = Made.ordered(gold: .prefers(0, over: 1), forward: 2, reverse: 2, areVerdicts: false)
    #expect(rule.credit(for: margins)?.value == 0)
  }
}
