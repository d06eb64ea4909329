import Foundation
import Hustings
import HustingsMetrics
import HustingsStatistics
import Testing

/// The trial of one contest item: baseline first, seat second.
private func seatTrial(
  _ item: Int, _ tournament: Tournament, lengths: [Double?] = [10, 20], raters: [String: Tournament] = [:]
) -> Trial {
  Trial(
    key: AnswerKey(
      item: "\(item)", subset: "all", cluster: "\(item)", names: ["baseline", "model"], candidates: [0, 1],
      gold: Tournament(count: 2, symmetric: [Matchup(1, 0): .margin(1)]), raters: raters),
    tournament: tournament, traits: [Trait.length: lengths])
}

private func saying(_ probability: Double) -> Tournament {
  Tournament(count: 2, symmetric: [Matchup(1, 0): .margin(SeatCredit.logOdds(probability))])
}

@Suite struct SeatCreditTests {
  private func points(_ tournament: Tournament) -> Double? {
    SeatCredit().credit(for: seatTrial(0, tournament))?.value
  }

  @Test func probabilitiesComeBackAsTheyWere() {
    for probability in [0, 1, 0.5, 1e-10, 0.3, 1 - 1e-10] {
      #expect(abs((points(saying(probability)) ?? -1) - probability) < 1e-15)
    }
    #expect(points(saying(0)) == 0 && points(saying(1)) == 1 && points(saying(0.5)) == 0.5)
  }

  @Test func bothOrdersCountWithTheMeanProbability() {
    let ordered = Tournament(
      count: 2,
      ordered: [
        Matchup(1, 0): .margin(SeatCredit.logOdds(0.9)), Matchup(0, 1): .margin(SeatCredit.logOdds(0.5)),
      ])
    #expect(abs((points(ordered) ?? -1) - 0.7) < 1e-15)
  }

  @Test func verdictsGiveWholeOrHalfPointsAndAnUnreadableOrderNone() {
    let split = Tournament(
      count: 2, ordered: [Matchup(1, 0): .margin(1), Matchup(0, 1): .margin(1)], areVerdicts: true)
    #expect(points(split) == 0.5)
    let one = Tournament(
      count: 2, ordered: [Matchup(1, 0): .margin(1), Matchup(0, 1): .absent(Absence(.abstention, "?"))],
      areVerdicts: true)
    #expect(points(one) == 1)
    let silent = Tournament(count: 2, ordered: [Matchup(1, 0): .absent(Absence(.abstention, "?"))])
    #expect(points(silent) == nil)
    #expect(SeatCredit().credit(for: seatTrial(0, silent))?.outcome == .abstention)
  }

  @Test func aRateIsThePercentageOverAnsweredItems() throws {
    let silent = Tournament(count: 2, symmetric: [Matchup(1, 0): .absent(Absence(.abstention, "?"))])
    let trials = [seatTrial(0, saying(1)), seatTrial(1, saying(0.25)), seatTrial(2, silent)]
    let estimate = try #require(SeatRate("win_rate").estimate(trials))
    #expect(abs(estimate.value - 62.5) < 1e-12)
    #expect(estimate.count == 2)
    #expect(SeatRate("win_rate").coverage(trials).counts == [.win: 1, .loss: 1, .abstention: 1])
  }
}

@Suite struct SeatRateTests {
  @Test func intervalsStayBetweenNoneAndAll() throws {
    let trials = (0..<30).map { seatTrial($0, saying($0 == 0 ? 1 : 0)) }
    let interval = try #require(SeatRate("win_rate").estimate(trials)?.interval)
    // One win in thirty: 3.33 ± t₂₉(.975) · 3.33, which would begin below 0.
    #expect(interval.low == 0)
    #expect(abs(interval.high - 100.0 / 30 * (1 + 2.045229642132703)) < 1e-9)
  }
}

@Suite struct AlpacaFigureTests {
  private let trials = [1, 0.25, 0.5, 0.75].enumerated().map { place, probability in
    seatTrial(place, saying(probability), lengths: [10, Double(20 + place)])
  }

  private func value(_ column: AlpacaFigure.Column, _ trials: [Trial]) -> Double? {
    AlpacaFigure(column).estimate(trials)?.value
  }

  @Test func theColumnsAreTheCountsOfTheWinRate() {
    #expect(value(.wins, trials) == 2)
    #expect(value(.losses, trials) == 1)
    #expect(value(.draws, trials) == 1)
    #expect(value(.total, trials) == 4)
    #expect(value(.discreteWinRate, trials) == 62.5)
    // (20 + 21 + 22 + 23) / 4, rounded down.
    #expect(value(.averageLength, trials) == 21)
  }

  @Test func thePromptWithoutAResponseCountsAsLengthZero() {
    let missing = seatTrial(4, Tournament(count: 2, symmetric: [:]), lengths: [10, nil])
    #expect(value(.averageLength, trials + [missing]) == 17)
    #expect(value(.total, trials + [missing]) == 4)
    #expect(AlpacaContest(trials + [missing]).promptCount == 5)
  }
}

@Suite struct LengthControlledRateTests {
  private let difficulties = (0..<40).map { Double(($0 * 7) % 13) / 4 - 1.5 }
  private let baseline = (0..<40).map { (37 * $0 * $0 + 11 * $0 + 100) % 500 + 50 }
  private let model = (0..<40).map { (53 * $0 * $0 + 7 * $0 + 30) % 600 + 40 }
  private let concise = (0..<40).map { (29 * $0 * $0 + 5 * $0 + 10) % 200 + 20 }

