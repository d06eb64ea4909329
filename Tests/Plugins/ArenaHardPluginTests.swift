import BenchmarkPlugins
import Catalog
import Foundation
import Hustings
import HustingsData
import HustingsMetrics
import Testing

@Suite struct ArenaHardPluginTests {
  private func contest(
    _ root: URL, _ plugin: BenchmarkPlugin = ArenaHard.plugin, _ settings: [String: String] = [:]
  ) throws -> any Contest {
    let made = try plugin.make(
      "q.jsonl",
      BenchmarkContext(
        dataRoot: root.path, seed: 0, settings: settings, path: { root.appendingPathComponent($0).path }))
    return try #require(made as? any Contest)
  }

  private let questions = (0..<3).map {
    "{\"uid\": \"q\($0)\", \"category\": \"c\", \"prompt\": \"p\($0)\"}\n"
  }.joined()

  /// Rows of a record's entry, told of the model: points and rows of both games.
  private func games(_ record: ContestRecord, _ item: String) -> [[Double?]] {
    guard let entry = record.entries[item] else { return [] }
    let first = entry.tournament.judgment(Matchup(0, 1))?.logOdds.map { (1 - $0) / 2 }
    let second = entry.tournament.judgment(Matchup(1, 0))?.logOdds.map { ($0 + 1) / 2 }
    return [[first, second], entry.traits[Trait.rows] ?? []]
  }

  @Test func aTableOfBattlesIsToldAsGames() throws {
    let table = """
      {"baseline": "base", "question_ids": ["q0", "q1", "q2"], "battles": {
        "m": [[0, "a"], [0, "a"], [0, "a"], [0, "b"], [1, "t"], [1, "t"], [2, "b"], [2, "b"], [2, "b"]]}}
      """
    let root = try folder(["q.jsonl": questions, "b.json": table])
    let record = try #require(try contest(root).records(root.appendingPathComponent("b.json").path).first)
    #expect(record.author == "m")
    #expect(games(record, "q0") == [[0, 1], [3, 1]])
    #expect(games(record, "q1") == [[0.5, 0.5], [1, 1]])
    #expect(games(record, "q2") == [[1, nil], [3, nil]])
  }

  @Test func upstreamsRowsOfBattlesAreReadAsWell() throws {
    func row(_ question: Int, _ winner: String) -> String {
      "{\"question_id\": \"q\(question)\", \"model_a\": \"base\", \"winner\": \"\(winner)\", \"model_b\": \"m\"}\n"
    }
    let rows = [row(0, "model_a"), row(0, "model_b"), row(0, "model_b"), row(0, "model_b"), row(1, "tie")]
    let root = try folder(["q.jsonl": questions, "b.jsonl": rows.joined()])
    let record = try #require(try contest(root).records(root.appendingPathComponent("b.jsonl").path).first)
    #expect(games(record, "q0") == [[0, 1], [1, 3]])
    #expect(games(record, "q1") == [[0.5, nil], [1, nil]])
  }

  @Test(
    arguments: [
      ([0, 0, 0, 0], [[0, 3], [0, 1]]), ([1, 1, 1, 1, 1, 1], [[1, 3], [1, 3]]), ([0.5], [[0.5, 1]]),
      ([0, 0, 0, 1, 1, 1], [[0, 3], [1, 3]]), ([0, 0, 1], nil), ([0, 0, 0, 0, 0], nil), ([0, 1, 0], nil),
    ] as [([Double], [[Double]]?)])
  func rowsAreThoseOfTwoGamesOrNone(credits: [Double], expected: [[Double]]?) throws {
    let cells = credits.map { "[0, \"\($0 == 0 ? "a" : $0 == 1 ? "b" : "t")\"]" }.joined(separator: ",")
    let root = try folder([
      "q.jsonl": questions,
      "b.json": "{\"baseline\": \"base\", \"question_ids\": [\"q0\"], \"battles\": {\"m\": [\(cells)]}}",
    ])
    let file = root.appendingPathComponent("b.json").path
    guard let expected else {
      let error = #expect(throws: BenchmarkError.self) { try contest(root).records(file) }
      #expect(error?.description.contains("are not those of two games") == true)
      return
    }
    let told = games(try #require(try contest(root).records(file).first), "q0")
    for (place, game) in expected.enumerated() {
      #expect(told[0][place] == game[0] && told[1][place] == game[1])
    }
  }

  @Test func battlesThatNameNobodySayWhere() throws {
    let root = try folder([
      "q.jsonl": questions,
      "bad.json": "{\"baseline\": \"b\", \"question_ids\": [\"q0\"], \"battles\": {\"m\": [[3, \"a\"]]}}",
      "worse.json": "{\"baseline\": \"b\", \"question_ids\": [\"q0\"], \"battles\": {\"m\": [[0, \"x\"]]}}",
    ])
    for name in ["bad.json", "worse.json"] {
      #expect(throws: DataError.self) {
        try contest(root).records(root.appendingPathComponent(name).path)
      }
    }
  }

