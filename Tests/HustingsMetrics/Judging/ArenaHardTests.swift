import Foundation
import HustingsMetrics
import HustingsStatistics
import Testing

@Suite struct ArenaHardRuleTests {
  @Test func versionOneWantsAllVerdictsToAgree() {
    #expect(ArenaHardRule.v01.reading(of: "first [[A>B]], so [[A>B]]") == .label(.firstBetter))
    #expect(ArenaHardRule.v01.reading(of: "[[A>B]] or [[B>A]]") == .contradictory(["A>B", "B>A"]))
    #expect(ArenaHardRule.v01.reading(of: "[A>B]") == .missing)
    #expect(ArenaHardRule.v01.reading(of: "[[a>b]]") == .missing)
    #expect(ArenaHardRule.v01.reading(of: "[[A>>A]]") == .unknown("A>>A"))
    #expect(ArenaHardRule.v01.reading(of: "[[A<B]]") == .unknown("A<B"))
  }

  @Test func versionTwoTakesTheLastVerdict() {
    #expect(ArenaHardRule.v2.reading(of: "[[A>B]] or [[B>A]]") == .label(.secondBetter))
    #expect(ArenaHardRule.v2.reading(of: "[[A>B]] then [B>A]") == .label(.firstBetter))
    #expect(ArenaHardRule.v2.reading(of: "verdict: [b>>a]") == .label(.secondMuchBetter))
    #expect(ArenaHardRule.v2.reading(of: "nothing") == .missing)
    #expect(ArenaHardRule.v2.reading(of: "[[A>>A]]") == .unknown("A>>A"))
  }

  @Test(
    arguments: [
      ("A<B", .secondBetter), ("A<<B", .secondMuchBetter), ("B=A", .tie), ("B<A", .firstBetter),
      ("B<<A", .firstMuchBetter),
    ] as [(String, ArenaHardLabel)])
  func versionTwoReadsLabelsTurnedRound(text: String, label: ArenaHardLabel) {
    #expect(ArenaHardRule.v2.reading(of: "[[\(text)]]") == .label(label))
  }
}

@Suite struct ArenaHardRowsTests {
  private func games(_ game1: ArenaHardReading, _ game2: ArenaHardReading) -> ArenaHardGames {
    ArenaHardGames(prompt: "p", model: "m", game1: game1, game2: game2)
  }

  @Test func strongVerdictsAreThreeRowsAndGamesAreTurnedRound() {
    // Game 1 shows the baseline as A, game 2 the model.
    let rows = ArenaHardRule.v01.rows([games(.label(.firstMuchBetter), .label(.firstBetter))])
    #expect(rows.map(\.credit) == [0, 0, 0, 1])
    #expect(
      ArenaHardRule.v01.rows([games(.label(.tie), .label(.secondMuchBetter))], strongRows: 2).map(\.credit)
        == [0.5, 0, 0])
  }

  @Test func versionOneDropsAGameAndVersionTwoThePrompt() {
    let pairs = [games(.missing, .label(.firstBetter))]
    #expect(ArenaHardRule.v01.rows(pairs).map(\.credit) == [1])
    #expect(ArenaHardRule.v2.rows(pairs).isEmpty)
  }

  @Test func whatCouldNotBeReadIsReported() {
    let report = ArenaHardReport([
      .label(.tie), .label(.tie), .missing, .contradictory(["A>B", "B>A"]), .unknown("A>>A"),
    ])
    #expect(report.labels == [.tie: 2])
    #expect(report.missing == 1 && report.contradictory == 1)
    #expect(report.unknown == ["A>>A": 1])
  }
}

@Suite struct ArenaHardScoreTests {
  private let rows =
    (0..<30).map { ArenaHardRow(prompt: "\($0 % 10)", credit: 1) }
    + (0..<50).map { ArenaHardRow(prompt: "\($0 % 10)", credit: 0) }
    + (0..<20).map { ArenaHardRow(prompt: "\($0 % 10)", credit: 0.5) }

  @Test func theScoreIsTheShareOfPoints() throws {
    let score = ArenaHardScore(rows)
    #expect((score.wins, score.losses, score.ties) == (30, 50, 20))
    #expect(score.share == 0.4)
    #expect(abs(try #require(score.rating()) - (1000 + 400 * log10(0.4 / 0.6))) < 1e-9)
  }

