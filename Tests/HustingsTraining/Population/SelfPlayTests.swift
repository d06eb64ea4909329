import Foundation
import Hustings
import HustingsTraining
import Testing

@Suite("Self-play")
struct SelfPlayTests {
  private func games(_ margins: [[Double]]) throws -> (PreferenceGames, PolicyTable) {
    var builder = VotePanelBuilder()
    let (menu, responses) = Panels.menu(&builder, "q", margins.count)
    try builder.add(
      .best(0, of: responses.count), on: responses, of: menu, by: builder.annotator("someone"))
    let menus = try builder.build().menus
    return (try PreferenceGames(menus: menus, margins: [margins]), try .uniform(menus))
  }

  /// Rock beats scissors by 1, scissors paper by 2, paper rock by 4: the von Neumann winner is (2, 4, 1)/7.
  private let ring = [[0.0, 1, -4], [-1, 0, 2], [4, -2, 0]]
  private let winner = [2.0 / 7, 4.0 / 7, 1.0 / 7]

  @Test func aPathThatLeavesTheNumbersIsCalledDivergence() throws {
    let (games, reference) = try games(ring)
    func play(draws: Int, rate: Double) throws -> SelfPlay {
      try SelfPlay(
        games, reference: reference,
        rule: .sampledGPO(beta: 0.001, draws: draws, clamp: 1000, steps: 20, rate: rate), iterations: 3,
        name: "sampled")
    }
    #expect(throws: VoteFault.diverged(policy: "sampled")) { try play(draws: 5, rate: 1e30) }
    #expect(throws: VoteFault.badSetting(name: "the number of draws", value: "1", allowed: "2 or more")) {
      try play(draws: 1, rate: 1e-4)
    }
  }

  @Test func theVonNeumannWinnerOfARingIsItsOppositeEdges() throws {
    let (games, _) = try games(ring)
    let policy = try games.vonNeumannWinner(score: .logOdds, name: "winner")
    for (probability, expected) in zip(policy.probabilities, winner) {
      #expect(abs(probability - expected) < 1e-12)
    }
    #expect(games.exploitability(of: policy, score: .logOdds) < 1e-12)
  }

  @Test func anAnswerThatBeatsAllOthersIsTheVonNeumannWinner() throws {
    let (games, _) = try games([[0, 1, 2], [-1, 0, 3], [-2, -3, 0]])
    for score in PreferenceScore.allCases {
      let policy = try games.vonNeumannWinner(score: score, name: "winner")
      #expect(policy.probabilities == [1, 0, 0])
      #expect(games.exploitability(of: policy, score: score) == 0)
    }
  }

  @Test(arguments: [100, 400, 1600])
  func theAverageOfSelfPlayGoesToTheWinnerAtTheStatedRate(rounds: Int) throws {
    // Multiplicative weights with step η on scores in [-ρ, ρ]: gap at most log n/(ηT) + ηρ²/2 (Freund and Schapire 1999),
    // least at η = √(2 log n/(ρ²T)), which makes it ρ√(2 log n/T); ρ = 4.
    let (games, reference) = try games(ring)
    let step = (2 * log(3) / (16 * Double(rounds))).squareRoot()
    let play = try SelfPlay(
      games, reference: reference, rule: .gpo(beta: 1 / step), iterations: rounds, name: "gpo")
    let bound = 4 * (2 * log(3) / Double(rounds)).squareRoot()
    let last = try #require(play.trace.last)
    #expect(last.averageExploitability <= bound)
    for (probability, expected) in zip(play.average.probabilities, winner) {
      #expect(abs(probability - expected) < 2 * bound)
    }
  }

  @Test func theSameLoopWithABradleyTerryJudgeEndsInOneAnswer() throws {
    // The best scalar rewards of the ring are its row means; their differences have no ring left.
    let rewards = ring.map { $0.reduce(0, +) / 3 }
    let (scalar, reference) = try games(rewards.map { a in rewards.map { a - $0 } })
    let (truth, _) = try games(ring)
    let play = try SelfPlay(scalar, reference: reference, rule: .gpo(beta: 5), iterations: 200, name: "bt")
    #expect((play.policy.probabilities.max() ?? 0) > 0.999)
    #expect(truth.exploitability(of: play.average, score: .logOdds) > 1)
  }

  @Test func selfPlayOnWinRatesFindsTheirOwnWinner() throws {
    let (games, reference) = try games([[0, 2, -2], [-2, 0, 2], [2, -2, 0]])
    let play = try SelfPlay(games, reference: reference, rule: .sppo(beta: 10), iterations: 400, name: "sppo")
    for probability in play.average.probabilities { #expect(abs(probability - 1.0 / 3) < 0.02) }
  }

  @Test func nashMDPullsTheLastPolicyToTheRegularisedEquilibrium() throws {
    let (games, reference) = try games(ring)
    let play = try SelfPlay(
      games, reference: reference, rule: .nashMD(beta: 10, pull: 0.05), iterations: 800, name: "nash")
    let previous = try SelfPlay(
      games, reference: reference, rule: .nashMD(beta: 10, pull: 0.05), iterations: 799, name: "nash")
    for (a, b) in zip(play.policy.probabilities, previous.policy.probabilities) { #expect(abs(a - b) < 1e-9) }
    // With all the pull to the reference one step from it is all there is.
    let held = try SelfPlay(
      games, reference: reference, rule: .nashMD(beta: 10, pull: 1), iterations: 9, name: "nash")
    let once = try SelfPlay(
      games, reference: reference, rule: .nashMD(beta: 10, pull: 1), iterations: 1, name: "nash")
    for (a, b) in zip(held.policy.probabilities, once.policy.probabilities) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func oneStepOfGPOIsTheClosedForm() throws {
    let (games, reference) = try games(ring)
    let play = try SelfPlay(games, reference: reference, rule: .gpo(beta: 2), iterations: 1, name: "gpo")
    let weights = ring.map { exp($0.reduce(0, +) / 3 / 2) }
    let total = weights.reduce(0, +)
    for (probability, weight) in zip(play.policy.probabilities, weights) {
      #expect(abs(probability - weight / total) < 1e-12)
    }
  }

  @Test func thePipelineRaisesTheBestOfItsDrawsOverTheWorst() throws {
    let (games, reference) = try games([[0, 3, 3], [-3, 0, 3], [-3, -3, 0]])
    let play = try SelfPlay(
      games, reference: reference,
      rule: .sampledGPO(beta: 0.001, draws: 5, clamp: 1000, steps: 20, rate: 1e-4), iterations: 3, name: "gpo"
    )
    #expect(play.policy.probabilities[0] > play.policy.probabilities[2])
    let again = try SelfPlay(
      games, reference: reference,
      rule: .sampledGPO(beta: 0.001, draws: 5, clamp: 1000, steps: 20, rate: 1e-4), iterations: 3, name: "gpo"
    )
    #expect(play == again)
  }

  @Test func winRatesAgainstOneselfAreHalf() throws {
    let (games, reference) = try games(ring)
    #expect(abs(games.winRate(reference, over: reference) - 0.5) < 1e-12)
  }

  @Test func marginsThatAreNotFiniteAreRefused() {
    #expect(throws: VoteFault.self) { try games([[0, .infinity], [-.infinity, 0]]) }
  }
}
