import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct PowerPlanTests {
  let gate = PowerPlan(alpha: 0.05, power: 0.8, sides: .one)

  /// n = (z_{.95} + z_{.8})² p_d / Δ², at no true change, for margins of half a point, 1, 2 and 3 points.
  @Test(
    arguments: [
      (0.02, [4947, 1237, 310, 138]),
      (0.04, [9893, 2474, 619, 275]),
      (0.06, [14839, 3710, 928, 413]),
      (0.10, [24731, 6183, 1546, 687]),
      (0.20, [49461, 12366, 3092, 1374]),
    ] as [(Double, [Int])])
  func itemsToCertifyAMargin(discordance: Double, expected: [Int]) {
    let items = [0.005, 0.01, 0.02, 0.03].map {
      gate.nonInferiorityItems(
        margin: $0, trueDifference: 0, standardDeviation: discordance.squareRoot(), designEffect: 1)
    }
    #expect(items == expected)
  }

  /// Detectable gap in points, paired at three shares of discordant items, and unpaired at an accuracy of .9.
  @Test(
    arguments: [
      (358, [2.9, 4.1, 5.9], 5.6), (740, [2.0, 2.9, 4.1], 3.9), (1865, [1.3, 1.8, 2.6], 2.4),
      (2985, [1.0, 1.4, 2.0], 1.9),
    ] as [(Int, [Double], Double)])
  func gapsThatCanBeSeen(items: Int, paired: [Double], unpaired: Double) throws {
    func points(_ gap: Double) -> Double { (1000 * gap).rounded() / 10 }
    let gaps = try [0.05, 0.1, 0.2].map {
      points(try #require(gate.mcNemarDetectableDifference(discordance: $0, items: items)))
    }
    #expect(gaps == paired)
    let alone = gate.detectableDifference(
      standardDeviation: (2 * 0.9 * 0.1).squareRoot(), designEffect: 1, items: items)
    #expect(points(alone) == unpaired)
  }

  @Test func theGapMcNemarSeesIsTheInverseOfTheItemsItNeeds() throws {
    for items in [60, 358, 2985] {
      let gap = try #require(gate.mcNemarDetectableDifference(discordance: 0.3, items: items))
      #expect(gate.mcNemarItems(difference: gap, discordance: 0.3) == items)
    }
    // Twenty items with one discordant among them show nothing at all.
    #expect(gate.mcNemarDetectableDifference(discordance: 0.05, items: 20) == nil)
  }

  /// scipy 1.17.1 norm.ppf in the formula of Connor (1987): 869.736 and 1899.324 before rounding up.
  @Test func mcNemarItemsMatchTheirFormula() {
    let two = PowerPlan(alpha: 0.05, power: 0.8, sides: .two)
    #expect(two.mcNemarItems(difference: 0.03, discordance: 0.1) == 870)
    #expect(two.mcNemarItems(difference: -0.03, discordance: 0.1) == 870)
    let strong = PowerPlan(alpha: 0.05, power: 0.9, sides: .one)
    #expect(strong.mcNemarItems(difference: 0.015, discordance: 0.05) == 1900)
  }

  @Test func itemsAndDetectableDifferenceAreInverse() {
    let two = PowerPlan(alpha: 0.05, power: 0.8, sides: .two)
    let gap = two.detectableDifference(standardDeviation: 0.4, designEffect: 1.5, items: 500)
    #expect(close(gap, 0.06137965682934015))
    #expect(two.items(difference: gap, standardDeviation: 0.4, designEffect: 1.5) == 500)
    #expect(
      close(two.achievedPower(distance: gap, standardDeviation: 0.4, designEffect: 1.5, items: 500), 0.8))
  }

  @Test func powerAtTheMarginMatchesScipy() {
    #expect(
      close(
        gate.achievedPower(
          distance: 0.02, standardDeviation: 0.06.squareRoot(), designEffect: 1, items: 1000),
        0.8256555096569208))
  }

  @Test func repeatsShrinkTheirOwnNoiseOnly() {
    func deviation(_ repeats: Int) -> Double {
      PowerPlan.differenceDeviation(
        itemVariance: 0.09, repeatVariances: (0.04, 0.12), repeats: (repeats, repeats))
    }
    #expect(close(deviation(1), 0.5))
    #expect(close(deviation(1_000_000_000), 0.3, 1e-8))
  }

  @Test func aTrueGainMakesCertifyingCheaper() {
    let equal = gate.nonInferiorityItems(
      margin: 0.02, trueDifference: 0, standardDeviation: 0.3, designEffect: 1)
    let gain = gate.nonInferiorityItems(
      margin: 0.02, trueDifference: 0.02, standardDeviation: 0.3, designEffect: 1)
    #expect(gain == (equal + 3) / 4)
    let clustered = gate.nonInferiorityItems(
      margin: 0.02, trueDifference: 0, standardDeviation: 0.3, designEffect: 2)
    #expect(abs(clustered - 2 * equal) <= 2)
  }
}

