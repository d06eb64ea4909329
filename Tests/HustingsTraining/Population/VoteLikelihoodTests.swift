import Foundation
import HustingsTraining
import Testing

@Suite("The likelihood of votes")
struct VoteLikelihoodTests {
  @Test func plackettLuceHasItsPublishedValues() {
    // Specification test B7: scores in ranked order, a full ranking, a best of three, and the first two alone.
    let likelihood = VoteLikelihood()
    #expect(abs(likelihood.value(scores: [1, 0.2, -0.5]).logProbability + 0.9174811217) < 1e-10)
    #expect(abs(likelihood.value(scores: [1, 0.2, -0.5], places: 1).logProbability + 0.5142950728) < 1e-10)
    #expect(abs(likelihood.value(scores: [1, 0.2]).logProbability + 0.3711006659) < 1e-10)
  }

  @Test(arguments: [0, 1, 2, 3, 4])
  func withoutTiesItIsThePlackettLuceLoss(places: Int) {
    let scores = [0.3, -1.2, 2.5, 0.1]
    let own = VoteLikelihood().value(scores: scores, places: places)
    let loss = PlackettLuce().value(scores: scores, places: places)
    #expect(abs(own.logProbability + loss.loss) < 1e-14)
    for (slope, other) in zip(own.slopes, loss.slopes) { #expect(abs(slope + other) < 1e-14) }
  }

  @Test(arguments: [0.2, 1, 5], [-3, -0.4, 0, 2.1])
  func twoResponsesWithTiesAreDavidsons(strength: Double, gap: Double) {
    let likelihood = VoteLikelihood(tieStrength: strength)
    let model = TieModel.davidson(strength: strength)
    let win = likelihood.value(scores: [gap, 0], places: 1)
    let tie = likelihood.value(scores: [gap, 0], places: 2, joins: [true, false])
    let won = model.value(z: gap, target: 1, tie: 0)
    let tied = model.value(z: gap, target: 0.5, tie: 1)
    #expect(abs(win.logProbability + won.loss) < 1e-13)
    #expect(abs(tie.logProbability + tied.loss) < 1e-13)
    #expect(abs(win.slopes[0] + won.slope) < 1e-13)
    #expect(abs(tie.slopes[0] + tied.slope) < 1e-13)
  }

  @Test(arguments: [0, 0.7])
  func probabilitiesOfAllOutcomesSumToOne(strength: Double) {
    let likelihood = VoteLikelihood(tieStrength: strength)
    let scores = [0.4, -0.9, 1.3]
    var total = 0.0
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let z = order.map { scores[$0] }
      total += exp(likelihood.value(scores: z, places: 2).logProbability)
      guard strength > 0 else { continue }
      // Tied pairs are of no order, so each stands in two of the six.
      total += exp(likelihood.value(scores: z, places: 3, joins: [true, false, false]).logProbability) / 2
      total += exp(likelihood.value(scores: z, places: 3, joins: [false, true, false]).logProbability) / 2
    }
    #expect(abs(total - 1) < 1e-14)
  }

  @Test(arguments: [0, 0.3, 4], [1, 2, 4])
  func slopesAreFiniteDifferences(strength: Double, places: Int) {
    let likelihood = VoteLikelihood(tieStrength: strength)
    let joins = [false, strength > 0, false, false]
    let scores = [0.8, -0.3, 1.9, -2.4]
    let slopes = likelihood.value(scores: scores, places: places, joins: joins).slopes
    for i in scores.indices {
      var (up, down) = (scores, scores)
      up[i] += 1e-5
      down[i] -= 1e-5
      let difference =
        likelihood.value(scores: up, places: places, joins: joins).logProbability
        - likelihood.value(scores: down, places: places, joins: joins).logProbability
      #expect(abs(slopes[i] - difference / 2e-5) < 1e-9)
    }
    #expect(abs(slopes.reduce(0, +)) < 1e-14)
  }

  @Test func scoresFarApartStayFinite() {
    let value = VoteLikelihood(tieStrength: 0.5).value(scores: [-900, 800, 0, -900], places: 3)
    #expect(value.logProbability.isFinite)
    #expect(abs(value.logProbability + 1700) < 1e-6)
    for slope in value.slopes { #expect(slope.isFinite) }
  }
}
