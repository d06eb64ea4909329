import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct McNemarTests {
  /// Exact: statsmodels mcnemar(exact=True). Mid-p: scipy 1.17.1 binom, 2 (cdf(min - 1) + pmf(min) / 2), and
  /// 1 - pmf / 2 for b = c. Asymptotic: scipy 1.17.1 norm.
  @Test(
    arguments: [
      (10, 3, 0.09228515625, 0.05737304687499998, 0.05220363534131463),
      (5, 5, 1.0, 0.876953125, 1.0),
      (0, 6, 0.03125, 0.015625, 0.014305878435429619),
      (40, 22, 0.030015864349067285, 0.02257497267325717, 0.022254124823099162),
      (1, 0, 1.0, 0.5, 0.31731050786291415),
      (60, 61, 1, 0.9279107996055396, 0.9275648266062112),
    ] as [(Int, Int, Double, Double, Double)])
  func mcNemarMatchesStatsmodels(b: Int, c: Int, exact: Double, mid: Double, asymptotic: Double) {
    let test = McNemar(candidateOnly: b, baselineOnly: c)
    let mirrored = McNemar(candidateOnly: c, baselineOnly: b)
    #expect(close(test.exactP, exact))
    #expect(close(test.midP, mid))
    #expect(test.exactP == mirrored.exactP && test.midP == mirrored.midP)
    if b + c >= 25 { #expect(close(test.asymptoticP, asymptotic)) } else { #expect(test.asymptoticP == nil) }
  }

  @Test func discordantItemsAreCountedFromAnswers() {
    let test = McNemar(
      candidate: [true, true, false, false, true], baseline: [true, false, true, false, false])
    #expect(test == McNemar(candidateOnly: 2, baselineOnly: 1))
    #expect(test.discordant == 3)
  }

  @Test func withoutDiscordantItemsNothingIsShown() {
    let test = McNemar(candidateOnly: 0, baselineOnly: 0)
    #expect(test.exactP == 1 && test.midP == 1)
    #expect(test.statistic == nil && test.asymptoticP == nil)
  }

  /// scipy 1.17.1: scipy.stats.binomtest(wins, wins + losses).
  @Test(
    arguments: [
      (208, 142, 0.0004945884812278775),
      (36, 20, 0.044046546102150766),
      (3, 0, 0.25),
      (7, 7, 1.0),
      (1431, 1520, 0.10522989437018902),
    ] as [(Int, Int, Double)])
  func signTestMatchesScipy(wins: Int, losses: Int, expected: Double) {
    #expect(close(SignTest(wins: wins, losses: losses).pValue, expected))
    #expect(close(SignTest(wins: losses, losses: wins).pValue, expected))
  }
}

@Suite struct TangoScoreTests {
  /// mpmath 1.3.0, 30 digits: the likelihood restricted to a difference maximised by bisection of its
  /// derivative, and the limits by bisection of the score, without the closed form for q. Columns: b, c, n,
  /// low, high, T(-0.02).
  @Test(
    arguments: [
      (10, 3, 100, -0.0007655004391072962, 0.14986405222395022, 2.4002356196000454),
      (0, 0, 50, -0.07134759913335871, 0.07134759913335871, 1.0101525445522108),
      (1, 0, 44, -0.05939323111662795, 0.11807709698213285, 1.385051387833237),
      (43, 1, 44, 0.7638458060357343, 0.9919534958798936, 6.465696496386329),
      (70, 40, 1431, 0.006713263997785934, 0.03575945143716329, 5.307178559408311),
      (0, 7, 30, -0.4092832615812217, -0.09333348175210521, -2.504897164340598),
      (12, 12, 200, -0.05073428754191591, 0.05073428754191591, 0.8082377222622338),
      (100, 50, 2985, 0.008824811150117776, 0.025032845625745898, 8.120673101037733),
    ] as [(Int, Int, Int, Double, Double, Double)])
  func tangoMatchesTheRestrictedLikelihood(
    b: Int, c: Int, n: Int, low: Double, high: Double, statistic: Double
  ) throws {
    let score = try #require(TangoScore(candidateOnly: b, baselineOnly: c, items: n))
    let interval = score.interval(level: 0.95)
    #expect(close(interval.low, low))
    #expect(close(interval.high, high))
    #expect(interval.method == .tango)
    #expect(close(score.statistic(difference: -0.02), statistic))
  }

  @Test func tangoAtZeroIsMcNemar() throws {
    let score = try #require(TangoScore(candidateOnly: 31, baselineOnly: 17, items: 400))
    let test = McNemar(candidateOnly: 31, baselineOnly: 17)
    #expect(close(score.statistic(difference: 0), test.statistic))
    #expect(close(score.pValue(difference: 0), test.asymptoticP))
  }

  @Test func limitsAreWhereTheStatisticReachesTheQuantile() throws {
    let score = try #require(TangoScore(candidateOnly: 9, baselineOnly: 14, items: 150))
    let lower = score.lowerLimit(level: 0.95)
    let upper = score.upperLimit(level: 0.95)
    #expect(close(score.statistic(difference: lower), Normal.quantile(0.95), 1e-9))
    #expect(close(score.statistic(difference: upper), -Normal.quantile(0.95), 1e-9))
    #expect(close(score.interval(level: 0.9).low, lower))
    #expect(close(score.interval(level: 0.9).high, upper))
  }

  @Test func swappingTheModelsMirrorsTheInterval() throws {
    for (b, c, n) in [(3, 0, 20), (5, 11, 60), (0, 0, 10), (20, 0, 20), (1, 1, 2)] {
      let one = try #require(TangoScore(candidateOnly: b, baselineOnly: c, items: n)).interval(level: 0.95)
      let other = try #require(TangoScore(candidateOnly: c, baselineOnly: b, items: n)).interval(level: 0.95)
      #expect(close(one.low, -other.high))
      #expect(close(one.high, -other.low))
      #expect(one.low >= -1 && one.high <= 1)
    }
  }

  @Test func extremeDataReachTheEdge() throws {
    let all = try #require(TangoScore(candidateOnly: 30, baselineOnly: 0, items: 30))
    #expect(all.interval(level: 0.95).high == 1)
    #expect(all.interval(level: 0.95).low > 0.7)
    #expect(all.pValue(difference: 1) == 1)
    #expect(TangoScore(candidateOnly: 0, baselineOnly: 0, items: 0) == nil)
    let none = try #require(TangoScore(candidateOnly: 0, baselineOnly: 0, items: 10))
    #expect(none.statistic(difference: 0) == nil)
    #expect(none.pValue(difference: 0) == 1)
  }
}

@Suite struct PairedDifferenceTests {
  @Test func theVarianceOfADifferenceLosesTwiceTheCovariance() throws {
    var generator = CounterGenerator(seed: 2, stream: 1)
    let baseline = (0..<50).map { _ in generator.nextNormal() }
    let candidate = baseline.map { 0.2 + 0.8 * $0 + 0.3 * generator.nextNormal() }
    let paired = try #require(
      PairedDifference(candidate: candidate, baseline: baseline, clusters: .singletons(50)))
    let a = try #require(Descriptive.standardDeviation(candidate, divisor: .sample))
    let b = try #require(Descriptive.standardDeviation(baseline, divisor: .sample))
    let correlation = try #require(paired.correlation)
    let expected = (a * a + b * b - 2 * correlation * a * b) / 50
    #expect(close(paired.mean.standardError, expected.squareRoot()))
    #expect(close(paired.unpairedStandardError, ((a * a + b * b) / 50).squareRoot()))
  }

  @Test func binaryDifferencesHaveMcNemarsVariance() throws {
    let candidate: [Double] = [1, 1, 1, 0, 0, 1, 1, 0, 1, 1]
    let baseline: [Double] = [1, 0, 0, 1, 0, 1, 1, 0, 1, 0]
    let paired = try #require(
      PairedDifference(candidate: candidate, baseline: baseline, clusters: .singletons(10)))
    // b = 3, c = 1, n = 10: mean 0.2, Σ(d - d̄)² = m - n d̄².
    #expect(close(paired.mean.mean, 0.2))
    #expect(close(paired.mean.standardError, ((4 - 10 * 0.04) / 90.0).squareRoot()))
  }

  @Test func noItemsHaveNoDifference() {
    #expect(PairedDifference(candidate: [], baseline: [], clusters: .singletons(0)) == nil)
  }
}

