import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

/// What must not change, or must change along, when data are reordered, relabelled, shifted or scaled.
@Suite struct SymmetryTests {
  private func sample(_ count: Int, stream: UInt64) -> [Double] {
    var generator = CounterGenerator(seed: 99, stream: stream)
    return (0..<count).map { _ in generator.nextNormal() }
  }

  @Test func meansFollowShiftsAndScales() throws {
    let values = sample(40, stream: 1)
    let clusters = Clustering(labels: (0..<40).map { $0 / 3 })
    let plain = try #require(ClusteredMean(values, clusters: clusters))
    let moved = try #require(ClusteredMean(values.map { 5 - 2 * $0 }, clusters: clusters))
    #expect(close(moved.mean, 5 - 2 * plain.mean))
    #expect(close(moved.standardError, 2 * (plain.standardError ?? 0)))
    #expect(close(moved.designEffect, plain.designEffect))
    let interval = try #require(plain.interval(level: 0.9)).mapped { 5 - 2 * $0 }
    #expect(close(moved.interval(level: 0.9)?.low, interval.low))
    #expect(close(moved.pValue(null: 5), plain.pValue(null: 0)))
  }

  @Test func theOrderOfItemsHasNoSay() throws {
    let values = sample(60, stream: 2)
    let other = sample(60, stream: 3)
    let prompts = (0..<60).map { $0 % 17 }
    var generator = CounterGenerator(seed: 1, stream: 1)
    let order = generator.permutation(60)
    let one = try #require(ClusteredMean(values, clusters: Clustering(labels: prompts)))
    let two = try #require(
      ClusteredMean(order.map { values[$0] }, clusters: Clustering(labels: order.map { prompts[$0] })))
    #expect(close(one.mean, two.mean, 1e-15) && close(one.standardError, two.standardError, 1e-14))
    for kind in Correlation.allCases {
      let straight = kind.value(values, other)
      #expect(close(straight, kind.value(order.map { values[$0] }, order.map { other[$0] }), 1e-14))
    }
    #expect(MarginScores.logLoss(values) == MarginScores.logLoss(order.map { values[$0] }))
    #expect(Temperature.fit(values.map { $0 + 1 }) == Temperature.fit(order.map { values[$0] + 1 }))
  }

  @Test func namesOfClustersAndCategoriesHaveNoSay() {
    #expect(Clustering(labels: ["x", "y", "x"]) == Clustering(labels: [7, 3, 7]))
    let first = [0, 1, 2, 1, 0, 2, 2]
    let second = [0, 1, 1, 1, 2, 2, 0]
    let named = CohenKappa(first.map { "c\(9 - $0)" }, second.map { "c\(9 - $0)" })
    #expect(CohenKappa(first, second) == named)
    #expect(close(CohenKappa(first, second)?.value, CohenKappa(second, first)?.value))
  }

  @Test func aWiderLevelHoldsANarrowerOne() throws {
    let values = sample(30, stream: 4)
    let mean = try #require(ClusteredMean(values, clusters: .singletons(30)))
    let score = try #require(TangoScore(candidateOnly: 12, baselineOnly: 7, items: 90))
    let share = try #require(Proportion(successes: 61, trials: 90))
    let replicates = try #require(
      ClusterBootstrap(columns: [values], clusters: .singletons(30), replicates: 999, seed: 1, draws: .shared)
    ).mean(of: 0)
    let families: [(Double) -> Interval?] = [
      { mean.interval(level: $0) }, { score.interval(level: $0) }, { share.wilson(level: $0) },
      { replicates.interval(level: $0, method: .percentile) },
      { replicates.interval(level: $0, method: .bca) },
      { Correlation.pearson.interval(0.4, count: 20, level: $0) },
    ]
    for family in families {
      let narrow = try #require(family(0.8))
      let wide = try #require(family(0.99))
      #expect(wide.low < narrow.low && narrow.high < wide.high)
    }
  }

  @Test func percentilesFollowAnyRisingScale() throws {
    let values = sample(50, stream: 5)
    let replicates = try #require(
      ClusterBootstrap(columns: [values], clusters: .singletons(50), replicates: 801, seed: 1, draws: .shared)
    ).mean(of: 0)
    let bent = BootstrapDistribution(
      estimate: exp(replicates.estimate), replicates: replicates.replicates.map(exp), undefinedCount: 0,
      leaveOneOut: replicates.leaveOneOut.map(exp))
    // 801 replicates put the 5 % quantile on one of them, so that nothing is interpolated.
    let plain = try #require(replicates.interval(level: 0.9, method: .percentile))
    let curved = try #require(bent.interval(level: 0.9, method: .percentile))
    #expect(close(curved.low, exp(plain.low)) && close(curved.high, exp(plain.high)))
    #expect(bent.pValue(null: 1, method: .percentile) == replicates.pValue(null: 0, method: .percentile))
  }

  @Test func theAreaUnderTheCurveIsTheShareOfPairsInOrder() throws {
    let positive = sample(23, stream: 6).map { ($0 * 4).rounded() }
    let negative = sample(31, stream: 7).map { ($0 * 4).rounded() - 1 }
    var inOrder = 0.0
    for p in positive { for n in negative { inOrder += p > n ? 1 : p == n ? 0.5 : 0 } }
    let area = try #require(areaUnderROC(positive: positive, negative: negative))
    #expect(close(area, inOrder / (23 * 31)))
    #expect(close(areaUnderROC(positive: negative, negative: positive), 1 - area))
    #expect(area == areaUnderROC(positive: positive.map { atan($0) }, negative: negative.map { atan($0) }))
  }

  /// For complete data with N ratings in all, alpha = kappa + (1 - kappa) / N. Krippendorff (2004), section
  /// 11.3.
  @Test func nominalAlphaIsFleissKappaWithASmallSampleTerm() throws {
    var generator = CounterGenerator(seed: 6, stream: 0)
    let labels = (0..<30).map { unit in
      (0..<4).map { _ in generator.nextUniform() < 0.6 ? unit % 3 : generator.nextIndex(below: 3) }
    }
    let kappa = try #require(FleissKappa(labels: labels)?.value)
    let alpha = try #require(KrippendorffAlpha.nominal(labels))
    #expect(close(alpha, kappa + (1 - kappa) / 120))
  }

  @Test func alphaFollowsTheScaleItIsMadeFor() {
    let units: [[Double]] = [[1, 2, 2], [3, 3], [5, 4, 5, 5], [2, 1], [4, 4, 3]]
    let stretched = units.map { $0.map { exp($0) } }
    let shifted = units.map { $0.map { 10 * $0 - 3 } }
    #expect(close(KrippendorffAlpha.ordinal.value(units), KrippendorffAlpha.ordinal.value(stretched)))
    #expect(close(KrippendorffAlpha.nominal.value(units), KrippendorffAlpha.nominal.value(stretched)))
    #expect(close(KrippendorffAlpha.interval.value(units), KrippendorffAlpha.interval.value(shifted)))
    #expect(!close(KrippendorffAlpha.interval.value(units), KrippendorffAlpha.interval.value(stretched)))
  }

  @Test func theBestTemperatureBeatsEveryOther() {
    let margins = sample(80, stream: 8).map { 3 * $0 + 1 }
    guard case .fitted(let best, let loss) = Temperature.fit(margins) else {
      Issue.record("no temperature")
      return
    }
    #expect(close(MarginScores.logLoss(margins.map { $0 / best }), loss))
    for factor in [0.3, 0.9, 0.99, 1.01, 1.1, 4] {
      #expect((MarginScores.logLoss(margins.map { $0 / (best * factor) }) ?? 0) > loss)
    }
    #expect(loss < log(2))
  }

  @Test func calibrationBinsHoldEveryItemOnce() throws {
    let items = MarginScores.folded(sample(97, stream: 9).map { 2 * $0 + 0.4 }, temperature: 1)
    for count in [1, 3, 10, 200] {
      for bins in [
        CalibrationBins.equalWidth(items, bins: count), CalibrationBins.equalMass(items, bins: count),
      ] {
        #expect(bins.count == 97)
        let (expected, maximum) = (try #require(bins.expectedError), try #require(bins.maximumError))
        #expect(expected <= maximum && maximum <= 1)
        #expect(zip(bins.bins, bins.bins.dropFirst()).allSatisfy { $0.confidence < $1.confidence })
      }
    }
    let single = CalibrationBins.equalWidth(items, bins: 1)
    let gap = try #require(Descriptive.mean(items.confidences)) - (try #require(Descriptive.mean(items.hits)))
    #expect(close(single.expectedError, abs(gap)))
  }

  @Test func bestOfKDependsOnTheOrderOfScoresAlone() {
    let scores = sample(12, stream: 10)
    let values = sample(12, stream: 11)
    let plain = BestOfK.curve(scores: scores, values: values, ties: .averaged)
    #expect(close(BestOfK.curve(scores: scores.map { atan($0) * 7 }, values: values, ties: .averaged), plain))
    let scaled = BestOfK.curve(scores: scores, values: values.map { 3 * $0 + 1 }, ties: .averaged)
    #expect(close(scaled, plain.map { 3 * $0 + 1 }))
    // A selector without opinion is worth the mean at every k.
    let blind = BestOfK.curve(scores: Array(repeating: 0, count: 12), values: values, ties: .averaged)
    #expect(blind.allSatisfy { close($0, sum(values) / 12) })
  }

  @Test func strongerModelsOfTheSameMeetingsKeepTheirStrengths() throws {
    var generator = CounterGenerator(seed: 13, stream: 0)
    var meetings: [BradleyTerry.Meeting] = []
    for _ in 0..<300 {
      let first = generator.nextIndex(below: 4)
      let second = (first + 1 + generator.nextIndex(below: 3)) % 4
      let outcome = [0, 0.5, 1][generator.nextIndex(below: 3)]
      meetings.append(.init(first: first, second: second, outcome: outcome, weight: 1))
    }
    func fit(_ meetings: [BradleyTerry.Meeting]) throws -> BradleyTerry {
      try #require(
        BradleyTerry(
          models: 4, meetings: meetings, clusters: .singletons(meetings.count), position: false,
          disconnected: .refuse))
    }
    let plain = try fit(meetings)
    // The likelihood's own law: every model wins as often as its strength says.
    for model in 0..<4 {
      let wins = sum(
        meetings.map { $0.first == model ? $0.outcome : $0.second == model ? 1 - $0.outcome : 0 })
      let expected = sum(
        meetings.map { meeting -> Double in
          guard meeting.first == model || meeting.second == model else { return 0 }
          let other = meeting.first == model ? meeting.second : meeting.first
          return logistic(plain.strengths[model] - plain.strengths[other])
        })
      #expect(close(wins, expected))
    }
    let turned = try fit(
      meetings.map { .init(first: $0.second, second: $0.first, outcome: 1 - $0.outcome, weight: $0.weight) })
    #expect(close(turned.strengths, plain.strengths))
    let lost = try fit(
      meetings.map { .init(first: $0.first, second: $0.second, outcome: 1 - $0.outcome, weight: $0.weight) })
    #expect(close(lost.strengths, plain.strengths.map(-)))
    let relabelled = try fit(
      meetings.map {
        .init(first: 3 - $0.first, second: 3 - $0.second, outcome: $0.outcome, weight: $0.weight)
      })
    #expect(close(relabelled.strengths, plain.strengths.reversed()))
    #expect(close(relabelled.contrast(3, minus: 1).standardError, plain.contrast(0, minus: 2).standardError))
  }

  @Test func weightsCountAsRepeats() throws {
    let design: [[Double]] = [[1, 0.2], [1, -1], [1, 1.4], [1, 0.1], [1, -0.6]]
    let outcomes: [Double] = [1, 0, 0, 1, 0.5]
    let weights = [2, 1, 3, 1, 2]
    let weighted = try #require(
      LogisticRegression(
        design: design, outcomes: outcomes, weights: weights.map(Double.init),
        clusters: Clustering(labels: 0..<5), ridge: 0))
    let rows = weights.indices.flatMap { Array(repeating: $0, count: weights[$0]) }
    let repeated = try #require(
      LogisticRegression(
        design: rows.map { design[$0] }, outcomes: rows.map { outcomes[$0] },
        clusters: Clustering(labels: rows),
        ridge: 0))
    #expect(close(weighted.coefficients, repeated.coefficients))
    #expect(close(weighted.loss, repeated.loss))
    #expect(close(try #require(weighted.clusteredCovariance), try #require(repeated.clusteredCovariance)))
  }

  @Test func splittingMarginsCommutesWithAddingAScalar() throws {
    var generator = CounterGenerator(seed: 14, stream: 0)
    var margins: [HodgeSplit.Margin] = []
    for i in 0..<7 {
      for j in i + 1..<7 where generator.nextUniform() < 0.7 || j == i + 1 {
        margins.append(
          .init(first: i, second: j, value: generator.nextNormal(), weight: 0.5 + generator.nextUniform()))
      }
    }
    let plain = try #require(HodgeSplit(competitors: 7, margins: margins))
    // What goes round in circles has no net flow out of any competitor.
    for competitor in 0..<7 {
      let flow = sum(
        zip(margins, plain.residuals).map { margin, residual in
          let sign = margin.first == competitor ? 1.0 : margin.second == competitor ? -1 : 0
          return sign * margin.weight * residual
        })
      #expect(abs(flow) < 1e-12)
    }
    let added: [Double] = [2, -1, 0.5, 3, 0, -4, 1]
    let lifted = try #require(
      HodgeSplit(
        competitors: 7,
        margins: margins.map {
          .init(
            first: $0.first, second: $0.second, value: $0.value + added[$0.first] - added[$0.second],
            weight: $0.weight)
        }))
    #expect(close(lifted.residuals, plain.residuals))
    #expect(close(lifted.cyclicSquare, plain.cyclicSquare))
    let mean = sum(added) / 7
    #expect(close(lifted.scores, zip(plain.scores, added).map { $0 + $1 - mean }))
    let turned = try #require(
      HodgeSplit(
        competitors: 7,
        margins: margins.map {
          .init(first: $0.second, second: $0.first, value: -$0.value, weight: $0.weight)
        }))
    #expect(close(turned.scores, plain.scores) && close(turned.cyclicity, plain.cyclicity))
  }

  @Test func moreItemsNeverSeeLess() {
    let plan = PowerPlan(alpha: 0.05, power: 0.8, sides: .two)
    var last = Double.infinity
    for items in [50, 100, 400, 1600] {
      let gap = plan.detectableDifference(standardDeviation: 0.5, designEffect: 1, items: items)
      #expect(gap < last)
      last = gap
    }
    #expect(
      close(
        plan.detectableDifference(standardDeviation: 0.5, designEffect: 1, items: 400),
        2 * plan.detectableDifference(standardDeviation: 0.5, designEffect: 1, items: 1600)))
    let strict = PowerPlan(alpha: 0.01, power: 0.8, sides: .two)
    let sure = PowerPlan(alpha: 0.05, power: 0.95, sides: .two)
    let base = plan.items(difference: 0.1, standardDeviation: 0.5, designEffect: 1)
    #expect(strict.items(difference: 0.1, standardDeviation: 0.5, designEffect: 1) > base)
    #expect(sure.items(difference: 0.1, standardDeviation: 0.5, designEffect: 1) > base)
  }

  @Test func evidenceDoesNotCareWhichModelIsWhich() {
    for (b, c) in [(3, 9), (0, 5), (20, 20)] {
      #expect(
        close(
          SequentialEvidence.logDifference(candidateOnly: b, baselineOnly: c, kappa: 0.5),
          SequentialEvidence.logDifference(candidateOnly: c, baselineOnly: b, kappa: 0.5)))
      // Both one-sided e-values average to the two-sided one.
      let better = exp(SequentialEvidence.logImprovement(candidateOnly: b, baselineOnly: c, kappa: 0.5))
      let worse = exp(SequentialEvidence.logImprovement(candidateOnly: c, baselineOnly: b, kappa: 0.5))
      let either = exp(SequentialEvidence.logDifference(candidateOnly: b, baselineOnly: c, kappa: 0.5))
      #expect(close((better + worse) / 2, either))
    }
  }
}
