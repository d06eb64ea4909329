import Hustings
import HustingsMetrics
import Testing

@Suite struct MTBenchReplyTests {
  @Test(
    arguments: [
      ("Rating: [[7]]", 7), ("[[8.5]] and [[2]]", 8.5), ("I give [3].", 3), ("[3] but finally [[9]]", 9),
      ("[[x]] [5]", 5), ("[[[6]]]", 6), ("[[10.]]", 10),
    ] as [(String, Double)])
  func theFirstDoubleBracketCountsThenTheFirstSingle(reply: String, expected: Double) {
    #expect(MTBenchReply.rating(in: reply) == expected)
  }

  @Test(arguments: ["", "8/10", "[[]]", "[[7.5.1]]", "[[.5]]", "[[-1]]", "$ERROR$", "[[ 7 ]]"])
  func aReplyWithoutARatingHasNone(reply: String) {
    #expect(MTBenchReply.rating(in: reply) == nil)
  }

  @Test func wholeRatingsStandAlone() {
    #expect(MTBenchReply.wholeRating(in: "Rating: [[7]]") == 7)
    for reply in ["[[7.5]]", "[[7]] [[7]]", "[7]", "", "[[]]"] {
      #expect(MTBenchReply.wholeRating(in: reply) == nil)
    }
    #expect(MTBenchReply.wholeRating(in: "[[]] [[10]]") == 10)
  }

  @Test func verdictsAreTestedInTheOrderABC() {
    #expect(MTBenchReply.verdict(in: "[[B]] no, [[A]]") == .first)
    #expect(MTBenchReply.verdict(in: "[[C]] or [[B]]") == .second)
    #expect(MTBenchReply.verdict(in: "so [[C]]") == .tie)
    #expect(MTBenchReply.verdict(in: "[[C]]") == .tie)
    #expect(MTBenchReply.verdict(in: "[[[C]]]") == .tie)
    #expect(MTBenchReply.verdict(in: "[[[[") == .unreadable("[[[["))
    #expect(MTBenchReply.verdict(in: "") == .unreadable(""))
    #expect(MTBenchReply.verdict(in: "[[[A]] [[B]") == .first)
    #expect(MTBenchReply.verdict(in: "[A]") == .unreadable("[A]"))
  }

  @Test func twoRatingsWithinATenthAreATie() {
    #expect(MTBenchReply.verdict(byRatingsIn: "[[8,7.5]]") == .first)
    #expect(MTBenchReply.verdict(byRatingsIn: "so [[7, 9]]") == .second)
    #expect(MTBenchReply.verdict(byRatingsIn: "[[7,7.1]]") == .tie)
    #expect(MTBenchReply.verdict(byRatingsIn: "[[7]]") == .unreadable("[[7]]"))
  }
}

@Suite struct MTBenchScoresTests {
  private func grade(_ question: String, turn: Int, _ rating: Double?, category: String? = nil)
    -> MTBenchGrade
  {
    MTBenchGrade(question: question, category: category, model: "m", turn: turn, judge: "j", rating: rating)
  }

  @Test func failuresAreCountedAndNotAveraged() {
    let scores = MTBenchScores([grade("1", turn: 1, 8), grade("1", turn: 2, nil), grade("2", turn: 1, 5)])
    #expect(scores.rows == 3 && scores.failed == 1)
    #expect(scores.average == 6.5)
    #expect(scores.byTurn == [1: 6.5])
  }

  @Test func categoriesAreAveragedOverBothTurns() {
    let scores = MTBenchScores([
      grade("1", turn: 1, 8, category: "math"), grade("1", turn: 2, 4, category: "math"),
      grade("2", turn: 1, 9, category: "stem"),
    ])
    #expect(scores.byCategory == ["math": 6, "stem": 9])
  }

  @Test func repeatsCountTwiceUnlessTakenOut() {
    let grades = [grade("1", turn: 1, 8), grade("1", turn: 1, 2), grade("1", turn: 2, 3)]
    #expect(MTBenchScores(grades).average == 13.0 / 3)
    #expect(MTBenchScores.firstOccurrences(grades) == [grades[0], grades[2]])
  }

