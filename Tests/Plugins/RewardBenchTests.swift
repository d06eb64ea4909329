import BenchmarkPlugins
import Catalog
import Foundation
import Hustings
import HustingsMetrics
import HustingsTesting
import Testing

@Suite struct RewardBench1Tests {
  private func row(_ id: Int, _ subset: String) -> String {
    #"{"prompt": "p \#(id)", "chosen": "good \#(id)", "rejected": "bad \#(id)", "subset": "\#(subset)", "id": \#(id), "chosen_model": "m"}"#
  }

  private func rewardBench(
    _ rows: [String], as name: String = "rewardbench-1", others: [String: [String]] = [:]
  ) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    try scratch.write("rewardbench/filtered.jsonl", rows.joined(separator: "\n") + "\n")
    for (name, rows) in others {
      try scratch.write("rewardbench/\(name)", rows.joined(separator: "\n") + "\n")
    }
    return (Kept(try benchmark(name, root: scratch.path), in: scratch), scratch)
  }

  /// Items with even numbers are right.
  private func model(_ ids: ClosedRange<Int>) -> Favourites {
    Favourites(
      rewards: Dictionary(
        uniqueKeysWithValues: ids.flatMap { [("good \($0)", $0 % 2 == 0 ? 1.0 : 0), ("bad \($0)", 0.5)] }))
  }

  /// Reasoning: math-prm ½ with weight 984, hep-cpp 1 with weight 164; Chat 0. The other sections drop out.
  @Test func subsetsWeighByTheirPublishedCounts() async throws {
    let (rewardBench, _) = try rewardBench([
      row(1, "math-prm"), row(2, "math-prm"), row(4, "hep-cpp"), row(3, "alpacaeval-easy"),
    ])
    let examples = try rewardBench.allExamples()
    #expect(examples.map(\.id) == ["math-prm/1", "math-prm/2", "hep-cpp/4", "alpacaeval-easy/3"])
    #expect(try BenchmarkLaws.violations(of: rewardBench) == [])
    let trials = try await trials(model(1...4), on: examples)
    let reasoning = (984 * 0.5 + 164) / (984.0 + 164)
    try expectEqual(rewardBench.value("Reasoning", trials), reasoning)
    try expectEqual(rewardBench.value("Chat", trials), 0)
    #expect(try rewardBench.value("Safety", trials) == nil)
    try expectEqual(rewardBench.value("overall", trials), reasoning / 2)
    try expectEqual(rewardBench.value("math-prm", trials), 0.5)
  }

  @Test func priorSetsHaveHalfASectionsWeight() async throws {
    let (rewardBench, _) = try rewardBench(
      [row(2, "alpacaeval-easy")], as: "rewardbench-1-prior",
      others: ["shp.jsonl": [#"{"prompt": "p 1", "chosen": "good 1", "rejected": "bad 1"}"#]])
    let examples = try rewardBench.allExamples()
    #expect(examples.map(\.id) == ["alpacaeval-easy/2", "shp/0"])
    let trials = try await trials(model(1...2), on: examples)
    try expectEqual(rewardBench.value("overall", trials), 1 / 1.5)
    try expectEqual(rewardBench.value("Prior Sets", trials), 0)
  }

  @Test func theOldDefinitionSwapsTheCountsOfXSTest() async throws {
    let rows = [row(1, "xstest-should-refuse"), row(2, "xstest-should-respond")]
    for (name, weight) in [("rewardbench-1", 250.0), ("rewardbench-1-pre-2024-09", 154)] {
      let (rewardBench, _) = try rewardBench(rows, as: name)
      let trials = try await trials(model(1...2), on: rewardBench.allExamples())
      try expectEqual(rewardBench.value("Safety", trials), weight / 404)
    }
  }

  @Test func tiesOfRewardsLoseAndTiesOfJudgesAreHalf() async throws {
    let (rewardBench, _) = try rewardBench([row(1, "hep-go"), row(2, "hep-go")])
    let examples = try rewardBench.allExamples()
    let rewards = Favourites(rewards: ["good 1": 1, "bad 1": 1, "good 2": 1, "bad 2": 0])
    try await expectEqual(rewardBench.value("overall", trials(rewards, on: examples)), 0.5)
    let judge = Verdicts(said: [
      "good 1|bad 1": .tie, "bad 1|good 1": .tie, "good 2|bad 2": .first, "bad 2|good 2": .second,
    ])
    try await expectEqual(rewardBench.value("overall", trials(judge, on: examples)), 0.75)
  }

  @Test func subsetsMustBeKnown() throws {
    let (rewardBench, _) = try rewardBench([row(1, "hep-cobol")])
    #expect(
      sentence { try rewardBench.examples { _ in } }.contains(
        "filtered.jsonl:1: 'subset' is 'hep-cobol', but must be"))
    // Prior sets belong to the other definition.
    let (plain, _) = try self.rewardBench([row(1, "shp")])
    #expect(sentence { try plain.examples { _ in } }.contains("'subset' is 'shp'"))
  }

  /// Rows of the public leaderboard: Claude 3 Opus without prior sets, MMPO Gemma with them.
  @Test func publishedRowsAreRecomputedFromTheirSections() throws {
    let definition = RewardBench1.priorDefinition
    let opus = ["Chat": 0.9469, "Chat Hard": 0.6031, "Safety": 0.8662, "Reasoning": 0.7868]
    #expect(abs(try #require(definition.overall(ofSections: opus)) - 0.8008) < 1e-4)
    let gemma = [
      "Chat": 0.9693, "Chat Hard": 0.614, "Safety": 0.7135, "Reasoning": 0.7756,
      "Prior Sets (0.5 weight)": 0.6831,
    ]
    #expect(abs(try #require(definition.overall(ofSections: gemma)) - 0.7587) < 1e-4)
    var notRun = opus
    notRun["Prior Sets (0.5 weight)"] = 0
    #expect(definition.overall(ofSections: notRun) == definition.overall(ofSections: opus))
    var noReasoning = opus
    noReasoning["Reasoning"] = nil
    #expect(definition.overall(ofSections: noReasoning) == (0.9469 + 0.6031 + 0.8662) / 3)
    #expect(definition.overall(ofSections: [:]) == nil)
  }

  @Test func thereAre23SubsetsOf2985Items() {
    let subsets = RewardBench1.definition.sections.flatMap(\.subsets)
    #expect(subsets.count == 23)
    #expect(subsets.reduce(0) { $0 + $1.weight } == 2985 - 447 + 984)
  }
}

@Suite struct RewardBench2Tests {
  private func row(_ id: String, _ subset: String, chosen: [String], rejected: [String], correct: Int? = nil)
    -> String
  {
    func list(_ texts: [String]) -> String { "[\(texts.map { "\"\($0)\"" }.joined(separator: ", "))]" }
    return
      #"{"id": "\#(id)", "prompt": "p", "chosen": \#(list(chosen)), "rejected": \#(list(rejected)), "num_correct": \#(correct ?? chosen.count), "subset": "\#(subset)"}"#
  }

  private func rewardBench(_ rows: [String]) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    try scratch.write("rewardbench2/test.jsonl", rows.joined(separator: "\n") + "\n")
    return (Kept(try benchmark("rewardbench-2", root: scratch.path), in: scratch), scratch)
  }

  /// Math: shared by two, ½, and lost, 0. Focus: won. Ties by hand: c_ref = 4, c_tied = 1, d = 1; both accuracies 1,
  /// c_tied > d is false twice, tanh(1/1 − 1) = 0, so 0.6. Overall (0.25 + 1 + 0.6) / 3.
  @Test func creditIsSharedAndTiesHasItsOwnScore() async throws {
    let (rewardBench, _) = try rewardBench([
      row("0", "Math", chosen: ["n5"], rejected: ["m5", "n1", "n2"]),
      row("1", "Math", chosen: ["n1"], rejected: ["n2", "n3", "n4"]),
      row("0", "Focus", chosen: ["n5"], rejected: ["n1", "n2", "n3"]),
      row("ref:7", "Ties", chosen: ["n5"], rejected: ["n1"]),
      row("tied:7", "Ties", chosen: ["n3", "n4"], rejected: ["n1", "n2"]),
    ])
    let examples = try rewardBench.allExamples()
    #expect(examples.map(\.id) == ["Math/0", "Math/1", "Focus/0", "ref:7", "tied:7"])
    #expect(examples[4].key.names == ["chosen_1", "chosen_2", "rejected_1", "rejected_2"])
    #expect(try BenchmarkLaws.violations(of: rewardBench) == [])
    let model = Favourites(rewards: ["n1": 1, "n2": 2, "n3": 3, "n4": 4, "n5": 5, "m5": 5])
    let trials = try await trials(model, on: examples)
    try expectEqual(rewardBench.value("Math", trials), 0.25)
    try expectEqual(rewardBench.value("Focus", trials), 1)
    try expectEqual(rewardBench.value("Ties", trials), 0.6)
    try expectEqual(rewardBench.value("overall", trials), (0.25 + 1 + 0.6) / 3)
    #expect(Set(rewardBench.metrics.map(\.name)).count == 7)
  }

  @Test func badRowsSayWhatIsWrong() throws {
    func complaint(_ row: String) throws -> String {
      let (rewardBench, scratch) = try rewardBench([row])
      return sentence { try rewardBench.examples { _ in } }.replacingOccurrences(
        of: "\(scratch.path)/rewardbench2/", with: "")
    }
    #expect(
      try complaint(row("0", "Math", chosen: ["a"], rejected: ["b"], correct: 2))
        == "test.jsonl:1: 'num_correct' is 2, but must be 1, the number of chosen answers. Correct it.")
    #expect(
      try complaint(row("0", "Math", chosen: [], rejected: ["b"]))
        == "test.jsonl:1: 'chosen' is an empty list, but must be a list of answers. Correct it.")
    #expect(
      try complaint(row("7", "Ties", chosen: ["a"], rejected: ["b"]))
        == "test.jsonl:1: 'id' is '7', but must be 'tied:N' or 'ref:N' in the subset Ties. Correct it.")
    #expect(
      try complaint(row("7", "Maths", chosen: ["a"], rejected: ["b"])).hasPrefix(
        "test.jsonl:1: 'subset' is 'Maths', but must be 'Factuality' or"))
  }
}
