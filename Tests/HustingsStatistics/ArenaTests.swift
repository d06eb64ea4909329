import Foundation
import HustingsStatistics
import Testing

@Suite struct ArenaSeparabilityTests {
  @Test func touchingIntervalsAreToldApart() {
    #expect(ArenaSeparability([0...1, 1...2]).overlapping == 0)
    #expect(ArenaSeparability([0...1, 0.9...2]).overlapping == 1)
  }

  @Test func everyPairIsCountedOnceWhateverTheOrder() {
    // 0–3 overlaps 1–2 and 2.5–4; 1–2 and 2.5–4 do not overlap; 5–6 stands alone.
    let intervals: [ClosedRange<Double>] = [5...6, 1...2, 0...3, 2.5...4]
    for shift in 0..<4 {
      let separability = ArenaSeparability(Array(intervals[shift...] + intervals[..<shift]))
      #expect(separability.overlapping == 2)
      #expect(separability.pairs == 6)
      #expect(separability.share == 1 - 2.0 / 6)
    }
  }

  @Test func oneModelHasNothingToBeToldFrom() {
    #expect(ArenaSeparability([0...1]).share == nil)
    #expect(ArenaSeparability([]).pairs == 0)
  }
}

@Suite struct ArenaAgreementTests {
  private func standing(_ low: Double, _ high: Double) -> ArenaAgreement.Standing {
    ArenaAgreement.Standing(score: (low + high) / 2, interval: low...high)
  }

  @Test func strictAgreementCountsPairsInTheSameOrder() {
    #expect(ArenaAgreement.strict([1, 2, 3], [10, 30, 20]) == 2.0 / 3)
    #expect(ArenaAgreement.strict([1, 1], [1, 2]) == 0)
    #expect(ArenaAgreement.strict([1], [1]) == nil)
  }

  @Test func unsurePairsOfTheReferenceAreLeftOut() {
    let reference = [standing(0, 2), standing(1, 3), standing(5, 6)]
    // The first pair overlaps in the reference; of the two others one agrees and one is unsure in the benchmark.
    let benchmark = [standing(0, 1), standing(2, 6), standing(5, 7)]
    #expect(ArenaAgreement.confident(benchmark, reference) == 0.75)
    #expect(ArenaAgreement.confident(reference, [standing(0, 9), standing(1, 9), standing(2, 9)]) == nil)
  }

  @Test func aReversedOrderEarnsNothing() {
    #expect(
      ArenaAgreement.confident([standing(4, 5), standing(0, 1)], [standing(0, 1), standing(4, 5)]) == 0)
  }

  @Test func forecastsAreScoredAsScipyScoresThem() throws {
    // scipy 1.17.1 (stats.norm) and numpy 2.4.6 (population variances).
    let forecast = try #require(
      ArenaAgreement.Forecast(
        replicates: [[1, 2, 3, 2.5], [2, 2.5, 3.5, 3], [0.5, 1, 4, 2]], reference: [10, 20, 15],
        order: [0, 1, 2]))
    #expect(abs(forecast.brier - 0.1521255773347189) < 1e-14)
    #expect(abs(forecast.logLoss - 0.47977108909762634) < 1e-14)
  }

  @Test func surenessIsKeptAnEpsilonAwayFromCertainty() throws {
    let forecast = try #require(
      ArenaAgreement.Forecast(
        replicates: [[0, 0.001], [1000, 1000.001]], reference: [2, 1], order: [0, 1]))
    #expect(forecast.brier == 1)
    #expect(abs(forecast.logLoss + log(Double.ulpOfOne)) < 1e-9)
  }

  @Test func replicatesWithoutSpreadForecastNothing() {
    #expect(
      ArenaAgreement.Forecast(replicates: [[1, 1], [2, 2]], reference: [1, 2], order: [0, 1]) == nil)
  }
}

@Suite struct ArenaEloTests {
  @Test func ratingsMoveBattleByBattle() {
    // The update written out in Python.
    let ratings = ArenaElo().ratings(
      models: 3,
      after: [
        .init(first: 0, second: 1, outcome: 1), .init(first: 1, second: 2, outcome: 0.5),
        .init(first: 2, second: 0, outcome: 0), .init(first: 0, second: 1, outcome: 0),
      ])
    for (rating, expected) in zip(ratings, [1001.9540184756219, 1000.0459152535925, 998.0000662707856]) {
      #expect(abs(rating - expected) < 1e-9)
    }
  }

  @Test func pointsAreOnlyHandedOver() {
    let battles = (0..<50).map {
      ArenaElo.Battle(first: $0 % 4, second: ($0 + 1) % 4, outcome: Double($0 % 3) / 2)
    }
    let ratings = ArenaElo().ratings(models: 4, after: battles)
    #expect(abs(ratings.reduce(0, +) - 4000) < 1e-9)
  }

