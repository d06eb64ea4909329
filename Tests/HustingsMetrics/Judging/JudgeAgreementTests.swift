import Hustings
import HustingsMetrics
import Testing

@Suite struct PairLabelTests {
  @Test func theMajorityOfAsManyIsATie() {
    #expect(PairLabel.majority([.first, .second, .tie]) == .tie)
    #expect(PairLabel.majority([.first, .tie, .tie]) == .first)
    #expect(PairLabel.majority([]) == nil)
  }

  @Test func unreadableVerdictsAreNoLabel() {
    #expect(PairLabel(.unreadable("x")) == nil)
    #expect(PairLabel(.second) == .second)
    #expect(PairLabel(preference: 0.5) == .tie && PairLabel(preference: 0.6) == .second)
  }

  @Test func mirroringTwiceChangesNothing() {
    for label in PairLabel.allCases {
      #expect(label.mirrored.mirrored == label)
      #expect(label.credit + label.mirrored.credit == 1)
    }
  }
}

@Suite struct JudgeAgreementTests {
  private func opinion(_ prompt: String, _ first: String, _ second: String, _ label: PairLabel)
    -> LabelledPair
  {
    LabelledPair(.init(prompt: prompt, first: first, second: second), label)
  }

  @Test func winRatesCountTiesAsHalf() {
    let rates = LabelledPair.winRates([opinion("1", "a", "b", .first), opinion("2", "b", "a", .tie)])
    #expect(rates == ["a": 0.75, "b": 0.25])
  }

  @Test func majoritiesKeepTheOrderOfThePairs() {
    let majorities = LabelledPair.majorities([
      opinion("2", "a", "b", .second), opinion("1", "a", "b", .first), opinion("2", "a", "b", .second),
    ])
    #expect(majorities == [opinion("2", "a", "b", .second), opinion("1", "a", "b", .first)])
  }

  @Test func kappasAgreeWithTheirFormulas() throws {
    // Two raters, six pairs, four equal. Cohen: p_e = (3·2 + 2·3 + 1·1) / 36. Fleiss: p_e = (5² + 5² + 2²) / 144.
    let agreement = try #require(
      LabelAgreement(
        [.first, .first, .first, .second, .second, .tie],
        [.first, .first, .second, .second, .second, .tie].map { $0 }))
    #expect(agreement.count == 6)
    #expect(abs(agreement.accuracy - 5.0 / 6) < 1e-15)
    let cohen = (5.0 / 6 - 13.0 / 36) / (1 - 13.0 / 36)
    #expect(abs(try #require(agreement.cohenKappa) - cohen) < 1e-14)
    let fleiss = (5.0 / 6 - 54.0 / 144) / (1 - 54.0 / 144)
    #expect(abs(try #require(agreement.fleissKappa) - fleiss) < 1e-14)
    #expect(agreement.decidedCount == 5)
    #expect(agreement.decidedAccuracy == 0.8)
  }

  @Test func aReferenceServesBothOrders() throws {
    let reference = [opinion("1", "a", "b", .first)]
    let agreement = try #require(
      LabelAgreement(
        [opinion("1", "a", "b", .first), opinion("1", "b", "a", .first), opinion("9", "a", "b", .first)],
        with: reference))
    #expect(agreement.count == 2)
    #expect(agreement.accuracy == 0.5)
  }

  @Test func votesAreComparedOneByOne() {
    let judge = [opinion("1", "a", "b", .first), opinion("2", "a", "b", .tie)]
    let people = [
      opinion("1", "a", "b", .first), opinion("1", "b", "a", .second), opinion("1", "a", "b", .tie),
      opinion("2", "a", "b", .tie), opinion("3", "a", "b", .first),
    ]
    #expect(VoteAgreement(judge, with: people, ties: true).share == 0.75)
    #expect(VoteAgreement(judge, with: people, ties: false).comparisons == 2)
    #expect(VoteAgreement(judge, with: people, ties: false).share == 1)
    let among = VoteAgreement(among: people, ties: true)
    #expect((among.agreeing, among.comparisons) == (1, 3))
    #expect(VoteAgreement([], with: people, ties: true).share == nil)
  }

  @Test func positionBiasShowsInTheSharesAndInSwaps() {
    let bias = PositionBias([
      opinion("1", "a", "b", .first), opinion("1", "b", "a", .first), opinion("2", "a", "b", .second),
      opinion("2", "b", "a", .first), opinion("3", "a", "b", .tie),
    ])
    #expect(bias.firstShare == 0.6 && bias.secondShare == 0.2 && bias.tieShare == 0.2)
    // Prompt 1 contradicts itself, prompt 2 does not, prompt 3 was shown one way only.
    #expect(bias.swapConsistency == 0.5)
    #expect(PositionBias([]).firstShare == nil)
  }
}

