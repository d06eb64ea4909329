import BenchmarkPlugins
import Catalog
import Foundation
import Hustings
import HustingsFixtures
import HustingsMetrics
import HustingsStatistics
import HustingsTesting
import Testing

@Suite struct AlpacaEvalPluginTests {
  private func contest(
    _ root: URL, _ argument: String?, _ settings: [String: String] = [:]
  ) throws -> any Contest {
    let made = try AlpacaEval.plugin.make(
      argument,
      BenchmarkContext(
        dataRoot: root.path, seed: 0, settings: settings, path: { root.appendingPathComponent($0).path }))
    return try #require(made as? any Contest)
  }

  private let outputs = """
    [{"instruction": "p", "output": "one", "generator": "g", "dataset": "koala"},
     {"instruction": "q", "output": "two", "generator": "g"},
     {"instruction": "p", "output": "three", "generator": "g"}]
    """

  @Test func promptsAreItemsByTheirTextAndRepeatsAreNumbered() throws {
    let root = try folder(["base.json": outputs])
    let examples =
      try contest(root, nil, [:]).card.name == "alpaca-eval"
      ? contest(root, "base.json").allExamples() : []
    #expect(
      examples.map(\.id) == [
        SHA256.digest("p").short, SHA256.digest("q").short, SHA256.digest("p").short + "#2",
      ])
    #expect(examples.map(\.key.subset) == ["koala", "all", "all"])
    #expect(examples.allSatisfy { $0.slate.responses.contains(.seat) })
    #expect(try BenchmarkLaws.violations(of: contest(root, "base.json")) == [])
  }

  @Test func responsesAreFoundByTheirPrompts() throws {
    let mine = """
      {"instruction": "q", "output": "my two", "generator": "me"}
      {"instruction": "unknown", "output": "?", "generator": "me"}
      """
    let root = try folder(["base.json": outputs, "mine.jsonl": mine])
    let responses = try contest(root, "base.json").responses(root.appendingPathComponent("mine.jsonl").path)
    #expect(responses.byItem == [SHA256.digest("q").short: Response("my two")])
    #expect(responses.author == "me")
    #expect(responses.strangers == 1)
  }

  @Test func theSeededOrderIsAlpacaEvalsCoin() throws {
    let root = try folder(["base.json": outputs])
    let both = try contest(root, "base.json")
    let seeded = try contest(root, "base.json", ["orders": "seeded"])
    for text in ["p", "q", "something else"] {
      #expect(both.showsSeatFirst(Prompt(text)) == nil)
      #expect(seeded.showsSeatFirst(Prompt(text)) == AlpacaSeeding.isSwapped(prompt: text))
    }
    #expect(both.card.aggregation != seeded.card.aggregation)
  }

  @Test func difficultiesAndGamedBaselinesBecomeRaters() throws {
    let root = try folder([
      "base.json": outputs, "d.json": "[0.5, -1, 2]",
      "gamed.json": """
      {"len_baseline": [3, 3, 5], "len_concise": [1, 2, 2], "len_verbose": [9, 8, 8], "row_weight": 0.1,
       "sum_weighted_y_tanh": -0.02, "sum_weighted_y_difficulty": 0.05}
      """,
    ])
    let keys = try contest(root, "base.json", ["difficulty": "d.json", "gamed": "gamed.json"]).allExamples()
      .map(\.key)
    let facts = ContestFacts(keys)
    #expect(facts.difficulties == [0.5, -1, 2])
    let anchor = try #require(facts.anchor)
    #expect(anchor.count == 6)
    // The points of the rows come to the sums that the file gives.
    #expect(abs(anchor.lengthMoment - -0.02) < 1e-9)
    #expect(abs(anchor.difficultyMoment - 0.05) < 1e-9)
    #expect(abs(anchor.rowWeight - 0.1) < 1e-15)
  }

  @Test func difficultiesMustBeOnePerPrompt() throws {
    let root = try folder(["base.json": outputs, "d.json": "[0.5, -1]"])
    let error = #expect(throws: (any Error).self) {
      try contest(root, "base.json", ["difficulty": "d.json"]).allExamples()
    }
    #expect("\(String(describing: error))".contains("one per prompt, 3"))
  }

  @Test func annotationsOfAnotherBaselineAreRefused() throws {
    let rows = ["p", "q"].map {
      "{\"instruction\": \"\($0)\", \"output_1\": \"else\", \"generator_1\": \"davinci\", \"output_2\": \"x\", \"preference\": 2}"
    }
    let root = try folder(["base.json": outputs, "annotations.json": "[" + rows.joined(separator: ",") + "]"])
    let path = root.appendingPathComponent("annotations.json").path
    #expect(
      throws: BenchmarkError.otherBaseline(
        file: path, benchmark: try contest(root, "base.json").card.name, baseline: "davinci", differing: 2,
        count: 2)
    ) { try contest(root, "base.json").records(path) }
    // The same file names its own baseline.
    let own = try contest(root, "annotations.json").records(path)
    #expect(own.map(\.entries.count) == [2])
  }

  @Test(.enabled(if: DataRoot.has("alpaca_eval2"), Comment(rawValue: DataRoot.reason)))
  func boardsFromOfficialFilesHaveThePublishedNumbers() async throws {
    let root = try #require(DataRoot.url)
    let contest = try contest(root, nil)
    let official = root.appendingPathComponent("alpaca_eval2/official")
    let expected = try #require(
      try JSONSerialization.jsonObject(
        with: Data(contentsOf: root.appendingPathComponent("alpaca_eval2/expected.json"))) as? [String: Any])
    let published = try #require(expected["models"] as? [String: [String: Any]])
    for model in try FileManager.default.contentsOfDirectory(atPath: official.path)
    where published[model] != nil {
      let file = official.appendingPathComponent("\(model)/annotations.json").path
      let record = try #require(try contest.records(file).first)
      #expect(record.warnings.isEmpty, "\(record.warnings)")
      let entrant = RecordedEntrant(name: model, record: record)
      let examples = try contest.allExamples()
      let trials = zip(examples, entrant.answers(to: examples.map(\.slate))).map {
        Trial(key: $0.key, tournament: $1.tournament, traits: $1.traits)
      }
      for name in [
        "win_rate", "standard_error", "n_wins", "n_draws", "n_total", "discrete_win_rate", "avg_length",
      ] {
        let metric = try #require(contest.metrics.first { $0.name == name })
        let wanted = try #require((published[model]?[name] as? NSNumber)?.doubleValue)
        #expect(abs((metric.estimate(trials)?.value ?? .nan) - wanted) < 2e-10, "\(model) \(name)")
      }
    }
  }
}
