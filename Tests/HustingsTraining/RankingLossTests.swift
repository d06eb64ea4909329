import Foundation
import HustingsTraining
import Testing

@Suite struct RankingLossTests {
  static let scores = [1.0, 0.2, -0.5]

  /// Test B7: the log-likelihood of one ranking of three, computed in double precision from the definition.
  @Test func plackettAndLuceMatchTheReferenceValues() {
    let full = PlackettLuce().value(scores: Self.scores)
    #expect(abs(full.loss - 0.9174811217) <= 1e-10)
    #expect(abs(exp(-full.loss) - 0.3995241274) <= 1e-10)
    #expect(abs(PlackettLuce().value(scores: Self.scores, places: 1).loss - 0.5142950728) <= 1e-10)
    let pair = PlackettLuce().value(scores: Array(Self.scores.prefix(2)))
    #expect(abs(pair.loss - 0.3711006659) <= 1e-10)
    #expect(abs(pair.loss - PairLoss().value(score: 0.8).loss) <= 1e-12)
  }

  @Test(arguments: [nil, 0, 1, 2, 3])
  func slopesAreCentralDifferences(_ places: Int?) {
    let scores = [0.3, -1.2, 0.9, 2]
    let loss = PlackettLuce(temperature: 0.7)
    let slopes = loss.value(scores: scores, places: places).slopes
    for index in scores.indices {
      let slope = derivative(at: scores[index]) {
        var moved = scores
        moved[index] = $0
        return loss.value(scores: moved, places: places).loss
      }
      #expect(agree(slopes[index], slope))
    }
    #expect(abs(slopes.reduce(0, +)) <= 1e-12)
  }

  @Test func theSixRankingsOfThreeHaveProbabilityOneTogether() {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let total = orders.reduce(0.0) { sum, order in
      sum + exp(-PlackettLuce().value(scores: order.map { Self.scores[$0] }).loss)
    }
    #expect(abs(total - 1) <= 1e-12)
  }

  @Test func aRankingOfOneSaysNothing() {
    let value = PlackettLuce().value(scores: [2.0])
    #expect(value.loss == 0)
    #expect(value.slopes == [0])
  }
}
