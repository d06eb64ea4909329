import Foundation
import HustingsMetrics
import HustingsStatistics
import Testing

@Suite struct AlpacaPreferenceTests {
  @Test func oldAndNewDrawsAreOneHalf() {
    #expect(AlpacaPreference.probability(code: 0) == 0.5)
    #expect(AlpacaPreference.probability(code: 1.5) == 0.5)
  }

  @Test func whatIsNoPreferenceIsNil() {
    for code in [nil, -1, 0.5, 2.1, .nan] as [Double?] {
      #expect(AlpacaPreference.probability(code: code) == nil)
    }
  }

  @Test func swappingTheOrderTurnsThePreferenceRound() throws {
    let parser = ReplyParser.ranking(model: "model_1")
    let reply = JudgeReply.text("[{'model': 'model_1', 'rank': 1}, {'model': 'model_2', 'rank': 2}]")
    #expect(try AlpacaPreference.probability(in: reply, parser: parser, isSwapped: false) == 0)
    #expect(try AlpacaPreference.probability(in: reply, parser: parser, isSwapped: true) == 1)
    #expect(try AlpacaPreference.probability(in: .text("5 5"), parser: .twoScores, isSwapped: true) == 0.5)
  }
}

@Suite struct AlpacaWinRateTests {
  // numpy 2.4.6 on the preferences less 1.
  private let preferences: [Double?] = [0, 1, 0.5, 0.2, 0.8, nil, 1, 0.49, 0.5]

  @Test func meanAndErrorAreThoseOfNumpy() throws {
    let rate = try #require(AlpacaWinRate(preferences))
    #expect(abs(rate.winRate - 0.56125) < 1e-15)
    #expect(abs(try #require(rate.standardError) - 0.12677930064260715) < 1e-15)
  }

  @Test func countsLeaveOutWhatIsMissing() throws {
    let rate = try #require(AlpacaWinRate(preferences))
    #expect((rate.wins, rate.losses, rate.draws, rate.total) == (3, 3, 2, 8))
    #expect(rate.discreteWinRate == 0.5)
  }

  @Test func nothingHasNoRateAndOneHasNoError() {
    #expect(AlpacaWinRate([nil, nil]) == nil)
    #expect(AlpacaWinRate([1])?.standardError == nil)
  }

  @Test func farLengthControlledRatesAreWarnedOf() throws {
    // Upstream's examples: from 20, below 10 or above 40; from 50, below 37.5 or above 62.5.
    let twenty = try #require(AlpacaWinRate([1, 0, 0, 0, 0]))
    #expect(twenty.isFar(from: 0.099) && !twenty.isFar(from: 0.101))
    #expect(twenty.isFar(from: 0.401) && !twenty.isFar(from: 0.399))
    let fifty = try #require(AlpacaWinRate([1, 0]))
    #expect(fifty.isFar(from: 0.374) && !fifty.isFar(from: 0.376))
    #expect(fifty.isFar(from: 0.626) && !fifty.isFar(from: 0.624))
  }
}

@Suite struct AlpacaContestTests {
  private let contest = AlpacaContest(
    annotations: [
      AlpacaAnnotation(place: 0, baselineLength: 10, modelLength: 20, preference: 0.9),
      AlpacaAnnotation(place: 2, baselineLength: 40, modelLength: 35, preference: nil),
      AlpacaAnnotation(place: 3, baselineLength: 15, modelLength: 15, preference: 0.5, isIdentical: true),
    ], promptCount: 4)

  @Test func missingRowsCountAsEmptyResponses() {
    #expect(contest.averageLength == 17)
    #expect(AlpacaContest(annotations: [], promptCount: 0).averageLength == nil)
  }

  @Test func difficultiesFollowThePromptOrThePosition() {
    let difficulties = [0, 1, 2, 3.0]
    #expect(
      contest.lengthControlRows(difficulties: difficulties, alignment: .byPrompt).difficulties == [0, 2, 3])
    #expect(
      contest.lengthControlRows(difficulties: difficulties, alignment: .byPosition).difficulties == [0, 1, 2])
    #expect(contest.lengthControlRows(difficulties: nil, alignment: .byPrompt).difficulties == nil)
  }
}

@Suite struct AlpacaBoardTests {
  private typealias Sample = LengthControlSampleRows

  private func made(_ control: LengthControl?) -> AlpacaBoard {
    AlpacaBoard(
      control: control, strength: .given(20), difficulties: Sample.difficulties, alignment: .byPrompt)
  }

  @Test func withoutControlTheBoardHasRawRatesOnly() throws {
    let entry = try #require(made(nil).entry("m", Sample.contest, mode: .verified))
    #expect(entry.fit == nil && entry.row.lengthControlled == nil && !entry.isFarFromRaw)
    #expect(entry.row.mode == .verified)
  }

  @Test func entriesComeInTheOrderOfTheModelsWithTheSameNumbersAsAlone() async throws {
    let board = made(LengthControl(anchor: nil, usesDifficulty: true))
    let empty = AlpacaContest(annotations: [], promptCount: 20)
    let entries = await board.entries([("b", Sample.contest), ("none", empty), ("a", Sample.contest)])
    #expect(entries.map(\.row.name) == ["b", "a"])
    #expect(entries.first == board.entry("b", Sample.contest, mode: nil))
  }

