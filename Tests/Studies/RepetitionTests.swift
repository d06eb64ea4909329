import Foundation
import Hustings
import HustingsReports
import HustingsStatistics
import Testing

@testable import Studies

@Suite struct RepetitionTests {
  private func repeated(_ values: [Double]) -> Repeated {
    var result = Repeated()
    for value in values { result.add(value) }
    return result
  }

  /// scipy 1.17.1: stats.ttest_rel([.61, .66, .59, .70, .64], [.60, .61, .58, .66, .60]).
  @Test func theTestIsStudentsOverSeeds() throws {
    let (a, b) = (repeated([0.61, 0.66, 0.59, 0.70, 0.64]), repeated([0.60, 0.61, 0.58, 0.66, 0.60]))
    #expect(abs(a.mean - 0.64) < 1e-12)
    #expect(abs(a.difference(from: b).mean - 0.03) < 1e-12)
    #expect(try abs(#require(a.pValue(against: b)) - 0.0230504) < 1e-5)
    // scipy 1.17.1: stats.t.interval(0.95, 4, mean, sem).
    let interval = try #require(a.interval)
    #expect(abs(interval.low - 0.586594) < 1e-6 && abs(interval.high - 0.693406) < 1e-6)
  }

  @Test func oneSeedHasNoIntervalAndNoTest() {
    #expect(repeated([0.5]).interval == nil)
    #expect(repeated([0.5]).pValue(against: repeated([0.4])) == nil)
    #expect(repeated([0.5, 0.6]).pValue(against: repeated([0.4])) == nil)
    #expect(Repeated().cell(.share) == .missing)
  }

  @Test func resultsKeepTheOrderOfTheirRows() {
    var results = Results()
    results.add(1, row: "b", column: "x")
    results.add(nil, row: "a", column: "x")
    results.add(3, row: "b", column: "x")
    #expect(results.rows == ["b", "a"])
    #expect(results["b", "x"].values == [1, 3])
    #expect(results["a", "x"].values == [])
  }

  /// The mean of the first responses' rewards, with an interval one wide to each side.
  private struct MeanReward: Metric {
    let name = "reward"
    let direction = Direction.higherIsBetter
    let unit = MetricUnit.number
    func estimate(_ trials: [Trial]) -> Estimate? {
      let rewards = trials.compactMap { $0.tournament.rewards?[0] }
      guard !rewards.isEmpty else { return nil }
      let value = rewards.reduce(0, +) / Double(rewards.count)
      return Estimate(
        value: value, interval: Interval(low: value - 1, high: value + 1, level: 0.95, method: "made up"),
        count: rewards.count)
    }
  }

  private func trials(_ rewards: [Double]) -> [Trial] {
    rewards.enumerated().map { index, reward in
      let example = Example(
        id: "\(index)", subset: "s", prompt: Prompt("p"),
        candidates: [Candidate("a", "a"), Candidate("b", "b")],
        gold: .prefers(0, over: 1))
      return Trial(key: example.key, tournament: Tournament(rewards: [reward, 0]))
    }
  }

  @Test func seedsAreAveragedAndTheirSpreadIsTold() {
    var seeded = SeededTrials()
    // Two folds of different sizes under two seeds: means 3 and 5 over all, and of folds 2, 6 and 4, 8.
    seeded.add(trials([1, 2, 3]), of: "drawn", seed: 0)
    seeded.add(trials([3, 4, 5]), of: "drawn", seed: 1)
    seeded.add(trials([6]), of: "drawn", seed: 0)
    seeded.add(trials([8]), of: "drawn", seed: 1)
    seeded.add(trials([7]), of: "solved")
    #expect(seeded.names == ["drawn", "solved"])
    let drawn = seeded.estimates(MeanReward(), of: "drawn")
    #expect(drawn.mean?.value == 4)
    #expect(drawn.mean?.interval?.low == 3)
    #expect(drawn.mean?.interval?.high == 5)
    #expect(drawn.spread == 2)
    #expect(seeded.meanOfParts(MeanReward(), of: "drawn") == 5)
    let solved = seeded.estimates(MeanReward(), of: "solved")
    #expect(solved.mean?.value == 7 && solved.spread == 0)
    #expect(seeded.estimates(MeanReward(), of: "nobody").mean == nil)
  }

  @Test func onlyASolvedRewardDrawsNothing() {
    #expect(!Lineup.bradleyTerry(ridge: 1, seed: 1).isDrawn)
    #expect(Lineup.general(4, ridge: 1, seed: 1).isDrawn && Lineup.pairwise(seed: 1).isDrawn)
  }
}
