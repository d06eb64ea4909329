import Foundation
import HustingsStatistics
import Testing

/// Twenty prompts, one model and two length-gamed variants, made by formula.
enum LengthControlSample {
  static let prompts = 0..<20
  static let baseline = prompts.map { (37 * $0 * $0 + 11 * $0 + 100) % 500 + 50 }
  static let model = prompts.map { (53 * $0 * $0 + 7 * $0 + 30) % 600 + 40 }
  static let gamed = [
    prompts.map { (41 * $0 * $0 + 3 * $0 + 10) % 300 + 20 },
    prompts.map { (29 * $0 * $0 + 17 * $0 + 60) % 900 + 100 },
  ]
  static let difficulties: [Double] = prompts.map { $0 == 0 ? 0 : Double(($0 * 13) % 9 - 4) / 3 }
  static let preferences = prompts.map { (prompt: Int) -> Double? in
    let length = model[prompt] > baseline[prompt] ? 0.15 : 0
    let difficulty = difficulties[prompt] > 0 ? 0.1 : 0
    return (Double((prompt * 7) % 20) + 0.5) / 28 + length + difficulty
  }
  static let rows = LengthControlRows(
    baselineLengths: baseline, modelLengths: model, difficulties: difficulties, preferences: preferences)
  static let judgedAnchor = LengthControlAnchor(
    judged: [
      LengthControlRows(
        baselineLengths: baseline, modelLengths: gamed[0], difficulties: difficulties,
        preferences: prompts.map { (Double(($0 * 3) % 10) + 0.5) / 25 }),
      LengthControlRows(
        baselineLengths: baseline, modelLengths: gamed[1], difficulties: difficulties,
        preferences: prompts.map { (Double(($0 * 9) % 10) + 0.5) / 12 }),
    ], rowWeight: 0.1)
  /// The same anchor, known by its sums alone (numpy 2.4.6).
  static let summedAnchor = LengthControlAnchor(
    baselineLengths: baseline, variantLengths: gamed, difficulties: difficulties, rowWeight: 0.1,
    lengthMoment: -0.23136292010334525, difficultyMoment: 0.16666666666666666)
  static let control = LengthControl(anchor: judgedAnchor, usesDifficulty: true)
}

// Expected values: scikit-learn 1.9.1, LogisticRegression(penalty l1, solver liblinear, tol 1e-14).
@Suite struct LengthControlTests {
  private typealias Sample = LengthControlSample

  @Test func lengthTermsAreTheTanhOfStandardisedDifferences() {
    let rows = LengthControlRows(
      baselineLengths: [10, 20, 30], modelLengths: [12, 20, 28], difficulties: nil,
      preferences: [nil, nil, nil])
    // Differences -2, 0, 2 with sample standard deviation 2.
    #expect(rows.lengthTerms == [tanh(-1.0), 0, tanh(1.0)])
  }

  @Test func equalDifferencesLeaveNoLengthTerm() {
    let rows = LengthControlRows(
      baselineLengths: [10, 20], modelLengths: [9, 19], difficulties: nil, preferences: [1, 0])
    #expect(rows.lengthTerms == [0, 0])
  }

  @Test func sumsOfAJudgedAnchorAreThoseOfItsRows() {
    #expect(abs(Sample.judgedAnchor.lengthMoment - Sample.summedAnchor.lengthMoment) < 1e-15)
    #expect(abs(Sample.judgedAnchor.difficultyMoment - Sample.summedAnchor.difficultyMoment) < 1e-15)
    #expect(Sample.judgedAnchor.lengthTerms == Sample.summedAnchor.lengthTerms)
  }

