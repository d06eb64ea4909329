import Foundation
import HustingsNumerics
import HustingsStatistics
import Testing

@Suite struct LogisticRegressionTests {
  let design: [[Double]] = [0.5, -1.2, 2.0, 0.3, -0.7, 1.1, 0, -2.0, 0.9, 1.7].map { [1, $0] }
  let outcomes: [Double] = [1, 0, 1, 0, 0, 1, 0.5, 0, 1, 0]
  let clusters = Clustering(labels: (0..<10).map { $0 / 2 })

  /// statsmodels: GLM(Binomial), cov_type="cluster" without small-sample correction, times G / (G - 1).
  @Test func coefficientsAndClusteredCovarianceMatchStatsmodels() throws {
    let fit = try #require(
      LogisticRegression(design: design, outcomes: outcomes, clusters: clusters, ridge: 0))
    #expect(close(fit.coefficients, [-0.7152973773590875, 1.3087997928829744]))
    let covariance = try #require(fit.clusteredCovariance)
    #expect(
      close(covariance, [0.165590636694029, -0.12732633976768218, -0.12732633976768218, 0.6917331735985515]))
    #expect(close(fit.standardError(1), 0.6917331735985515.squareRoot()))
  }

  /// statsmodels: GLM(Binomial, freq_weights, offset); the sandwich and the loss by numpy.
  @Test func weightsAndOffsetsMatchStatsmodels() throws {
    let fit = try #require(
      LogisticRegression(
        design: design, outcomes: outcomes, offsets: [0.1, 0, 0, 0.2, -0.1, 0, 0, 0.3, 0, 0],
        weights: [1, 2, 1, 1, 0.5, 1, 1, 1, 3, 1], clusters: clusters, ridge: 0))
    #expect(close(fit.coefficients, [-0.5268999620967072, 1.5818729957650504]))
    #expect(
      close(
        fit.modelCovariance,
        [0.7180272512886313, -0.4005961430694126, -0.4005961430694126, 0.8166750596824716]))
    let covariance = try #require(fit.clusteredCovariance)
    #expect(
      close(covariance, [0.23237256497452613, -0.2710779781540169, -0.2710779781540169, 0.5859212686154145]))
    #expect(close(fit.loss, 0.47484452688717727))
  }

  /// numpy: Newton's method written out.
  @Test func aRidgeShrinks() throws {
    let fit = try #require(
      LogisticRegression(design: design, outcomes: outcomes, clusters: clusters, ridge: 0.7))
    #expect(close(fit.coefficients, [-0.37481447615862784, 0.8748786095699475]))
    let covariance = try #require(fit.clusteredCovariance)
    #expect(
      close(
        covariance, [0.03289748851372459, 0.0006747361530577897, 0.0006747361530577897, 0.19093848936988944])
    )
  }

  @Test func anInterceptAloneIsTheLogOddsOfTheMean() throws {
    let fit = try #require(
      LogisticRegression(
        design: outcomes.map { _ in [1] }, outcomes: outcomes, clusters: .singletons(10), ridge: 0))
    #expect(close(fit.coefficients, [logit(0.45)]))
    #expect(close(fit.modelCovariance, [1 / (10 * 0.45 * 0.55)]))
  }

  @Test func separatedOutcomesHaveNoFit() {
    func fit(_ outcomes: [Double]) -> LogisticRegression? {
      LogisticRegression(
        design: [-2, -1, 1, 2].map { [1, $0] }, outcomes: outcomes, clusters: .singletons(4), ridge: 0)
    }
    #expect(fit([0, 0, 1, 1]) == nil)
    #expect(fit([1, 1, 1, 1]) == nil)
    #expect(fit([0, 1, 0, 1]) != nil)
  }

  @Test func collinearColumnsHaveNoFit() {
    #expect(
      LogisticRegression(
        design: [[1, 1], [1, 1], [1, 1]], outcomes: [1, 0, 1], clusters: .singletons(3), ridge: 0) == nil)
    #expect(LogisticRegression(design: [], outcomes: [], clusters: .singletons(0), ridge: 0) == nil)
  }

  /// numpy and scipy 1.17.1: Newton's method, sandwich and chi2.sf written out.
  @Test func theCalibrationLineMatchesNumpy() throws {
    let margins = [0.9, -0.2, 2.5, 0.1, 1.1, -1.7, 0.3, 3.3, -0.6, 0.8, -1.5, -0.05]
    let line = try #require(
      CalibrationLine(
        MarginScores.folded(margins, temperature: 1), clusters: Clustering(labels: (0..<12).map { $0 / 2 })))
    #expect(close(line.intercept, -0.24441994379391765))
    #expect(close(line.slope, 0.5658976073728592))
    #expect(close(line.interceptError, 0.6803140622935672))
    #expect(close(line.slopeError, 0.3072847739793334))
    #expect(close(line.pValue, 0.2049442626678509))
  }

  @Test func aCalibratedModelIsSeldomRejectedAndAnOverconfidentOneIs() throws {
    var rejected = 0
    for sample in 0..<40 {
      var generator = CounterGenerator(seed: 12, stream: UInt64(sample))
      let margins = (0..<300).map { _ -> Double in
        let size = 2 * generator.nextUniform()
        return generator.nextUniform() < logistic(size) ? size : -size
      }
      let honest = try #require(
        CalibrationLine(MarginScores.folded(margins, temperature: 1), clusters: .singletons(300)))
      if honest.pValue < 0.05 { rejected += 1 }
      let boastful = try #require(
        CalibrationLine(MarginScores.folded(margins, temperature: 0.2), clusters: .singletons(300)))
      #expect(boastful.pValue < 0.01 && boastful.slope < 0.6)
      #expect(close(boastful.slope * 5, honest.slope, 1e-6))
    }
    #expect(rejected <= 8)
  }

  @Test func aLineNeedsVariation() {
    #expect(
      CalibrationLine(FoldedMargins(confidences: [0.6, 0.7], hits: [1, 1]), clusters: .singletons(2)) == nil)
    #expect(
      CalibrationLine(
        FoldedMargins(confidences: [0.6, 0.6, 0.6], hits: [1, 0, 1]), clusters: .singletons(3)) == nil)
  }
}

