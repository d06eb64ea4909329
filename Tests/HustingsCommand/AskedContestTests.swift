import Foundation
import HustingsFixtures
import Testing

/// Contests over numbered questions before a judge that is asked, with files in the shapes of FastChat and Arena-Hard.
@Suite struct AskedContestTests {
  private func lines(_ rows: [String]) -> String { rows.map { $0 + "\n" }.joined() }

  /// A FastChat answer file: `text` of question and turn.
  private func answers(_ questions: [Int], by model: String, _ text: (Int, Int) -> String) -> String {
    lines(
      questions.map { question in
        "{\"question_id\": \(question), \"answer_id\": \"x\", \"model_id\": \"\(model)\", \"choices\": [{\"index\": 0, "
          + "\"turns\": [\"\(text(question, 1))\", \"\(text(question, 2))\"]}], \"tstamp\": 1.5}"
      })
  }

  private func rows(_ bench: Workbench, _ arguments: [String]) throws -> [[String: Any]] {
    let result = try bench.hustings(["run", "--store", "s.sqlite"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    let board = try bench.hustings("leaderboard", "--store", "s.sqlite", "--format", "json")
    #expect(board.status == 0, "\(board.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(board.output.utf8)) as? [String: Any])
    return try #require(table["rows"] as? [[String: Any]])
  }

  /// A server of the model `m` whose replies follow from what it was shown.
  private func judge(_ reply: @escaping @Sendable (_ system: String, _ user: String) -> String) throws
    -> ScriptedServer
  {
    try ScriptedServer { request in
      guard request.method == "POST" else { return .text(#"{"data": [{"id": "m"}]}"#) }
      let body = try? JSONSerialization.jsonObject(with: request.body) as? [String: Any]
      let messages = body?["messages"] as? [[String: Any]] ?? []
      func text(_ role: String) -> String {
        messages.last { $0["role"] as? String == role }?["content"] as? String ?? ""
      }
      let content = reply(text("system"), text("user"))
      return .text(
        #"{"choices": [{"message": {"content": "\#(content)"}}], "usage": {"prompt_tokens": 9, "completion_tokens": 1}}"#
      )
    }
  }

  @Test func arenaHardAsksTwoGamesAgainstTheBaselineAndCountsStrongVerdictsThreeTimes() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "q.jsonl",
      lines((0..<3).map { "{\"uid\": \"q\($0)\", \"category\": \"c\", \"prompt\": \"Question \($0)?\"}" }))
    // Both of upstream's shapes: version 0.1 with choices, version 2 with messages.
    try bench.write(
      "answers/base.jsonl",
      lines(
        (0..<3).map {
          "{\"question_id\": \"q\($0)\", \"model_id\": \"base\", \"choices\": [{\"turns\": [{\"content\": \"weak \($0)\", \"token_len\": 2}]}]}"
        }))
    try bench.write(
      "mine.jsonl",
      lines(
        (0..<3).map {
          "{\"uid\": \"q\($0)\", \"model\": \"mine\", \"messages\": [{\"role\": \"user\", \"content\": \"Question \($0)?\"}, "
            + "{\"role\": \"assistant\", \"content\": {\"answer\": \"\($0 == 2 ? "weak 2" : "strong \($0)")\"}}]}"
        }))
    // The strong answer wins clearly as B and narrowly as A, as a judge that prefers what stands last would have it.
    let server = try judge { _, user in
      let first = user.components(separatedBy: "Assistant A's Answer|>")[1]
      return first.contains("strong") ? "So: [[A>B]]" : "So: [[B>>A]]"
    }
    let row = try #require(
      try rows(
        bench,
        [
          "--benchmark", "arena-hard:q.jsonl?baseline=base&answers=answers", "--outputs", "mine.jsonl",
          "--judge",
          "openai:m?base-url=\(server.address)/v1&rubric=arena-hard",
        ]
      ).first)
    #expect(row["model"] as? String == "mine")
    // Two questions of 3 + 1 rows won; the third answer is the baseline's own, a tie that nobody is asked about.
    #expect(row["wins"] as? Int == 8)
    #expect(row["losses"] as? Int == 0)
    #expect(row["queries"] as? Int == 4)
    #expect(server.requests.count { $0.method == "POST" } == 4)
  }

  @Test func styleIsControlledForAnswersThatAreJudgedNow() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "q.jsonl",
      lines((0..<30).map { "{\"uid\": \"q\($0)\", \"category\": \"c\", \"prompt\": \"Question \($0)?\"}" }))
    func answers(_ model: String, _ text: (Int) -> String) -> String {
      lines(
        (0..<30).map {
          "{\"question_id\": \"q\($0)\", \"model_id\": \"\(model)\", \"choices\": [{\"turns\": [{\"content\": \"\(text($0))\", "
            + "\"token_len\": \(10 + $0 * 7 % 5)}]}]}"
        })
    }
    try bench.write("answers/base.jsonl", answers("base") { _ in "a plain answer" })
    try bench.write("mine.jsonl", answers("mine") { $0 % 2 == 0 ? "# head\\n- one **b**" : "x\\n- y \($0)" })
    // Half of the laid-out answers win, a third of the others.
    let server = try judge { _, user in
      let number = user.components(separatedBy: "Question ").last?.prefix { $0 != "?" }.description ?? ""
      let wins = (Int(number) ?? 0) % (user.contains("# head") ? 4 : 3) == 0
      let first = user.components(separatedBy: "Assistant A's Answer|>")[1].contains("plain")
      return wins == first ? "[[B>A]]" : "[[A>B]]"
    }
    let row = try #require(
      try rows(
        bench,
        [
          "--benchmark", "arena-hard:q.jsonl?baseline=base&answers=answers", "--outputs", "mine.jsonl",
          "--judge", "openai:m?base-url=\(server.address)/v1&rubric=arena-hard", "--prices",
          bench.write("prices.json", #"{"m": {"input": 1000, "output": 2000}}"#),
        ]
      ).first)
    // 60 questions of 9 tokens, and one in each reply.
    #expect(row["queries"] as? Int == 60)
    #expect(abs((row["cost"] as? Double ?? 0) - 60 * (9 * 1000 + 2000) / 1e6) < 1e-9)
    let score = try #require(row["score"] as? Double)
    for field in ["style_controlled_0_1", "style_controlled_2"] {
      let controlled = try #require(row[field] as? Double)
      #expect(controlled > 0 && controlled < 100 && abs(controlled - score) < 30)
      #expect((row["\(field)_interval"] as? [Double])?.count == 2)
    }
    #expect(row["avg_tokens"] as? Int == 12)
  }

  private let questions = """
    {"question_id": 101, "category": "math", "turns": ["one?", "two?"]}
    {"question_id": 102, "category": "writing", "turns": ["three?", "four?"]}

    """

  @Test func mtBenchRatesBothTurnsAndShowsReferencesWhereThereAreSome() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q/question.jsonl", questions)
    try bench.write("q/reference_answer/gpt-4.jsonl", answers([101], by: "gpt-4") { _, turn in "REF\(turn)" })
    try bench.write("mine.jsonl", answers([101, 102], by: "mine") { "answer \($0) \($1)" })
    let server = try judge { _, user in
      switch (user.contains("REF1"), user.contains("answer 101 2") || user.contains("answer 102 2")) {
      case (true, false): "[[2]]"
      case (true, true): user.contains("REF2") && user.contains("two?") ? "[[4]]" : "none"
      case (false, false): "[[6]]"
      case (false, true): user.contains("answer 102 1") ? "[[10]]" : "none"
      }
    }
    let row = try #require(
      try rows(
        bench,
        [
          "--benchmark", "mt-bench:q/question.jsonl", "--outputs", "mine.jsonl", "--judge",
          "openai:m?base-url=\(server.address)/v1&rubric=mt-bench-single&references=q/reference_answer/gpt-4.jsonl",
        ]
      ).first)
    #expect(row["average"] as? Double == 5.5)
    #expect(row["turn_1"] as? Double == 4)
    #expect(row["turn_2"] as? Double == 7)
    #expect(row["math"] as? Double == 3)
    #expect(row["writing"] as? Double == 8)
    #expect(row["queries"] as? Int == 4)
  }

  @Test func mtBenchRefusesAJudgeThatComparesTwo() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("question.jsonl", questions)
    try bench.write("mine.jsonl", answers([101, 102], by: "mine") { "answer \($0) \($1)" })
    let server = try judge { _, _ in "[[A]]" }
    let result = try bench.hustings(
      "run", "--benchmark", "mt-bench:question.jsonl", "--outputs", "mine.jsonl", "--judge",
      "openai:m?base-url=\(server.address)/v1&rubric=mt-bench-pair", "--store", "s.sqlite")
    #expect(result.status == 64)
    #expect(result.errors.contains("has each response rated by itself"))
  }

  @Test func mtBenchPairsMeetsTheBaselineInBothOrders() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("question.jsonl", questions)
    try bench.write(
      "model_answer/gpt-3.5-turbo.jsonl", answers([101, 102], by: "gpt-3.5-turbo") { "base \($0) \($1)" })
    try bench.write("mine.jsonl", answers([101, 102], by: "mine") { "mine \($0) \($1)" })
    // The model's answers to the first question win; of the second the judge always takes the first it sees.
    let server = try judge { _, user in
      let first = user.components(separatedBy: "[Assistant A's answer]")[1].components(
        separatedBy: "[End of")[0]
      return user.contains("one?") ? (first.contains("mine") ? "[[A]]" : "[[B]]") : "[[A]]"
    }
    let row = try #require(
      try rows(
        bench,
        [
          "--benchmark", "mt-bench-pairs:question.jsonl?answers=model_answer", "--outputs", "mine.jsonl",
          "--judge",
          "openai:m?base-url=\(server.address)/v1&rubric=mt-bench-pair",
        ]
      ).first)
    #expect(row["win_rate_adjusted"] as? Double == 75)
    #expect(row["win_rate"] as? Double == 50)
    #expect(row["tie_rate"] as? Double == 50)
    #expect(row["queries"] as? Int == 8)
  }

  @Test func mtBenchAllAsksEveryPairOnce() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("question.jsonl", questions)
    for model in ["x", "xx", "xxx"] {
      try bench.write("\(model).jsonl", answers([101, 102], by: model) { "[\(model)] to \($0) \($1)" })
    }
    // More x are better, but in the writing question the judge takes what it sees first.
    let server = try judge { _, user in
      func shown(_ name: String) -> Int {
        let part = user.components(separatedBy: "[Assistant \(name)'s answer]")[1]
        return part.components(separatedBy: "[End of")[0].components(separatedBy: "]")[0].count
      }
      return user.contains("three?") || shown("A") > shown("B") ? "[[A]]" : "[[B]]"
    }
    let arguments = [
      "--benchmark", "mt-bench-all:question.jsonl", "--judge",
      "openai:m?base-url=\(server.address)/v1&rubric=mt-bench-pair", "--prices",
      try bench.write("prices.json", #"{"m": {"input": 1000, "output": 1000}}"#), "--outputs", "x.jsonl",
      "--outputs", "xx.jsonl",
    ]
    let board = try rows(bench, arguments + ["--outputs", "xxx.jsonl"])
    #expect(board.map { $0["model"] as? String } == ["xxx", "xx", "x"])
    #expect(board.map { $0["win"] as? Int } == [4, 2, 0])
    #expect(board.map { $0["tie"] as? Int } == [4, 4, 4])
    #expect(board.map { $0["win_rate_adjusted"] as? Double } == [75, 50, 25])
    #expect(board.map { $0["math"] as? Double } == [100, 50, 0])
    // Three pairs in two orders of four answers, each paid for once: 10 tokens at 1,000 dollars a million.
    #expect(server.requests.count { $0.method == "POST" } == 24)
    #expect(board.reduce(0) { $0 + ($1["queries"] as? Int ?? 0) } == 24)
    #expect(abs(board.reduce(0) { $0 + ($1["cost"] as? Double ?? 0) } - 0.24) < 1e-9)
    let alone = try bench.hustings(["run", "--store", "t.sqlite"] + arguments.dropLast(2))
    #expect(alone.status == 64 && alone.errors.contains("compares models with each other"))
  }

  @Test func vicunaBenchIsJudgedByAnyModel() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "q.jsonl", lines((1...2).map { "{\"question_id\": \($0), \"text\": \"q\($0)\", \"category\": \"c\"}" }))
    func texts(_ model: String, _ text: String) -> String {
      lines((1...2).map { "{\"question_id\": \($0), \"text\": \"\(text)\", \"model_id\": \"\(model)\"}" })
    }
    try bench.write("base.jsonl", texts("vicuna", "short"))
    try bench.write("mine.jsonl", texts("mine", "much longer"))
    let row = try #require(
      try rows(
        bench,
        [
          "--benchmark", "vicuna-bench:q.jsonl?answers=base.jsonl", "--outputs", "mine.jsonl", "--judge",
          "null:length",
        ]
      ).first)
    #expect(row["better"] as? Double == 100)
    #expect(row["points"] as? Double == 22)
    #expect(row["baseline_points"] as? Double == 10)
  }

  @Test(arguments: ["arena-hard:QUESTIONS.jsonl", "alpaca-eval:BASELINE.json"])
  func aSetThatNothingFetchesIsNamedAsAFile(usage: String) throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("mine.jsonl", "{\"uid\": \"q0\", \"answer\": \"a\"}\n")
    let name = usage.split(separator: ":").first.map(String.init) ?? ""
    let result = try bench.hustings(
      "run", "--benchmark", name, "--outputs", "mine.jsonl", "--judge", "null:length", "--store", "s.sqlite",
      "--data", bench.folder.path)
    #expect(result.status == 3)
    #expect(result.errors.contains("or name a file: --benchmark \(usage)"), "\(result.errors)")
  }

  @Test func aBaselineWithoutAnswersIsNamed() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write("q.jsonl", "{\"uid\": \"q0\", \"prompt\": \"p\"}\n")
    try bench.write("mine.jsonl", "{\"uid\": \"q0\", \"answer\": \"a\"}\n")
    let missing = try bench.hustings(
      "run", "--benchmark", "arena-hard:q.jsonl", "--outputs", "mine.jsonl", "--judge", "null:length",
      "--store",
      "s.sqlite")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("compares with the answers of 'gpt-4-0314'"))
    try bench.write("other.jsonl", "{\"uid\": \"q9\", \"answer\": \"a\"}\n")
    let foreign = try bench.hustings(
      "run", "--benchmark", "arena-hard:q.jsonl?answers=other.jsonl", "--outputs", "mine.jsonl", "--judge",
      "null:length", "--store", "s.sqlite")
    #expect(foreign.status == 3)
    #expect(foreign.errors.contains("are to none of arena-hard:q.jsonl's questions"))
    let stranger = try bench.hustings(
      "run", "--benchmark", "arena-hard:q.jsonl?answers=mine.jsonl", "--outputs", "other.jsonl", "--judge",
      "null:length", "--store", "s.sqlite")
    #expect(stranger.status == 3)
    #expect(stranger.errors.contains("none of its 1 prompts"))
  }
}
