import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct ClusteredMeanTests {
  let values = [0.2, 0.9, 0.4, 1.0, 0.0, 0.5, 0.7, 0.3, 0.8, 0.6, 1.0]
  let clusters = Clustering(labels: [0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4])

  /// statsmodels: OLS on a constant, cov_type="cluster", use_t.
  @Test func clusteredMeanMatchesStatsmodels() throws {
    let mean = try #require(ClusteredMean(values, clusters: clusters))
    #expect(close(mean.mean, 0.5818181818181818))
    #expect(close(mean.standardError, 0.07775845043221531))
    #expect(close(mean.independentStandardError, 0.10074105583414594))
    let interval = try #require(mean.interval(level: 0.95))
    #expect(close(interval.low, 0.3659261127278923))
    #expect(close(interval.high, 0.7977102509084713))
    #expect(interval.method == .clusteredT)
    #expect(close(mean.pValue(null: 0), 0.0017059632689710624))
    #expect(close(mean.pValue(null: 0.5), 0.35206695661053294))
    #expect(close(mean.designEffect, 0.5957748943387082))
  }

  /// statsmodels OLS on a constant; scipy 1.17.1: ttest_1samp(values, 0.5).
  @Test func singletonClustersAreIndependentItems() throws {
    let mean = try #require(ClusteredMean(values, clusters: .singletons(11)))
    #expect(mean.standardError == mean.independentStandardError)
    #expect(mean.designEffect == 1)
    #expect(close(mean.pValue(null: 0.5), 0.43560499024894167))
    let interval = try #require(mean.interval(level: 0.95))
    #expect(close(interval.low, 0.35735312132400276))
    #expect(close(interval.high, 0.8062832423123608))
    #expect(interval.method == .studentT)
  }

  @Test func oneSidedLimitsAreTheEndsOfATwoSidedIntervalAtTwiceTheRisk() throws {
    let mean = try #require(ClusteredMean(values, clusters: clusters))
    let interval = try #require(mean.interval(level: 0.9))
    #expect(close(mean.lowerLimit(level: 0.95), interval.low))
    #expect(close(mean.upperLimit(level: 0.95), interval.high))
  }

  @Test func doublingEveryItemWithinItsClusterKeepsTheError() throws {
    let once = try #require(ClusteredMean(values, clusters: .singletons(11)))
    let twice = try #require(
      ClusteredMean(values + values, clusters: Clustering(labels: Array(0..<11) + Array(0..<11))))
    #expect(close(once.standardError, twice.standardError))
    #expect(close(twice.designEffect, 21.0 / 10))
  }

  @Test func tooFewClustersHaveNoError() throws {
    #expect(ClusteredMean([], clusters: .singletons(0)) == nil)
    let single = try #require(ClusteredMean([0.3, 0.5], clusters: Clustering(labels: ["a", "a"])))
    #expect(single.standardError == nil)
    #expect(single.interval(level: 0.95) == nil)
    #expect(single.lowerLimit(level: 0.95) == nil)
    #expect(single.pValue(null: 0) == nil)
    #expect(single.independentStandardError != nil)
  }

  @Test func aConstantIsNoEvidenceAgainstItself() throws {
    let constant = try #require(ClusteredMean([0, 0, 0], clusters: .singletons(3)))
    #expect(constant.pValue(null: 0) == 1)
    #expect(constant.pValue(null: 0.5) == nil)
    #expect(constant.designEffect == nil)
    #expect(constant.interval(level: 0.95)?.width == 0)
  }

  @Test func clusteringNumbersLabelsByFirstAppearance() {
    let clustering = Clustering(labels: ["b", "a", "b", "c"])
    #expect(clustering.index == [0, 1, 0, 2])
    #expect(clustering.count == 3)
    #expect(clustering.sizes == [2, 1, 1])
    #expect(clustering.totals(of: [1, 2, 3, 4]) == [4, 2, 4])
    #expect(Clustering.singletons(2) == Clustering(labels: [7, 8]))
  }

  /// The frequency of covering the truth, over 400 seeded samples of 60 prompts with 8 items that share most
  /// of their luck: near 95 % with clustering, far below without.
  @Test func clusteredIntervalsCoverWhereIndependentOnesDoNot() {
    var clustered = 0
    var naive = 0
    for sample in 0..<400 {
      var generator = CounterGenerator(seed: 5, stream: UInt64(sample))
      var scores: [Double] = []
      for _ in 0..<60 {
        let shared = generator.nextNormal()
        for _ in 0..<8 { scores.append(shared + 0.7 * generator.nextNormal()) }
      }
      let prompts = Clustering(labels: (0..<480).map { $0 / 8 })
      if ClusteredMean(scores, clusters: prompts)?.interval(level: 0.95)?.contains(0) == true {
        clustered += 1
      }
      if ClusteredMean(scores, clusters: .singletons(480))?.interval(level: 0.95)?.contains(0) == true {
        naive += 1
      }
    }
    #expect(clustered > 400 * 92 / 100)
    #expect(naive < 400 * 80 / 100)
  }

  @Test func repeatsSplitTheVariance() throws {
    // Item means 1, 2, 3 with variance 1; within items the sample variance is 2 each.
    let scores: [[Double]] = [[0, 2], [1, 3], [2, 4]]
    let mean = try #require(RepeatedMean(scores: scores))
    #expect(mean.mean == 2)
    #expect(close(mean.standardError, (1.0 / 3).squareRoot()))
    #expect(mean.repeatVariance == 2)
    #expect(mean.itemVariance == 0)
    let spread = try #require(RepeatedMean(scores: [[0, 0.5], [3, 3.5], [7, 7.5], [-4, -3.5]]))
    #expect(
      close(spread.expectedStandardError(items: 4, repeats: 2), spread.standardError))
    #expect(RepeatedMean(scores: [[1, 2]]) == nil)
    let once = try #require(RepeatedMean(scores: [[1], [2]]))
    #expect(once.repeatVariance == nil && once.itemVariance == nil)
    #expect(once.expectedStandardError(items: 10, repeats: 1) == nil)
  }
}