  @Test func withoutRatingsThereIsNoMean() {
    #expect(MTBenchScores([grade("1", turn: 1, nil)]).average == nil)
    #expect(MTBenchScores([]).byTurn.isEmpty)
  }
}

@Suite struct MTBenchPairingTests {
  private func pairing(_ game1: MTBenchPairing.Winner, _ game2: MTBenchPairing.Winner) -> MTBenchPairing {
    MTBenchPairing(question: "q", first: "a", second: "b", game1: game1, game2: game2)
  }

  @Test func aWinNeedsBothGames() {
    #expect(pairing(.first, .first).result == .first)
    #expect(pairing(.first, .second).result == .tie)
    #expect(pairing(.first, .tie).result == .tie)
    #expect(pairing(.tie, .tie).result == .tie)
    #expect(pairing(.first, .unreadable).result == nil)
  }

  @Test func theSecondGameShowsTheModelsTheOtherWayRound() {
    #expect(MTBenchPairing.Winner(.first, isSwapped: true) == .second)
    #expect(MTBenchPairing.Winner(.second, isSwapped: false) == .second)
    #expect(MTBenchPairing.Winner(.unreadable("x"), isSwapped: true) == .unreadable)
  }

  @Test func ratesCountTiesAsHalfWhenAdjusted() throws {
    let records = MTBenchRecord.byModel([
      pairing(.first, .first), pairing(.first, .second), pairing(.second, .second), pairing(.second, .second),
      pairing(.unreadable, .first),
    ])
    let a = try #require(records["a"])
    #expect((a.wins, a.losses, a.ties) == (1, 2, 1))
    #expect(a.winRate == 0.25 && a.lossRate == 0.5 && a.adjustedWinRate == 0.375)
    #expect(records["b"]?.adjustedWinRate == 0.625)
  }

  @Test func againstABaselineOnlyItsPairingsCount() {
    let pairings = [
      pairing(.first, .first),
      MTBenchPairing(question: "q", first: "c", second: "d", game1: .first, game2: .first),
    ]
    #expect(MTBenchRecord.byModel(pairings, baseline: "b").keys.sorted() == ["a", "b"])
    #expect(MTBenchRecord.byModel(pairings).keys.sorted() == ["a", "b", "c", "d"])
  }

  @Test func consistencyComparesBothGamesAsTheyStand() {
    #expect(
      MTBenchRecord.consistency([
        pairing(.first, .first), pairing(.unreadable, .unreadable), pairing(.tie, .first),
      ]) == 2.0 / 3)
    #expect(MTBenchRecord.consistency([]) == nil)
  }
}

@Suite struct MTBenchPlanTests {
  @Test func meetingsFollowTheMode() {
    let models = ["a", "b", "c"]
    #expect(MTBenchPlan.single.meetings(of: models) == [["a"], ["b"], ["c"]])
    #expect(MTBenchPlan.pairwiseBaseline("b").meetings(of: models) == [["a", "b"], ["c", "b"]])
    #expect(MTBenchPlan.pairwiseAll.meetings(of: models) == [["a", "b"], ["a", "c"], ["b", "c"]])
  }

  @Test func mathReasoningAndCodingAreJudgedByReference() {
    #expect(MTBenchPlan.single.promptName(category: "math", turn: 1) == "single-math-v1")
    #expect(MTBenchPlan.single.promptName(category: "writing", turn: 2) == "single-v1-multi-turn")
    #expect(MTBenchPlan.pairwiseAll.promptName(category: "coding", turn: 2) == "pair-math-v1-multi-turn")
    #expect(MTBenchPlan.pairwiseAll.promptName(category: "stem", turn: 1) == "pair-v2")
    #expect(MTBenchPlan.categories.count == 8)
  }
}

@Suite struct VicunaReviewTests {
  @Test func theFirstLineIsABarePairOrNothing() {
    #expect(ScorePair(firstLineOf: "8 9\nprose 1 2") == ScorePair(first: 8, second: 9))
    #expect(ScorePair(firstLineOf: "8,9.5") == ScorePair(first: 8, second: 9.5))
    for text in ["8, 9", "8  9", "8", "8 9 10", "First, I will solve it.", "", "a b", "nan 1"] {
      #expect(ScorePair(firstLineOf: text) == nil, "\(text)")
    }
  }

