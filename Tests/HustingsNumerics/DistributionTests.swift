import Foundation
import HustingsNumerics
import Testing

/// References: mpmath 1.3.0 at 40 digits, unless a test says otherwise.
@Suite struct DistributionTests {
  @Test(
    arguments: [
      (-37.5, 4.605353009581955e-308),
      (-10, 7.619853024160525e-24),
      (-3, 0.0013498980316300946),
      (-1.96, 0.024997895148220435),
      (-0.5, 0.3085375387259869),
      (0, 0.5),
      (1e-08, 0.5000000039894228),
      (0.3, 0.6179114221889527),
      (1, 0.8413447460685429),
      (2.5758293035489004, 0.995),
      (8, 0.9999999999999993),
    ] as [(Double, Double)])
  func normalProbabilitiesMatchMultiplePrecision(x: Double, expected: Double) {
    #expect(close(Normal.cdf(x), expected, relative: abs(x) > 30 ? 1e-12 : 1e-14))
    #expect(close(Normal.survival(-x), expected, relative: abs(x) > 30 ? 1e-12 : 1e-14))
  }

  @Test(
    arguments: [
      (1e-300, -37.0470962993612),
      (1e-20, -9.262340089798407),
      (1e-6, -4.753424308822899),
      (0.001, -3.0902323061678136),
      (0.025, -1.9599639845400543),
      (0.2, -0.8416212335729142),
      (0.4999, -0.00025066283008800747),
      (0.7, 0.5244005127080407),
      (0.975, 1.9599639845400538),
      (0.995, 2.5758293035489004),
      (0.999999, 4.753424308817087),
    ] as [(Double, Double)])
  func normalQuantilesMatchMultiplePrecision(p: Double, expected: Double) {
    // Near the median a rounding of p moves the quantile by more than a rounding of its own.
    #expect(close(Normal.quantile(p), expected, relative: 1e-14, absolute: 3e-16))
  }

  @Test func normalQuantileInvertsTheDistribution() {
    for step in 1..<1000 {
      let p = Double(step) / 1000
      #expect(close(Normal.cdf(Normal.quantile(p)), p, relative: 1e-14))
    }
    #expect(Normal.quantile(0) == -.infinity)
    #expect(Normal.quantile(1) == .infinity)
    #expect(Normal.quantile(0.5) == 0)
    #expect(Normal.quantile(0.25) == -Normal.quantile(0.75))
  }

  @Test func normalTwoSidedIsBothTails() {
    for x in [-3.0, -0.2, 0, 1.7, 6] {
      #expect(close(Normal.twoSided(x), 2 * Normal.survival(abs(x))))
    }
    #expect(close(Normal.density(0), 1 / (2 * Double.pi).squareRoot()))
  }

  @Test(
    arguments: [
      (-2, 1, 0.14758361765043326),
      (-1000000.0, 1, 3.1830988618368455e-07),
      (-3.5, 2, 0.036413675027234665),
      (0.3, 4.5, 0.6112332264802843),
      (1.96, 30, 0.9703288435519748),
      (-4, 59, 8.948033936486472e-05),
      (-5, 2999, 3.0313197496022736e-07),
      (-0.001, 10, 0.4996108916873705),
      (-40, 10, 1.1404288715428774e-12),
      (-6.5, 100000, 4.034801205833722e-11),
    ] as [(Double, Double, Double)])
  func studentProbabilitiesMatchMultiplePrecision(t: Double, freedom: Double, expected: Double) {
    let distribution = StudentT(degreesOfFreedom: freedom)
    #expect(close(distribution.cdf(t), expected, relative: 1e-12))
    #expect(close(distribution.survival(-t), expected, relative: 1e-12))
    #expect(close(distribution.twoSided(t), 2 * min(expected, 1 - expected), relative: 1e-12))
  }

  @Test(
    arguments: [
      (0.975, 1, 12.706204736174694),
      (0.975, 2, 4.302652729749462),
      (0.995, 3.7, 4.8692522532278275),
      (0.95, 10, 1.8124611228116758),
      (0.975, 59, 2.0009953780882674),
      (0.975, 2999, 1.9607553192053149),
      (1e-08, 5, -62.40450611096729),
      (1e-12, 1, -318309886183.79065),
      (0.500001, 7, 2.59746027572368e-06),
      (0.2, 1000000.0, -0.841621593013984),
    ] as [(Double, Double, Double)])
  func studentQuantilesMatchMultiplePrecision(p: Double, freedom: Double, expected: Double) {
    let t = StudentT(degreesOfFreedom: freedom)
    // Near the median the quantile inherits the rounding of p itself.
    #expect(close(t.quantile(p), expected, relative: p == 0.500001 ? 1e-9 : 1e-12))
  }

