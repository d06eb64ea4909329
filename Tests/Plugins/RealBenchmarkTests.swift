import BenchmarkPlugins
import Hustings
import HustingsData
import HustingsFixtures
import HustingsMetrics
import ModelPlugins
import Testing

/// Null models on real data, against the `expected.json` that lies beside each set.
@Suite(.enabled(if: DataRoot.url != nil, Comment(rawValue: DataRoot.reason)))
struct RealBenchmarkTests {
  private func expected(_ folder: String) throws -> JSONNode {
    try JSONNode.read(realRoot() + "/\(folder)/expected.json")
  }

  @Test(
    .enabled(if: DataRoot.has("judgebench")),
    arguments: [("judgebench", "gpt4o"), ("judgebench-claude", "claude")])
  func judgeBenchLength(_ name: String, _ key: String) async throws {
    let judgeBench = try benchmark(name, root: realRoot())
    let trials = try await trials(NullModel.length, on: judgeBench.allExamples())
    let wins = try expected("judgebench").node("length").node(key).integer("wins")
    #expect(trials.count { strictWin($0) } == wins)
    #expect(try judgeBench.value("overall", trials) != nil)
  }

  @Test(.enabled(if: DataRoot.has("hh_harmless_test"))) func longerHarmlessReply() async throws {
    let harmless = try benchmark("hh-harmless", root: realRoot())
    let examples = try harmless.allExamples()
    let trials = try await trials(NullModel.length, on: examples)
    let length = try expected("hh_harmless_test").node("last_reply_longer_wins")
    let margins = trials.map { $0.tournament.margin($0.key.candidates[0], $0.key.candidates[1]) ?? .nan }
    #expect(margins.count { $0 > 0 } == (try length.integer("wins")))
    #expect(margins.count { $0 == 0 } == (try length.integer("ties")))
    #expect(margins.count { $0 < 0 } == (try length.integer("losses")))
    try expectEqual(harmless.value("accuracy", trials), length.double("accuracy_strict"))
    try expectEqual(harmless.value("accuracy, ties half", trials), length.double("accuracy_ties_half"))
    let shared = try expected("hh_harmless_test").integer("shared_prefix_before_last_assistant")
    #expect(examples.count { $0.slate.responses.allSatisfy { $0.turns.isEmpty } } == shared)
  }

  @Test(
    .enabled(if: DataRoot.has("rmbench")),
    arguments: [
      ("length_in_unicode_scalars", NullModel.length), ("negative_length_in_unicode_scalars", .shorter),
      ("length_in_utf8_bytes", .bytes), ("count_of_asterisk_and_hash", .markdown),
    ])
  func styleMatrices(_ key: String, _ model: NullModel) async throws {
    let rmBench = try benchmark("rm-bench", root: realRoot())
    let trials = try await trials(model, on: rmBench.allExamples())
    for (domain, node) in try expected("rmbench").members() {
      let numbers = try node.node(key)
      for group in ["easy", "normal", "hard"] {
        let value = try #require(try rmBench.value("\(domain), \(group)", trials))
        #expect(abs(value - (try numbers.double(group))) < 1e-12, "\(domain) \(group)")
      }
      for (i, row) in try numbers.array("matrix_rows_chosen_cols_rejected").enumerated() {
        for (j, cell) in try row.doubles().enumerated() {
          let value = try #require(try rmBench.value("\(domain), cell \(i + 1),\(j + 1)", trials))
          #expect(abs(value - cell) < 1e-12, "\(domain) \(i) \(j)")
        }
      }
    }
  }

  @Test(.enabled(if: DataRoot.has("squality"))) func meanRatingsOfSystems() async throws {
    let squality = try benchmark("squality", root: realRoot())
    let trials = try await trials(NullModel.length, on: squality.allExamples())
    for (system, node) in try expected("squality").node("mean_overall_rating").members() {
      let value = try #require(try squality.value("rating of \(system)", trials))
      #expect(abs(value - (try node.double())) < 1e-9)
    }
  }

  @Test(.enabled(if: DataRoot.has("wmt23_sxs_ende"))) func penaltiesOfSystems() throws {
    let examples = try benchmark("wmt23-sxs", root: realRoot()).allExamples()
    let trials = examples.map { Trial(key: $0.key, tournament: $0.key.gold) }
    let expected = try expected("wmt23_sxs_ende")
    for (system, node) in try expected.node("system_mean_penalty_lower_is_better").members() {
      let mean = try #require(CandidateMean("", candidate: system, unit: .number).estimate(trials))
      #expect(abs(mean.value + (try node.double())) < 1e-9)
    }
    let best = try expected.node("best_of_10")
    let wmt = try benchmark("wmt23-sxs", root: realRoot())
    let oracle = try #require(try wmt.value("rating of the best of 10", trials))
    #expect(abs(oracle + (try best.double("oracle_mean_penalty"))) < 1e-9)
    let random = try #require(try wmt.value("rating of one at random", trials))
    #expect(abs(random + (try best.double("random_pick_mean_penalty"))) < 1e-9)
    #expect(abs(try #require(try wmt.value("accuracy", trials)) - 1) < 1e-12)
    #expect(abs(try #require(try wmt.value("Kendall tau-b", trials)) - 1) < 1e-12)
  }

  @Test(.enabled(if: DataRoot.has("pandalm"))) func majorityOfThree() throws {
    let examples = try benchmark("pandalm", root: realRoot()).allExamples()
    let labels = try expected("pandalm").node("label_distribution_majority")
    let margins = examples.map { $0.key.gold.margin($0.key.candidates[0], $0.key.candidates[1]) ?? .nan }
    #expect(margins.count { $0 == 0 } == (try labels.integer("0")))
    #expect(margins.count { $0 > 0 } == (try labels.integer("1")))
    #expect(margins.count { $0 < 0 } == (try labels.integer("2")))
  }

  private func strictWin(_ trial: Trial) -> Bool {
    PairCredit(ties: .loss, failures: .loss, orders: .netted).credit(for: trial)?.outcome == .win
  }
}
