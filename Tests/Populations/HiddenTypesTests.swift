import HustingsFixtures
import HustingsTraining
import Populations
import Testing

@Suite("Hidden types")
struct HiddenTypesTests {
  @Test(arguments: HiddenPopulation.Kind.allCases)
  func populationsAreFunctionsOfTheSeed(kind: HiddenPopulation.Kind) throws {
    func population(_ seed: UInt64) throws -> HiddenPopulation {
      try HiddenPopulation(kind, shares: [0.5, 0.25, 0.25], annotators: 8, votes: 4, seed: seed)
    }
    let (one, same, other) = (try population(3), try population(3), try population(4))
    #expect(one.panel.votes == same.panel.votes)
    #expect(one.features == same.features)
    #expect(one.features != other.features)
    #expect(one.truth.count { $0 == 0 } == 4)
    #expect(one.panel.votes.count == 32)
    #expect(one.scores.count == 3)
    #expect(one.panel.patterns.holdsTies == (kind == .ties) || kind == .ties)
  }

  @Test(arguments: [HiddenPopulation.Kind.binary, .ranking])
  func typesAreFoundAgainAndMinMaxIsNoWorse(kind: HiddenPopulation.Kind) throws {
    let population = try HiddenPopulation(kind, shares: [0.6, 0.4], annotators: 20, votes: 30, seed: 1)
    let result = try HiddenTypes.result(of: population, types: 2, beta: 1, seed: 1)
    #expect(result.recovery >= 0.9)
    #expect(result.found.fair <= result.found.shared + 1e-12)
    #expect(result.found.fair <= result.found.single + 1e-12)
    #expect(result.largestFall < 1e-6)
  }

  @Test func theBanditIsRecoveredAndItsLossIsNearTheFloor() throws {
    // Specification test B10 on fewer annotators: a third of the pairs are coin flips, so the floor is ln(2)/3 = 0.2310.
    let population = try HiddenPopulation(
      .bandit, shares: [0.2, 0.3, 0.5], annotators: 20, votes: 40, seed: 5)
    let result = try HiddenTypes.result(of: population, types: 3, beta: 5, seed: 5)
    #expect(result.recovery == 1)
    #expect(result.loss > 0.17 && result.loss < 0.25)
    #expect(result.found.fair <= result.found.shared + 1e-12)
  }
}