  @Test(arguments: [true, false])
  func fitAtAGivenStrengthAgreesWithLiblinear(judged: Bool) throws {
    let control = LengthControl(
      anchor: judged ? Sample.judgedAnchor : Sample.summedAnchor, usesDifficulty: true)
    let fit = try #require(control.fit(Sample.rows, strength: .given(2.7825594)))
    #expect(abs(fit.weights.lengthTerm - -0.6142621413566214) < 1e-6)
    #expect(abs(fit.weights.difficulty - 0.34348103384000195) < 1e-6)
    #expect(abs(fit.weights.theta - -0.10534481534190718) < 1e-6)
    #expect(abs(fit.winRate - 0.47419115126990186) < 1e-7)
    #expect(abs(try #require(fit.spread) - 0.015839592497538454) < 1e-7)
    #expect(fit.inverseStrength == 2.7825594)
  }

  @Test func unpenalisedFitIsTheLimitOfWeakPenalties() throws {
    let free = try #require(Sample.control.fit(Sample.rows, strength: .unpenalised))
    let weak = try #require(Sample.control.fit(Sample.rows, strength: .given(1e9)))
    #expect(abs(free.winRate - weak.winRate) < 1e-8)
    #expect(free.inverseStrength == nil)
  }

  @Test func minimalVariantIsTheRateAtEqualLength() throws {
    let fit = try #require(
      LengthControl(anchor: nil, usesDifficulty: false).fit(Sample.rows, strength: .unpenalised))
    #expect(abs(fit.weights.lengthTerm - -0.8059192555171696) < 1e-9)
    #expect(abs(fit.winRate - 0.451246658408419) < 1e-10)
    #expect(fit.weights.difficulty == 0)
    // All predictions are equal up to the rounding of their mean.
    #expect(try #require(fit.spread) < 1e-15)
  }

  @Test func theChosenStrengthIsTheOneScikitLearnChooses() throws {
    // GroupKFold(5), held-out weighted log-loss, ten values of C.
    let fit = try #require(Sample.control.fit(Sample.rows, strength: .alpacaEval))
    #expect(abs(try #require(fit.inverseStrength) - 166.81005372000558) < 1e-9)
  }

  @Test func theGridIsThatOfAlpacaEval() {
    guard case .chosen(let grid, let folds) = LengthControlStrength.alpacaEval else { return }
    #expect(folds == 5)
    #expect(grid.count == 10)
    // numpy.logspace(-4, 4, 10)
    for (value, expected) in zip(
      grid,
      [
        1e-4, 7.742636826811278e-4, 5.994842503189409e-3, 4.641588833612782e-2, 0.3593813663804626,
        2.782559402207126, 21.54434690031882, 166.81005372000558, 1291.5496650148827, 1e4,
      ])
    { #expect(abs(value / expected - 1) < 1e-14) }
  }

  @Test func impliedPreferencesHaveTheKnownSums() throws {
    let anchor = Sample.summedAnchor
    let implied = try #require(anchor.impliedPreferences())
    var length = 0.0
    var difficulty = 0.0
    for (row, preference) in implied.enumerated() {
      length += 0.1 * preference * anchor.lengthTerms[row]
      difficulty += 0.1 * preference * anchor.difficulties[row]
    }
    #expect(abs(length - anchor.lengthMoment) < 1e-12)
    #expect(abs(difficulty - anchor.difficultyMoment) < 1e-12)
    #expect(Sample.judgedAnchor.impliedPreferences() == Sample.judgedAnchor.preferences)
  }

  @Test func rowsWithoutAPreferenceArePredictedButNotFitted() throws {
    var preferences = Sample.preferences
    preferences[3] = nil
    let holed = LengthControlRows(
      lengthTerms: Sample.rows.lengthTerms, difficulties: Sample.difficulties, preferences: preferences)
    let fit = try #require(Sample.control.fit(holed, strength: .given(3)))
    let places = Sample.prompts.filter { $0 != 3 }
    let cut = try #require(Sample.control.fit(holed.rows(places), strength: .given(3)))
    #expect(fit.weights == cut.weights)
    #expect(fit.winRate == fit.weights.winRate(difficulties: Sample.difficulties))
  }

  @Test func aModelBeatsItselfHalfTheTime() {
    let weights = LengthControlWeights(lengthTerm: -1, difficulty: 0.7, theta: 0.4)
    #expect(weights.winRate(against: weights, difficulties: Sample.difficulties) == 0.5)
    #expect(
      weights.winRate(against: .baseline, difficulties: Sample.difficulties)
        == weights.winRate(difficulties: Sample.difficulties))
  }

  @Test func headToHeadRatesOfBothSidesAddUpToOne() throws {
    let a = LengthControlWeights(lengthTerm: -1, difficulty: 0.7, theta: 0.4)
    let b = LengthControlWeights(lengthTerm: 0.2, difficulty: 1.1, theta: -0.3)
    let forth = try #require(a.winRate(against: b, difficulties: Sample.difficulties))
    let back = try #require(b.winRate(against: a, difficulties: Sample.difficulties))
    #expect(abs(forth + back - 1) < 1e-15)
  }

  @Test func resamplingSurroundsTheEstimateAndRepeats() throws {
    let bootstrap = try #require(
      Sample.control.bootstrap(Sample.rows, inverseStrength: 20, replicates: 400, seed: 7))
    let interval = try #require(bootstrap.interval(level: 0.95, method: .percentile))
    #expect(interval.contains(bootstrap.estimate))
    #expect(interval.width > 0.05 && interval.width < 0.6)
    #expect(bootstrap.undefinedCount == 0)
    #expect(
      Sample.control.bootstrap(Sample.rows, inverseStrength: 20, replicates: 400, seed: 7) == bootstrap)
  }

  @Test func aModelThatWinsEverythingNeedsAPenalty() {
    let rows = LengthControlRows(
      lengthTerms: [0.1, -0.3, 0.5], difficulties: nil, preferences: [1, 1, 1])
    let control = LengthControl(anchor: nil, usesDifficulty: false)
    #expect(control.fit(rows, strength: .unpenalised) == nil)
    #expect(control.fit(rows, strength: .given(1)) != nil)
  }
}

