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

  /// Specification test B10 on fewer annotators: five seeds of each mix, the last of which leaves one type without anybody.
  @Test func theBanditIsRecoveredInFourteenOfFifteenSeeds() throws {
    var recovered = 0
    for shares in [[1.0 / 3, 1.0 / 3, 1.0 / 3], [0.2, 0.3, 0.5], [0.2, 0, 0.8]] {
      for seed in UInt64(1)...5 {
        let population = try HiddenPopulation(.bandit, shares: shares, annotators: 20, votes: 25, seed: seed)
        let result = try HiddenTypes.result(of: population, types: 3, beta: 5, seed: seed, workers: 2)
        if result.recovery == 1 { recovered += 1 }
        // The min-max mixture against the mixture by shares and every single policy, by the table of the policies found.
        #expect(result.found.fair <= result.found.shared + 1e-9)
        #expect(result.found.fair <= result.found.single + 1e-9)
        #expect(result.largestFall < 1e-5)
        if result.recovery == 1 { #expect(result.shareError < 1e-6) }
      }
    }
    #expect(recovered >= 14)
  }

  /// The same at its full size, from the paper's start of random policies: a third of the pairs are coin flips, so the floor of the
  /// loss is ln(2)/3 = 0.2310. On the true types' own policies the min-max mixture is no worse than any other.
  @Test func theBanditAtFullSizeEndsNearTheFloor() throws {
    let shares = [0.2, 0.3, 0.5]
    let population = try HiddenPopulation(.bandit, shares: shares, annotators: 100, votes: 100, seed: 2)
    let panel = population.panel
    let search = try TypeSearch(
      panel, LinearScores(population.features),
      TypeSettings(types: 3, iterations: 20, tolerance: 1e-7, ridge: 0.001, precision: 1e-4), workers: 2)
    let mixture = try search.run(from: .random(scale: 3, seed: 2))
    #expect(TypeAgreement(population.truth, mixture.assignments).recovery == 1)
    let logs = search.logLikelihoods(under: mixture)
    let loss =
      -zip(logs, mixture.responsibilities).reduce(0) { $0 + $1.0 * $1.1 } / Double(panel.votes.count)
    #expect(loss > 0.225 && loss < 0.25)
    for (share, counted) in zip(mixture.shares.sorted(), shares) { #expect(abs(share - counted) < 1e-6) }
    let reference = try PolicyTable.uniform(panel.menus)
    let ideal = try population.scores.map {
      try PolicyTable(name: "ideal", menus: panel.menus, scores: $0, beta: 5, reference: reference)
    }
    let table = try RegretTable(ideal, reference: reference)
    let fair = try MinMaxRegret(ideal, reference: reference, method: .exact, name: "fair")
    #expect(table.worst(fair.mixture) <= table.worst(shares) + 1e-9)
    for type in 0..<3 {
      #expect(table.worst(fair.mixture) <= table.worst((0..<3).map { $0 == type ? 1 : 0 }) + 1e-9)
    }
  }
}
