import Foundation
import HustingsStatistics
import Testing

@Suite("Social choice")
struct SocialChoiceTests {
  private func table(_ above: [[Double]]) -> SocialChoice {
    // Rows above the diagonal; the rest follows.
    let count = above.count + 1
    var rates = [[Double]](repeating: [Double](repeating: 0.5, count: count), count: count)
    for i in 0..<count {
      for j in i + 1..<max(i + 1, count) {
        rates[i][j] = above[i][j - i - 1]
        rates[j][i] = 1 - rates[i][j]
      }
    }
    return SocialChoice(winRates: rates)
  }

  @Test func aCondorcetWinnerIsTheWholeLottery() throws {
    let choice = table([[0.6, 0.51], [0.9]])
    #expect(choice.condorcetWinner == 0)
    #expect(choice.copeland == [2, 0, -2])
    let lottery = try #require(choice.maximalLottery)
    #expect(lottery.weights == [1, 0, 0])
    #expect(abs(choice.borda[0] - 0.555) < 1e-12)
    #expect(abs(choice.borda[1] - 0.65) < 1e-12)
    #expect(choice.cyclicTriples.cyclic == 0)
  }

  @Test func aRingIsSharedByItsOppositeEdges() throws {
    // a beats b by .1 above ½, b beats c by .2, c beats a by .3: the optimal mix is (.2, .3, .1)/.6.
    let choice = table([[0.6, 0.2], [0.7]])
    #expect(choice.condorcetWinner == nil)
    #expect(choice.copeland == [0, 0, 0])
    let lottery = try #require(choice.maximalLottery)
    for (weight, expected) in zip(lottery.weights, [1.0 / 3, 0.5, 1.0 / 6]) {
      #expect(abs(weight - expected) < 1e-12)
    }
    #expect(abs(lottery.excess) < 1e-12)
    #expect(choice.cyclicTriples.cyclic == 1)
    #expect((choice.cyclicity ?? 0) > 0.5)
  }

  @Test func strengthsExplainWhatTheyMade() throws {
    let truth = [0.7, 0.1, -0.8]
    let choice = SocialChoice(
      winRates: truth.map { a in truth.map { 1 / (1 + exp($0 - a)) } })
    let strengths = try #require(choice.strengths)
    for (strength, expected) in zip(strengths, truth) { #expect(abs(strength - expected) < 1e-8) }
    #expect(abs(choice.cyclicity ?? 1) < 1e-12)
  }

  @Test func evenCompetitorsHaveNoWinner() throws {
    let choice = table([[0.5]])
    #expect(choice.condorcetWinner == nil)
    #expect(choice.copeland == [0, 0])
    #expect(choice.borda == [0.5, 0.5])
  }

  @Test func certainWinsHaveNoLogOdds() {
    #expect(table([[1]]).cyclicity == nil)
    #expect(SocialChoice(winRates: [[0.5]]).borda == [0.5])
    #expect(SocialChoice(winRates: [[0.5]]).strengths == nil)
  }
}
