import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

/// How often tests reject and intervals cover, summed exactly over all data sets where that can be done.
@Suite struct OperatingCharacteristicTests {
  /// The chance, over (b, c) of n items with the given shares, that a rule holds.
  ///
  /// b is binomial, and c binomial among the rest; cells of no weight are skipped.
  private func chance(
    items n: Int, candidateOnly p: Double, baselineOnly q: Double, that rule: (Int, Int) -> Bool
  ) -> Double {
    let first = Binomial(trials: n, chance: p)
    var total = 0.0
    for b in 0...n {
      let weight = first.mass(b)
      if weight < 1e-9 { continue }
      let second = Binomial(trials: n - b, chance: q / (1 - p))
      for c in 0...n - b {
        let mass = weight * second.mass(c)
        if mass > 1e-10, rule(b, c) { total += mass }
      }
    }
    return total
  }

  /// 1,431 items of which 5 % are discordant, a true difference of 1.5 points: the exact test sees it 68 % of
  /// the time, mid-p 72 %.
  @Test func midPSeesMoreThanTheExactTest() {
    let exact = chance(items: 1431, candidateOnly: 0.0325, baselineOnly: 0.0175) {
      McNemar(candidateOnly: $0, baselineOnly: $1).exactP < 0.05
    }
    let mid = chance(items: 1431, candidateOnly: 0.0325, baselineOnly: 0.0175) {
      McNemar(candidateOnly: $0, baselineOnly: $1).midP < 0.05
    }
    #expect(abs(exact - 0.68) < 0.01)
    #expect(abs(mid - 0.72) < 0.01)
  }

  /// The same without a difference: 3.9 % and 5.0 % false alarms.
  @Test func midPUsesItsLevelAndTheExactTestDoesNot() {
    let exact = chance(items: 1431, candidateOnly: 0.025, baselineOnly: 0.025) {
      McNemar(candidateOnly: $0, baselineOnly: $1).exactP < 0.05
    }
    let mid = chance(items: 1431, candidateOnly: 0.025, baselineOnly: 0.025) {
      McNemar(candidateOnly: $0, baselineOnly: $1).midP < 0.05
    }
    #expect(abs(exact - 0.039) < 0.002)
    #expect(abs(mid - 0.050) < 0.002)
  }

  /// At the margin, where a gate must not pass more than 5 % of the time, Tango keeps its level and Wald does
  /// not.
  @Test(arguments: [(200, 0.04, 0.02), (200, 0.1, 0.05), (500, 0.06, 0.02)] as [(Int, Double, Double)])
  func tangoKeepsItsLevelAtTheMargin(items: Int, discordance: Double, margin: Double) {
    let z = Normal.quantile(0.95)
    let p = (discordance - margin) / 2
    let tango = chance(items: items, candidateOnly: p, baselineOnly: p + margin) { b, c in
      let score = TangoScore(candidateOnly: b, baselineOnly: c, items: items)
      return (score?.statistic(difference: -margin) ?? 0) > z
    }
    let wald = chance(items: items, candidateOnly: p, baselineOnly: p + margin) { b, c in
      let (n, m, d) = (Double(items), Double(b + c), Double(b - c) / Double(items))
      return d - z * ((m / n - d * d) / n).squareRoot() > -margin
    }
    #expect(tango > 0.035 && tango < 0.052)
    #expect(wald > 0.052)
  }

  @Test func theGateHasThePowerItWasPlannedFor() {
    let plan = PowerPlan(alpha: 0.05, power: 0.8, sides: .one)
    let items = plan.nonInferiorityItems(
      margin: 0.03, trueDifference: 0, standardDeviation: 0.06.squareRoot(), designEffect: 1)
    let passed = chance(items: items, candidateOnly: 0.03, baselineOnly: 0.03) { b, c in
      TangoScore(candidateOnly: b, baselineOnly: c, items: items).map {
        NonInferiority($0, margin: 0.03, level: 0.95).verdict == .passed
      } ?? false
    }
    #expect(abs(passed - 0.8) < 0.04)
  }