@Suite struct NonInferiorityTests {
  @Test func theVerdictFollowsTheLimits() {
    func verdict(_ low: Double, _ high: Double) -> NonInferiority.Verdict {
      NonInferiority(margin: 0.02, lowerLimit: low, upperLimit: high).verdict
    }
    #expect(verdict(-0.019, 0.01) == .passed)
    #expect(verdict(-0.05, -0.021) == .failed)
    #expect(verdict(-0.05, 0.01) == .inconclusive)
    #expect(verdict(-0.02, 0.01) == .inconclusive)
    #expect(verdict(-0.05, -0.02) == .inconclusive)
  }

  @Test func aStrictGateFailsOnAnySignificantLoss() {
    let decision = NonInferiority(margin: 0.02, lowerLimit: -0.015, upperLimit: -0.001)
    #expect(decision.verdict == .passed)
    #expect(decision.strictVerdict(significantlyWorse: true) == .failed)
    #expect(decision.strictVerdict(significantlyWorse: false) == .passed)
  }

  @Test func limitsComeFromTangoOrFromT() throws {
    let score = try #require(TangoScore(candidateOnly: 30, baselineOnly: 34, items: 2000))
    let answers = NonInferiority(score, margin: 0.02, level: 0.95)
    #expect(answers.lowerLimit == score.lowerLimit(level: 0.95))
    #expect(answers.verdict == .passed)
    let values = [0.1, -0.2, 0.05, 0.0, 0.3, -0.1, 0.15, -0.05, 0.02, -0.12]
    let mean = try #require(ClusteredMean(values, clusters: .singletons(10)))
    let scores = try #require(NonInferiority(mean, margin: 0.05, level: 0.95))
    #expect(close(scores.lowerLimit, mean.lowerLimit(level: 0.95)))
    #expect(scores.verdict == .inconclusive)
    let single = try #require(ClusteredMean([1], clusters: .singletons(1)))
    #expect(NonInferiority(single, margin: 0.1, level: 0.95) == nil)
  }

  /// statsmodels: DescrStatsW(values).ttost_mean(-0.15, 0.15).
  @Test func equivalenceMatchesStatsmodels() throws {
    let values = [0.1, -0.2, 0.05, 0.0, 0.3, -0.1, 0.15, -0.05, 0.02, -0.12]
    let mean = try #require(ClusteredMean(values, clusters: .singletons(10)))
    let test = try #require(Equivalence(mean, margin: 0.15))
    #expect(close(test.lowerP, 0.0029164971039722727))
    #expect(close(test.upperP, 0.008273008634964432))
    #expect(close(test.pValue, 0.008273008634964432))
    let constant = try #require(ClusteredMean([0, 0], clusters: .singletons(2)))
    #expect(Equivalence(constant, margin: 0.1) == nil)
  }

  @Test func equivalenceHoldsExactlyWhenTheIntervalLiesInside() throws {
    for (b, c) in [(20, 22), (20, 40), (5, 5), (60, 30), (14, 31)] {
      let score = try #require(TangoScore(candidateOnly: b, baselineOnly: c, items: 1000))
      let interval = score.interval(level: 0.9)
      let inside = interval.low > -0.02 && interval.high < 0.02
      #expect((Equivalence(score, margin: 0.02).pValue < 0.05) == inside)
    }
  }
}

