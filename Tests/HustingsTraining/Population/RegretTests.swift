import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining
import Testing

/// Numbers are those of specification tests B5, B8 and B9, computed there with numpy, scipy and closed forms.
@Suite("Min-max regret")
struct RegretTests {
  private func tables(_ policies: [[Double]]) throws -> ([PolicyTable], PolicyTable) {
    var builder = VotePanelBuilder()
    let (menu, responses) = Panels.menu(&builder, "q", policies[0].count)
    let annotator = try builder.annotator("someone")
    try builder.add(.best(0, of: responses.count), on: responses, of: menu, by: annotator)
    let menus = try builder.build().menus
    return (
      try policies.enumerated().map {
        try PolicyTable(name: "type \($0)", menus: menus, logProbabilities: $1.map { log($0) })
      }, try .uniform(menus)
    )
  }

  private let pair = [[0.9, 0.1], [0.2, 0.8]]

  @Test func regretsAreDifferencesOfExactExpectations() throws {
    let (policies, reference) = try tables(pair)
    let table = try RegretTable(policies, reference: reference)
    let expected = [[0.36806421, -1.16999300], [-0.77766130, 0.19274476]]
    for (row, values) in zip(table.values, expected) {
      for (value, other) in zip(row, values) { #expect(abs(value - other) < 1e-8) }
    }
    #expect(abs(table.regrets[0][1] - 1.53805720) < 1e-8)
    #expect(abs(table.regrets[1][0] - 0.97040605) < 1e-8)
    #expect(abs(table.worst([1, 0]) - 0.97040605) < 1e-8)
    #expect(abs(table.worst([0.5, 0.5]) - 0.76902860) < 1e-8)
  }

  @Test(arguments: [
    ([1.0, 1.0], 0.61314719, 0.59500175, 0.61326009, 0.59511131, 0.61418573, 0.59600955),
    ([2.0, 1.0], 0.76018753, 0.73769058, 0.76036487, 0.73786267, 0.76172937, 0.73918679),
    ([1.0, 8.0], 0.16535928, 1.28372517, 0.16525255, 1.28388933, 0.16459314, 1.28490354),
  ])
  func twoTypesHaveAClosedForm(
    weights: [Double], share: Double, value: Double, longShare: Double, longValue: Double, shortShare: Double,
    shortValue: Double
  ) throws {
    let (policies, reference) = try tables(pair)
    let exact = try MinMaxRegret(
      policies, reference: reference, weights: weights, method: .exact, name: "fair")
    #expect(abs(exact.mixture[0] - share) < 1e-8)
    #expect(abs(exact.value - value) < 1e-8)
    for (rounds, share, value) in [(100_000, longShare, longValue), (1000, shortShare, shortValue)] {
      let play = try MinMaxRegret(
        policies, reference: reference, weights: weights, method: .optimistic, rounds: rounds, name: "fair")
      #expect(abs(play.mixture[0] - share) < 1e-6)
      #expect(abs(play.value - value) < 1e-6)
    }
  }

  @Test func theMixtureAnswersAsTheTypesDo() throws {
    let (policies, reference) = try tables(pair)
    let fair = try MinMaxRegret(policies, reference: reference, method: .exact, name: "fair")
    #expect(abs(fair.policy.probabilities[0] - 0.62920303) < 1e-8)
  }

  @Test(arguments: [
    ([[0.0, 1.0], [3.0, 0.0]], [0.25, 0.75], 0.75, [0.2498285, 0.7501715]),
    ([[0.0, -0.2], [0.3, 0.0]], [0.0, 1.0], 0.0, [0.00227753, 0.99772247]),
  ])
  func smallGamesAreSolved(regrets: [[Double]], mixture: [Double], value: Double, played: [Double]) throws {
    let table = RegretTable(values: regrets.map { $0.map { 0 - $0 } }, weights: [1, 1])
    let solution = try #require(table.game.solution())
    let step = 5 / 100_000.0.squareRoot()
    let play = table.game.optimisticPlay(rounds: 100_000, rowStep: step, columnStep: step)
    #expect(abs(table.worst(solution.play.columns) - value) < 1e-12)
    for i in 0..<2 {
      #expect(abs(solution.play.columns[i] - mixture[i]) < 1e-12)
      #expect(abs(play.columns[i] - played[i]) < 1e-6)
    }
  }

  @Test func threeTypes() throws {
    let (policies, reference) = try tables([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7]])
    let table = try RegretTable(policies, reference: reference)
    let expected = [
      [0, 1.45560908, 1.45560908], [1.45560908, 0, 1.24766493], [1.23686081, 0.75165778, 0],
    ]
    for (row, values) in zip(table.regrets, expected) {
      for (value, other) in zip(row, values) { #expect(abs(value - other) < 1e-8) }
    }
    let exact = try MinMaxRegret(policies, reference: reference, method: .exact, name: "fair")
    #expect(abs(exact.value - 0.83278087) < 1e-8)
    for (weight, other) in zip(exact.mixture, [0.42788151, 0.40384202, 0.16827647]) {
      #expect(abs(weight - other) < 1e-8)
    }
    let play = try MinMaxRegret(policies, reference: reference, method: .optimistic, name: "fair")
    #expect(abs(play.value - 0.83289492) < 1e-6)
    for (weight, other) in zip(play.mixture, [0.42785449, 0.40403823, 0.16810729]) {
      #expect(abs(weight - other) < 1e-6)
    }
  }

  @Test func theLeastLargestDivergenceIsTheChernoffPoint() throws {
    let (policies, reference) = try tables(pair)
    let fair = try MinMaxRegret(policies, reference: reference, method: .divergence, name: "fair")
    #expect(abs(fair.mixture[0] - 0.47724432) < 1e-7)
    #expect(abs(fair.value - 0.34737963) < 1e-7)
    #expect(abs(fair.policy.probabilities[0] - 0.58027921) < 1e-7)
    for policy in policies { #expect(abs(fair.policy.divergence(from: policy) - 0.34737963) < 1e-6) }
  }

  @Test func theRegularisedPolicyEvensRegrets() throws {
    let (policies, reference) = try tables(pair)
    let fair = try MinMaxRegret(policies, reference: reference, method: .regularised, name: "fair")
    #expect(abs(fair.mixture[0] - 0.53441707) < 1e-6)
    #expect(abs(fair.policy.probabilities[0] - 0.62920303) < 1e-6)
    #expect(abs(fair.policy.divergence(from: reference) - 0.03376870) < 1e-7)
    #expect(abs(fair.value - 0.62877045) < 1e-8)
    let table = try RegretTable(policies, reference: reference)
    for (type, policy) in policies.enumerated() {
      let regret =
        table.values[type][type] - (try RegretTable.value(of: fair.policy, to: policy, reference))
      #expect(abs(regret - 0.59500175) < 1e-6)
    }
  }

  @Test func oppositePoliciesMeetInTheMiddle() throws {
    // The limits of B5.
    let (policies, reference) = try tables([[9.0 / 13, 3.0 / 13, 1.0 / 13], [1.0 / 13, 3.0 / 13, 9.0 / 13]])
    let table = try RegretTable(policies, reference: reference)
    #expect(abs(table.regrets[0][1] - 8.0 / 13 * log(9)) < 1e-12)
    let exact = try MinMaxRegret(policies, reference: reference, method: .exact, name: "fair")
    #expect(abs(exact.mixture[0] - 0.5) < 1e-12)
    #expect(abs(exact.value - 0.676069) < 1e-6)
    #expect(abs(table.worst([0.7, 0.3]) - 0.946497) < 1e-6)
    let near = try MinMaxRegret(policies, reference: reference, method: .divergence, name: "fair")
    #expect(abs(near.value - log(13.0 / 9)) < 1e-7)
    for probability in near.policy.probabilities { #expect(abs(probability - 1.0 / 3) < 1e-6) }
  }

  @Test func maxMinRaisesTheLeastReward() throws {
    let (policies, reference) = try tables(pair)
    let fair = try MinMaxRegret(policies, reference: reference, method: .maxMin, name: "fair")
    let rewards = try policies.map { try RegretTable.value(of: fair.policy, to: $0, reference) }
    let cost = fair.policy.divergence(from: reference)
    #expect(abs((rewards.min() ?? 0) - cost - fair.value) < 1e-7)
    for step in stride(from: 0.05, to: 1, by: 0.05) {
      let (other, _) = try tables([[step, 1 - step]])
      let least = try policies.map { try RegretTable.value(of: other[0], to: $0, reference) }.min() ?? 0
      #expect(least - other[0].divergence(from: reference) <= fair.value + 1e-9)
    }
  }

  @Test func whatIsNeverAnsweredIsRefused() throws {
    let (policies, reference) = try tables([[1, 0], [0.5, 0.5]])
    #expect(throws: VoteFault.self) { try RegretTable(policies, reference: reference) }
  }

  @Test func weightsAreOnePerPolicy() throws {
    let (policies, reference) = try tables(pair)
    #expect(throws: VoteFault.self) { try RegretTable(policies, reference: reference, weights: [1]) }
    #expect(throws: VoteFault.self) { try RegretTable(policies, reference: reference, weights: [1, -1]) }
  }
}
