import BenchmarkPlugins
import Hustings
import HustingsData
import HustingsFixtures
import HustingsMetrics
import Testing

/// Scores with results computed by the benchmarks' own code, taken through examples and metrics as a run would.
@Suite(.enabled(if: DataRoot.has("rewardbench_golden"), Comment(rawValue: DataRoot.reason)))
struct GoldenVectorTests {
  private func golden(_ name: String) throws -> JSONNode {
    try JSONNode.read(realRoot() + "/rewardbench_golden/\(name).json")
  }

  /// A trial whose candidates have the given scores, right ones first.
  private func trial(_ id: String, _ subset: String, right: Int, scores: [Double]) -> Trial {
    let example = Example(
      id: id, subset: subset, prompt: Prompt("made-up prompt \(id)"),
      candidates: scores.indices.map { Candidate("\($0)", "answer \($0) to \(subset) \(id)") },
      gold: .groups(better: Array(0..<right), worse: Array(right..<scores.count)))
    var rewards = [Double?](repeating: nil, count: scores.count)
    for (candidate, place) in example.key.candidates.enumerated() { rewards[place] = scores[candidate] }
    return Trial(key: example.key, tournament: Tournament(rewards: rewards))
  }

  @Test func bestOfFour() throws {
    let rewardBench = try benchmark("rewardbench-2", root: "/nowhere")
    for vector in try golden("rewardbench2_best_of_4_vectors").elements() {
      let trials = try vector.array("rows").map {
        trial(
          try $0.string("id"), try $0.string("subset"), right: try $0.integer("num_correct"),
          scores: try $0.doubles("scores"))
      }
      for (subset, node) in try vector.node("expected").node("by_subset").members() {
        try expectEqual(rewardBench.value(subset, trials), node.double())
      }
    }
  }

  @Test func tiesScore() throws {
    let rewardBench = try benchmark("rewardbench-2", root: "/nowhere")
    for vector in try golden("rewardbench2_ties_vectors").elements() {
      let trials = try vector.array("rows").map {
        trial(
          try $0.string("id"), "Ties", right: try $0.integer("num_correct"), scores: try $0.doubles("scores"))
      }
      try expectEqual(rewardBench.value("Ties", trials), vector.node("expected").double("score"))
    }
  }

  @Test func styleMatrix() throws {
    let rmBench = try benchmark("rm-bench", root: "/nowhere")
    for vector in try golden("rmbench_score_vectors").elements() {
      let trials = try vector.array("rows").map { row in
        let scores = try row.doubles("score_chosen") + row.doubles("score_rejected")
        return trial(try row.string("id"), try row.string("domain"), right: 3, scores: scores)
      }
      let official = try vector.node("expected_official")
      for (metric, key) in [
        ("overall", "total_avg_acc"), ("Chat", "chat"), ("Math", "math"), ("Code", "code"),
        ("Safety", "safety"),
        ("easy", "easy_acc"), ("normal", "normal_acc"), ("hard", "hard_acc"),
      ] {
        try expectEqual(rmBench.value(metric, trials), official.double(key))
      }
      for (domain, node) in try vector.node("expected_per_domain").members() {
        for group in ["easy", "normal", "hard"] {
          try expectEqual(rmBench.value("\(domain), \(group)", trials), node.double("\(group)_acc"))
        }
      }
    }
  }

  @Test func sectionsFromSubsets() throws {
    for (_, model) in try golden("rewardbench1_models").members() {
      var subsets: [String: Double] = [:]
      for (name, node) in try model.node("subset_accuracy").members() { subsets[name] = try node.double() }
      var sections: [String: Double] = [:]
      for (name, node) in try model.node("sections").members() {
        sections[name] = RewardBench1.definition.section(name, ofSubsets: subsets)
        try expectEqual(sections[name], node.double())
      }
      try expectEqual(
        RewardBench1.definition.overall(ofSections: sections), model.double("overall_mean_of_four"))
    }
  }

  @Test func definitionIsTheAuthors() throws {
    let definition = try golden("rewardbench1_definition")
    let weights = try definition.node("weights")
    for section in RewardBench1.definition.sections {
      #expect(section.subsets.map(\.subset) == (try definition.node("sections").strings(section.name)))
      for subset in section.subsets { #expect(subset.weight == (try weights.double(subset.subset))) }
    }
  }

  @Test(
    .enabled(if: DataRoot.has("rewardbench_leaderboards")),
    arguments: [
      ("rewardbench1.csv", RewardBench1.priorDefinition), ("rewardbench2.csv", RewardBench2.definition),
    ]) func everyPublishedRow(_ file: String, _ definition: BoardDefinition) throws
  {
    let table = try CSVTable.read(realRoot() + "/rewardbench_leaderboards/\(file)")
    for row in table.rows {
      var sections: [String: Double] = [:]
      for column in table.columns where !["model", "model_type", "Score"].contains(column) {
        sections[column] = try row.optionalDouble(column)
      }
      let overall = try #require(definition.overall(ofSections: sections))
      // Sections and scores are printed to four decimals.
      let (model, published) = (try row.string("model"), try row.double("Score"))
      #expect(abs(overall - published) < 1.01e-4, "\(model)")
    }
  }
}
