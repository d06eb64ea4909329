import Foundation
import HustingsFixtures
import Testing

/// Boards of recorded judgments, as a user regenerates them.
@Suite struct RecordedContestTests {
  private func rows(
    _ bench: Workbench, _ benchmark: String, _ files: [String], expecting warning: String? = nil
  ) throws -> [[String: Any]] {
    let result = try bench.hustings(
      ["run", "--benchmark", benchmark, "--store", "s.sqlite"]
        + files.flatMap { ["--annotations", $0] })
    #expect(result.status == 0, "\(result.errors)")
    if let warning { #expect(result.errors.contains(warning), "\(result.errors)") }
    let board = try bench.hustings("leaderboard", "--store", "s.sqlite", "--format", "json")
    #expect(board.status == 0, "\(board.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(board.output.utf8)) as? [String: Any])
    return try #require(table["rows"] as? [[String: Any]])
  }

  private func lines(_ rows: [String]) -> String { rows.map { $0 + "\n" }.joined() }

  @Test func arenaHardCountsStrongVerdictsThreeTimes() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "q.jsonl",
      lines((0..<4).map { "{\"uid\": \"q\($0)\", \"category\": \"hard\", \"prompt\": \"p\($0)\"}" }))
    let verdicts = [("A>>B", "B>A"), ("B>A", "A>B"), ("A=B", "A=B"), ("B>>A", "nothing")]
    try bench.write(
      "m.jsonl",
      lines(
        verdicts.enumerated().map { number, games in
          "{\"question_id\": \"q\(number)\", \"model\": \"m\", \"judge\": \"j\", \"games\": ["
            + "{\"judgment\": \"so [[\(games.0)]]\"}, {\"judgment\": \"so [[\(games.1)]]\"}]}"
        }))
    let row = try #require(
      try rows(bench, "arena-hard:q.jsonl", ["m.jsonl"], expecting: "1 games have no verdict").first)
    #expect(row["model"] as? String == "m")
    // Rows: 3 + 1 lost, 2 won, 2 tied, and 3 won in the game that could be read.
    #expect(row["wins"] as? Int == 5)
    #expect(row["losses"] as? Int == 4)
    #expect(row["ties"] as? Int == 2)
    #expect(abs((row["score"] as? Double ?? 0) - 100 * 6 / 11) < 1e-9)
    #expect(abs((row["upstream_score"] as? Double ?? 0) - 100 * 6 / 11) < 1e-9)
    #expect(row["queries"] as? Int == 8)
  }

  @Test(.enabled(if: DataRoot.has("arena_hard"), Comment(rawValue: DataRoot.reason)))
  func theBoardOfRealBattlesHasThePublishedScoresAndBothStyleControls() throws {
    let root = try #require(DataRoot.url)
    let folder = root.appendingPathComponent("arena_hard")
    let expected = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        as? [String: Any])
    let bench = try Workbench()
    defer { bench.remove() }
    let battles = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix("battles_") })
    let run = try bench.hustings(
      "run", "--benchmark", "arena-hard", "--annotations", folder.appendingPathComponent(battles).path,
      "--store", "s.sqlite", "--data", root.path)
    #expect(run.status == 0, "\(run.errors)")
    let board = try bench.hustings(
      "leaderboard", "--store", "s.sqlite", "--format", "json", "--data", root.path)
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(board.output.utf8)) as? [String: Any])
    let rows = try #require(table["rows"] as? [[String: Any]])
    let plain = try #require(expected["battles"] as? [String: [String: Any]])
    let style = try #require(expected["style_control_reference"] as? [String: Any])
    #expect(rows.count == plain.count)
    for row in rows {
      let name = try #require(row["model"] as? String)
      let score = try #require(plain[name]?["score"] as? Double)
      #expect(abs((row["score"] as? Double ?? 0) - score) < 6e-7)
      for (field, formula) in [("style_controlled_0_1", "v01"), ("style_controlled_2", "v2")] {
        let reference = (style[formula] as? [String: Any])?["score"] as? [String: Double]
        guard let value = reference?[name] else {
          #expect(row[field] is NSNull)
          continue
        }
        #expect(abs((row[field] as? Double ?? 0) - value) < 1e-6)
      }
    }
  }

  @Test func arenaHardTwoDropsThePromptWithAnUnreadableGame() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", lines((0..<2).map { "{\"uid\": \"q\($0)\", \"prompt\": \"p\($0)\"}" }))
    try bench.write(
      "m.jsonl",
      lines([
        "{\"uid\": \"q0\", \"model\": \"m\", \"judge\": \"j\", \"games\": [{\"score\": \"A>B\"}, {\"score\": \"A<B\"}]}",
        "{\"uid\": \"q1\", \"model\": \"m\", \"judge\": \"j\", \"games\": [{\"score\": \"B>>A\"}, {\"score\": null}]}",
      ]))
    let row = try #require(try rows(bench, "arena-hard-2:q.jsonl", ["m.jsonl"]).first)
    #expect(row["losses"] as? Int == 2)
    #expect(row["wins"] as? Int == 0)
    #expect(row["coverage"] as? Double == 0.5)
  }

  @Test func severalJudgesOfArenaHardArePooledWhenTheUserWantsIt() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", lines((0..<2).map { "{\"uid\": \"q\($0)\", \"prompt\": \"p\($0)\"}" }))
    func game(_ item: Int, _ first: String, _ second: String, by judge: String) -> String {
      "{\"uid\": \"q\(item)\", \"model\": \"m\", \"judge\": \"\(judge)\", \"games\": [{\"score\": \(first)}, {\"score\": \(second)}]}"
    }
    try bench.write(
      "one.jsonl",
      lines([game(0, "\"A>>B\"", "\"A>B\"", by: "one"), game(1, "\"A=B\"", "\"A=B\"", by: "one")]))
    try bench.write(
      "two.jsonl", lines([game(0, "\"B>A\"", "\"A>>B\"", by: "two"), game(1, "\"B>A\"", "null", by: "two")]))
    let board = try rows(bench, "arena-hard-2:q.jsonl?judges=pooled", ["one.jsonl", "two.jsonl"])
    #expect(board.count == 1)
    // Rows: 3 lost and 1 won by the one judge, 1 and 3 won by the other, two ties; the unreadable prompt is dropped.
    #expect(["wins", "ties", "losses"].map { board[0][$0] as? Int } == [5, 2, 3])
    #expect(abs((board[0]["score"] as? Double ?? 0) - 60) < 1e-9)
    #expect(board[0]["queries"] as? Int == 8)
    let bad = try bench.hustings(
      "run", "--benchmark", "arena-hard-2:q.jsonl?judges=both", "--annotations", "one.jsonl", "--store",
      "t.sqlite")
    #expect(bad.status != 0 && bad.errors.contains("apart, pooled"))
  }

  private let questions = (81..<83).map {
    "{\"question_id\": \($0), \"category\": \"math\", \"turns\": [\"one\", \"two\"]}\n"
  }.joined()

  @Test func mtBenchRatesAnswersOnceAndCountsRepeats() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", questions)
    func grade(_ question: Int, _ turn: Int, _ text: String) -> String {
      "{\"question_id\": \(question), \"model\": \"m\", \"judge\": [\"gpt-4\", \"single-v1\"], \"turn\": \(turn), "
        + "\"judgment\": \"\(text)\", \"score\": 1}"
    }
    try bench.write(
      "m.jsonl",
      lines([
        grade(81, 1, "Rating: [[8]]"), grade(81, 2, "[[6.5]]"), grade(82, 1, "none"), grade(82, 2, "[[2]]"),
        grade(81, 1, "[[1]]"),
      ]))
    let row = try #require(
      try rows(bench, "mt-bench:q.jsonl", ["m.jsonl"], expecting: "1 rows repeat a judgment").first)
    #expect(row["average"] as? Double == 5.5)
    #expect(row["turn_1"] as? Double == 8)
    #expect(row["turn_2"] as? Double == 4.25)
    #expect(row["math"] as? Double == 5.5)
    #expect(row["coverage"] as? Double == 0.75)
  }

  @Test func mtBenchPairsWinOnlyInBothGames() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", questions)
    func pair(_ question: Int, _ turn: Int, _ games: (String, String)) -> String {
      "{\"question_id\": \(question), \"model_1\": \"a\", \"model_2\": \"b\", \"turn\": \(turn), "
        + "\"judge\": [\"gpt-4\", \"pair-v2\"], \"g1_winner\": \"\(games.0)\", \"g2_winner\": \"\(games.1)\"}"
    }
    try bench.write(
      "p.jsonl",
      lines([
        pair(81, 1, ("model_1", "model_1")), pair(81, 2, ("model_1", "model_2")), pair(82, 1, ("tie", "tie")),
        pair(82, 2, ("error", "model_1")),
      ]))
    let row = try #require(try rows(bench, "mt-bench-pairs:q.jsonl", ["p.jsonl"]).first)
    #expect(row["model"] as? String == "a")
    #expect(abs((row["win_rate_adjusted"] as? Double ?? 0) - 200.0 / 3) < 1e-9)
    #expect(abs((row["win_rate"] as? Double ?? 0) - 100.0 / 3) < 1e-9)
    #expect(abs((row["tie_rate"] as? Double ?? 0) - 200.0 / 3) < 1e-9)
    #expect(["win", "loss", "tie"].map { row[$0] as? Int } == [1, 0, 2])
    #expect(row["turn_2"] as? Double == 50 && row["math"] as? Double == row["win_rate_adjusted"] as? Double)
  }

  @Test func mtBenchPairsTakeTheBaselineThatIsNamed() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", questions)
    try bench.write(
      "p.jsonl",
      "{\"question_id\": 81, \"model_1\": \"a\", \"model_2\": \"b\", \"turn\": 1, \"g1_winner\": \"model_1\", "
        + "\"g2_winner\": \"model_1\"}\n")
    let row = try #require(try rows(bench, "mt-bench-pairs:q.jsonl?baseline=a", ["p.jsonl"]).first)
    #expect(row["model"] as? String == "b")
    #expect(row["loss_rate"] as? Double == 100)
  }

  @Test func mtBenchAllPutsEveryModelOnOneBoard() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", questions)
    func pair(_ models: (String, String), _ games: (String, String), _ turn: Int = 1) -> String {
      "{\"question_id\": 81, \"model_1\": \"\(models.0)\", \"model_2\": \"\(models.1)\", \"turn\": \(turn), "
        + "\"judge\": [\"gpt-4\", \"pair-v2\"], \"g1_winner\": \"\(games.0)\", \"g2_winner\": \"\(games.1)\"}"
    }
    try bench.write(
      "p.jsonl",
      lines([
        pair(("a", "b"), ("model_1", "model_1")), pair(("a", "c"), ("model_1", "tie")),
        pair(("b", "c"), ("model_2", "model_2")), pair(("a", "b"), ("error", "model_1"), 2),
        pair(("c", "a"), ("model_1", "model_1"), 2), pair(("b", "a"), ("model_2", "model_2")),
      ]))
    let board = try rows(
      bench, "mt-bench-all:q.jsonl", ["p.jsonl"], expecting: "1 rows of its judge repeat a judgment")
    let told = Dictionary(uniqueKeysWithValues: board.map { ($0["model"] as? String ?? "", $0) })
    func counts(_ model: String) -> [Int?] {
      ["win", "loss", "tie", "unreadable"].map { told[model]?[$0] as? Int }
    }
    #expect(counts("a") == [1, 1, 1, 1])
    #expect(counts("b") == [0, 2, 0, 1])
    #expect(counts("c") == [2, 0, 1, 0])
    #expect(abs((told["c"]?["win_rate_adjusted"] as? Double ?? 0) - 250.0 / 3) < 1e-9)
    #expect(told["c"]?["turn_2"] as? Double == 100)
    #expect(board.reduce(0) { $0 + ($1["queries"] as? Int ?? 0) } == 10)
    let twice = try bench.hustings(
      "run", "--benchmark", "mt-bench-all:q.jsonl", "--annotations", "p.jsonl", "--annotations", "p.jsonl",
      "--store", "t.sqlite")
    #expect(twice.status == 64 && twice.errors.contains("Two files hold pairs of 'a'"))
  }

  @Test(.enabled(if: DataRoot.has("mt_bench"), Comment(rawValue: DataRoot.reason)))
  func theBoardOfRealPairsHasTheRecordOfFastChat() throws {
    let root = try #require(DataRoot.url)
    let folder = root.appendingPathComponent("mt_bench")
    let expected = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        as? [String: Any])
    let pair = try #require(expected["pair_phi3"] as? [String: Any])
    let models = try #require(pair["models"] as? [String: [String: Double]])
    let bench = try Workbench()
    defer { bench.remove() }
    let board = try rows(
      bench, "mt-bench-all:\(folder.path)/question.jsonl", ["\(folder.path)/pair_gpt4_phi3.jsonl"])
    #expect(board.count == models.count)
    for row in board {
      let record = try #require(models[row["model"] as? String ?? ""])
      for name in ["win", "loss", "tie"] { #expect((row[name] as? Int).map(Double.init) == record[name]) }
      for name in ["win_rate", "loss_rate", "win_rate_adjusted"] {
        #expect(abs((row[name] as? Double ?? 0) - 100 * (record[name] ?? 0)) < 1e-9)
      }
      let consistency = try #require(pair["consistency_g1_eq_g2"] as? Double)
      #expect(abs((row["same_in_both_orders"] as? Double ?? 0) - 100 * consistency) < 1e-9)
    }
  }

  @Test func vicunaBenchAddsTheScoresUp() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "r.jsonl",
      lines([
        "{\"question_id\": 1, \"text\": \"8 9\\nprose\"}", "{\"question_id\": 2, \"text\": \"7 7\\nprose\"}",
        "{\"question_id\": 3, \"text\": \"Assistant 1: 9\", \"stored_score\": [9, 4]}",
        "{\"question_id\": 4, \"text\": \"who knows\"}",
      ]))
    let row = try #require(
      try rows(
        bench, "vicuna-bench?baseline=other", ["mine=r.jsonl"],
        expecting: "1 reviews cannot be read and count with their stored scores"
      ).first)
    #expect(row["model"] as? String == "mine")
    #expect(row["points"] as? Double == 24)
    #expect(row["baseline_points"] as? Double == 20)
    #expect(row["better"] as? Double == 50)
  }

  @Test func aJudgeThatIsAskedNeedsTheQuestions() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("o.json", "[]")
    let result = try bench.hustings(
      "run", "--benchmark", "vicuna-bench", "--outputs", "m=o.json", "--judge", "null:length", "--store",
      "s.sqlite")
    #expect(result.status == 3)
    #expect(result.errors.contains("'vicuna-bench:QUESTIONS.jsonl' needs a file"))
  }
}
