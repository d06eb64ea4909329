import Foundation
import HustingsStatistics
import Testing

@Suite struct GLMTests {
  /// 24 rows with fractional targets and three weights.
  static func rows(width: Int) -> GLMRows {
    var features: [Double] = []
    var targets: [Double] = []
    for row in 0..<24 {
      let x = Double((row * 7) % 11 - 5) / 4
      let wide = [sin(Double(row)), cos(Double(row) * 1.3), Double((row * 11) % 7 - 3) / 3]
      features += ([x, Double((row * 5) % 13 - 6) / 5, 1] + wide).prefix(width)
      targets.append((Double((row * 3) % 10) + 0.5) / 20 + (x > 0 ? 0.45 : 0))
    }
    return GLMRows(
      width: width, features: features, targets: targets, weights: (0..<24).map { 1 + Double($0 % 3) / 2 })
  }

  private func expect(_ fit: GLMFit?, _ expected: [Double], within tolerance: Double) throws {
    let coefficients = try #require(fit).coefficients
    #expect(coefficients.count == expected.count)
    for (value, wanted) in zip(coefficients, expected) { #expect(abs(value - wanted) <= tolerance) }
  }

  // scikit-learn 1.9.1, LogisticRegression(fit_intercept=False, tol=1e-14) on rows duplicated as labels 1 and 0.

  @Test func unpenalisedFitAgreesWithScikitLearn() throws {
    try expect(
      Self.rows(width: 3).fit(.unpenalised),
      [1.0073243955658615, -0.16248987546196456, -0.19203810499812016],
      within: 1e-9)
  }

  @Test(
    arguments: [
      (0.5, [0.7010419457782615, -0.06197870915937691, -0.1640744439926355]),
      (5, [0.961888758051251, -0.1447462780768129, -0.18906954385548846]),
    ] as [(Double, [Double])])
  func ridgeAgreesWithScikitLearn(inverse: Double, expected: [Double]) throws {
    try expect(Self.rows(width: 3).fit(.ridge(1 / inverse)), expected, within: 1e-9)
  }

  @Test func ridgeOfSixFeaturesAgreesWithScikitLearn() throws {
    try expect(
      Self.rows(width: 6).fit(.ridge(0.5)),
      [
        0.9466919827791352, -0.1943932022294575, -0.16178010600585263, -0.18624925464085557,
        -0.01868545680476052, 0.14858982979936894,
      ], within: 1e-9)
  }

  @Test(
    arguments: [
      (0.2, [0.07238718555751583, 0, 0]),
      (0.5, [0.5867003314190853, 0, 0]),
      (3, [0.9153783581914334, -0.07069399479788724, -0.15843759369781193]),
    ] as [(Double, [Double])])
  func lassoAgreesWithLiblinear(inverse: Double, expected: [Double]) throws {
    let fit = Self.rows(width: 3).fit(.lasso(1 / inverse))
    try expect(fit, expected, within: 1e-7)
    for (value, wanted) in zip(try #require(fit).coefficients, expected) where wanted == 0 {
      #expect(value == 0)
    }
  }

  @Test func lassoOfSixFeaturesAgreesWithLiblinear() throws {
    try expect(
      Self.rows(width: 6).fit(.lasso(1 / 1.5)),
      [0.8349054216843306, 0, -0.12342205091082128, -0.027994907904811135, 0, 0], within: 1e-7)
  }

  @Test func theOptimumMeetsItsConditions() throws {
    // Subgradient of strength · |β|: the slope is -strength · sign where β is not 0, within ± strength where it is.
    let rows = Self.rows(width: 6)
    let coefficients = try #require(rows.fit(.lasso(0.9))).coefficients
    let errors = rows.linearPredictors(coefficients).map { 1 / (1 + exp(-$0)) }
    for column in 0..<6 {
      var slope = -rows.moments[column]
      for row in 0..<rows.count { slope += rows.weights[row] * errors[row] * rows.features[row * 6 + column] }
      if coefficients[column] == 0 {
        #expect(abs(slope) <= 0.9 + 1e-10)
      } else {
        #expect(abs(slope + (coefficients[column] > 0 ? 0.9 : -0.9)) < 1e-10)
      }
    }
  }

  @Test func oneConstantFeatureGivesTheLogOddsOfTheWeightedShare() throws {
    let rows = GLMRows(width: 1, features: [1, 1, 1], targets: [1, 0, 0.5], weights: [3, 1, 2])
    try expect(rows.fit(.unpenalised), [log(4.0 / 2.0)], within: 1e-12)
  }

  @Test func separableRowsHaveNoFiniteOptimum() {
    let rows = GLMRows(width: 1, features: [-1, 1, 2], targets: [0, 1, 1])
    #expect(rows.fit(.unpenalised) == nil)
    #expect(rows.fit(.ridge(0.1)) != nil)
    #expect(rows.fit(.lasso(0.1)) != nil)
  }

  @Test func dependentFeaturesHaveNoUniqueOptimum() {
    let rows = GLMRows(width: 2, features: [1, 2, -1, -2, 3, 6], targets: [0.6, 0.3, 0.5])
    #expect(rows.fit(.unpenalised) == nil)
    #expect(rows.fit(.ridge(1)) != nil)
  }

  @Test func fractionalTargetsAreTheSameAsTheRowTwice() throws {
    let whole = GLMRows(
      width: 2, features: [1, 0.5, 1, 0.5, 1, -1, 1, -1], targets: [1, 0, 1, 0],
      weights: [0.3, 0.7, 0.8 * 2, 0.2 * 2])
    let fractional = GLMRows(
      width: 2, features: [1, 0.5, 1, -1], targets: [0.3, 0.8], weights: [1, 2])
    let fit = try #require(fractional.fit(.ridge(0.1)))
    try expect(whole.fit(.ridge(0.1)), fit.coefficients, within: 1e-12)
  }

  @Test func whereTheFitStartsDoesNotMatter() throws {
    let rows = Self.rows(width: 3)
    let fit = try #require(rows.fit(.lasso(0.3)))
    try expect(rows.fit(.lasso(0.3), from: [-4, 3, 5]), fit.coefficients, within: 1e-12)
    #expect(try #require(rows.fit(.lasso(0.3), from: fit.coefficients)).steps <= 2)
  }

  @Test func joinedRowsAreFittedTogether() throws {
    let rows = Self.rows(width: 3)
    let twice = try #require(rows.joined(with: rows).fit(.ridge(2)))
    try expect(rows.fit(.ridge(1)), twice.coefficients, within: 1e-11)
  }
}