  @Test func withoutBattlesAllStartAlike() {
    #expect(ArenaElo(initial: 1500).ratings(models: 2, after: []) == [1500, 1500])
  }
}

@Suite struct ArenaRanksTests {
  @Test func aRankCountsTheModelsThatAreSurelyBetter() throws {
    let replicates: [[Double]] = [100, 100.5, 90].map { (start: Double) -> [Double] in
      (0...100).map { start + Double($0) / 100 }
    }
    let table = try #require(ArenaStanding.table(replicates: replicates, level: 0.95))
    #expect(table.map(\.rank) == [1, 1, 3])
    #expect(abs(table[0].interval.low - 100.025) < 1e-12)
    #expect(abs(table[0].interval.high - 100.975) < 1e-12)
    // Variance of 0, 0.01, … 1 with divisor 100: 101² − 1 over 12, times 101 over 100, over 10⁴.
    let expected: Double = 10_200.0 / 12 * 101 / 100 / 10_000
    let variance = try #require(table[0].variance)
    #expect(abs(variance - expected) < 1e-12)
  }

  @Test func withoutReplicatesThereIsNoTable() {
    #expect(ArenaStanding.table(replicates: [[]], level: 0.95) == nil)
  }
}

@Suite struct ArenaStyleControlTests {
  /// Forty battles of a baseline against two models, with two style features.
  private func battles(baselineFirst: Bool) -> [ArenaStyleControl.Battle] {
    (0..<40).map { number in
      let model = 1 + number % 2
      let code = (number * number + number) % 7
      let baselinePoints = code == 0 || code == 2 ? 1 : code == 5 ? 0.5 : 0
      let style = [Double((number * 13) % 17 - 8) / 9, Double((number * 5) % 11 - 5) / 6]
      return baselineFirst
        ? .init(first: 0, second: model, outcome: baselinePoints, rows: 1, style: style)
        : .init(first: model, second: 0, outcome: 1 - baselinePoints, rows: 1, style: style)
    }
  }

  @Test func versionOneAgreesWithScikitLearn() throws {
    // scikit-learn 1.9.1: LogisticRegression(C=1, fit_intercept=False) on the rows twice, ±ln 10, population deviations.
    let fit = try #require(
      ArenaStyleControl(battles(baselineFirst: true), models: 3, anchor: 0, design: .arenaHard01))
    for (model, expected) in [(1, 0.3751130568305318), (2, 0.375526636771818)] {
      #expect(abs(fit.winRate(model) - expected) < 1e-9)
    }
    for (value, expected) in zip(fit.style, [-0.06589011400030301, -0.1045852514397301]) {
      #expect(abs(value - expected) < 1e-9)
    }
    #expect(fit.winRate(0) == 0.5)
  }

  @Test func versionTwoAgreesWithScikitLearn() throws {
    // scikit-learn 1.9.1: no penalty, one-hot models, sample deviations.
    let fit = try #require(
      ArenaStyleControl(battles(baselineFirst: false), models: 3, anchor: 0, design: .arenaHard2))
    for (model, expected) in [(1, 0.3742359624956253), (2, 0.3746981959592414)] {
      #expect(abs(fit.winRate(model) - expected) < 1e-9)
    }
    for (value, expected) in zip(fit.style, [0.06981122902922045, 0.11139552477892471]) {
      #expect(abs(value - expected) < 1e-9)
    }
  }

  @Test func aBattleOfThreeRowsIsThreeBattles() throws {
    let some = Array(battles(baselineFirst: true).prefix(20))
    let heavy = some.map {
      ArenaStyleControl.Battle(
        first: $0.first, second: $0.second, outcome: $0.outcome, rows: 3, style: $0.style)
    }
    for design in [ArenaStyleControl.Design.arenaHard01, .arenaHard2] {
      let one = try #require(ArenaStyleControl(heavy, models: 3, anchor: 0, design: design))
      let other = try #require(
        ArenaStyleControl(some + some + some, models: 3, anchor: 0, design: design))
      for (a, b) in zip(one.strengths + one.style, other.strengths + other.style) {
        #expect(abs(a - b) < 1e-10)
      }
    }
  }

  @Test func promptsThatAreAllAlikeGiveTheSameFitHoweverTheyAreDrawn() throws {
    // Ten prompts with the same forty battles each: every resample of ten prompts is the data themselves.
    let all = (0..<10).flatMap { _ in battles(baselineFirst: false) }
    let labels = (0..<10).flatMap { prompt in [String](repeating: "\(prompt)", count: 40) }
    let sample = try #require(
      ArenaStyleControl.resampled(
        all, models: 3, anchor: 0, design: .arenaHard2, clusters: Clustering(labels: labels), rounds: 20,
        seed: 1))
    #expect(sample.fit == ArenaStyleControl(all, models: 3, anchor: 0, design: .arenaHard2))
    #expect(sample.undefinedRounds == 0)
    for model in 0..<3 {
      #expect(sample.winRates[model].count == 20)
      for rate in sample.winRates[model] { #expect(abs(rate - sample.fit.winRate(model)) < 1e-9) }
    }
  }

  @Test func resamplesSpreadAsTheWinRateDoes() throws {
    // Without any worth of style the win rate is a share of 400 battles: its standard error is √(p (1 − p) / 400).
    let all = (0..<400).map { number in
      ArenaStyleControl.Battle(
        first: 1, second: 0, outcome: number % 4 == 0 ? 1 : 0, rows: 1,
        style: [number / 4 % 2 == 0 ? 1 : -1])
    }
    let sample = try #require(
      ArenaStyleControl.resampled(
        all, models: 2, anchor: 0, design: .arenaHard2, clusters: .singletons(400), rounds: 1_000, seed: 3))
    let spread = try #require(Descriptive.standardDeviation(sample.winRates[1], divisor: .sample))
    #expect(abs(sample.fit.winRate(1) - 0.25) < 1e-9)
    #expect(abs(spread - (0.25 * 0.75 / 400).squareRoot()) < 0.002)
  }

  @Test func aRoundWithoutAFiniteFitIsCounted() throws {
    // One win among eight battles: about a third of the resamples leave it out.
    let all =
      (0..<8).map { number in
        ArenaStyleControl.Battle(
          first: 1, second: 0, outcome: number == 3 ? 1 : 0, rows: 1, style: [Double(number % 2)])
      } + [.init(first: 1, second: 0, outcome: 1, rows: 1, style: [0])]
    let sample = try #require(
      ArenaStyleControl.resampled(
        all, models: 2, anchor: 0, design: .arenaHard2, clusters: .singletons(9), rounds: 50, seed: 3))
    #expect(sample.undefinedRounds > 0)
    #expect(sample.winRates[1].count == 50 - sample.undefinedRounds)
  }

  @Test func aStyleThatNeverVariesCannotBeControlled() {
    let flat = battles(baselineFirst: true).map {
      ArenaStyleControl.Battle(first: $0.first, second: $0.second, outcome: $0.outcome, rows: 1, style: [2])
    }
    #expect(ArenaStyleControl(flat, models: 3, anchor: 0, design: .arenaHard2) == nil)
  }
}

