import BenchmarkPlugins
import Foundation
import Hustings
import HustingsMetrics
import HustingsTesting
import Testing

/// A trial of a model on an example, with what it says of the responses.
private func trial(_ model: ChoicePolicy, _ example: Example) -> Trial {
  let answer = model.answers(to: [example.slate])[0]
  return Trial(key: example.key, tournament: answer.tournament, traits: answer.traits)
}

@Suite struct ChoicePolicyTests {
  private let good = Response("good")
  private let bad = Response("bad")

  /// The judge prefers good to bad three times in four, the reference answers with each as often.
  private var example: Example {
    PolicyArenaBenchmark.example(
      1, prompt: Prompt("which"), candidates: [good, bad], margins: [[0, log(3)], [-log(3), 0]],
      reference: [log(0.5), log(0.5)])
  }

  private func value(_ name: String, _ trial: Trial, _ benchmark: any Benchmark) throws -> Double? {
    try #require(benchmark.metrics.first { $0.name == name }).estimate([trial])?.value
  }

  private func policy(_ share: Double) -> ChoicePolicy {
    ChoicePolicy(
      name: "policy \(share)", shares: ["prompt 1": [good.digest: share, bad.digest: 1 - share]])
  }

  @Test func winsOverTheReferenceAreExactExpectations() throws {
    let judge = ModelCard(name: "judge", kind: .reward, revision: "1", fingerprint: Prompt("judge").digest)
    let arena = PolicyArenaBenchmark.benchmark([example], judge: judge)
    let always = trial(policy(1), example)
    // Half of the time it meets itself.
    #expect(try value("wins over the reference", always, arena) == 0.5 * 0.5 + 0.5 * 0.75)
    let divergence = try #require(try value("KL from the reference", always, arena))
    #expect(abs(divergence - log(2)) < 1e-12)
    let even = trial(policy(0.5), example)
    #expect(try value("wins over the reference", even, arena) == 0.5)
    #expect(try value("KL from the reference", even, arena) == 0)
  }

  @Test func whatIsNeverAnsweredHasTheLeastFiniteReward() {
    let always = trial(policy(1), example)
    #expect(always.tournament.rewards?.compactMap { $0 }.count == 2)
    #expect(always.tournament.rewards?.compactMap { $0 }.min() == -300 * log(10))
    // Nobody was asked what it answers.
    #expect(always.queries == 0)
  }

  @Test func aPromptThatThePolicyWasNotMadeForIsAnAbstention() throws {
    let other = PolicyArenaBenchmark.example(
      2, prompt: Prompt("what"), candidates: [good, bad], margins: [[0, 1], [-1, 0]], reference: [nil, 0])
    let found = trial(policy(1), other)
    #expect(found.tournament.rewards?.compactMap { $0 }.isEmpty == true)
    let wins = try #require(
      PolicyArenaBenchmark.benchmark([other], judge: policy(1).card).metrics.first as? any ItemMetric)
    #expect(wins.estimate([found]) == nil)
    #expect(wins.coverage([found]).answered == 0)
  }

  @Test func twoPoliciesThatAnswerAlikeAreTwoEntrants() {
    let shares = ["prompt 1": [good.digest: 1.0]]
    let (a, b) = (ChoicePolicy(name: "a", shares: shares), ChoicePolicy(name: "b", shares: shares))
    #expect(a.card.fingerprint != b.card.fingerprint)
    #expect(a.card.fingerprint == ChoicePolicy(name: "a", shares: shares).card.fingerprint)
  }

  /// A model of preference answers with what it ranks highest, several with equal shares.
  @Test func aModelOfPreferenceChoosesItsBest() throws {
    func choice(_ rewards: [Double?]) -> [Double]? {
      ResponseChoice(Trial(key: example.key, tournament: Tournament(rewards: rewards)))?.shares
    }
    #expect(choice([1, 2]) == [0, 1])
    #expect(choice([2, 2]) == [0.5, 0.5])
    #expect(choice([nil, nil]) == nil)
  }

  @Test func theWorstServedTypeDecides() throws {
    let example = HiddenTypesBenchmark.example(
      "population", kind: "binary", shares: [(name: "type 1", share: 0.75), (name: "type 2", share: 0.25)])
    let served = ChoicePolicy(
      name: "served",
      values: [
        "population": [Response("type 1").digest: -0.2, Response("type 2").digest: -1]
      ], traits: ["population": [Trait.recovered: 0.5]])
    let found = trial(served, example)
    let benchmark = HiddenTypesBenchmark.benchmark([example], argument: "binary")
    #expect(benchmark.card.name == "hidden-types:binary")
    #expect(try value("worst regret", found, benchmark) == 1)
    #expect(try abs(#require(try value("mean regret", found, benchmark)) - 0.4) < 1e-12)
    #expect(try value("spread of regrets", found, benchmark) == 0.8)
    #expect(try value("recovered", found, benchmark) == 0.5)
    #expect(try value("all recovered", found, benchmark) == 0)
  }

  @Test func benchmarksWithoutItemsOfTheirOwnSaySo() {
    let context = BenchmarkContext(dataRoot: "/nowhere", seed: 0) { $0 }
    for (plugin, word) in [(PolicyArenaBenchmark.plugin, "--policy"), (HiddenTypesBenchmark.plugin, "alone")]
    {
      let fault = #expect(throws: BenchmarkError.self) {
        try plugin.make(nil, context).allExamples()
      }
      #expect("\(fault.map { "\($0)" } ?? "")".contains(word))
    }
  }
}

@Suite struct LengthControlledChoiceTests {
  /// Prompts with a baseline's response of a hundred code points and answers of given lengths.
  private func trials(_ count: Int, lengths: (Int) -> [Double]) -> [Trial] {
    (0..<count).map { number in
      let values = [0.2 + 0.3 * Double(number % 3) / 2, 0.9]
      let example = Example(
        id: "\(number)", subset: "all", prompt: Prompt("\(number)"),
        candidates: [Candidate("a", "a \(number)"), Candidate("b", "b \(number)")],
        gold: .ratings(values),
        raters: [
          "length": .ratings(lengths(number)), "baseline length": .ratings([100, 100]),
        ])
      let place = example.key.index(named: "a") ?? 0
      return Trial(
        key: example.key, tournament: Tournament(rewards: [0, 0]),
        traits: [Trait.share: (0..<2).map { $0 == place ? 1 : 0 }])
    }
  }

  /// Lengths that have nothing to do with who wins.
  @Test func lengthsThatSayNothingLeaveTheRateAsItIs() throws {
    let found = try #require(
      LengthControlledChoice("lc").estimate(trials(300) { [$0.isMultiple(of: 2) ? 90 : 110, 100] }))
    #expect(abs(found.value - 0.35) < 0.005)
    let interval = try #require(found.interval)
    #expect(interval.low < 0.35 && interval.high > 0.35)
    #expect(found.count == 300)
  }

  /// The longer the answer, the more it wins: at equal length it wins less than it does.
  @Test func aRateThatRidesOnLengthFalls() throws {
    let found = try #require(
      LengthControlledChoice("lc").estimate(trials(300) { [100 + 200 * Double($0 % 3), 100] }))
    #expect(found.value < 0.3)
  }

  @Test func withoutLengthsThereIsNoRate() {
    let example = Example(
      id: "1", subset: "all", prompt: Prompt("1"), candidates: [Candidate("a", "a"), Candidate("b", "b")],
      gold: .ratings([0, 1]))
    #expect(
      LengthControlledChoice("lc").estimate([
        Trial(key: example.key, tournament: Tournament(rewards: [0, 1]))
      ]) == nil)
  }
}