  private func preference(_ place: Int) -> Double {
    (Double((place * 7) % 20) + 0.5) / 28 + (model[place] > baseline[place] ? 0.2 : 0)
  }

  private func trials(difficulty: Bool, gamed: Bool) -> [Trial] {
    (0..<40).map { place in
      var raters: [String: Tournament] = [:]
      if difficulty { raters["difficulty"] = Tournament(rewards: [difficulties[place], nil]) }
      if gamed {
        let lost = 0.05 + Double(place % 5) / 100
        raters["gamed/concise/length"] = Tournament(
          rewards: [Double(baseline[place]), Double(concise[place])])
        raters["gamed/concise/points"] = Tournament(rewards: [lost, 0.1 - lost])
      }
      return seatTrial(
        place, saying(preference(place)),
        lengths: [Double(baseline[place]), Double(model[place])], raters: raters)
    }
  }

  /// The same fit from the parts themselves.
  private func reference(_ difficulty: Bool, _ gamed: Bool) -> LengthControlFit? {
    let usable = difficulty ? difficulties : nil
    let anchor =
      gamed
      ? LengthControlAnchor(
        judged: [
          LengthControlRows(
            baselineLengths: baseline, modelLengths: concise, difficulties: usable,
            preferences: (0..<40).map { 0.5 - Double($0 % 5) / 10 })
        ], rowWeight: 0.1) : nil
    return LengthControl(anchor: anchor, usesDifficulty: difficulty).fit(
      LengthControlRows(
        baselineLengths: baseline, modelLengths: model, difficulties: usable,
        preferences: (0..<40).map { preference($0) }), strength: .given(20))
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
  func theRateIsTheFitsWhateverTheKeyKnows(difficulty: Bool, gamed: Bool) throws {
    let rule = LengthControlRule(strength: .given(20), replicates: 50)
    let estimate = try #require(
      LengthControlledRate(.winRate, rule: rule).estimate(trials(difficulty: difficulty, gamed: gamed)))
    let fit = try #require(reference(difficulty, gamed))
    #expect(abs(estimate.value - 100 * fit.winRate) < 1e-7)
    let interval = try #require(estimate.interval)
    #expect(interval.low < estimate.value && estimate.value < interval.high)
    let spread = LengthControlledRate(.spread, rule: rule).estimate(
      trials(difficulty: difficulty, gamed: gamed))
    #expect(abs((spread?.value ?? -1) - 100 * (fit.spread ?? -2)) < 1e-7)
  }

  @Test func aRateFarFromTheRawOneIsNoted() throws {
    let rule = LengthControlRule(strength: .given(20), replicates: 10)
    #expect(LengthControlledRate(.winRate, rule: rule).note(trials(difficulty: true, gamed: false)) == nil)
    // Wins exactly where it is much longer: at equal length it wins far less than half.
    let lopsided = (0..<40).map { place in
      let isLong = place < 36
      return seatTrial(
        place, saying(isLong ? 0.95 : 0.05), lengths: [100, isLong ? 400 : 99])
    }
    let note = LengthControlledRate(.winRate, rule: LengthControlRule(strength: .unpenalised, replicates: 10))
      .note(lopsided)
    #expect(note?.contains("far from the raw one of 86.00") == true)
  }

  @Test func withoutLengthsThereIsNothingToControl() {
    let rule = LengthControlRule(replicates: 10)
    let bare = (0..<10).map { seatTrial($0, saying(0.6), lengths: [nil, nil]) }
    #expect(LengthControlledRate(.winRate, rule: rule).estimate(bare) == nil)
  }
}

@Suite struct BoundedIntervalTests {
  /// A metric of credits as they are.
  private struct Credits: ItemMetric {
    let name = "credits"
    let direction = Direction.higherIsBetter
    let unit: MetricUnit
    let credits: [Double]

    func contributions(_ trials: [Trial]) -> [Contribution] {
      credits.enumerated().map {
        Contribution(trial: $0, stratum: "", credit: $1, weight: 1 / Double(credits.count))
      }
    }
    func outcomes(_ trials: [Trial]) -> [(trial: Int, outcome: Outcome)] { [] }
  }

  private func interval(_ unit: MetricUnit, _ credits: [Double]) throws -> Hustings.Interval {
    let trials = credits.indices.map { number in
      Trial(
        key: Example(
          id: "\(number)", subset: "all", prompt: Prompt("\(number)"),
          candidates: [Candidate("model", .seat)],
          gold: .ratings([nil])
        ).key, tournament: Tournament(rewards: [nil]))
    }
    return try #require(Credits(unit: unit, credits: credits).estimate(trials)?.interval)
  }

  @Test func aShareAndAPercentageStayWhereTheyCanLie() throws {
    // Student's t on four values of mean 0.875 and standard error 0.125 reaches to 1.27.
    #expect(try interval(.share, [1, 1, 1, 0.5]).high == 1)
    #expect(try interval(.share, [0, 0, 0, 0.5]).low == 0)
    #expect(try interval(.percent, [100, 100, 100, 50]).high == 100)
    #expect(abs(try interval(.number, [1, 1, 1, 0.5]).high - (0.875 + 3.182446305284263 * 0.125)) < 1e-9)
  }
}
