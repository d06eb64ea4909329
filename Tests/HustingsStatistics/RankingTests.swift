import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct RankSetTests {
  typealias Comparison = RankSets.Comparison

  /// Four models: 0 beats 2 and 3, 1 beats 3; 0 and 1, 1 and 2, 2 and 3 cannot be told apart.
  let comparisons = [
    Comparison(first: 0, second: 1, difference: 0.01, pValue: 0.6),
    Comparison(first: 0, second: 2, difference: 0.05, pValue: 0.001),
    Comparison(first: 3, second: 0, difference: -0.08, pValue: 1e-6),
    Comparison(first: 1, second: 2, difference: 0.04, pValue: 0.02),
    Comparison(first: 1, second: 3, difference: 0.07, pValue: 1e-5),
    Comparison(first: 2, second: 3, difference: 0.03, pValue: 0.2),
  ]

  @Test func ranksCountWhoIsSignificantlyBetterAndWorse() {
    let sets = RankSets(models: 4, comparisons: comparisons, alpha: 0.05)
    #expect(sets.ranks == [1...2, 1...3, 2...4, 3...4])
    #expect(close(sets.adjustedP, Multiplicity.holm(comparisons.map(\.pValue))))
    #expect(sets.isBetter(0, than: 2) && !sets.isBetter(2, than: 0))
    #expect(!sets.isBetter(1, than: 2), "0.02 times three comparisons left is above 0.05")
  }

  @Test func tiersOpenWithTheBestOfTheRest() {
    let sets = RankSets(models: 4, comparisons: comparisons, alpha: 0.05)
    #expect(sets.tiers(estimates: [0.9, 0.89, 0.85, 0.82]) == [[0, 1], [2, 3]])
  }

  @Test func withoutSignificanceEveryRankIsOpen() {
    let sets = RankSets(models: 3, comparisons: [], alpha: 0.05)
    #expect(sets.ranks == [1...3, 1...3, 1...3])
    #expect(sets.tiers(estimates: [0.1, 0.3, 0.2]) == [[1, 2, 0]])
    #expect(RankSets(models: 1, comparisons: [], alpha: 0.05).ranks == [1...1])
  }

  @Test func bootstrapBandsFollowTheSpread() throws {
    var generator = CounterGenerator(seed: 1, stream: 0)
    let clear = (0..<200).map { _ in generator.nextUniform() + 1 }
    let close = (0..<200).map { _ in generator.nextUniform() }
    let twin = close.map { $0 + 0.001 * (generator.nextUniform() - 0.5) }
    let bootstrap = try #require(
      ClusterBootstrap(
        columns: [close, clear, twin], clusters: .singletons(200), replicates: 500, seed: 2, draws: .shared))
    let means = (0..<3).map { bootstrap.mean(of: $0) }
    #expect(RankBands.bands(of: means, level: 0.95) == [2...3, 1...1, 2...3])
  }

  @Test func equalModelsShareTheUpperRank() throws {
    let column: [Double] = [1, 0, 1, 1]
    let bootstrap = try #require(
      ClusterBootstrap(
        columns: [column, column], clusters: .singletons(4), replicates: 50, seed: 2, draws: .shared))
    let means = (0..<2).map { bootstrap.mean(of: $0) }
    #expect(RankBands.bands(of: means, level: 0.9) == [1...1, 1...1])
  }
}

@Suite struct RankBandTests {
  private func distribution(_ replicates: [Double]) -> BootstrapDistribution {
    BootstrapDistribution(estimate: 0, replicates: replicates, undefinedCount: 0, leaveOneOut: [])
  }

  @Test func bandsAreAttainedQuantilesOfTheRanks() {
    // Over ten resamples the first model is first seven times and second three times.
    let first = distribution([9, 9, 9, 9, 9, 9, 9, 1, 1, 1])
    let second = distribution([5, 5, 5, 5, 5, 5, 5, 5, 5, 5])
    #expect(RankBands.bands(of: [first, second], level: 0.8) == [1...2, 1...2])
    #expect(RankBands.bands(of: [first, second], level: 0.2) == [1...1, 2...2])
  }