  @Test func studentWithOneDegreeIsCauchy() {
    let cauchy = StudentT(degreesOfFreedom: 1)
    for t in [-30.0, -1, 0.1, 2, 400] {
      #expect(close(cauchy.cdf(t), 0.5 + atan(t) / Double.pi, relative: 1e-13))
    }
    #expect(close(cauchy.quantile(0.75), 1))
    #expect(cauchy.quantile(0.5) == 0)
    #expect(cauchy.quantile(1) == .infinity)
  }

  /// scipy 1.17.1: scipy.stats.chi2.sf(x, k).
  @Test(
    arguments: [
      (3.841458820694124, 1, 0.04999999999999989),
      (10, 2, 0.006737946999085468),
      (200, 100, 1.1784500720979781e-08),
      (1e-06, 1, 0.9992021155721779),
      (60, 3, 5.878230727906921e-13),
    ] as [(Double, Double, Double)])
  func chiSquareTailsMatchScipy(x: Double, freedom: Double, expected: Double) {
    #expect(close(ChiSquare(degreesOfFreedom: freedom).survival(x), expected, relative: 1e-11))
    #expect(close(ChiSquare(degreesOfFreedom: freedom).cdf(x), 1 - expected, relative: 1e-11))
  }

  /// scipy 1.17.1: scipy.stats.chi2.ppf(p, k).
  @Test(
    arguments: [
      (0.95, 1, 3.841458820694124),
      (0.95, 2, 5.991464547107979),
      (0.99, 10.5, 23.970292282772576),
      (1e-06, 1, 1.5707963267957187e-12),
      (0.001, 40, 17.91642653525202),
      (0.999999, 3, 30.66484970615427),
    ] as [(Double, Double, Double)])
  func chiSquareQuantilesMatchScipy(p: Double, freedom: Double, expected: Double) {
    #expect(close(ChiSquare(degreesOfFreedom: freedom).quantile(p), expected, relative: 1e-10))
  }

  @Test func chiSquareWithOneDegreeIsASquaredNormal() {
    let one = ChiSquare(degreesOfFreedom: 1)
    for x in [0.01, 0.5, 1, 4, 30] {
      #expect(close(one.survival(x), Normal.twoSided(x.squareRoot()), relative: 1e-12))
    }
    #expect(one.cdf(-1) == 0)
    #expect(one.quantile(0) == 0)
    #expect(one.quantile(1) == .infinity)
  }

  @Test(
    arguments: [
      (10, 0.5, 3, 0.1171875, 0.171875, 0.828125),
      (1, 0.3, 0, 0.7, 0.7, 0.3),
      (20, 0.1, 0, 0.12157665459056927, 0.12157665459056927, 0.8784233454094307),
      (20, 0.1, 20, 1.0000000000000011e-20, 1.0, 0.0),
      (145, 0.5, 60, 0.00769762693029762, 0.022938534255041436, 0.9770614657449586),
      (3000, 0.02, 45, 0.007379330683191534, 0.025445806501080533, 0.9745541934989195),
      (20000, 0.5, 9800, 0.00010332674544806719, 0.002390444727951322, 0.9976095552720486),
      (500, 0.999, 490, 1.5055314001706705e-10, 1.575508067365302e-10, 0.9999999998424491),
    ] as [(Int, Double, Int, Double, Double, Double)])
  func binomialProbabilitiesMatchMultiplePrecision(
    trials: Int, chance: Double, successes: Int, mass: Double, atMost: Double, more: Double
  ) {
    let distribution = Binomial(trials: trials, chance: chance)
    #expect(close(distribution.mass(successes), mass, relative: 1e-12))
    #expect(close(distribution.cdf(successes), atMost, relative: 1e-11))
    #expect(close(distribution.survival(successes), more, relative: 1e-11))
  }

  @Test func binomialMassesSumToOneAndToTheDistribution() {
    let distribution = Binomial(trials: 40, chance: 0.37)
    var running = 0.0
    for k in 0...40 {
      running += distribution.mass(k)
      #expect(close(distribution.cdf(k), running, relative: 1e-12))
    }
    #expect(distribution.cdf(-1) == 0)
    #expect(distribution.cdf(40) == 1)
    #expect(distribution.survival(-1) == 1)
    #expect(distribution.mass(41) == 0)
    #expect(Binomial(trials: 5, chance: 0).mass(0) == 1)
    #expect(Binomial(trials: 5, chance: 1).cdf(4) == 0)
  }
}
