import Foundation
import Hustings
import HustingsMetrics
import HustingsStatistics
import Testing

@Suite struct MarginEvidenceTests {
  private let accuracy = Accuracy(
    "accuracy", rule: PairCredit(ties: .loss, failures: .excluded, orders: .netted), subsets: .all)

  private func trials(_ rewards: [Double], clusters: Int? = nil) -> [Trial] {
    rewards.enumerated().map { number, reward in
      Made.trial(
        "\(number)", cluster: clusters.map { "\(number % $0)" }, gold: .prefers(0, over: 1),
        rewards: [reward, 0])
    }
  }

  @Test func independentAnswersAreJudgedByTango() throws {
    let mine = trials([1, 1, 1, 1, -1, -1, 1, 1])
    let yours = trials([1, -1, 1, 1, 1, 1, 1, 1])
    let sample = try #require(PairedSample(accuracy, baseline: mine, candidate: yours))
    let evidence = try #require(MarginEvidence(sample, lowerIsBetter: false, clusters: true))
    let score = try #require(TangoScore(candidateOnly: 2, baselineOnly: 1, items: 8))
    #expect(evidence.method == .tango)
    #expect(evidence.difference == 0.125)
    #expect(evidence.lowerLimit(level: 0.9) == score.lowerLimit(level: 0.9))
    #expect(evidence.pValue(atLeast: 0) == score.pValue(atLeast: 0))
    #expect(abs(evidence.pValue(atLeast: 0) + evidence.pValue(atMost: 0) - 1) < 1e-12)
    // σ² = (b + c) / n - d̄².
    #expect(abs(evidence.deviation * evidence.deviation - (3.0 / 8 - 1.0 / 64)) < 1e-12)
  }

  @Test func whereLessIsBetterTheSidesAreTurned() throws {
    let sample = try #require(
      PairedSample(accuracy, baseline: trials([1, 1, -1, 1]), candidate: trials([1, 1, 1, 1])))
    let up = try #require(MarginEvidence(sample, lowerIsBetter: false, clusters: true))
    let down = try #require(MarginEvidence(sample, lowerIsBetter: true, clusters: true))
    #expect(down.difference == -up.difference)
    #expect(abs(down.lowerLimit(level: 0.95) + up.upperLimit(level: 0.95)) < 1e-9)
    #expect(down.discordant?.baselineOnly == up.discordant?.candidateOnly)
  }

  @Test func clusteredAnswersAreJudgedByStudentsT() throws {
    let mine = trials([1, 1, 1, 1, -1, -1, 1, 1, -1], clusters: 3)
    let yours = trials([1, -1, 1, 1, 1, 1, -1, 1, 1], clusters: 3)
    let sample = try #require(PairedSample(accuracy, baseline: mine, candidate: yours))
    let evidence = try #require(MarginEvidence(sample, lowerIsBetter: false, clusters: true))
    let mean = try #require(
      ClusteredMean(sample.differences, clusters: Clustering(labels: (0..<9).map { $0 % 3 })))
    #expect(evidence.method == .clusteredT)
    #expect(evidence.clusters == 3)
    #expect(abs(evidence.lowerLimit(level: 0.95) - (try #require(mean.lowerLimit(level: 0.95)))) < 1e-12)
    #expect(abs(evidence.upperLimit(level: 0.95) - (try #require(mean.upperLimit(level: 0.95)))) < 1e-12)
    // Cluster 0 holds items 0, 3, 6 with differences 0, 0, -1.
    #expect(abs(evidence.clusterDifferences[0] + 1.0 / 3) < 1e-12)
    #expect(try #require(MarginEvidence(sample, lowerIsBetter: false, clusters: false)).method == .tango)
  }

  // MARK: The reward scale

  private let mine = [1.5, -0.5, 2, 0.25, 3, -1, 0.75, 1, 4, -2]

  @Test func rescaledRewardsHaveTheSameOrderAndAnotherSpread() throws {
    let evidence = try #require(
      RewardScale.spread.evidence(
        baseline: trials(mine), candidate: trials(mine.map { 3 * $0 }), clusters: true))
    #expect(abs(evidence.difference - log(3)) < 1e-12)
    // A plain rescaling moves every item alike: nothing is uncertain about it.
    #expect(abs(evidence.lowerLimit(level: 0.95) - log(3)) < 1e-9)
  }

  @Test func locationIsInStandardDeviationsOfTheBaseline() throws {
    // The mean reward of an item is half its margin here; both candidates of an item move.
    let yours = mine.enumerated().map { number, reward in
      Made.trial("\(number)", gold: .prefers(0, over: 1), rewards: [reward + 1, 1])
    }
    let evidence = try #require(
      RewardScale.location.evidence(baseline: trials(mine), candidate: yours, clusters: true))
    let halves = mine.map { $0 / 2 }
    let spread = try #require(Descriptive.standardDeviation(halves, divisor: .sample))
    #expect(abs(evidence.difference - 1 / spread) < 1e-12)
  }

  @Test func saturationCountsMarginsPastCertainty() throws {
    let evidence = try #require(
      RewardScale.saturation.evidence(
        baseline: trials(mine), candidate: trials(mine.map { 2 * $0 }), clusters: true))
    // Beyond 4.6 are 6 and 8 of the doubled margins, none of the plain ones.
    #expect(evidence.baseline == 0)
    #expect(abs(evidence.candidate - 0.2) < 1e-12)
  }

  @Test func tailsAreMeasuredAgainstTheBaselinesOwnQuantiles() throws {
    let evidence = try #require(
      RewardScale.tails.evidence(
        baseline: trials(mine), candidate: trials(mine.map { 10 * $0 }), clusters: true))
    #expect(abs(evidence.baseline - 0.2) < 1e-12)
    #expect(evidence.candidate > 0.6)
  }

  @Test func aJudgeHasNoLocation() {
    let ordered = (0..<4).map { Made.ordered("\($0)", gold: .prefers(0, over: 1), forward: 1, reverse: -1) }
    #expect(RewardScale.location.evidence(baseline: ordered, candidate: ordered, clusters: true) == nil)
  }
}
