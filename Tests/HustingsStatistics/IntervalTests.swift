import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct IntervalTests {
  /// statsmodels: proportion_confint(k, n, 1 - level, method="wilson").
  @Test(
    arguments: [
      (208, 350, 0.95, 0.5420893954565214, 0.6444348185798132),
      (0, 10, 0.95, 0.0, 0.27753279986288926),
      (10, 10, 0.95, 0.7224672001371106, 1.0),
      (97, 100, 0.95, 0.9154806357094724, 0.9897454759759611),
      (2, 7, 0.9, 0.09956584356228698, 0.5913324544888026),
      (2900, 2985, 0.99, 0.9625760565661844, 0.9783810111556467),
    ] as [(Double, Int, Double, Double, Double)])
  func wilsonIntervalMatchesStatsmodels(
    successes: Double, trials: Int, level: Double, low: Double, high: Double
  ) throws {
    let interval = try #require(Proportion(successes: successes, trials: trials)).wilson(level: level)
    #expect(close(interval.low, low))
    #expect(close(interval.high, high))
    #expect(interval.method == .wilson)
    #expect(interval.level == level)
  }

  @Test func wilsonEndsSolveTheScoreEquation() throws {
    let share = try #require(Proportion(successes: 37.5, trials: 60))
    let interval = share.wilson(level: 0.9)
    let z = Normal.quantile(0.95)
    for p in [interval.low, interval.high] {
      #expect(close(abs(share.value - p), z * (p * (1 - p) / 60).squareRoot(), 1e-13))
    }
  }

  @Test func aShareOfNothingIsNil() {
    #expect(Proportion(successes: 0, trials: 0) == nil)
  }

  @Test func intervalsClampMapAndContain() throws {
    let interval = Interval(low: -0.2, high: 0.5, level: 0.95, method: .normal)
    #expect(interval.contains(-0.2) && interval.contains(0.5) && !interval.contains(0.51))
    #expect(close(interval.width, 0.7))
    #expect(interval.clamped(to: 0...1).low == 0)
    let percent = interval.mapped { 100 * $0 }
    #expect(percent.low == -20 && percent.high == 50)
    let turned = interval.mapped { -$0 }
    #expect(turned.low == -0.5 && turned.high == 0.2)
    let stored = try JSONDecoder().decode(Interval.self, from: JSONEncoder().encode(interval))
    #expect(stored == interval)
  }

  @Test func coverageBoundsCountMissingItemsWorstAndBest() throws {
    let coverage = Coverage(scored: 80, total: 100)
    #expect(coverage.share == 0.8)
    let bounds = try #require(coverage.bounds(mean: 0.75, range: 0...1))
    #expect(close(bounds.lowerBound, 0.6))
    #expect(close(bounds.upperBound, 0.8))
    #expect(Coverage(scored: 0, total: 10).bounds(mean: .nan, range: -1...1) == -1...1)
    #expect(Coverage(scored: 0, total: 0).bounds(mean: 0, range: 0...1) == nil)
    #expect(Coverage(scored: 0, total: 0).share == nil)
  }
}
