import Hustings
import HustingsMetrics
import Testing

/// A key that goes round in a circle: each candidate beats the next, and the last the first.
private func cycle(_ n: Int) -> Answer {
  .margins(Dictionary(uniqueKeysWithValues: (0..<n).map { (Matchup($0, ($0 + 1) % n), 1.0) }))
}

private func symmetric(_ id: String = "x", gold: Answer, count: Int, margins: [Matchup: Double]) -> Trial {
  let example = Made.example(id, gold: gold, count: count)
  let places = example.key.candidates
  let judgments = margins.map {
    (Matchup(places[$0.key.first], places[$0.key.second]), Judgment.margin($0.value))
  }
  return Trial(
    key: example.key,
    tournament: Tournament(count: count, symmetric: Dictionary(uniqueKeysWithValues: judgments)))
}

@Suite struct ScalarCeilingTests {
  @Test(arguments: 3...10) func onACycleOnePreferenceIsAlwaysLost(_ n: Int) {
    let trial = Made.trial(gold: cycle(n), rewards: [Double](repeating: 0, count: n))
    #expect(ScalarCeiling("ceiling").estimate([trial])?.value == Double(n - 1) / Double(n))
  }

  @Test func aCycleWithAnItemThatBeatsAllLosesOneOfSix() {
    var margins = [Matchup(0, 1): 1.0, Matchup(1, 2): 1, Matchup(2, 0): 1]
    for other in 0..<3 { margins[Matchup(3, other)] = 1 }
    let trial = Made.trial(gold: .margins(margins), rewards: [0, 0, 0, 0])
    #expect(ScalarCeiling("ceiling").estimate([trial])?.value == 5.0 / 6)
  }

  @Test func ordersHaveNoCeiling() {
    let trial = Made.trial(gold: .ratings([4, 2, 2, 1, nil]), rewards: [0, 0, 0, 0, 0])
    #expect(ScalarCeiling("ceiling").estimate([trial])?.value == 1)
  }

  @Test func noModelIsAboveIt() throws {
    // A regular tournament on five: each beats the next two.
    var margins: [Matchup: Double] = [:]
    for i in 0..<5 { for step in 1...2 { margins[Matchup(i, (i + step) % 5)] = 1 } }
    let gold = Answer.margins(margins)
    let ceiling = try #require(
      ScalarCeiling("c").estimate([Made.trial(gold: gold, rewards: [0, 0, 0, 0, 0])]))
    // By hand: 10 pairs, and every order breaks at least 3 of them (Slater index of the rotational tournament on five).
    #expect(ceiling.value == 0.7)
    let accuracy = PreferencePairs("a", ties: .half, failures: .loss)
    for order in [[5.0, 4, 3, 2, 1], [1, 2, 3, 4, 5], [3, 1, 4, 1, 5], [2, 7, 1, 8, 3]] {
      let estimate = try #require(accuracy.estimate([Made.trial(gold: gold, rewards: order)]))
      #expect(estimate.value <= ceiling.value)
    }
  }

  @Test func itemsWeighByTheirPairs() throws {
    let trials = [
      Made.trial("a", gold: cycle(3), rewards: [0, 0, 0]),
      Made.trial("b", gold: .prefers(0, over: 1), rewards: [0, 0]),
    ]
    #expect(try abs(#require(ScalarCeiling("c").estimate(trials)).value - 0.75) < 1e-12)
    #expect(ScalarCeiling("c").estimate([Made.trial(gold: .tie(0, 1), rewards: [0, 0])]) == nil)
    #expect(ScalarCeiling("c").direction == .neutral)
  }
}

@Suite struct CyclicShareTests {
  @Test func rewardsNeverGoRound() {
    let trials = (0..<5).map {
      Made.trial("\($0)", gold: cycle(4), rewards: [0.1 * Double($0), 0.3, 1e9, -2.7])
    }
    #expect(CyclicShare("cyclicity").estimate(trials)?.value == 0)
  }

  @Test func aPureCycleIsNothingElse() throws {
    let margins = [Matchup(0, 1): 2.0, Matchup(1, 2): 2, Matchup(2, 0): 2]
    let trial = symmetric(gold: cycle(3), count: 3, margins: margins)
    #expect(try abs(#require(CyclicShare("c").estimate([trial])).value - 1) < 1e-12)
  }