@Suite struct SignFlipTests {
  /// scipy 1.17.1: permutation_test((d,), |sum|, permutation_type="samples", n_resamples=inf).
  @Test func exactFlipsMatchScipy() throws {
    let differences = [0.3, -0.1, 0.25, 0.4, -0.05, 0.1, 0.2, 0.15, -0.3, 0.35, 0.05, 0.22]
    let test = try #require(SignFlipTest(clusterSums: differences, replicates: 1, seed: 0))
    #expect(test.pValue == 0.0576171875)
    #expect(test.isExact && test.patternCount == 4096)
    #expect(SignFlipTest(clusterSums: [1, 2, 3, 4], replicates: 1, seed: 0)?.pValue == 0.125)
  }

  @Test func equalDifferencesGiveTheSignTest() throws {
    let differences = [Double](repeating: 1, count: 14) + [Double](repeating: -1, count: 4)
    let test = try #require(SignFlipTest(clusterSums: differences, replicates: 1, seed: 0))
    #expect(close(test.pValue, SignTest(wins: 14, losses: 4).pValue, 1e-13))
  }

  @Test func sampledFlipsApproachTheNormalTail() throws {
    var generator = CounterGenerator(seed: 8, stream: 0)
    let differences = (0..<400).map { _ in generator.nextNormal() + 0.1 }
    let total = sum(differences)
    let spread = sum(differences.map { $0 * $0 }).squareRoot()
    let test = try #require(SignFlipTest(clusterSums: differences, replicates: 20_000, seed: 1))
    let expected = Normal.twoSided(total / spread)
    #expect(!test.isExact)
    #expect(abs(test.pValue - expected) < 5 * (expected * (1 - expected) / 20_000).squareRoot() + 1e-3)
    let single = try #require(SignFlipTest(clusterSums: differences, replicates: 20_000, seed: 1, workers: 1))
    #expect(single == test)
  }

