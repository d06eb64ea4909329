import Foundation
import Hustings
import HustingsMetrics
import Testing

/// Pairs in which `votes` of ten people prefer the first candidate, and a model has the margin given.
private func trials(_ rows: [(votes: Double, margin: Double)], subset: String = "s", cluster: String? = nil)
  -> [Trial]
{
  rows.enumerated().map { index, row in
    let share = min(1 - 1e-12, max(1e-12, row.votes / 10))
    return Made.trial(
      "\(subset) \(index)", subset: subset, cluster: cluster,
      gold: .margins([Matchup(0, 1): log(share / (1 - share))]), rewards: [row.margin, 0])
  }
}

/// The vector of Padmakumar et al.'s metric worked by numpy 2.4 and scipy 1.17.1: votes of ten, and reward differences.
private let vector = zip([10.0, 5, 5, 8, 2, 7], [4.1, 0.3, -1.2, 2.0, -1.5, 0.1]).map { ($0, $1) }

@Suite struct AggregateCorrelationTests {
  @Test(arguments: [
    (AggregateCorrelation.Measure.pearson, AggregateCorrelation.Scale.margin, 0.911760),
    (.pearson, .probability, 0.905093), (.spearman, .margin, 0.898645), (.spearman, .probability, 0.898645),
    (.kendall, .margin, 0.828079), (.kendall, .probability, 0.828079),
  ]) func theVectorOfThePaper(
    _ measure: AggregateCorrelation.Measure, _ scale: AggregateCorrelation.Scale, _ value: Double
  ) throws {
    let metric = AggregateCorrelation("r", measure, of: scale)
    let estimate = try #require(metric.estimate(trials(vector)))
    #expect(abs(estimate.value - value) < 1e-6)
    #expect(estimate.count == 6)
  }

  @Test func swappingCandidatesChangesNoRank() throws {
    // Both margin and share change sides together, so the sign of the correlation stays.
    let swapped = vector.map { (10 - $0.0, 0 - $0.1) }
    for scale in AggregateCorrelation.Scale.allCases {
      for measure in AggregateCorrelation.Measure.allCases {
        let metric = AggregateCorrelation("r", measure, of: scale)
        let one = try #require(metric.estimate(trials(vector)))
        let other = try #require(metric.estimate(trials(swapped)))
        #expect(abs(one.value - other.value) < 1e-9)
      }
    }
  }

  @Test func ratersComeBeforeTheKey() throws {
    // The key says the opposite of the raters, who split 2:0, 1:1, 0:2 and tie.
    func trial(_ id: String, _ votes: [Answer], _ margin: Double) -> Trial {
      let example = Example(
        id: id, subset: "s", prompt: Prompt(id), candidates: [Candidate("a", "one"), Candidate("b", "two")],
        gold: .prefers(1, over: 0),
        raters: Dictionary(uniqueKeysWithValues: votes.enumerated().map { ("r\($0)", $1) }))
      var rewards: [Double?] = [0, 0]
      rewards[example.key.candidates[0]] = margin
      return Trial(key: example.key, tournament: Tournament(rewards: rewards))
    }
    let (up, down, tie) = (Answer.prefers(0, over: 1), Answer.prefers(1, over: 0), Answer.tie(0, 1))
    let metric = AggregateCorrelation("r", .pearson, of: .margin)
    let perfect = [
      trial("1", [up, up], 2), trial("2", [up, down], 1), trial("3", [down, down], 0),
      trial("4", [tie, tie], 1),
      trial("5", [tie, up], 1.5),
    ]
    #expect(try abs(#require(metric.estimate(perfect)).value - 1) < 1e-9)
  }

  @Test func ratingsCountEveryPairOfAnItem() throws {
    // Three candidates, one rater each way: shares 1 and 1/2.
    let example = Example(
      id: "x", subset: "s", prompt: Prompt("x"), candidates: (0..<3).map { Candidate("\($0)", "text \($0)") },
      gold: .ratings([3, 2, 1]), raters: ["a": .ratings([3, 2, 1]), "b": .ratings([3, nil, 1])])
    var rewards: [Double?] = [nil, nil, nil]
    for (candidate, place) in example.key.candidates.enumerated() { rewards[place] = [2.0, 1, 0][candidate] }
    let trial = Trial(key: example.key, tournament: Tournament(rewards: rewards))
    // All three shares are 1, so there is nothing to correlate with.
    #expect(AggregateCorrelation("r", .pearson, of: .margin).estimate([trial]) == nil)
  }

  @Test func subsetsAreReadAlone() throws {
    let all = trials(vector, subset: "a") + trials(vector.map { ($0.0, 0 - $0.1) }, subset: "b")
    let metric = AggregateCorrelation("r", .spearman, of: .margin, subsets: ["b"])
    #expect(try abs(#require(metric.estimate(all)).value + 0.898645) < 1e-6)
    #expect(AggregateCorrelation("r", .spearman, of: .margin, subsets: ["c"]).estimate(all) == nil)
  }

  @Test func verdictsHaveMarginsAndNoProbabilities() {
    let verdicts = (0..<4).map {
      Made.ordered(
        "\($0)", gold: .margins([Matchup(0, 1): Double($0)]), forward: $0 > 1 ? 1 : -1,
        reverse: $0 > 1 ? -1 : 1)
    }
    #expect(AggregateCorrelation("r", .pearson, of: .margin).estimate(verdicts) != nil)
    #expect(AggregateCorrelation("r", .pearson, of: .probability).estimate(verdicts) == nil)
  }

  @Test func independentPairsGetFishersInterval() throws {
    // tanh(artanh 0.911760 ± 1.959964 / √3).
    let estimate = try #require(AggregateCorrelation("r", .pearson, of: .margin).estimate(trials(vector)))
    let interval = try #require(estimate.interval)
    #expect(abs(interval.low - 0.385304) < 1e-4)
    #expect(abs(interval.high - 0.990443) < 1e-4)
  }

  @Test func dependentPairsAreResampledTogether() throws {
    let clustered = (0..<12).flatMap { cluster in
      trials(
        vector.map { ($0.0, $0.1 + 0.3 * Double(cluster % 5)) }, subset: "\(cluster)", cluster: "c\(cluster)")
    }
    let metric = AggregateCorrelation("r", .pearson, of: .margin)
    let estimate = try #require(metric.estimate(clustered))
    let interval = try #require(estimate.interval)
    #expect(interval.low <= estimate.value && estimate.value <= interval.high)
    #expect(interval.method != "fisher-z")
    #expect(metric.estimate(clustered) == estimate)
    // All pairs in one cluster: nothing to resample.
    #expect(metric.estimate(trials(vector, cluster: "one"))?.interval == nil)
  }
}
