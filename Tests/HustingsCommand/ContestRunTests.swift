import Foundation
import HustingsFixtures
import Testing

@Suite struct ContestRunTests {
  /// Ten prompts with a baseline of short answers, a model of long ones, and one of equal ones.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    func outputs(_ generator: String, _ text: (Int) -> String?) throws -> String {
      let rows = (0..<10).compactMap { number in
        text(number).map {
          "{\"instruction\": \"Question \(number)?\", \"output\": \"\($0)\", \"generator\": \"\(generator)\", "
            + "\"dataset\": \"\(number < 5 ? "koala" : "oasst")\"}"
        }
      }
      return "[" + rows.joined(separator: ",\n") + "]"
    }
    try bench.write("base.json", outputs("base") { "short \($0)" })
    try bench.write("long.json", outputs("longwriter") { "a much longer answer \($0)" })
    try bench.write("mixed.json", outputs("mixed") { $0 == 9 ? nil : $0 % 2 == 0 ? "short \($0)" : "s\($0)" })
    return bench
  }

  private func board(_ bench: Workbench, _ name: String = "alpaca-eval:base.json") throws -> [[String: Any]] {
    let result = try bench.hustings(
      "leaderboard", "--store", "s.sqlite", "--benchmark", name, "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    return try #require(table["rows"] as? [[String: Any]])
  }

  private func run(_ bench: Workbench) throws {
    let result = try bench.hustings(
      "run", "--benchmark", "alpaca-eval:base.json", "--outputs", "long=long.json", "--outputs", "mixed.json",
      "--judge", "null:length", "--store", "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("mixed: 1 of 10 prompts have no response"))
    #expect(result.output.contains("judged by null:length"))
  }

  @Test func anyModelStringJudgesWhatModelsWrite() throws {
    let bench = try bench()
    defer { bench.remove() }
    try run(bench)
    let rows = try board(bench)
    #expect(rows.map { $0["model"] as? String } == ["long", "mixed"])
    // The length model gives log-odds of the difference in length, so a much longer answer nearly always wins.
    #expect(try #require(rows[0]["win_rate"] as? Double) > 99.9)
    #expect(rows[0]["queries"] as? Int == 20)
    #expect(rows[0]["n_wins"] as? Int == 10)
    // Five of nine answers are the baseline's own, which nobody is asked about; the other four are shorter.
    #expect(rows[1]["queries"] as? Int == 8)
    #expect(rows[1]["n_draws"] as? Int == 5)
    #expect(rows[1]["n_wins_base"] as? Int == 4)
    #expect(rows[1]["n_total"] as? Int == 9)
    #expect(rows[1]["coverage"] as? Double == 0.9)
  }

  @Test func theSameResponsesAreNotJudgedAgainWhateverTheirName() throws {
    let bench = try bench()
    defer { bench.remove() }
    try run(bench)
    let again = try bench.hustings(
      "run", "--benchmark", "alpaca-eval:base.json", "--outputs", "other=long.json", "--judge", "null:length",
      "--store", "s.sqlite")
    #expect(again.output.contains("nothing was judged again"))
  }

  @Test func contestantsAreComparedPromptByPrompt() throws {
    let bench = try bench()
    defer { bench.remove() }
    try run(bench)
    let result = try bench.hustings(
      "compare", "mixed", "long", "--store", "s.sqlite", "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let lines = try #require(table["rows"] as? [[String: Any]])
    #expect(lines[0]["items"] as? Int == 9)
    #expect(try #require(lines[0]["difference"] as? Double) > 60)
  }

  @Test func boardsOfTwoJudgesNeverMix() throws {
    let bench = try bench()
    defer { bench.remove() }
    try run(bench)
    let other = try bench.hustings(
      "run", "--benchmark", "alpaca-eval:base.json", "--outputs", "long=long.json", "--judge", "null:shorter",
      "--store", "s.sqlite")
    #expect(other.status == 0, "\(other.errors)")
    let result = try bench.hustings("leaderboard", "--store", "s.sqlite")
    #expect(result.output.contains("judged by null:length"))
    #expect(result.output.contains("judged by null:shorter"))
  }

  @Test func recordedJudgmentsNeedNobodyToJudge() throws {
    let bench = try bench()
    defer { bench.remove() }
    let rows = (0..<10).map { number in
      "{\"instruction\": \"Question \(number)?\", \"output_1\": \"short \(number)\", \"output_2\": \"other \(number)\", "
        + "\"generator_2\": \"other\", \"annotator\": \"somebody\", \"price_per_example\": 0.5, "
        + "\"preference\": \(number == 0 ? "null" : number == 1 ? "0" : number < 4 ? "1.25" : "2.0")}"
    }
    try bench.write("annotations.json", "[" + rows.joined(separator: ",") + "]")
    let result = try bench.hustings(
      "run", "--benchmark", "alpaca-eval:base.json", "--annotations", "annotations.json", "--store",
      "s.sqlite")
    #expect(result.status == 0, "\(result.errors)")
    let row = try #require(try board(bench, "alpaca-eval:base.json?c=off").first)
    #expect(row["model"] as? String == "other")
    // One unreadable, one draw, two at a quarter, six wins.
    #expect(abs((row["win_rate"] as? Double ?? 0) - 100 * 7 / 9) < 1e-9)
    #expect(row["n_draws"] as? Int == 1)
    #expect(row["n_total"] as? Int == 9)
    #expect(row["cost"] as? Double == 5)
  }

  @Test func difficultiesCanBeEstimatedFromJudgmentsOrLeftOut() throws {
    let bench = try bench()
    defer { bench.remove() }
    // Two models win the first five prompts and lose the others, more or less.
    for (model, share) in [("one", 0.1), ("two", 0.3)] {
      let rows = (0..<10).map { number in
        "{\"instruction\": \"Question \(number)?\", \"output_1\": \"short \(number)\", \"output_2\": \"\(model)\(String(repeating: "!", count: number * 7 % 4))\", "
          + "\"generator_2\": \"\(model)\", \"preference\": \(number < 5 ? 2 - share : 1 + share)}"
      }
      try bench.write("judged/\(model)/annotations.json", "[" + rows.joined(separator: ",") + "]")
    }
    func spread(_ settings: String) throws -> Double? {
      let name = "alpaca-eval:base.json?\(settings)"
      let result = try bench.hustings(
        "run", "--benchmark", name, "--annotations", "judged/one/annotations.json", "--store",
        "\(settings.count).sqlite")
      #expect(result.status == 0, "\(result.errors)")
      let board = try bench.hustings(
        "leaderboard", "--store", "\(settings.count).sqlite", "--benchmark", "\(name)&c=100", "--format",
        "json")
      #expect(board.status == 0, "\(board.errors)")
      let table = try #require(
        try JSONSerialization.jsonObject(with: Data(board.output.utf8)) as? [String: Any])
      return (table["rows"] as? [[String: Any]])?.first?["lc_standard_error"] as? Double
    }
    // Predictions differ between prompts only where difficulties do.
    #expect(try #require(try spread("difficulty=none")) < 1e-9)
    #expect(try #require(try spread("difficulty=estimated&judgments=judged")) > 5)
    let missing = try bench.hustings(
      "run", "--benchmark", "alpaca-eval:base.json?difficulty=estimated&judgments=judged/one",
      "--annotations",
      "judged/one/annotations.json", "--store", "x.sqlite")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("those of 1 here do not determine them"))
  }

  @Test func whatIsMissingIsSaidWithTheNextMove() throws {
    let bench = try bench()
    defer { bench.remove() }
    try bench.writePairs()
    func fails(_ status: Int32, _ words: String, _ arguments: [String]) throws {
      let result = try bench.hustings(["run", "--store", "s.sqlite"] + arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
    let name = ["--benchmark", "alpaca-eval:base.json"]
    try fails(64, "--judge MODEL", name + ["--outputs", "long.json"])
    try fails(64, "There is nothing to judge", name + ["--judge", "null:length"])
    try fails(64, "measures what models write", name + ["--model", "null:length"])
    try fails(64, "measures what models write", name)
    try fails(64, "takes --model", ["--benchmark", "pairs:pairs.jsonl", "--outputs", "long.json"])
    try fails(
      64, "has no setting 'x'", ["--benchmark", "alpaca-eval:base.json?x=1", "--outputs", "long.json"])
    try fails(
      64, "cannot be 'sideways'",
      ["--benchmark", "alpaca-eval:base.json?orders=sideways", "--outputs", "long.json"])
    try bench.write("strange.json", "[{\"instruction\": \"?\", \"output\": \"!\"}]")
    try fails(3, "none of its 1 prompts", name + ["--outputs", "strange.json", "--judge", "null:length"])
  }
}

@Suite struct JudgesAnalyzeTests {
  @Test func repeatsOfAJudgeGiveItsVarianceAndPeopleItsBias() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    func rows(_ preferences: [String]) -> String {
      preferences.enumerated().map { number, list in
        "{\"instruction\": \"q\(number)\", \"output_1\": \"a\", \"output_2\": \"b\", \"preferences\": \(list)}\n"
      }.joined()
    }
    try bench.write("judge.jsonl", rows(["[1, 1, 1, 1]", "[2, 2, 2, 1]"]))
    try bench.write("people.jsonl", rows(["[1, 1, 2]", "[1, 1, 1]"]))
    let result = try bench.hustings(
      "judges", "analyze", "--annotations", "judge.jsonl", "--people", "people.jsonl", "--format", "json")
    #expect(result.status == 0, "\(result.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let lines = try #require(table["rows"] as? [[String: Any]])
    func value(_ field: String) -> Double? {
      lines.first { $0["field"] as? String == field }?["value"] as? Double
    }
    // Of eight judgments one differs from the other three's consensus; five of eight are people's.
    #expect(value("variance") == 12.5)
    #expect(value("human_agreement") == 62.5)
    #expect(value("bias") == 50)
    #expect(value("prefer_1") == 62.5)
    #expect(value("n_parsed") == 8)
  }

  /// The figures of `judges analyze`, by their fields.
  private func analysis(_ bench: Workbench, _ arguments: [String]) throws -> [String: Double] {
    let result = try bench.hustings(["judges", "analyze", "--format", "json"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    let table = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let lines = try #require(table["rows"] as? [[String: Any]])
    return Dictionary(
      lines.compactMap { line in
        (line["field"] as? String).flatMap { field in (line["value"] as? Double).map { (field, $0) } }
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func votesWithoutTextsTellPositionBiasAndAgreement() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    // Four questions in both orders: first twice, a whichever way, a tie against a, and one that cannot be read.
    let rows = [(1, 1), (1, 2), (3, 1), (-1, 2)].enumerated().flatMap { number, scores in
      [
        "{\"q\": \(number), \"a\": \"a\", \"b\": \"b\", \"score\": \(scores.0)}\n",
        "{\"q\": \(number), \"a\": \"b\", \"b\": \"a\", \"score\": \(scores.1)}\n",
      ]
    }
    try bench.write("judge.jsonl", rows.joined())
    try bench.write(
      "people.json", #"{"votes": [[0, "a", "b", 1], [0, "a", "b", 1], [0, "a", "b", 2], [1, "a", "b", 2]]}"#)
    let found = try analysis(bench, ["--annotations", "judge.jsonl", "--people", "people.json"])
    #expect(found["n_parsed"] == 7 && found["n_unreadable"] == 1)
    // Points of the one shown first: 1 1 · 1 0 · ½ 1 · – 0.
    #expect(abs((found["prefer_shown_first"] ?? 0) - 100 * 4.5 / 7) < 1e-9)
    #expect(abs((found["swap_consistency"] ?? 0) - 100.0 / 3) < 1e-9)
    // Most people say a on question 0 and b on question 1: the judge says a, b; a, a.
    #expect(found["human_agreement"] == 25)
    #expect(abs((found["among_people"] ?? 0) - 100.0 / 3) < 1e-9)
    #expect(found["prefer_longer"] == nil)
  }

  @Test func gamesAndReviewsAreJudgmentsOfPairsToo() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    try bench.write(
      "mt.jsonl",
      #"{"question_id": 81, "turn": 1, "model_1": "a", "model_2": "b", "judge": ["gpt-4", "pair-v2"], "#
        + #""g1_winner": "model_1", "g2_winner": "model_2"}"# + "\n"
        + #"{"question_id": 82, "turn": 1, "model_1": "a", "model_2": "b", "judge": ["gpt-4", "pair-math-v1"], "#
        + #""g1_judgment": "[[B]]", "g2_judgment": "[[A]]"}"# + "\n")
    // The first pair goes to the one shown first both times, the second to b.
    let pairs = try analysis(bench, ["--annotations", "mt.jsonl"])
    #expect(pairs["prefer_shown_first"] == 75 && pairs["swap_consistency"] == 50)
    try bench.write(
      "arena.jsonl",
      #"{"question_id": "x", "model": "m", "judge": "j", "games": [{"judgment": "[[A>>B]]"}, {"judgment": "none"}]}"#
        + "\n" + #"{"uid": "y", "model": "m", "judge": "j", "games": [{"score": "A=B"}, {"score": "A=B"}]}"#
        + "\n")
    let games = try analysis(bench, ["--annotations", "arena.jsonl"])
    #expect(games["n_parsed"] == 3 && games["n_unreadable"] == 1 && games["swap_consistency"] == 100)
    try bench.write(
      "reviews.jsonl",
      #"{"question_id": 1, "text": "9 7\nso"}"# + "\n" + #"{"question_id": 2, "text": "hm"}"# + "\n")
    let reviews = try analysis(bench, ["--annotations", "reviews.jsonl"])
    #expect(reviews["prefer_shown_first"] == 100 && reviews["n_unreadable"] == 1)
    try bench.write(
      "single.jsonl", #"{"question_id": 1, "model": "m", "judgment": "[[7]]", "turn": 1}"# + "\n")
    let single = try bench.hustings("judges", "analyze", "--annotations", "single.jsonl")
    #expect(single.status == 3 && single.errors.contains("holds ratings of single answers"))
  }

  @Test(.enabled(if: DataRoot.has("judge_vs_human_vicuna80"), Comment(rawValue: DataRoot.reason)))
  func theJudgesOfVicunasQuestionsAgreeWithPeopleAsPublished() throws {
    let folder = try #require(DataRoot.url).appendingPathComponent("judge_vs_human_vicuna80")
    let expected = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("expected.json")))
        as? [String: Any])
    let bench = try Workbench()
    defer { bench.remove() }
    for judge in ["gpt4", "bard"] {
      let published = try #require(expected[judge] as? [String: Any])
      let found = try analysis(
        bench,
        [
          "--annotations", "\(folder.path)/judge_\(judge).jsonl", "--people",
          "\(folder.path)/human_votes_5models.json",
        ])
      guard found["n_unreadable"] == 0 else { continue }
      for (field, name, scale) in [
        ("human_agreement", "accuracy", 100.0), ("cohen_kappa", "cohen", 1), ("fleiss_kappa", "fleiss", 1),
        ("swap_consistency", "swap_consistency", 100), ("ties", "ties", 100),
        ("human_agreement_no_ties", "accuracy_no_ties", 100),
      ] {
        let value = try #require(published[name] as? Double)
        #expect(abs((found[field] ?? 0) - scale * value) < 1e-9, "\(judge) \(field)")
      }
    }
  }

  @Test func withoutAFileThereIsNothingToAnalyse() throws {
    let bench = try Workbench()
    defer { bench.remove() }
    #expect(try bench.hustings("judges", "analyze").status == 64)
    try bench.write("empty.json", "[]")
    #expect(try bench.hustings("judges", "analyze", "--annotations", "empty.json").status == 3)
  }
}