  @Test func aMixtureIsSplitBySquares() throws {
    // Rewards 1, 0, -1 make margins 1, 1, -2; a cycle of 1 makes 2, 2, -1. Squares: 6 explained, 3 cyclic.
    let margins = [Matchup(0, 1): 2.0, Matchup(1, 2): 2, Matchup(2, 0): -1]
    let trial = symmetric(gold: cycle(3), count: 3, margins: margins)
    #expect(try abs(#require(CyclicShare("c").estimate([trial])).value - 1.0 / 3) < 1e-12)
  }

  @Test func twoResponsesCannotGoRound() {
    let pair = Made.trial("pair", gold: .prefers(0, over: 1), rewards: [1, 0])
    #expect(CyclicShare("c").estimate([pair]) == nil)
    let silent = Made.trial("silent", gold: cycle(3), rewards: [1, 1, 1])
    #expect(CyclicShare("c").estimate([silent]) == nil)
    #expect(CyclicShare("c").coverage([pair, silent]).total == 0)
  }
}

@Suite struct QueriesPerResponseTests {
  @Test func rewardsAndEmbeddingsAskOncePerResponse() throws {
    let trials = [
      Made.trial("a", gold: cycle(5), rewards: [1, 2, 3, 4, 5]),
      symmetric("b", gold: cycle(3), count: 3, margins: [Matchup(0, 1): 1]),
    ]
    #expect(try abs(#require(QueriesPerResponse("q").estimate(trials)).value - 1) < 1e-12)
  }

  @Test func pairsAskOncePerOrderedPair() throws {
    let pair = Made.ordered(gold: .prefers(0, over: 1), forward: 1, reverse: -1)
    #expect(QueriesPerResponse("q").estimate([pair])?.value == 1)
    let example = Made.example(gold: cycle(5), count: 5)
    let all = Matchup.all(among: 5).flatMap { [$0, $0.swapped] }
    let tournament = Tournament(
      count: 5, ordered: Dictionary(uniqueKeysWithValues: all.map { ($0, Judgment.margin(1)) }))
    let trial = Trial(key: example.key, tournament: tournament)
    // K(K - 1) queries for K responses.
    #expect(QueriesPerResponse("q").estimate([trial])?.value == 4)
    #expect(QueriesPerResponse("q").estimate([]) == nil)
  }
}

@Suite struct SeparatedPairsTests {
  @Test func onlyPairsFurtherApartThanTheGapCount() throws {
    // Ratings 0, 0.1, 0.5: the first two are exactly 0.1 apart and do not count.
    let trial = Made.trial(gold: .ratings([0, 0.1, 0.5]), rewards: [2, 1, 3])
    let metric = SeparatedPairs("separated", gap: 0.1, ties: .half, failures: .loss)
    #expect(metric.estimate([trial])?.value == 1)
    let wrong = Made.trial(gold: .ratings([0, 0.1, 0.5]), rewards: [4, 1, 3])
    #expect(metric.estimate([wrong])?.value == 0.5)
    #expect(metric.estimate([Made.trial(gold: .ratings([0, 0.05]), rewards: [0, 1])]) == nil)
  }

  @Test func candidatesOfOneTextCountEach() throws {
    // Three candidates gave the worst response, one the best and one a middling one: 3 + 3 + 1 pairs, of which the last is wrong.
    let example = Example(
      id: "x", subset: "s", prompt: Prompt("x"),
      candidates: ["low", "low", "low", "mid", "top"].map { Candidate($0, $0) },
      gold: .ratings([0, 0, 0, 1, 2]))
    let rewards = example.slate.responses.map { $0.text == "low" ? 0.0 : $0.text == "mid" ? 2 : 1 }
    let trial = Trial(key: example.key, tournament: Tournament(rewards: rewards))
    let metric = SeparatedPairs("s", gap: 0.5, ties: .half, failures: .loss)
    #expect(try abs(#require(metric.estimate([trial])).value - 6.0 / 7) < 1e-12)
  }

  @Test func itemsWeighByTheirPairs() throws {
    let trials = [
      Made.trial("a", gold: .ratings([0, 1, 2]), rewards: [0, 1, 2]),
      Made.trial("b", gold: .ratings([0, 1]), rewards: [1, 0]),
    ]
    let metric = SeparatedPairs("s", gap: 0.5, ties: .half, failures: .loss)
    #expect(try abs(#require(metric.estimate(trials)).value - 0.75) < 1e-12)
    #expect(metric.coverage(trials).counts == [.win: 1, .loss: 1])
  }
}