@Suite struct ArenaRatingsTests {
  /// Votes drawn in fixed proportions from Bradley–Terry with ratings 1000, 1100 and 900.
  private let votes: [BradleyTerry.Meeting] = {
    let ratings = [1000.0, 1100, 900]
    var votes: [BradleyTerry.Meeting] = []
    for (a, b) in [(0, 1), (1, 2), (2, 0)] {
      let chance = 1 / (1 + pow(10, (ratings[b] - ratings[a]) / 400))
      let wins = Int((chance * 400).rounded())
      votes += (0..<400).map { .init(first: a, second: b, outcome: $0 < wins ? 1 : 0, weight: 1) }
    }
    return votes
  }()

  private func rated(_ votes: [BradleyTerry.Meeting], rounds: Int = 50) throws -> ArenaRatings {
    try #require(
      ArenaRatings(
        models: 3, votes: votes, clusters: .singletons(votes.count), anchor: 0, at: 1000, rounds: rounds,
        seed: 5))
  }

  @Test func ratingsBehindTheVotesAreFound() throws {
    let arena = try rated(votes)
    #expect(arena.ratings[0] == 1000)
    #expect(abs(arena.ratings[1] - 1100) < 2 && abs(arena.ratings[2] - 900) < 2)
    #expect(arena.undefinedRounds == 0)
  }

  @Test func theAnchorIsPinnedInEveryRound() throws {
    #expect(try rated(votes).replicates[0] == [Double](repeating: 1000, count: 50))
  }

  @Test func sureDifferencesMakeRanks() throws {
    let standings = try #require(try rated(votes).standings(level: 0.95))
    #expect(standings.map(\.rank) == [2, 1, 3])
  }

  @Test func theOrderOfPresentationAndOfVotesChangesNothing() throws {
    let turned = votes.map {
      BradleyTerry.Meeting(first: $0.second, second: $0.first, outcome: 1 - $0.outcome, weight: 1)
    }
    for (a, b) in zip(try rated(votes).ratings, try rated(turned.reversed()).ratings) {
      #expect(abs(a - b) < 1e-8)
    }
  }

  @Test func aModelThatNeverLosesHasNoRating() {
    let votes = [BradleyTerry.Meeting(first: 0, second: 1, outcome: 1, weight: 1)]
    #expect(
      ArenaRatings(models: 2, votes: votes, clusters: .singletons(1), anchor: 0, at: 1000, rounds: 5, seed: 1)
        == nil)
  }
}
