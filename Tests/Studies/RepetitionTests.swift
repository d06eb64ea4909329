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
}