  /// p = .97, n = 100: Wald covers about 80 % of the time, Wilson 97 %.
  @Test func wilsonCoversNearOneWhereWaldDoesNot() throws {
    let truth = Binomial(trials: 100, chance: 0.97)
    let z = Normal.quantile(0.975)
    var wilson = 0.0
    var wald = 0.0
    for k in 0...100 {
      let share = try #require(Proportion(successes: Double(k), trials: 100))
      if share.wilson(level: 0.95).contains(0.97) { wilson += truth.mass(k) }
      if abs(share.value - 0.97) <= z * share.standardError { wald += truth.mass(k) }
    }
    #expect(abs(wilson - 0.97) < 0.01)
    #expect(abs(wald - 0.80) < 0.02)
  }

  /// Peeking every hundred items at a true null: a naive test rejects far more than 5 % of the time, the
  /// e-value does not.
  @Test func peekingSpoilsTheTestButNotTheEvidence() {
    var naive = 0
    var anytime = 0
    for run in 0..<150 {
      var generator = CounterGenerator(seed: 4, stream: UInt64(run))
      var (b, c) = (0, 0)
      var sawP = false
      var sawE = false
      for item in 1...3000 {
        let u = generator.nextUniform()
        if u < 0.05 { b += 1 } else if u < 0.1 { c += 1 }
        if item % 100 == 0 {
          sawP = sawP || McNemar(candidateOnly: b, baselineOnly: c).midP < 0.05
          let evidence = SequentialEvidence.logDifference(candidateOnly: b, baselineOnly: c, kappa: 0.5)
          sawE = sawE || evidence >= log(20)
        }
      }
      naive += sawP ? 1 : 0
      anytime += sawE ? 1 : 0
    }
    #expect(naive > 150 * 15 / 100)
    #expect(anytime <= 150 * 8 / 100)
  }

  /// The defining law of a bet: at the margin mean wealth is 1, whatever was staked, summed over all paths of
  /// six items.
  @Test func wealthHasMeanOneAtTheMargin() {
    let outcomes: [(difference: Double, chance: Double)] = [(1, 0.1), (0, 0.65), (-1, 0.25)]
    func mean(_ wealth: NonInferiorityWealth, _ left: Int) -> Double {
      if left == 0 { return exp(wealth.logWealth) }
      return outcomes.reduce(0) { total, outcome in
        var next = wealth
        next.add(outcome.difference)
        return total + outcome.chance * mean(next, left - 1)
      }
    }
    #expect(close(mean(NonInferiorityWealth(margin: 0.15), 6), 1))
    #expect(mean(NonInferiorityWealth(margin: 0.2), 6) > 1)
    #expect(mean(NonInferiorityWealth(margin: 0.1), 6) < 1)
  }

  /// p-values of the permutation test are uniform under exchangeability.
  @Test func signFlipsRejectAtTheirLevel() throws {
    var rejected = 0
    for run in 0..<400 {
      var generator = CounterGenerator(seed: 10, stream: UInt64(run))
      let sums = (0..<12).map { _ in generator.nextNormal() * generator.nextNormal() }
      if try #require(SignFlipTest(clusterSums: sums, replicates: 1, seed: 0)).pValue <= 0.1 { rejected += 1 }
    }
    // Five standard errors about 40.
    #expect(abs(rejected - 40) < 30)
  }

  /// With true and false hypotheses mixed, Holm seldom makes any error and Benjamini-Hochberg a small share
  /// of them.
  @Test func correctionsControlWhatTheyPromise() {
    var anyFalse = 0
    var falseShare = 0.0
    for run in 0..<300 {
      var generator = CounterGenerator(seed: 21, stream: UInt64(run))
      let p = (0..<40).map { test -> Double in
        Normal.twoSided(generator.nextNormal() + (test < 15 ? 3.5 : 0))
      }
      if Multiplicity.holm(p)[15...].contains(where: { $0 <= 0.05 }) { anyFalse += 1 }
      let found = Multiplicity.benjaminiHochberg(p).enumerated().filter { $0.element <= 0.05 }.map(\.offset)
      falseShare += Double(found.count { $0 >= 15 }) / Double(max(1, found.count)) / 300
    }
    #expect(anyFalse <= 300 * 9 / 100)
    #expect(falseShare < 0.05)
  }
}