  @Test func aSampleNeverShowsLessThanItsSize() throws {
    let test = try #require(
      SignFlipTest(clusterSums: [Double](repeating: 1, count: 100), replicates: 999, seed: 3))
    #expect(test.pValue == 0.001)
    #expect(SignFlipTest(clusterSums: [], replicates: 10, seed: 0) == nil)
    #expect(SignFlipTest(clusterSums: [0.4], replicates: 10, seed: 0)?.pValue == 1)
  }
}

@Suite struct MultiplicityTests {
  let p = [0.01, 0.04, 0.03, 0.005, 0.2, 0.04, 0.9]

  /// statsmodels: multipletests(p, method="holm", "fdr_bh", "fdr_by").
  @Test func adjustedValuesMatchStatsmodels() {
    #expect(close(Multiplicity.holm(p), [0.06, 0.16, 0.15, 0.035, 0.4, 0.16, 0.9]))
    #expect(
      close(
        Multiplicity.benjaminiHochberg(p), [0.035, 0.056, 0.056, 0.035, 0.23333333333333336, 0.056, 0.9]))
    #expect(
      close(Multiplicity.benjaminiYekutieli(p), [0.09075, 0.1452, 0.1452, 0.09075, 0.605, 0.1452, 1]))
  }

  @Test func aSingleQuestionNeedsNoAdjustment() {
    #expect(Multiplicity.holm([0.03]) == [0.03])
    #expect(Multiplicity.benjaminiHochberg([0.03]) == [0.03])
    #expect(Multiplicity.benjaminiYekutieli([0.03]) == [0.03])
    #expect(Multiplicity.holm([]) == [])
    #expect(Multiplicity.benjaminiHochberg([]) == [])
  }

  @Test func adjustmentKeepsTheOrderAndNeverLowersAValue() {
    var generator = CounterGenerator(seed: 1, stream: 1)
    let many = (0..<200).map { _ in generator.nextUniform() * generator.nextUniform() }
    for adjusted in [
      Multiplicity.holm(many), Multiplicity.benjaminiHochberg(many), Multiplicity.benjaminiYekutieli(many),
    ] {
      #expect(zip(many, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
      let order = many.indices.sorted { many[$0] < many[$1] }
      #expect(zip(order, order.dropFirst()).allSatisfy { adjusted[$0] <= adjusted[$1] })
    }
  }
}