  @Test func bradleyTerryOnTheSameBattlesGivesTheSameRating() throws {
    let meetings = rows.map { BradleyTerry.Meeting(first: 1, second: 0, outcome: $0.credit, weight: 1) }
    let fit = try #require(
      BradleyTerry(
        models: 2, meetings: meetings, clusters: .singletons(rows.count), position: false,
        disconnected: .refuse))
    let ratings = fit.ratings(scale: 400, base: 10, initial: 1000)
    #expect(abs(try #require(ArenaHardScore(rows).rating()) - 1000 - (ratings[1] - ratings[0])) < 1e-8)
  }

  @Test func winningEverythingHasNoFiniteRating() {
    #expect(ArenaHardScore([ArenaHardRow(prompt: "p", credit: 1)]).rating() == nil)
    #expect(ArenaHardScore([]).share == nil)
  }

  @Test func theBootstrapHasTheSpreadOfTheRows() throws {
    // Variance of a row's points: E[c²] − 0.4² = 0.35 − 0.16.
    let bootstrap = try #require(ArenaHardScore.bootstrap(rows, resampling: .rows, rounds: 4000, seed: 1))
    #expect(abs(try #require(bootstrap.standardError) - (0.19 / 100).squareRoot()) < 0.002)
    #expect(ArenaHardScore.bootstrap(rows, resampling: .rows, rounds: 4000, seed: 1) == bootstrap)
  }

  @Test func promptsThatAreAllAlikeLeaveNoSpreadWhenTheyAreDrawnWhole() throws {
    let alike = (0..<10).flatMap { prompt in
      [1.0, 0, 0.5, 0].map { ArenaHardRow(prompt: "\(prompt)", credit: $0) }
    }
    let byPrompt = try #require(ArenaHardScore.bootstrap(alike, resampling: .prompts, rounds: 50, seed: 1))
    #expect(byPrompt.standardError == 0)
    #expect(ArenaHardScore.bootstrap([], resampling: .rows, rounds: 10, seed: 1) == nil)
  }
}

@Suite struct AnswerStyleTests {
  /// Expected: the regular expressions of arena-hard-auto's add_markdown_info.py under CPython 3.11.
  @Test(
    arguments: [
      (
        "# A\n## B\n\n1. x\n2. y\n - z\n* w **bold** and __b__\n```\n# not\n- not\n```\n### C",
        [1, 1, 1, 0, 0, 0, 2, 2, 1, 1]
      ),
      ("#\n-\n1.", [1, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
      ("a\n\n\n  3. q\n**a**b**c** **d\ne**", [0, 0, 0, 0, 0, 0, 1, 0, 2, 0]),
      ("```x``` x - \n```y", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      ("-\n- a\n+\tb\n#######\n#x", [0, 0, 0, 0, 0, 0, 0, 3, 0, 0]),
      ("", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ] as [(String, [Int])])
  func markdownIsCountedAsUpstreamCountsIt(text: String, expected: [Int]) {
    let counts = MarkdownCounts(text)
    #expect(
      counts.headers + [
        counts.orderedItems, counts.unorderedItems, counts.starredBolds, counts.underscoredBolds,
      ]
        == expected)
  }

  @Test func fencedTextIsRemovedWhereverElseItStands() {
    // Upstream takes the text out of the fence by value.
    #expect(MarkdownCounts("```- x\n```\n- x\n- y").unorderedItems == 1)
  }

  private let long = AnswerStyle(tokens: 120, headers: 2, listItems: 5, bolds: 3)
  private let short = AnswerStyle(tokens: 80, headers: 1, listItems: 0, bolds: 7)

  @Test func versionOneComparesCounts() {
    for (value, expected) in zip(
      long.excess01(over: short), [40.0 / 201, 1.0 / 4, 5.0 / 6, -4.0 / 11])
    { #expect(abs(value - expected) < 1e-15) }
  }

  @Test func versionTwoComparesLengthsAndDensities() {
    // numpy 2.4.6.
    for (value, expected) in zip(
      long.excess2(over: short),
      [0.2, 0.004065846886156289, 0.03968253968253968, -0.05545863557065466])
    { #expect(abs(value - expected) < 1e-15) }
  }

  @Test func excessTurnsRoundWithTheAnswers() {
    for (forth, back) in zip(long.excess01(over: short), short.excess01(over: long)) {
      #expect(forth == -back)
    }
    for (forth, back) in zip(long.excess2(over: short), short.excess2(over: long)) { #expect(forth == -back) }
  }
}

@Suite struct ArenaHardEntryTests {
  private let rows = (0..<200).map { ArenaHardRow(prompt: "\($0)", credit: Double($0 % 4 == 0 ? 1 : 0)) }

  @Test func versionOneScoresTheRowsAndVersionTwoItsResamples() throws {
    let one = try #require(ArenaHardRule.v01.entry("m", rows, averageTokens: 300, seed: 3))
    let two = try #require(ArenaHardRule.v2.entry("m", rows, averageTokens: nil, seed: 3))
    #expect(one.score == 0.25 && one.rows == 200 && one.averageTokens == 300)
    // The mean of 100 resamples lies within four of its standard errors.
    #expect(abs(two.score - 0.25) < 4 * (0.25 * 0.75 / 200 / 100).squareRoot() && two.score != 0.25)
  }

  @Test func theIntervalSaysItsLevel() throws {
    #expect(ArenaHardRule.v01.entry("m", rows, averageTokens: nil, seed: 1)?.interval?.level == 0.95)
    #expect(ArenaHardRule.v2.entry("m", rows, averageTokens: nil, seed: 1)?.interval?.level == 0.9)
    #expect(ArenaHardRule.v2.entry("m", [], averageTokens: nil, seed: 1) == nil)
  }

  @Test func identicalModelsHaveIdenticalLines() {
    #expect(
      ArenaHardRule.v2.entry("m", rows, averageTokens: nil, seed: 1)
        == ArenaHardRule.v2.entry("m", rows, averageTokens: nil, seed: 1))
  }
}