@Suite struct RepeatedJudgmentsTests {
  @Test func varianceIsTheDistanceOfOneFromTheOthers() throws {
    // Upstream's example: [1,1,1,1] and [2,2,2,1]; one against the mode of three gives an error of 0.125.
    let judgments = RepeatedJudgments([[1, 1, 1, 1], [2, 2, 2, 1]])
    #expect(try #require(judgments.variance) == 0.125)
    #expect(judgments.count == 8)
    #expect(judgments.firstShare == 5.0 / 8)
  }

  @Test func oldDrawsAreRead() {
    #expect(RepeatedJudgments([[0, 1.5]]).variance == 0)
  }

  @Test func biasComparesConsensusAndAgreementSingleJudgments() throws {
    let judge = RepeatedJudgments([[1, 1, 2], [2, 2, 2]])
    let people = RepeatedJudgments([[2, 2, 2], [2, 2, 2]])
    #expect(try #require(judge.bias(against: people)) == 0.5)
    #expect(abs(try #require(judge.agreement(with: people)) - (1 - 2.0 / 6)) < 1e-15)
    #expect(RepeatedJudgments([]).bias(against: RepeatedJudgments([])) == nil)
  }

  @Test func theConsensusOfWeightedJudgmentsIsTheirMedian() {
    #expect(RepeatedJudgments.consensus([1.1, 1.9, 1.3]) == 1.3)
    #expect(RepeatedJudgments.consensus([1.25, 1.75]) == 1.5)
  }

  @Test func tiesAreBrokenAsUpstreamBreaksThem() {
    // pandas' sample(1, random_state=123) takes the second of two values and the first of three.
    #expect(RepeatedJudgments.consensus([2, 1]) == 2)
    #expect(RepeatedJudgments.consensus([2, 1, 1.5]) == 1)
  }
}

@Suite struct JudgeTasteTests {
  private func pair(_ first: String, _ second: String, _ label: PairLabel) -> JudgeTaste.Pair {
    JudgeTaste.Pair(first: first, second: second, label: label)
  }

  @Test func onlyClearDifferencesInLengthCount() {
    let long = String(repeating: "x", count: 40)
    let taste = JudgeTaste.longer([
      pair(long, "x", .first), pair("x", long, .first), pair(long, "x", .tie), pair("xx", "x", .first),
      pair(String(repeating: "x", count: 31), "x", .first),
    ])
    #expect((taste.eligible, taste.preferring) == (2, 1))
    #expect(taste.share == 0.5)
    #expect(JudgeTaste.longer([]).share == nil)
  }

  @Test func lengthsAreCodePointsAndNotLetters() {
    // A family emoji is one letter of seven code points.
    let family = String(repeating: "👨‍👩‍👧‍👦", count: 5)
    #expect(JudgeTaste.longer([pair(family, "abc", .first)]).eligible == 1)
  }

  /// Expected: upstream's regular expressions under CPython 3.11.
  @Test(
    arguments: [
      ("• one", true, true), ("Say 3.5 words", true, false), ("- one", false, true), ("a) one", true, true),
      ("a)one", true, false), ("see (b) x", true, false), ("plain text", false, false), ("1.", false, false),
      ("x\n  * y", true, true), ("* ", false, false), ("- \n\n!? word", false, true),
      ("e.g. this", true, false),
      ("", false, false), ("12) twelve", true, true), ("ends with a.", false, false),
    ] as [(String, Bool, Bool)])
  func bothRulesForListsAreUpstreams(text: String, anywhere: Bool, atLineStart: Bool) {
    #expect(ListRule.anywhere.hasList(text) == anywhere)
    #expect(ListRule.atLineStart.hasList(text) == atLineStart)
  }

  @Test func listsCountWhereOneSideHasThem() {
    let taste = JudgeTaste.lists(
      [pair("* a", "a b", .first), pair("a b", "* a", .first), pair("* a", "* b", .first)], by: .anywhere)
    #expect((taste.eligible, taste.preferring) == (2, 1))
  }
}
