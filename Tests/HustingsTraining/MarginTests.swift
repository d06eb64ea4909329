import HustingsTraining
import Testing

/// Tests A1 to A3 and A5 of the margin: values computed with exact fractions and numpy from the formulas of Padmakumar et al.
@Suite struct MarginTests {
  @Test func theMarginIsHowFarTheVotesAreFromAnEvenSplit() throws {
    let cases = [(10, 10, 1.0), (9, 10, 0.8), (5, 10, 0), (2, 10, 0.6), (2, 3, 1.0 / 3)]
    for (chosen, valid, expected) in cases {
      let agreement = try #require(Votes(chosen: chosen, valid: valid).agreement)
      #expect(abs(agreement - expected) <= 1e-12)
    }
    #expect(Votes(chosen: 0, valid: 0).agreement == nil)
  }

  @Test func theMarginLossHasItsPublishedFormAndSlope() {
    let cases = [
      (0.0, 0.0, 0.693147, -0.5), (0, 0.8, 1.171101, -0.689974), (0.5, 0.8, 0.854355, -0.574443),
      (0.5, 0, 0.474077, -0.377541), (2, 1, 0.313262, -0.268941), (-1, 0.4, 1.620417, -0.802184),
    ]
    for (gap, margin, loss, slope) in cases {
      let value = PairLoss().value(score: gap, margin: margin)
      #expect(abs(value.loss - loss) <= 5e-7)
      #expect(abs(value.slope - slope) <= 5e-7)
    }
  }

  @Test func theBestGapSpreadsByAgreementAndIsZeroAtAnEvenSplit() {
    let cases = [
      (0.8, 0.0, 1.386294), (0.8, 0.6, 1.811555), (0.9, 0.8, 2.906695), (0.6, 0.2, 0.449537), (0.5, 0, 0),
      (0.5, 1, 0),
    ]
    for (share, margin, gap) in cases {
      #expect(abs(optimalGap(share: share, margin: margin) - gap) <= 5e-7)
      // There the expected slope over labels is 0, each label's margin towards its own side.
      let forward = PairLoss().value(score: gap, margin: margin).slope
      let backward = -PairLoss().value(score: -gap, margin: margin).slope
      #expect(abs(share * forward + (1 - share) * backward) <= 1e-6)
    }
    #expect(abs(optimalGap(share: 0.2, margin: 0.6) + optimalGap(share: 0.8, margin: 0.6)) <= 1e-12)
  }

  @Test func everyRuleMakesItsOwnOfTheSameVotes() {
    let against = Votes(chosen: 1, valid: 10).share
    #expect(MarginRule.absent.margin(share: against) == nil)
    #expect(MarginRule.unsigned(scale: 1).margin(share: against) == 0.8)
    #expect(MarginRule.unsigned(scale: 3).margin(share: against).map { abs($0 - 2.4) <= 1e-12 } == true)
    #expect(MarginRule.signed(scale: 1).margin(share: against) == -0.8)
    #expect(MarginRule.clipped(scale: 1).margin(share: against) == 0)
    #expect(MarginRule.constant(0.3).margin(share: against) == 0.3)
    #expect(MarginRule.constant(0.3).margin(share: nil) == 0.3)
    for rule in [MarginRule.unsigned(scale: 1), .signed(scale: 1), .clipped(scale: 1)] {
      #expect(rule.margin(share: nil) == nil)
    }
  }

  @Test func swappingAPairAndItsVotesLeavesTheMarginAndNegatesTheSignedOne() {
    for chosen in 0...7 {
      let votes = Votes(chosen: chosen, valid: 7)
      #expect(votes.swapped.agreement.map { abs($0 - (votes.agreement ?? -1)) <= 1e-12 } == true)
      let signed = MarginRule.signed(scale: 1)
      let sum = (signed.margin(share: votes.share) ?? 1) + (signed.margin(share: votes.swapped.share) ?? 1)
      #expect(abs(sum) <= 1e-12)
    }
  }

  @Test func aMarginOfZeroIsThePlainLossBitForBit() {
    for score in stride(from: Float(-3), through: 3, by: 0.37) {
      let plain = PairLoss().value(score: score)
      let zero = PairLoss().value(score: score, margin: 0)
      #expect(plain.loss == zero.loss)
      #expect(plain.slope == zero.slope)
    }
  }
}