  @Test func theBootstrapSurroundsTheBoardsNumber() throws {
    let board = made(LengthControl(anchor: nil, usesDifficulty: true))
    let fit = try #require(board.entry("m", Sample.contest, mode: nil)?.fit)
    let bootstrap = try #require(board.bootstrap(Sample.contest, fit: fit, replicates: 200, seed: 1))
    #expect(abs(bootstrap.estimate - fit.winRate) < 1e-9)
    #expect(bootstrap.interval(level: 0.95, method: .percentile)?.contains(fit.winRate) == true)
  }

  @Test func setsOfOnesOwnNeedNoDifficulty() throws {
    let control = LengthControl(anchor: nil, usesDifficulty: false)
    let board = AlpacaBoard(control: control, strength: .unpenalised, difficulties: nil, alignment: .byPrompt)
    let entry = try #require(board.entry("m", Sample.contest, mode: nil))
    #expect(entry.row.lengthControlled != nil)
  }
}

/// Twenty annotations made by formula.
private enum LengthControlSampleRows {
  static let difficulties: [Double] = (0..<20).map { Double(($0 * 13) % 9 - 4) / 3 }
  static let contest = AlpacaContest(
    annotations: (0..<20).map { (place: Int) -> AlpacaAnnotation in
      let model = (53 * place * place + 7 * place + 30) % 600 + 40
      let baseline = (37 * place * place + 11 * place + 100) % 500 + 50
      let preference = (Double((place * 7) % 20) + 0.5) / 28 + (model > baseline ? 0.2 : 0)
      return AlpacaAnnotation(
        place: place, baselineLength: baseline, modelLength: model, preference: preference)
    }, promptCount: 20)
}

@Suite struct AlpacaLeaderboardTests {
  private func row(_ name: String, _ preferences: [Double], controlled: Double?, mode: AlpacaRow.Mode?) throws
    -> AlpacaRow
  {
    AlpacaRow(
      name: name, rate: try #require(AlpacaWinRate(preferences)), mode: mode, averageLength: 12,
      lengthControlled: controlled, lengthControlledSpread: nil)
  }

  @Test func columnsAndCellsAreThoseOfUpstream() throws {
    let file = AlpacaLeaderboard.csv([
      try row("low", [0, 1], controlled: 0.25, mode: .community),
      try row("a,b", [1, 1], controlled: 0.5, mode: nil),
      try row("none", [1], controlled: nil, mode: .dev),
    ])
    let lines = file.split(separator: "\n")
    #expect(
      lines[0]
        == ",win_rate,standard_error,n_wins,n_wins_base,n_draws,n_total,discrete_win_rate,mode,avg_length,"
        + "length_controlled_winrate,lc_standard_error")
    #expect(lines[1] == "\"a,b\",100.0,0.0,2,0,0,2,100.0,,12,50.0,")
    #expect(lines[2] == "low,50.0,50.0,1,1,0,2,50.0,community,12,25.0,")
    #expect(lines[3] == "none,100.0,,1,0,0,1,100.0,dev,12,,")
  }

  @Test func eachModeShowsTheStricterOnesToo() throws {
    let rows = [
      try row("m", [1], controlled: nil, mode: .minimal), try row("v", [1], controlled: nil, mode: .verified),
      try row("d", [1], controlled: nil, mode: .dev),
    ]
    #expect(AlpacaLeaderboard.rows(rows, upTo: .verified).map(\.name) == ["m", "v"])
    #expect(AlpacaLeaderboard.rows(rows, upTo: .dev).count == 3)
  }
}

@Suite struct AlpacaDifficultyTests {
  private let easy = LengthControlSampleRows.contest
  private let hard = AlpacaContest(
    annotations: LengthControlSampleRows.contest.annotations.dropLast().map {
      AlpacaAnnotation(
        place: $0.place, baselineLength: $0.baselineLength, modelLength: $0.modelLength + 3 * $0.place,
        preference: $0.preference.map { $0 / 2 })
    }, promptCount: 20)

  private func made(_ difficulty: AlpacaDifficulty, _ contests: [AlpacaContest]) -> AlpacaBoard? {
    AlpacaBoard(ownSet: contests, difficulty: difficulty, anchor: nil, strength: .given(100))
  }

  @Test func suppliedDifficultiesAreTakenAsTheyAre() throws {
    let difficulties = LengthControlSampleRows.difficulties
    let board = try #require(made(.supplied(difficulties), [easy]))
    #expect(board.difficulties == difficulties)
    #expect(board.control?.usesDifficulty == true)
  }

  @Test func estimatesNeedModelsAndThenServeAll() throws {
    let board = try #require(made(.estimated(ridge: 0.5), [easy, hard]))
    #expect(board.difficulties?.count == 20)
    #expect(board.difficulties?.first == 0)
    let strong = try #require(board.entry("easy", easy, mode: nil)?.fit)
    let weak = try #require(board.entry("hard", hard, mode: nil)?.fit)
    #expect(strong.winRate > weak.winRate)
    #expect(made(.estimated(ridge: 0.5), []) == nil)
  }

  @Test func withoutDifficultyOnlyLengthIsControlled() throws {
    let board = try #require(made(.unused, [easy]))
    #expect(board.control?.usesDifficulty == false)
    #expect(board.entry("m", easy, mode: nil)?.fit?.weights.difficulty == 0)
  }
}