@Suite struct LengthControlDifficultyTests {
  /// Three models on six prompts; the second was not judged on the third.
  private let models: [LengthControlRows] = (0..<3).map { (model: Int) -> LengthControlRows in
    let terms: [Double] = (0..<6).map { Double((model * 5 + $0 * 3) % 7 - 3) / 3 }
    let preferences: [Double?] = (0..<6).map { (prompt: Int) -> Double? in
      model == 1 && prompt == 2 ? nil : (Double((model * 4 + prompt * 7) % 10) + 0.5) / 10
    }
    return LengthControlRows(lengthTerms: terms, difficulties: nil, preferences: preferences)
  }

  @Test func jointEstimatesAgreeWithAGeneralOptimiser() throws {
    // scipy 1.17.1: optimize.minimize(method="BFGS", gtol=1e-12) on all twelve parameters, ridge 0.1.
    let estimate = try #require(LengthControlDifficulty(estimatedFrom: models, ridge: 0.1))
    let expected: [Double] = [
      0, 0.1645683371137892, -1.5933481708499226, 0.6713406362554337, -0.18325435896935552,
      0.5016022721480788,
    ]
    for (value, wanted) in zip(estimate.values, expected) { #expect(abs(value - wanted) < 1e-8) }
    let lengths = [1.8788044151405114, 0.984422290605579, -0.36577846369396627]
    let thetas = [-0.01643121669239407, -0.3444419013371765, 0.5524288781604361]
    for (weights, (length, theta)) in zip(estimate.weights, zip(lengths, thetas)) {
      #expect(abs(weights.lengthTerm - length) < 1e-8)
      #expect(abs(weights.theta - theta) < 1e-8)
      #expect(weights.difficulty == 1)
    }
  }

  @Test func aStrongerRidgeDrawsDifficultiesTogether() throws {
    let loose = try #require(LengthControlDifficulty(estimatedFrom: models, ridge: 0.1)).values
    let tight = try #require(LengthControlDifficulty(estimatedFrom: models, ridge: 100)).values
    func width(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
    #expect(width(tight) < width(loose))
  }

  @Test func noModelsGiveNoDifficulty() {
    #expect(LengthControlDifficulty(estimatedFrom: [], ridge: 1) == nil)
  }
}