@Suite struct BradleyTerryTests {
  typealias Meeting = BradleyTerry.Meeting
  static let rows: [(Int, Int, Double, Double, Int)] = [
    (0, 1, 1, 1, 0), (1, 0, 1, 1, 0), (0, 2, 1, 2, 1), (2, 0, 0.5, 1, 1), (1, 2, 1, 1, 2), (2, 1, 0, 1, 2),
    (3, 0, 0, 1, 3), (3, 1, 1, 1, 3), (2, 3, 1, 1, 4), (0, 3, 1, 3, 4), (1, 3, 0.5, 1, 5), (3, 2, 1, 1, 5),
  ]
  let meetings = rows.map { Meeting(first: $0.0, second: $0.1, outcome: $0.2, weight: $0.3) }
  let clusters = Clustering(labels: rows.map(\.4))

  /// numpy: logistic regression with the first model as reference, its sandwich carried over to centred
  /// strengths.
  @Test func strengthsAndErrorsMatchAReferenceCoding() throws {
    let fit = try #require(
      BradleyTerry(
        models: 4, meetings: meetings, clusters: clusters, position: false, disconnected: .refuse))
    #expect(
      close(
        fit.strengths, [1.196570371487011, 0.2808363658810023, -0.9867724140540901, -0.4906343233139234]))
    #expect(close(sum(fit.strengths), 0))
    #expect(fit.positionEffect == nil && fit.ridge == nil)
    let (difference, error) = fit.contrast(0, minus: 1)
    #expect(close(difference, 0.9157340056060088) && close(error, 0.9453036308622288))
    let interval = try #require(fit.interval(0, minus: 1, level: 0.95))
    #expect(close(interval.low, 0.9157340056060088 - 1.959963984540054 * 0.9453036308622288))
    #expect(close(fit.interval(0, level: 0.95)?.width, 2 * 1.959963984540054 * 0.42718697481818224))
    let other = fit.contrast(1, minus: 3)
    #expect(close(other.difference, 0.7714706891949257) && close(other.standardError, 1.1657909178745995))
    let errors = [0.42718697481818224, 0.6459430829872272, 0.6138716572552899, 0.7704743217987664]
    for model in 0..<4 { #expect(close(fit.standardError(model), errors[model])) }
    let independent = [0.6877169064736411, 0.6902129595070546, 0.7231842425472242, 0.6278274003905366]
    for model in 0..<4 { #expect(close(fit.modelCovariance[model * 5].squareRoot(), independent[model])) }
  }

  @Test func theWorthOfBeingFirstIsFittedBeside() throws {
    let fit = try #require(
      BradleyTerry(models: 4, meetings: meetings, clusters: clusters, position: true, disconnected: .refuse))
    #expect(
      close(
        fit.strengths, [1.5417236124046603, 0.48721178304036566, -1.5052285655438702, -0.5237068299011558]))
    #expect(close(fit.positionEffect, 1.863939586967684))
    #expect(close(fit.contrast(0, minus: 1).standardError, 1.1234496231458952))
    #expect(close(fit.contrast(1, minus: 3).standardError, 1.4600080057643556))
    let covariance = try #require(fit.clusteredCovariance)
    #expect(close(covariance[24].squareRoot(), 0.8333386434825844))
    #expect(close(fit.standardError(3), 0.7530901480222857))
    // Strengths about their mean do not covary with a common shift.
    for column in 0..<5 { #expect(abs((0..<4).reduce(0) { $0 + covariance[$1 * 5 + column] }) < 1e-12) }
  }

  @Test func twoModelsDifferByTheLogOddsOfTheirWins() throws {
    let fit = try #require(
      BradleyTerry(
        models: 2,
        meetings: [
          Meeting(first: 0, second: 1, outcome: 1, weight: 30),
          Meeting(first: 1, second: 0, outcome: 1, weight: 10),
        ], clusters: .singletons(2), position: false, disconnected: .refuse))
    #expect(close(fit.strengths, [log(3.0) / 2, -log(3.0) / 2]))
    #expect(close(fit.ratings(scale: 400, base: 10, initial: 1000)[0], 1000 + 200 * log10(3.0)))
  }

  @Test func aModelThatNeverLosesNeedsARidgeThatIsSaid() throws {
    let unbeaten = [Meeting(first: 0, second: 1, outcome: 1, weight: 3)]
    #expect(!BradleyTerry.isConnected(models: 2, meetings: unbeaten))
    func fit(_ rule: BradleyTerry.Disconnected) -> BradleyTerry? {
      BradleyTerry(
        models: 2, meetings: unbeaten, clusters: .singletons(1), position: false, disconnected: rule)
    }
    #expect(fit(.refuse) == nil)
    // scipy 1.17.1: minimum of 3 softplus(-(a - b)) + 0.05 (a² + b²).
    let ridged = try #require(fit(.ridge(0.1)))
    #expect(close(ridged.strengths[0], 1.4794701, 1e-6))
    #expect(ridged.ridge == 0.1)
    #expect(ridged.contrast(0, minus: 1).standardError == nil)
    #expect(ridged.interval(0, minus: 1, level: 0.95) == nil && ridged.interval(0, level: 0.95) == nil)
  }

  @Test func aTieConnectsBothWays() {
    #expect(
      BradleyTerry.isConnected(models: 2, meetings: [Meeting(first: 0, second: 1, outcome: 0.5, weight: 1)]))
    #expect(!BradleyTerry.isConnected(models: 3, meetings: meetings.filter { $0.first < 2 && $0.second < 2 }))
    #expect(BradleyTerry.isConnected(models: 1, meetings: []))
    #expect(BradleyTerry.isConnected(models: 4, meetings: meetings))
  }

  @Test func aPositionThatAlwaysWinsHasNoFiniteWorth() {
    let first = [
      Meeting(first: 0, second: 1, outcome: 1, weight: 5),
      Meeting(first: 1, second: 0, outcome: 1, weight: 5),
    ]
    #expect(
      BradleyTerry(
        models: 2, meetings: first, clusters: .singletons(2), position: true, disconnected: .refuse)
        == nil)
  }

  @Test func strengthsAreRecoveredFromManyMeetings() throws {
    let truth = [1.0, 0.3, 0, -0.4, -0.9]
    var generator = CounterGenerator(seed: 3, stream: 0)
    var sample: [Meeting] = []
    for _ in 0..<4000 {
      let i = generator.nextIndex(below: 5)
      let j = (i + 1 + generator.nextIndex(below: 4)) % 5
      let wins = generator.nextUniform() < logistic(truth[i] - truth[j] + 0.25)
      sample.append(Meeting(first: i, second: j, outcome: wins ? 1 : 0, weight: 1))
    }
    let fit = try #require(
      BradleyTerry(
        models: 5, meetings: sample, clusters: .singletons(4000), position: true, disconnected: .refuse))
    for model in 0..<5 {
      let error = try #require(fit.standardError(model))
      #expect(abs(fit.strengths[model] - truth[model]) < 4 * error)
      // With independent meetings and a true model the sandwich agrees with the curvature.
      #expect(abs(error / fit.modelCovariance[model * 7].squareRoot() - 1) < 0.1)
    }
    #expect(abs(try #require(fit.positionEffect) - 0.25) < 0.15)
  }
}
