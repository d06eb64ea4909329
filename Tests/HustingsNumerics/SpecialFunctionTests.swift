import Foundation
import HustingsNumerics
import Testing

/// References: mpmath 1.3.0 at 40 digits, unless a test says otherwise.
@Suite struct SpecialFunctionTests {
  @Test(
    arguments: [
      (-40, 4.248354255291589e-18, 4.248354255291589e-18),
      (-1e-09, 0.6931471800599454, 0.49999999975),
      (0, 0.6931471805599453, 0.5),
      (0.5, 0.9740769841801067, 0.6224593312018546),
      (36, 36.0, 0.9999999999999998),
      (800, 800.0, 1.0),
    ] as [(Double, Double, Double)])
  func softplusAndLogisticMatchMultiplePrecision(x: Double, softplusValue: Double, logisticValue: Double) {
    #expect(close(softplus(x), softplusValue, relative: 1e-15))
    #expect(close(logistic(x), logisticValue, relative: 1e-15))
    #expect(logSigmoid(-x) == -softplus(x))
  }

  @Test func logisticAndLogitAreInverse() {
    for x in stride(from: -30.0, through: 10, by: 0.7) {
      #expect(close(logit(logistic(x)), x, relative: 1e-10, absolute: 1e-12))
      #expect(close(logistic(x) + logistic(-x), 1, relative: 1e-15))
    }
    #expect(logit(0) == -.infinity)
    #expect(logit(1) == .infinity)
    #expect(logit(0.5) == 0)
  }

  @Test func softplusDiffersFromItsMirrorByItsArgument() {
    for x in [-500.0, -3, -1e-3, 0, 0.2, 18, 900] {
      #expect(close(softplus(x) - softplus(-x), x, relative: 1e-14, absolute: 1e-15))
    }
  }

  @Test func logSumExpNeitherOverflowsNorVanishes() {
    #expect(close(logSumExp([1000, 1000]), 1000 + log(2)))
    #expect(close(logSumExp([-1000, -1000, -1000]), -1000 + log(3)))
    #expect(logSumExp([]) == -.infinity)
    #expect(logSumExp([-.infinity, 3]) == 3)
    #expect(logSumExp([.infinity, 3]) == .infinity)
  }

  @Test(
    arguments: [
      (0.5, 0.5, 0.3, 0.36901011956554536),
      (1, 3, 0.2, 0.48800000000000004),
      (2.5, 0.5, 0.99, 0.8310822789720564),
      (0.5, 50, 0.0001, 0.0794594286173744),
      (100, 200, 0.3, 0.10884306564490975),
      (10000.0, 10000.0, 0.49, 0.0023370593301101496),
      (150000, 50000, 0.7485, 0.060811675447714326),
      (3, 100000.0, 1e-05, 0.0803041561955605),
      (0.01, 2, 0.5, 0.998057957914221),
      (1492, 1494, 0.5, 0.5146001997954988),
      (40, 2, 0.999999, 0.9999999991800214),
    ] as [(Double, Double, Double, Double)])
  func incompleteBetaMatchesMultiplePrecision(a: Double, b: Double, x: Double, expected: Double) {
    #expect(close(regularizedBeta(a, b, x), expected, relative: 1e-12))
    #expect(close(regularizedBeta(b, a, 1 - x), 1 - expected, relative: 1e-11, absolute: 1e-15))
  }

  @Test func incompleteBetaOfEqualShapesIsOneHalfInTheMiddle() {
    for shape in [0.3, 1, 7.5, 4000] {
      #expect(close(regularizedBeta(shape, shape, 0.5), 0.5, relative: 1e-12))
      #expect(regularizedBeta(shape, shape, 0) == 0)
      #expect(regularizedBeta(shape, shape, 1) == 1)
    }
  }

  /// scipy 1.17.1: scipy.special.gammainc(a, x) and gammaincc(a, x).
  @Test(
    arguments: [
      (0.5, 0.1, 0.34527915398142317, 0.6547208460185768),
      (0.5, 3, 0.9856941215645704, 0.014305878435429641),
      (1, 2, 0.8646647167633873, 0.1353352832366127),
      (2.5, 2.4, 0.5592270319133369, 0.4407729680866631),
      (10, 30, 0.9999928782491372, 7.121750862815593e-06),
      (100, 80, 0.0171083130351331, 0.9828916869648668),
      (5000, 5100, 0.9206711189223811, 0.07932888107761896),
      (100000.0, 99500, 0.05674182321279226, 0.9432581767872077),
      (0.01, 1e-05, 0.8963367982671969, 0.10366320173280281),
      (3, 0.001, 1.6654171665278094e-10, 0.9999999998334583),
    ] as [(Double, Double, Double, Double)])
  func incompleteGammaMatchesScipy(a: Double, x: Double, lower: Double, upper: Double) {
    #expect(close(lowerGamma(a, x), lower, relative: 1e-11))
    #expect(close(upperGamma(a, x), upper, relative: 1e-11))
  }

  @Test func incompleteGammaOfShapeOneIsExponential() {
    for x in [0.001, 0.9, 1.9, 2.1, 40] {
      #expect(close(lowerGamma(1, x), -expm1(-x), relative: 1e-13))
      #expect(close(upperGamma(1, x), exp(-x), relative: 1e-13))
    }
    #expect(lowerGamma(3, 0) == 0)
    #expect(upperGamma(3, 0) == 1)
    #expect(lowerGamma(3, .infinity) == 1)
  }

  @Test(
    arguments: [
      (0.5, 0.5, 1.1447298858494002),
      (0.5, 30, -1.1240672740766993),
      (9, 10, -12.989014825206334),
      (1000.5, 2000.5, -1912.6268404128339),
      (1000000.0, 1000000.0, -1386300.003362921),
    ] as [(Double, Double, Double)])
  func logBetaMatchesMultiplePrecision(a: Double, b: Double, expected: Double) {
    #expect(close(logBeta(a, b), expected, relative: 1e-14))
    #expect(close(logBeta(b, a), expected, relative: 1e-14))
  }

  @Test func logGammaOfAWholeNumberIsALogFactorial() {
    var factorial = 1.0
    for n in 1...20 {
      #expect(close(logGamma(Double(n)), log(factorial), relative: 1e-14, absolute: 1e-15))
      factorial *= Double(n)
    }
  }

  @Test func compensatedSumSurvivesCancellation() {
    #expect(sum([1, 1e100, 1, -1e100]) == 2)
    #expect(sum([]) == 0)
    let tenths = [Double](repeating: 0.1, count: 1_000_000)
    #expect(close(sum(tenths), 100_000, relative: 1e-15))
    #expect(sum([.greatestFiniteMagnitude, .greatestFiniteMagnitude]) == .infinity)
  }
}