  /// Both of upstream's places for tokens, and the counts that newer files have.
  private let answers = [
    "answers/base.jsonl": """
    {"question_id": "q0", "model_id": "base", "choices": [{"turns": [{"content": "# h\\n- a\\n**b**", "token_len": 7}]}]}
    {"question_id": "q1", "model_id": "base", "choices": [{"turns": ["plain"]}], "conv_metadata": {"token_len": 9}}

    """,
    "answers/m.jsonl": """
    {"uid": "q0", "model": "m", "messages": [{"role": "assistant", "content": {"answer": "x"}}], \
    "metadata": {"token_len": 4, "header_count": {"h1": 1, "h2": 2}, "list_count": {"ordered": 1, "unordered": 4}, \
    "bold_count": {"**": 1, "__": 0}}}
    {"uid": "q1", "model": "m", "messages": [{"role": "assistant", "content": {"answer": "1. a\\n2. b"}}]}

    """,
  ]
  private let judgments = (0..<2).map {
    "{\"uid\": \"q\($0)\", \"model\": \"m\", \"judge\": \"j\", \"games\": [{\"score\": \"A>B\"}, {\"score\": \"A>>B\"}]}\n"
  }.joined()

  @Test func stylesOfRecordedAnswersAreFoundByTheModelsNames() throws {
    let root = try folder(
      answers.merging(["q.jsonl": questions, "j.jsonl": judgments]) { first, _ in first })
    let contest = try contest(root, ArenaHard.plugin, ["answers": "answers", "baseline": "base"])
    let record = try #require(try contest.records(root.appendingPathComponent("j.jsonl").path).first)
    #expect(record.warnings.isEmpty)
    let first = try #require(record.entries["q0"]).traits
    #expect(first[Trait.tokens] == [7, 4])
    #expect(first[Trait.headers] == [1, 3])
    #expect(first[Trait.listItems] == [1, 5])
    #expect(first[Trait.bolds] == [1, 1])
    let second = try #require(record.entries["q1"]).traits
    #expect(second[Trait.tokens] == [9, nil])
    #expect(second[Trait.listItems] == [0, 2])
    #expect(second[Trait.length] == [5, 9])
  }

  @Test func withoutTheAnswersARecordSaysWhatIsMissing() throws {
    let root = try folder(["q.jsonl": questions, "j.jsonl": judgments])
    let record = try #require(try contest(root).records(root.appendingPathComponent("j.jsonl").path).first)
    #expect(record.warnings.contains { $0.contains("no answers of m and gpt-4-0314 (NAME.jsonl;") })
    #expect(record.entries["q0"]?.traits[Trait.headers] == nil)
  }

  @Test func stylesOfAnswersThatAreJudgedNowComeWithThem() throws {
    let root = try folder(answers.merging(["q.jsonl": questions]) { first, _ in first })
    let asked = try contest(root, ArenaHard.plugin, ["answers": "answers", "baseline": "base"]).asking(
      ModelCard(name: "j", kind: .reward, revision: "", fingerprint: SHA256.digest("j")))
    let baseline = try asked.baselineTraits()
    #expect(baseline["q0"]?[Trait.tokens] == 7 && baseline["q0"]?[Trait.bolds] == 1)
    let own = try asked.responses(root.appendingPathComponent("answers/m.jsonl").path)
    #expect(own.traits["q0"]?[Trait.headers] == 3 && own.traits["q1"]?[Trait.tokens] == nil)
  }

  @Test func versionTwoHasItsCategoriesAsColumns() throws {
    let root = try folder(["q.jsonl": questions])
    let names = try contest(root, ArenaHard.secondPlugin).metrics.map(\.name)
    for name in ["style_controlled_2", "style_controlled_0.1", "hard_prompt", "creative_writing"] {
      #expect(names.contains(name))
    }
  }
}
