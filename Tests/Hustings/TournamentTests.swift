import Hustings
import Testing

@Suite struct TournamentTests {
  @Test func rewardsGiveDifferences() {
    let tournament = Tournament(rewards: [1, 3, -2])
    #expect(tournament.margin(0, 1) == -2)
    #expect(tournament.margin(1, 0) == 2)
    #expect(tournament.margin(1, 2) == 5)
    #expect(tournament.isOrdered == false)
    #expect(tournament.matchups == Matchup.all(among: 3))
  }

  @Test func aMissingRewardIsAnAbsenceAndNeverZero() {
    let absence = Absence(.abstention, "the row is missing")
    let tournament = Tournament(rewards: [1, nil, 0], absences: [1: absence])
    #expect(tournament.margin(0, 1) == nil)
    #expect(tournament.absence(0, 1) == absence)
    #expect(tournament.absence(1, 2) == absence)
    #expect(tournament.margin(0, 2) == 1)
    #expect(tournament.absence(0, 2) == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoFiniteNumberIsInvalid(value: Double) {
    #expect(Tournament(rewards: [value, 0]).absence(0, 1)?.kind == .invalid)
    #expect(Judgment(logOdds: value).absence?.kind == .invalid)
  }

  @Test func symmetricMarginsHoldInBothOrders() {
    let tournament = Tournament(count: 3, symmetric: [Matchup(2, 0): .margin(0.5)])
    #expect(tournament.margin(2, 0) == 0.5)
    #expect(tournament.margin(0, 2) == -0.5)
    #expect(tournament.judgment(Matchup(0, 2)) == .margin(-0.5))
    #expect(tournament.matchups == [Matchup(0, 2)])
  }

  @Test func aMatchupNotAskedIsNotAnswered() {
    let tournament = Tournament(count: 3, symmetric: [Matchup(0, 1): .margin(1)])
    #expect(tournament.judgment(Matchup(1, 2)) == nil)
    #expect(tournament.margin(1, 2) == nil)
    #expect(tournament.absence(1, 2) == nil)
  }

  @Test func bothOrdersAreKeptAndNetted() {
    let tournament = Tournament(
      count: 2, ordered: [Matchup(0, 1): .margin(3), Matchup(1, 0): .margin(1)])
    #expect(tournament.judgment(Matchup(0, 1)) == .margin(3))
    #expect(tournament.judgment(Matchup(1, 0)) == .margin(1))
    #expect(tournament.margin(0, 1) == 1)
    #expect(tournament.margin(1, 0) == -1)
    #expect(tournament.isOrdered)
  }

  @Test func oneAnsweredOrderSpeaksForBoth() {
    let silence = Judgment.absent(Absence(.abstention, "unreadable"))
    let tournament = Tournament(count: 2, ordered: [Matchup(0, 1): silence, Matchup(1, 0): .margin(2)])
    #expect(tournament.margin(0, 1) == -2)
    #expect(tournament.absence(0, 1) == nil)
    let silent = Tournament(count: 2, ordered: [Matchup(0, 1): silence, Matchup(1, 0): silence])
    #expect(silent.margin(0, 1) == nil)
    #expect(silent.absence(0, 1)?.kind == .abstention)
  }

  @Test func zeroStaysZeroWhenTurnedRound() {
    #expect(Judgment.margin(0).negated == .margin(0))
    #expect(Judgment.margin(0).negated.logOdds?.sign == .plus)
  }
}
