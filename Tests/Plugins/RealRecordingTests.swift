import Hustings
import HustingsData
import HustingsFixtures
import HustingsMetrics
import Testing

/// Recorded models on real data, against the `expected.json` that lies beside each set.
@Suite(.enabled(if: DataRoot.url != nil, Comment(rawValue: DataRoot.reason)))
struct RealRecordingTests {
  private func expected(_ folder: String) throws -> JSONNode {
    try JSONNode.read(realRoot() + "/\(folder)/expected.json")
  }

  @Test(.enabled(if: DataRoot.has("judgebench"))) func judgeBenchRewards() async throws {
    let judgeBench = try benchmark("judgebench", root: realRoot())
    let examples = try judgeBench.allExamples()
    let models = try recorded("judgebench/rm_scores.csv#*", on: examples, root: realRoot())
    let expected = try expected("judgebench").node("models")
    #expect(Set(models.map(\.card.name)) == Set(try expected.object().keys))
    for model in models {
      let trials = try await trials(model, on: examples)
      let node = try expected.node(model.card.name)
      // The published rule and the strict one agree on this file, whose one tie is labelled for the first response.
      for (metric, key) in [
        ("overall", "Overall"), ("Knowledge", "Knowledge"), ("Math", "Math"), ("Coding", "Coding"),
      ] {
        try expectEqual(judgeBench.value(metric, trials), node.node(key).double("accuracy_strict"))
      }
      try expectEqual(judgeBench.value("macro", trials), node.double("macro_accuracy_4_categories"))
      #expect(try judgeBench.value("first order", trials) == nil)
    }
  }

  @Test(.enabled(if: DataRoot.has("judgebench"))) func judgeInBothOrders() async throws {
    let judgeBench = try benchmark("judgebench-claude", root: realRoot())
    let examples = try judgeBench.allExamples()
    let file = "judgebench/judge_claude3haiku_on_claude_pairs.csv"
    let trials = try await trials(
      try #require(recorded(file, on: examples, root: realRoot()).first), on: examples)
    for (category, node) in try expected("judgebench").node("judge_arena_hard_claude3haiku_on_claude_pairs")
      .members()
    {
      let of = trials.filter { category == "Overall" || $0.key.subset == category }
      let count = Double(try node.integer("n"))
      try expectEqual(judgeBench.value("overall", of), Double(node.integer("correct")) / count)
      try expectEqual(judgeBench.value("first order", of), node.double("accuracy_original_order_only"))
      try expectEqual(
        judgeBench.value("same in both orders", of), Double(node.integer("order_consistent")) / count)
    }
  }

  @Test(.enabled(if: DataRoot.has("llmbar"))) func everyRunOfLLMBar() async throws {
    let llmBar = try benchmark("llmbar", root: realRoot())
    let examples = try llmBar.allExamples()
    let models = try recorded(
      "llmbar/evaluations.jsonl#*", on: examples, root: realRoot(), allowsMissing: true)
    var runs = 0
    for model in models {
      let trials = try await trials(model, on: examples)
      for (subset, node) in try expected("llmbar").members() {
        guard let run = try node.node("evaluators").member(model.card.name) else { continue }
        runs += 1
        let count = Double(try node.integer("n"))
        for (metric, key) in [
          ("original order", "correct_original"), ("swapped order", "correct_swapped"),
          ("both orders", "correct_both"), ("same in both orders", "position_agreement"),
        ] {
          try expectEqual(llmBar.value("\(subset), \(metric)", trials), Double(run.integer(key)) / count)
        }
        try expectEqual(llmBar.value(subset, trials), run.double("average_accuracy_percent") / 100)
      }
    }
    #expect(
      runs
        == (try expected("llmbar").members().reduce(0) { try $0 + $1.node.node("evaluators").members().count })
    )
  }

  @Test(
    .enabled(if: DataRoot.has("pandalm")),
    arguments: [
      ("gpt-3.5-turbo", "gpt-3.5-turbo-testset-v1.json"), ("pandalm-7b", "pandalm-7b-testset-v1.json"),
    ])
  func judgesOfPandaLM(_ name: String, _ file: String) async throws {
    let pandaLM = try benchmark("pandalm", root: realRoot())
    let examples = try pandaLM.allExamples()
    let judge = try #require(recorded("pandalm/\(file)", on: examples, root: realRoot()).first)
    let trials = try await trials(judge, on: examples)
    let node = try expected("pandalm").node("judges").node(name)
    let numbers = try node.node("vs_majority")
    try expectEqual(pandaLM.value("accuracy", trials), numbers.double("accuracy"))
    for measure in ["precision", "recall", "f1"] {
      try expectEqual(pandaLM.value("macro \(measure)", trials), numbers.double("macro_\(measure)"))
    }
    for (index, agreement) in try node.doubles("agreement_with_each_annotator").enumerated() {
      try expectEqual(pandaLM.value("agreement with annotator\(index + 1)", trials), agreement)
    }
  }

  @Test(.enabled(if: DataRoot.has("bon_alpaca_tulu"))) func picksOfSixRewardModels() async throws {
    let bestOf16 = try benchmark("best-of-16", root: realRoot())
    let examples = try bestOf16.allExamples()
    let models = try recorded("bon_alpaca_tulu/preferences.csv#*", on: examples, root: realRoot())
    let expected = try expected("bon_alpaca_tulu")
    let deberta = "OpenAssistant/reward-model-deberta-v3-large-v2"
    for model in models where model.card.name != "len" {
      let trials = try await trials(model, on: examples)
      let pick = try #require(bestOf16.metrics[0].estimate(trials))
      let node = try expected.node("reward_model_picks").node(model.card.name)
      if model.card.name == deberta {
        try expectEqual(pick.value, expected.node("deberta_recomputed").double("win_rate") / 100)
        #expect(pick.count == examples.count)
      } else {
        #expect(pick.count >= (try node.integer("picks_among_judged")))
      }
    }
    let length = try #require(models.first { $0.card.name == "len" })
    let longest = try await trials(length, on: examples)
    let best = try expected.node("best_of_11")
    try expectEqual(
      bestOf16.value("win rate of the best of 11", longest), best.double("longest_ties_averaged") / 100)
    let curve = try expected.node("best_of_k_expected_value").node("select_by_length")
    for (draws, value) in try curve.members() {
      try expectEqual(
        bestOf16.value("win rate of the best of \(draws) of 11, first of equals", longest),
        value.double() / 100)
    }
    let shorter = try recorded("bon_alpaca_tulu/preferences.csv#-len", on: examples, root: realRoot())
    let shortest = try await trials(shorter[0], on: examples)
    try expectEqual(
      bestOf16.value("win rate of the best of 11", shortest), best.double("shortest_ties_averaged") / 100)
    let oracle = examples.map { Trial(key: $0.key, tournament: $0.key.gold) }
    let ideal = try expected.node("best_of_k_expected_value").node("select_by_judge_preference")
    for (draws, value) in try ideal.members() {
      try expectEqual(
        bestOf16.value("win rate of the best of \(draws) of 11, first of equals", oracle),
        value.double() / 100)
    }
    for (candidate, node) in try expected.node("candidates").members()
    where Int(candidate).map({ $0 < 11 }) == true {
      try expectEqual(
        bestOf16.value("win rate of candidate \(candidate)", longest), node.double("win_rate") / 100)
    }
  }
}