@Suite struct FixedWeightMeanTests {
  let values = [0.2, 0.9, 0.4, 1.0, 0.0, 0.5, 0.7, 0.3, 0.8, 0.6]
  let strata = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]

  @Test func disjointStrataAddTheirSquaredErrors() throws {
    let clusters = Clustering(labels: [0, 0, 1, 2, 3, 3, 4, 5, 6, 6])
    let composite = try #require(
      FixedWeightMean(values, strata: strata, weights: [0.3, 0.7], clusters: clusters))
    let first = try #require(
      ClusteredMean(Array(values[..<4]), clusters: Clustering(labels: [0, 0, 1, 2])))
    let second = try #require(
      ClusteredMean(Array(values[4...]), clusters: Clustering(labels: [0, 0, 1, 2, 3, 3])))
    let (a, b) = (try #require(first.standardError), try #require(second.standardError))
    #expect(!composite.clustersCrossStrata)
    #expect(close(composite.value, 0.3 * first.mean + 0.7 * second.mean))
    #expect(close(composite.stratumMeans, [first.mean, second.mean]))
    let variance = 0.09 * a * a + 0.49 * b * b
    #expect(close(composite.standardError, variance.squareRoot()))
    // Satterthwaite: strata have 3 and 4 clusters.
    let freedom =
      variance * variance / (0.09 * a * a * 0.09 * a * a / 2 + 0.49 * b * b * 0.49 * b * b / 3)
    #expect(close(composite.degreesOfFreedom, freedom))
    let half = StudentT(degreesOfFreedom: freedom).quantile(0.975) * variance.squareRoot()
    #expect(close(composite.interval(level: 0.95)?.high, composite.value + half))
  }

  @Test func aSingleStratumIsTheClusteredMean() throws {
    let clusters = Clustering(labels: [0, 0, 1, 1, 1, 2, 3, 3, 4, 4])
    let composite = try #require(
      FixedWeightMean(values, strata: Array(repeating: 0, count: 10), weights: [1], clusters: clusters))
    let mean = try #require(ClusteredMean(values, clusters: clusters))
    #expect(close(composite.value, mean.mean))
    #expect(close(composite.standardError, mean.standardError))
    #expect(close(composite.degreesOfFreedom, 4))
    #expect(close(composite.pValue(null: 0.1), mean.pValue(null: 0.1)))
  }

  @Test func weightsOfTheShareOfItemsGiveThePlainMeanWhenClustersCross() throws {
    // With w_k = n_k / n the composite is the mean; its influence differs only by the stratum means, so give
    // them equal means and the clustered error must come back.
    let scores = [0.0, 1, 0.2, 0.8, 0.5, 0.5, 0.1, 0.9]
    let halves = [0, 0, 0, 0, 1, 1, 1, 1]
    let clusters = Clustering(labels: [0, 1, 2, 3, 0, 1, 2, 3])
    let composite = try #require(
      FixedWeightMean(scores, strata: halves, weights: [0.5, 0.5], clusters: clusters))
    let mean = try #require(ClusteredMean(scores, clusters: clusters))
    #expect(composite.clustersCrossStrata)
    #expect(close(composite.value, mean.mean))
    #expect(close(composite.standardError, mean.standardError))
    #expect(composite.degreesOfFreedom == 3)
  }

  @Test func anEmptyStratumHasNoComposite() {
    #expect(
      FixedWeightMean([1, 0], strata: [0, 0], weights: [0.5, 0.5], clusters: .singletons(2)) == nil)
    #expect(FixedWeightMean([], strata: [], weights: [], clusters: .singletons(0)) == nil)
  }

  @Test func aStratumWithOneClusterHasAValueButNoError() throws {
    let composite = try #require(
      FixedWeightMean([1, 0, 1], strata: [0, 1, 1], weights: [0.5, 0.5], clusters: .singletons(3)))
    #expect(composite.value == 0.75)
    #expect(composite.standardError == nil)
    #expect(composite.interval(level: 0.95) == nil)
    #expect(composite.pValue(null: 0.5) == nil)
  }
}
