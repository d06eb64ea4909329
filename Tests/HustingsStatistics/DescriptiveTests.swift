import HustingsStatistics
import Testing

/// References: numpy 2.4.6.
@Suite struct DescriptiveTests {
  let values: [Double] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]

  @Test func momentsMatchNumpy() {
    #expect(Descriptive.mean(values) == 3.9)
    #expect(close(Descriptive.variance(values, divisor: .population), 5.49))
    #expect(close(Descriptive.variance(values, divisor: .sample), 6.1))
    #expect(close(Descriptive.standardDeviation(values, divisor: .sample), 6.1.squareRoot()))
    #expect(Descriptive.median(values) == 3.5)
    #expect(Descriptive.median([7, 1, 3]) == 3)
  }

  /// numpy.quantile(values, p, method: inverted_cdf, linear, median_unbiased).
  @Test func quantilesMatchNumpy() {
    let shares = [0, 0.1, 0.25, 0.3, 0.5, 0.77, 0.9, 1]
    func all(_ rule: Descriptive.QuantileRule) -> [Double] {
      shares.compactMap { Descriptive.quantile(values, $0, rule: rule) }
    }
    #expect(all(.attained) == [1, 1, 2, 2, 3, 5, 6, 9])
    #expect(close(all(.linear), [1, 1, 2.25, 2.7, 3.5, 5, 6.3, 9]))
    #expect(close(all(.medianUnbiased), [1, 1, 1.9166666666666665, 2.4333333333333336, 3.5, 5.29, 7.9, 9]))
  }

  @Test func aQuantileIsAttainedByTheRuleThatSaysSo() {
    for percent in 0...100 {
      let value = Descriptive.quantile(values, Double(percent) / 100, rule: .attained)
      #expect(values.contains { $0 == value })
    }
  }

  @Test func tooFewValuesHaveNoStatistic() {
    #expect(Descriptive.mean([]) == nil)
    #expect(Descriptive.median([]) == nil)
    #expect(Descriptive.variance([1], divisor: .sample) == nil)
    #expect(Descriptive.variance([1], divisor: .population) == 0)
    #expect(Descriptive.standardDeviation([], divisor: .population) == nil)
  }

  /// scipy 1.17.1: scipy.stats.rankdata.
  @Test func tiedValuesShareTheirMeanRank() {
    #expect(meanRanks([1, 4, 2, 2, 6.5, 4, 7, 7.5, 1, 3]) == [1.5, 6.5, 3.5, 3.5, 8, 6.5, 9, 10, 1.5, 5])
    #expect(meanRanks([]) == [])
    #expect(meanRanks([5, 5, 5]) == [2, 2, 2])
  }
}
