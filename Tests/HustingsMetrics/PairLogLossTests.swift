import Foundation
import Hustings
import HustingsMetrics
import Testing

@Suite struct PairLogLossTests {
  @Test(arguments: [(2.0, 0.126928), (0, 0.693147), (-1, 1.313262)])
  func aHardLabelCostsTheSoftplusOfTheLostMargin(_ margin: Double, _ loss: Double) throws {
    let trial = Made.trial(gold: .prefers(0, over: 1), rewards: [margin, 0])
    let estimate = try #require(PairLogLoss("log loss", against: .preference).estimate([trial]))
    #expect(abs(estimate.value - loss) < 1e-6)
  }

  @Test func aSoftLabelCostsItsCrossEntropy() throws {
    // p = 0.8 against 0.8 is its entropy, against 0.5 it is ln 2.
    let gold = Answer.margins([Matchup(0, 1): log(4)])
    let metric = PairLogLoss("log loss", against: .probability)
    let right = try #require(metric.estimate([Made.trial(gold: gold, rewards: [log(4), 0])]))
    #expect(abs(right.value - 0.500402) < 1e-6)
    let silent = try #require(metric.estimate([Made.trial(gold: gold, rewards: [7, 7])]))
    #expect(abs(silent.value - log(2)) < 1e-12)
    // The same told the other way round.
    let swapped = Answer.margins([Matchup(1, 0): -log(4)])
    let same = try #require(metric.estimate([Made.trial(gold: swapped, rewards: [log(4), 0])]))
    #expect(abs(same.value - right.value) < 1e-12)
  }

  @Test func pairsCountTheSameAcrossItems() throws {
    let three = Made.trial("three", gold: .ratings([3, 2, 1]), rewards: [0, 0, 0])
    let two = Made.trial("two", gold: .prefers(0, over: 1), rewards: [-1, 0])
    let estimate = try #require(PairLogLoss("log loss", against: .preference).estimate([three, two]))
    #expect(abs(estimate.value - (3 * log(2) + 1.313262) / 4) < 1e-6)
    #expect(estimate.count == 2)
  }

  @Test func onACycleNoRewardsDoBetterThanSilence() throws {
    let cycle = Answer.margins([Matchup(0, 1): 1, Matchup(1, 2): 1, Matchup(2, 0): 1])
    for rewards in [[0.0, 0, 0], [1, 0, -1], [5, 0, 2], [0.1, 0.2, 0]] {
      let trial = Made.trial(gold: cycle, rewards: rewards)
      let estimate = try #require(PairLogLoss("log loss", against: .preference).estimate([trial]))
      #expect(estimate.value >= log(2) - 1e-12)
    }
  }

  @Test func tiesOfTheKeyCountForProbabilitiesAlone() {
    let trial = Made.trial(gold: .tie(0, 1), rewards: [1, 0])
    #expect(PairLogLoss("log loss", against: .preference).estimate([trial]) == nil)
    #expect(PairLogLoss("log loss", against: .probability).estimate([trial])?.count == 1)
  }

  @Test func verdictsHaveNoLogLoss() {
    let verdicts = Made.ordered(gold: .prefers(0, over: 1), forward: 1, reverse: -1)
    let margins = Made.ordered(gold: .prefers(0, over: 1), forward: 1, reverse: -1, areVerdicts: false)
    let metric = PairLogLoss("log loss", against: .preference)
    #expect(metric.estimate([verdicts]) == nil)
    #expect(metric.coverage([verdicts]).total == 0)
    #expect(metric.estimate([margins]) != nil)
  }

  @Test func hugeMarginsStayFinite() throws {
    let trial = Made.trial(gold: .prefers(0, over: 1), rewards: [-800, 0])
    #expect(PairLogLoss("log loss", against: .preference).estimate([trial])?.value == 800)
  }

  @Test func silenceIsMissingCoverage() {
    let trials = [
      Made.trial("a", gold: .prefers(0, over: 1), rewards: [1, 0]),
      Made.trial("b", gold: .prefers(0, over: 1), rewards: [nil, 0]),
    ]
    let metric = PairLogLoss("log loss", against: .preference)
    #expect(metric.estimate(trials)?.count == 1)
    #expect(metric.coverage(trials).counts == [.win: 1, .abstention: 1])
  }
}

@Suite struct SubsetMetricTests {
  static let trials = [
    Made.trial("a", subset: "one", gold: .prefers(0, over: 1), rewards: [1, 0]),
    Made.trial("b", subset: "two", gold: .prefers(0, over: 1), rewards: [0, 1]),
    Made.trial("c", subset: "one", gold: .prefers(0, over: 1), rewards: [0, 1]),
  ]

  @Test func onlyTheNamedSubsetsCount() throws {
    let pairs = PreferencePairs("accuracy", ties: .half, failures: .loss)
    let metric = SubsetMetric("one", pairs, subsets: ["one"])
    #expect(metric.estimate(SubsetMetricTests.trials)?.value == 0.5)
    #expect(metric.contributions(SubsetMetricTests.trials).map(\.trial) == [0, 2])
    #expect(metric.outcomes(SubsetMetricTests.trials).map(\.trial) == [0, 2])
    #expect(SubsetMetric("none", pairs, subsets: []).estimate(SubsetMetricTests.trials) == nil)
    #expect(metric.direction == .higherIsBetter && metric.unit == .share)
  }
}