  @Test func scoresSetByHandCountWhereNothingCanBeRead() throws {
    let read = try #require(
      VicunaReview(question: "1", reply: "8 9\n", fallback: ScorePair(first: 0, second: 0)))
    let fixed = try #require(
      VicunaReview(question: "2", reply: "Well…", fallback: ScorePair(first: 3, second: 3)))
    #expect(VicunaReview(question: "3", reply: "Well…", fallback: nil) == nil)
    let totals = VicunaTotals([read, fixed])
    #expect((totals.first, totals.second) == (11, 12))
    #expect((totals.firstBetter, totals.secondBetter, totals.ties, totals.unreadable) == (0, 1, 1, 1))
  }
}

@Suite struct FieldRateTests {
  /// Two questions of two turns, three models: what each pairing came to is made up, one of them unreadable.
  private let pairings: [MTBenchPairing] = {
    let winners: [MTBenchPairing.Winner] = [.first, .second, .tie, .first, .unreadable, .second, .first]
    var all: [MTBenchPairing] = []
    for question in ["81/1", "81/2", "82/1", "82/2"] {
      for (first, second) in [("a", "b"), ("a", "c"), ("b", "c")] {
        let number = all.count
        all.append(
          MTBenchPairing(
            question: question, first: first, second: second, game1: winners[number % 7],
            game2: winners[(number * 3 + 1) % 7]))
      }
    }
    return all
  }()

  private func trials(of model: String) -> [Trial] {
    ["81/1", "81/2", "82/1", "82/2"].map { question in
      var count = PairingCount()
      for pairing in pairings
      where pairing.question == question && [pairing.first, pairing.second].contains(model) {
        let judgment: Judgment =
          switch pairing.result {
          case nil, .unreadable?: .absent(Absence(.abstention, "unreadable"))
          case .tie?: .margin(0)
          case .first?: .margin(pairing.first == model ? 1 : -1)
          case .second?: .margin(pairing.second == model ? 1 : -1)
          }
        count.add(judgment, isAgreed: pairing.game1 == pairing.game2)
      }
      let example = Example(
        id: question, subset: "math", prompt: Prompt(question), candidates: [Candidate("model", .seat)],
        gold: .ratings([nil]))
      return Trial(key: example.key, tournament: count.tournament(), traits: count.traits)
    }
  }

  @Test(arguments: ["a", "b", "c"])
  func aBoardHasTheRecordThatFastChatPrints(model: String) throws {
    let record = try #require(MTBenchRecord.byModel(pairings)[model])
    let trials = trials(of: model)
    func value(_ metric: any Metric) -> Double? { metric.estimate(trials)?.value }
    for (measure, expected) in [
      (FieldRate.Measure.adjusted, record.adjustedWinRate), (.wins, record.winRate),
      (.losses, record.lossRate),
      (.ties, record.winRate.flatMap { win in record.lossRate.map { 1 - win - $0 } }),
    ] {
      let rate = try #require(value(FieldRate("r", measure)))
      let share = try #require(expected)
      #expect(abs(rate - 100 * share) < 1e-10)
    }
    #expect(value(FieldCount("w", of: Trait.wins)) == Double(record.wins))
    #expect(value(FieldCount("l", of: Trait.losses)) == Double(record.losses))
    #expect(value(FieldCount("t", of: Trait.ties)) == Double(record.ties))
    let own = pairings.filter { [$0.first, $0.second].contains(model) }
    let consistency = try #require(MTBenchRecord.consistency(own))
    #expect(abs((value(FieldRate("s", .agreement)) ?? 0) - 100 * consistency) < 1e-10)
  }

  @Test func aTurnIsARateOfItsOwn() throws {
    let first = FieldRate("turn 1", .adjusted) { $0.item.hasSuffix("/1") }
    let expected = MTBenchRecord.byModel(pairings.filter { $0.question.hasSuffix("/1") })["a"]?
      .adjustedWinRate
    #expect(abs((first.estimate(trials(of: "a"))?.value ?? 0) - 100 * (expected ?? 1)) < 1e-10)
    #expect(first.outcomes(trials(of: "a")).count == 2)
    #expect(FieldRate("r", .adjusted).estimate([]) == nil)
  }
}