  @Test func resamplesThatDoNotMatchHaveNoBands() {
    #expect(RankBands.bands(of: [distribution([1, 2]), distribution([1])], level: 0.95) == nil)
    #expect(RankBands.bands(of: [], level: 0.95) == nil)
    #expect(RankBands.bands(of: [distribution([])], level: 0.95) == nil)
  }
}

@Suite struct HodgeSplitTests {
  typealias Margin = HodgeSplit.Margin

  /// Skew-symmetric differences of scores.
  static func scalar(_ scores: [Double]) -> [[Double?]] {
    scores.map { s in scores.map { s - $0 } }
  }

  @Test func aScalarHasNoCyclicity() throws {
    let scores = [0.3, -2.5, 7.1, 0.01, 4.4]
    let split = try #require(HodgeSplit(matrix: Self.scalar(scores)))
    #expect(split.cyclicity == 0)
    let mean = sum(scores) / 5
    #expect(close(split.scores, scores.map { $0 - mean }))
    #expect(split.residuals.allSatisfy { $0 == 0 })
  }

  @Test func equalScoresLeaveNothingUnexplained() throws {
    let split = try #require(HodgeSplit(matrix: Self.scalar([2, 2, 2])))
    #expect(split.cyclicity == 0 && split.totalSquare == 0)
  }

  @Test func aRingIsAllCyclic() throws {
    let split = try #require(HodgeSplit(matrix: [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]))
    #expect(close(split.cyclicity, 1))
    #expect(close(split.scores, [0, 0, 0]))
    #expect(close(split.cyclicSquare, 3))
  }

  @Test func withAllPairsAskedScoresAreRowMeans() throws {
    var generator = CounterGenerator(seed: 4, stream: 0)
    var matrix = [[Double?]](repeating: [Double?](repeating: 0, count: 6), count: 6)
    for i in 0..<6 {
      for j in i + 1..<6 {
        let margin = generator.nextNormal()
        matrix[i][j] = margin
        matrix[j][i] = -margin
      }
    }
    let split = try #require(HodgeSplit(matrix: matrix))
    #expect(close(split.scores, matrix.map { sum($0.map { $0 ?? 0 }) / 6 }))
    // The two parts are orthogonal: squares add up.
    let explained = sum(
      (0..<6).flatMap { i in (i + 1..<max(i + 1, 6)).map { split.scores[i] - split.scores[$0] } }.map {
        $0 * $0
      })
    #expect(close(split.totalSquare, explained + split.cyclicSquare))
  }

  let margins = [(0, 1, 1.5), (0, 2, -0.5), (1, 2, 2.0), (2, 3, 0.7), (0, 3, 1.0)]

