import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

/// References: numpy 2.4.6 and scipy 1.17.1 on the same margins, formulas written out.
@Suite struct CalibrationTests {
  let margins = [0.9, -0.2, 2.5, 0.0, 1.1, -1.7, 0.3, 3.3, -0.6, 0.8, 40.0, -0.05]

  @Test func properScoresMatchNumpy() {
    #expect(close(MarginScores.logLoss(margins), 0.5653394817711673))
    #expect(close(MarginScores.brier(margins), 0.19807725262044126))
    #expect(close(MarginScores.folded(margins, temperature: 1).brier, 0.1772439192871079))
    #expect(MarginScores.logLoss([]) == nil)
    #expect(MarginScores.brier([]) == nil)
  }

  @Test func guessingCostsLogTwoAndAQuarter() {
    #expect(close(MarginScores.logLoss([0, 0]), log(2)))
    #expect(MarginScores.brier([0]) == 0.25)
    #expect(MarginScores.logLoss([-800]) == 800)
    #expect(MarginScores.brier([-800]) == 1)
  }

  @Test func foldingTurnsMarginsIntoConfidenceAndHit() {
    let folded = MarginScores.folded([2, 0, -2], temperature: 2)
    #expect(folded.hits == [1, 0.5, 0])
    #expect(close(folded.confidences, [logistic(1), 0.5, logistic(1)]))
  }

  @Test func binnedErrorsMatchNumpy() {
    let folded = MarginScores.folded(margins, temperature: 1)
    #expect(close(CalibrationBins.equalWidth(folded, bins: 10).expectedError, 0.20567993282933159))
    let mass = CalibrationBins.equalMass(folded, bins: 4)
    #expect(mass.bins.map(\.count) == [3, 3, 3, 3])
    #expect(close(mass.expectedError, 0.13086931683850733))
    #expect(close(mass.correctedSquaredError, -0.0383849056317408))
    #expect(mass.count == 12)
  }

  @Test func binsHoldTheirLowerEdgeAndTheLastAlsoOne() {
    let items = FoldedMargins(confidences: [0.5, 0.5999, 0.6, 1], hits: [1, 1, 1, 1])
    let bins = CalibrationBins.equalWidth(items, bins: 10).bins
    #expect(bins.map(\.count) == [2, 1, 1])
    #expect(close(CalibrationBins.equalWidth(items, bins: 10).maximumError, 1 - 0.54995))
  }

  @Test func equalMassBinsDoNotDependOnTheOrderOfItems() {
    let confidences = [0.6, 0.6, 0.6, 0.7, 0.7, 0.8, 0.9, 0.9]
    let hits: [Double] = [1, 0, 0, 1, 0, 1, 0, 1]
    let forward = CalibrationBins.equalMass(FoldedMargins(confidences: confidences, hits: hits), bins: 4)
    let backward = CalibrationBins.equalMass(
      FoldedMargins(confidences: confidences.reversed(), hits: hits.reversed()), bins: 4)
    #expect(forward == backward)
    #expect(forward.bins.map(\.count) == [3, 2, 1, 2])
    #expect(forward.correctedSquaredError == nil)
  }

  @Test func noItemsHaveNoCalibration() {
    let none = CalibrationBins.equalMass(FoldedMargins(confidences: [], hits: []), bins: 5)
    #expect(none.expectedError == nil && none.correctedSquaredError == nil && none.maximumError == nil)
  }

  /// A perfectly calibrated model: the plug-in error is positive, the corrected one averages zero.
  @Test func correctionRemovesTheErrorOfPerfectCalibration() throws {
    var plain = 0.0
    var corrected = 0.0
    for sample in 0..<200 {
      var generator = CounterGenerator(seed: 3, stream: UInt64(sample))
      let confidences = (0..<500).map { _ in 0.5 + 0.5 * generator.nextUniform() }
      let hits = confidences.map { generator.nextUniform() < $0 ? 1.0 : 0.0 }
      let bins = CalibrationBins.equalMass(FoldedMargins(confidences: confidences, hits: hits), bins: 10)
      plain += try #require(bins.expectedError) / 200
      corrected += try #require(bins.correctedSquaredError) / 200
    }
    #expect(plain > 0.02)
    #expect(abs(corrected) < 5e-4)
  }

  /// scipy 1.17.1: brentq on the slope of the loss.
  @Test func temperatureMatchesScipy() throws {
    guard case .fitted(let temperature, let loss) = Temperature.fit(margins) else {
      Issue.record("no temperature")
      return
    }
    #expect(close(temperature, 1.4596052117424632))
    #expect(close(loss, 0.55480617975209))
  }

  @Test func temperatureScalesWithTheMargins() throws {
    let one = try #require(Temperature.fit(margins).value)
    let large = try #require(Temperature.fit(margins.map { $0 * 1e6 }).value)
    let small = try #require(Temperature.fit(margins.map { $0 * 1e-6 }).value)
    #expect(close(large / one, 1e6))
    #expect(close(small / one, 1e-6, 1e-16))
  }

  @Test func thereIsNoBestTemperatureWithoutBothSides() {
    #expect(Temperature.fit([1, 2, 0]) == .separable)
    #expect(Temperature.fit([-1, 0.5]) == .uninformative)
    #expect(Temperature.fit([0, 0]) == .empty)
    #expect(Temperature.fit([]) == .empty)
    #expect(Temperature.fit([-1, 0.5]).value == nil)
  }

  @Test func crossFittingUsesOtherClustersOnly() throws {
    var generator = CounterGenerator(seed: 3, stream: 8)
    let many = (0..<60).map { _ in generator.nextNormal() + 0.8 }
    let prompts = Clustering(labels: (0..<60).map { $0 / 3 })
    let fitted = try #require(Temperature.crossFitted(many, clusters: prompts, folds: 4, seed: 1))
    #expect(Set(fitted).count == 4)
    // Items of one prompt share their temperature, and it is the fit of all items with another one.
    for item in 0..<60 { #expect(fitted[item] == fitted[item / 3 * 3]) }
    for temperature in Set(fitted) {
      let others = zip(many, fitted).filter { $0.1 != temperature }.map(\.0)
      #expect(close(Temperature.fit(others).value, temperature))
    }
    #expect(Temperature.crossFitted([1, 2, 3], clusters: .singletons(3), folds: 2, seed: 1) == nil)
  }

  /// scipy 1.17.1: mannwhitneyu(positive, negative).statistic / 20.
  @Test func areaUnderTheCurveMatchesMannWhitney() {
    let positive = [0.9, 0.4, 0.4, 0.7]
    let negative = [0.1, 0.4, 0.7, 0.2, 0.4]
    #expect(areaUnderROC(positive: positive, negative: negative) == 0.775)
    #expect(close(areaUnderROC(positive: negative, negative: positive), 0.225))
    #expect(areaUnderROC(positive: [], negative: negative) == nil)
    #expect(areaUnderROC(positive: [1, 1], negative: [1]) == 0.5)
    #expect(areaUnderROC(positive: [2, 3], negative: [1]) == 1)
  }
}