@Suite struct SequentialEvidenceTests {
  /// mpmath 1.3.0: log beta functions, and the integral of the Beta over chances above one half.
  @Test(
    arguments: [
      (10, 3, 0.5, 0.45561843005730385, 1.1245553360708826),
      (0, 0, 0.5, 0, 0),
      (40, 22, 0.5, 0.35726750085137676, 1.0396141219815596),
      (5, 25, 1, 5.493288829245615, -3.063710325742641),
      (300, 200, 0.5, 6.734147485015784, 7.42729104554516),
    ] as [(Int, Int, Double, Double, Double)])
  func evidenceMatchesMultiplePrecision(
    b: Int, c: Int, kappa: Double, difference: Double, improvement: Double
  ) {
    #expect(
      close(SequentialEvidence.logDifference(candidateOnly: b, baselineOnly: c, kappa: kappa), difference))
    #expect(
      close(SequentialEvidence.logImprovement(candidateOnly: b, baselineOnly: c, kappa: kappa), improvement))
  }

  /// The defining law: the mean of E over all equally likely outcomes of m discordant items is one.
  @Test(arguments: [1, 2, 7, 20])
  func evidenceHasMeanOneUnderTheHypothesis(discordant: Int) {
    let coin = Binomial(trials: discordant, chance: 0.5)
    var both = 0.0
    var one = 0.0
    for b in 0...discordant {
      both += coin.mass(b) * exp(SequentialEvidence.logDifference, b, discordant - b)
      one += coin.mass(b) * exp(SequentialEvidence.logImprovement, b, discordant - b)
    }
    #expect(close(both, 1))
    #expect(close(one, 1))
  }

  private func exp(_ evidence: (Int, Int, Double) -> Double, _ b: Int, _ c: Int) -> Double {
    Foundation.exp(evidence(b, c, 0.5))
  }

  @Test func combiningTakesTheMean() {
    #expect(SequentialEvidence.combined([1, 5, 0]) == 2)
    #expect(SequentialEvidence.combined([]) == nil)
  }

  /// scipy 1.17.1: 2 - 2 norm.cdf(norm.ppf(.975) / sqrt(t)).
  @Test func spendingMatchesScipyAndEndsAtAlpha() {
    func spent(_ share: Double) -> Double {
      SequentialEvidence.obrienFlemingSpending(alpha: 0.05, share: share)
    }
    #expect(close(spent(0.25), 8.857543832130332e-05))
    #expect(close(spent(0.5), 0.005574596680784305))
    #expect(close(spent(0.75), 0.023625121317601305))
    #expect(close(spent(1), 0.05))
    #expect(spent(0) == 0)
  }

  /// Item differences with a share of 6 % discordant: -1, 0, 1.
  private func run(difference: Double, stream: Int, items: Int) -> NonInferiorityWealth {
    var generator = CounterGenerator(seed: 17, stream: UInt64(stream))
    var wealth = NonInferiorityWealth(margin: 0.02)
    for _ in 0..<items {
      let u = generator.nextUniform()
      wealth.add(u < 0.03 + difference / 2 ? 1 : u < 0.06 ? -1 : 0)
    }
    return wealth
  }

  @Test func aLossOfTheMarginSeldomPasses() {
    let passed = (0..<300).count { run(difference: -0.02, stream: $0, items: 2000).passes(alpha: 0.05) }
    // At most 5 % are expected; five standard errors above.
    #expect(passed <= 300 * 5 / 100 + 19)
  }

  @Test func noLossAlmostAlwaysPasses() {
    let passed = (0..<100).count { run(difference: 0, stream: $0, items: 2985).passes(alpha: 0.05) }
    // 96 % are expected.
    #expect(passed >= 88)
  }

  @Test func theFirstBetIsMadeBlindAndWealthIsTheProductOfBets() {
    var wealth = NonInferiorityWealth(margin: 0.1)
    var product = 1.0
    for difference in [0, 1, -1, 0.5, 0, 0, -0.25] {
      product *= 1 + wealth.stake * (difference + 0.1)
      wealth.add(difference)
    }
    #expect(close(Foundation.exp(wealth.logWealth), product))
    #expect(wealth.maximumLogWealth >= wealth.logWealth)
    #expect(wealth.count == 7)
    #expect(NonInferiorityWealth(margin: 0.1).stake >= 0)
  }

  @Test func theStakeNeverRisksRuin() {
    var wealth = NonInferiorityWealth(margin: 0.3)
    for difference in [Double](repeating: -0.3, count: 200) + [1, -1, -1, -1] {
      #expect(wealth.stake > 0 && wealth.stake < 1 / 0.7)
      wealth.add(difference)
    }
    #expect(wealth.logWealth.isFinite)
  }
}