  /// numpy 2.4.6: lstsq on the incidence matrix, and its weighted pseudo-inverse.
  @Test func missingMarginsMatchLeastSquares() throws {
    let plain = try #require(
      HodgeSplit(
        competitors: 4, margins: margins.map { Margin(first: $0.0, second: $0.1, value: $0.2, weight: 1) }))
    #expect(close(plain.scores, [0.5, 0.4, -0.2, -0.7]))
    #expect(close(plain.cyclicity, 5.44 / 7.99))
    let weights = [1, 2, 0.5, 1, 3]
    let weighted = try #require(
      HodgeSplit(
        competitors: 4,
        margins: zip(margins, weights).map { Margin(first: $0.0, second: $0.1, value: $0.2, weight: $1) }))
    #expect(
      close(
        weighted.scores,
        [0.3648648648648649, -0.010810810810810922, 0.23783783783783813, -0.5918918918918918]))
    #expect(close(weighted.cyclicSquare, 4.601081081081081) && close(weighted.totalSquare, 8.24))
  }

  @Test func groupsWithoutMarginsBetweenThemAreSplitApart() throws {
    let split = try #require(
      HodgeSplit(
        competitors: 5,
        margins: [
          Margin(first: 0, second: 3, value: 2, weight: 1), Margin(first: 1, second: 4, value: -1, weight: 1),
        ]))
    #expect(split.groups == [0, 1, 2, 0, 1])
    #expect(close(split.scores, [1, -0.5, 0, -1, 0.5]))
    #expect(split.cyclicity == 0)
    #expect(HodgeSplit(competitors: 3, margins: []) == nil)
    #expect(HodgeSplit(matrix: [[nil, nil], [nil, nil]]) == nil)
  }

  @Test func cyclicTriplesAreCountedAmongTheDecided() {
    #expect(CyclicTriples(matrix: [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]).cyclic == 1)
    #expect(CyclicTriples(matrix: [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]).cyclic == 1)
    let ordered = CyclicTriples(matrix: Self.scalar([3, 2, 1, 0]))
    #expect(ordered.cyclic == 0 && ordered.decided == 4 && ordered.share == 0)
    #expect(CyclicTriples(matrix: Self.scalar([1, 1, 0])).decided == 0)
    #expect(CyclicTriples(matrix: [[nil, 1, -1], [-1, nil, nil], [1, nil, nil]]).share == nil)
    #expect(CyclicTriples(matrix: []).decided == 0)
  }

  /// Kendall and Babington Smith (1940): a tournament has C(n, 3) - Σ C(w_i, 2) cyclic triples.
  @Test func triplesMatchKendallsFormula() {
    for stream in 0..<10 {
      var generator = CounterGenerator(seed: 2, stream: UInt64(stream))
      var matrix = [[Double?]](repeating: [Double?](repeating: 0, count: 9), count: 9)
      var wins = [Int](repeating: 0, count: 9)
      for i in 0..<9 {
        for j in i + 1..<9 {
          let margin = generator.nextNormal()
          matrix[i][j] = margin
          matrix[j][i] = -margin
          wins[margin > 0 ? i : j] += 1
        }
      }
      let expected = 84 - wins.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
      #expect(CyclicTriples(matrix: matrix).cyclic == expected)
    }
  }
}

@Suite struct BestOfKTests {
  /// All subsets of each size, by itertools.
  @Test func theCurveMatchesAllSubsets() {
    let scores: [Double] = [3, 1, 2, 3, 0]
    let values: [Double] = [1, 5, 2, 10, 7]
    #expect(close(BestOfK.curve(scores: scores, values: values, ties: .lowerIndex), [5, 4.3, 3.8, 2.8, 1]))
    #expect(close(BestOfK.curve(scores: scores, values: values, ties: .averaged), [5, 4.75, 5.15, 5.5, 5.5]))
  }

  @Test(arguments: [BestOfK.TieRule.lowerIndex, .averaged])
  func chancesAddUpToOne(ties: BestOfK.TieRule) {
    for k in 1...40 {
      let chances = BestOfK.pickChances(scores: (0..<40).map { Double($0 % 7) }, k: k, ties: ties)
      #expect(close(sum(chances), 1))
    }
  }

  @Test func oneCandidateIsTheMeanAndAllTheTop() {
    let values = [0.2, 0.9, 0.4]
    #expect(close(BestOfK.expectedValue(scores: [1, 2, 3], values: values, k: 1, ties: .averaged), 0.5))
    #expect(BestOfK.expectedValue(scores: [1, 2, 3], values: values, k: 3, ties: .averaged) == 0.4)
    #expect(BestOfK.curve(scores: [], values: [], ties: .averaged) == [])
    #expect(BestOfK.curve(scores: [4], values: [0.3], ties: .averaged) == [0.3])
  }

  @Test func averagedTiesDoNotDependOnTheOrderOfCandidates() {
    let scores: [Double] = [2, 2, 1, 2]
    let values: [Double] = [9, 0, 3, 6]
    let forward = BestOfK.curve(scores: scores, values: values, ties: .averaged)
    let backward = BestOfK.curve(scores: scores.reversed(), values: values.reversed(), ties: .averaged)
    #expect(close(forward, backward))
  }

  @Test func aPerfectSelectorRisesWithK() {
    let values = [0.5, 0.1, 0.9, 0.7, 0.3]
    let curve = BestOfK.curve(scores: values, values: values, ties: .lowerIndex)
    // Expected maximum of k of five equally spaced values: 0.1 + 0.2 (6k / (k+1) - 1).
    for (index, value) in curve.enumerated() {
      let k = Double(index + 1)
      #expect(close(value, 0.1 + 0.2 * (6 * k / (k + 1) - 1)))
    }
  }
}
