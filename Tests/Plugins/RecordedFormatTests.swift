import Foundation
import Hustings
import HustingsTesting
import Testing

/// Every format of recordings on small files, matched to the same three items.
@Suite struct RecordedFormatTests {
  /// Items `a` and `b` have candidates A and B; item `s/c` has chosen_1, rejected_1 and rejected_2.
  static let examples = [
    Example(
      id: "a", subset: "x", prompt: Prompt("a?"), candidates: [Candidate("A", "yes"), Candidate("B", "no")],
      gold: .prefers(0, over: 1)),
    Example(
      id: "b", subset: "x", prompt: Prompt("b?"), candidates: [Candidate("A", "up"), Candidate("B", "down")],
      gold: .prefers(1, over: 0)),
  ]

  private func models(
    _ name: String, _ text: String, select: String = "", on examples: [Example] = examples,
    allowsMissing: Bool = false
  ) throws -> [any PreferenceModel] {
    let scratch = try Scratch()
    return try recorded(try scratch.write(name, text) + select, on: examples, allowsMissing: allowsMissing)
  }

  /// Rewards by candidate name, item by item.
  private func rewards(_ model: any PreferenceModel, on examples: [Example] = examples) async throws
    -> [[String: Double]]
  {
    let tournaments = try await model.judge(examples.map(\.slate))
    return try zip(examples, tournaments).map { example, tournament in
      let rewards = try #require(tournament.rewards)
      return zip(example.key.names, example.key.candidates).reduce(into: [:]) { $0[$1.0] = rewards[$1.1] }
    }
  }

  /// What was said of the first candidate against the second and, negated, of the second against the first.
  private func verdicts(_ model: any PreferenceModel, on examples: [Example] = examples) async throws
    -> [[Double?]]
  {
    let tournaments = try await model.judge(examples.map(\.slate))
    return zip(examples, tournaments).map { example, tournament in
      let matchup = Matchup(example.key.candidates[0], example.key.candidates[1])
      return [tournament.judgment(matchup)?.logOdds, tournament.judgment(matchup.swapped)?.logOdds]
    }
  }

  private static let expected = [["A": 1.5, "B": -2], ["A": 0, "B": 1e-3]]

  @Test(arguments: [
    ("long.csv", "item,response,reward\na,A,1.5\na,B,-2\nb,A,0\nb,B,1e-3\n"),
    ("shuffled.csv", "reward,response,item\n1e-3,B,b\n-2,B,a\n0,A,b\n1.5,A,a\n"),
    (
      "long.jsonl",
      """
      {"item": "a", "response": "A", "reward": 1.5}
      {"item": "a", "response": "B", "reward": -2}
      {"item": "b", "response": "A", "reward": 0}
      {"item": "b", "response": "B", "reward": 0.001}

      """
    ),
    (
      "long.json",
      #"[{"item":"a","response":"A","reward":1.5},{"item":"a","response":"B","reward":-2},{"item":"b","response":"A","reward":0},{"item":"b","response":"B","reward":1e-3}]"#
    ),
    ("wide.csv", "item,A,B\na,1.5,-2\nb,0,1e-3\n"),
    ("scores.csv", "pair_id,label,m:score_A,m:score_B\nb,x,0,1e-3\na,y,1.5,-2\n"),
    ("long", "item,response,reward\r\na,A,1.5\r\na,B,-2\r\nb,A,0\r\nb,B,1e-3\r\n"),
  ]) func oneModelManySpellings(_ name: String, _ text: String) async throws {
    let models = try models(name, text)
    #expect(models.map(\.card.name) == [name == "scores.csv" ? "m" : String(name.prefix { $0 != "." })])
    #expect(models[0].card.kind == .reward)
    #expect(!models[0].card.readsTexts)
    #expect(try await rewards(models[0]) == Self.expected)
    #expect(try await ModelLaws.violations(of: models[0], on: Self.examples.map(\.slate)) == [])
  }

  @Test(arguments: [
    Response("no").digest.hex,
    // printf no | sha256sum
    "9390298f3fb0c5b160498935d79cb139aef28e1c47358b4bbba61862b9c26e59",
  ]) func responsesMayBeNamedByTheirDigest(_ digest: String) async throws {
    let models = try models("d.csv", "item,response,reward\na,A,1.5\na,\(digest),-2\nb,A,0\nb,B,1e-3\n")
    #expect(try await rewards(models[0]) == Self.expected)
    #expect(try await ModelLaws.violations(of: models[0], on: Self.examples.map(\.slate)) == [])
    let strange = try self.models(
      "d.csv", "item,response,reward\na,A,1.5\na,\(Response("else").digest.hex),-2\nb,A,0\nb,B,1e-3\n")
    let error = await #expect(throws: (any Error).self) {
      try await strange[0].judge(Self.examples.map(\.slate))
    }
    #expect("\(String(describing: error))".contains("d.csv:3: the item 'a' has no candidate '"))
  }

  @Test func equalTextsShareTheMeanOfTheirRows() async throws {
    let twins = [
      Example(
        id: "t", subset: "", prompt: Prompt("t?"),
        candidates: [Candidate("1", "same"), Candidate("2", "same"), Candidate("3", "other")],
        gold: .ratings([1, 1, 0]))
    ]
    let models = try models("w.csv", "item,1,2,3\nt,1,2,7\n", on: twins)
    #expect(try await rewards(models[0], on: twins) == [["1": 1.5, "2": 1.5, "3": 7]])
    let one = try self.models("l.csv", "item,response,reward\nt,2,2\nt,3,7\n", on: twins)
    #expect(try await rewards(one[0], on: twins) == [["1": 2, "2": 2, "3": 7]])
  }

  @Test func aFileMayHoldSeveralModels() async throws {
    let text =
      "item,response,reward,model\na,A,1.5,m\na,B,-2,m\nb,A,0,m\nb,B,1e-3,m\na,A,1,n\na,B,1,n\nb,A,1,n\nb,B,1,n\n"
    #expect(try models("l.csv", text, select: "#*").map(\.card.name) == ["m", "n"])
    let one = try models("l.csv", text, select: "#n")
    #expect(try await rewards(one[0]) == [["A": 1, "B": 1], ["A": 1, "B": 1]])
    let reversed = try models("l.csv", text, select: "#-m")
    #expect(try await rewards(reversed[0]) == [["A": -1.5, "B": 2], ["A": 0, "B": -1e-3]])
  }

  @Test(arguments: [
    ("v.csv", "item,first,second,verdict\na,A,B,first\na,B,A,second\nb,A,B,tie\nb,B,A,\n"),
    (
      "v.jsonl",
      """
      {"item": "a", "first": "A", "second": "B", "verdict": "first"}
      {"item": "a", "first": "B", "second": "A", "verdict": "second"}
      {"item": "b", "first": "A", "second": "B", "verdict": "tie"}
      {"item": "b", "first": "B", "second": "A", "verdict": null}

      """
    ),
    ("decisions.csv", "pair_id,decision_original_order,decision_swapped_order\na,A>B,B>A\nb,A=B,\n"),
    (
      "outputs.jsonl",
      """
      {"pair_id": "a", "judgments": [{"decision": "A>B"}, {"decision": "B>A"}]}
      {"pair_id": "b", "judgments": [{"decision": "A=B"}, null]}

      """
    ),
  ]) func verdictsInBothOrders(_ name: String, _ text: String) async throws {
    let model = try models(name, text)[0]
    #expect(model.card.kind == .judge)
    #expect(try await verdicts(model) == [[1, -1], [0, nil]])
    let tournament = try await model.judge([Self.examples[1].slate])[0]
    #expect(tournament.areVerdicts)
    let swapped = Matchup(Self.examples[1].key.candidates[1], Self.examples[1].key.candidates[0])
    #expect(tournament.judgment(swapped)?.absence?.kind == .abstention)
    #expect(try await ModelLaws.violations(of: model, on: Self.examples.map(\.slate)) == [])
  }

  @Test func logOddsHaveASize() async throws {
    let model = try models("p.csv", "item,first,second,log_odds\na,A,B,2.5\na,B,A,-1\nb,A,B,\n")[0]
    #expect(model.card.kind == .pairwise)
    #expect(try await verdicts(model) == [[2.5, -1], [nil, nil]])
    #expect(try await model.judge([Self.examples[0].slate])[0].areVerdicts == false)
  }

  @Test func rewardModelsOfJudgeBenchHaveScores() async throws {
    let model = try models(
      "o.jsonl",
      """
      {"pair_id": "a", "judgments": [{"judgment": {"judge_model": "org/rm", "scores": [1.5, -2]}, "decision": "A>B"}]}
      {"pair_id": "b", "judgments": [{"judgment": {"judge_model": "org/rm", "scores": [[0.0], [0.001]]}, "decision": "B>A"}]}

      """)[0]
    #expect(model.card.name == "org/rm")
    #expect(try await rewards(model) == Self.expected)
  }

  private static let numbered = (0..<2).map { index in
    Example(
      id: "Natural/\(index)", subset: "Natural", prompt: Prompt("n \(index)"),
      candidates: [Candidate("1", "one"), Candidate("2", "two")], gold: .prefers(0, over: 1))
  }

  @Test func runsOfLLMBar() async throws {
    let judge = try models(
      "e.jsonl",
      #"{"subset": "Natural", "evaluator": "J/Plain", "labels": [1, 2], "winner_original": ["1", null], "winner_swapped": ["2", "2"]}"#
        + "\n",
      on: Self.numbered)[0]
    #expect(judge.card.name == "J/Plain")
    // The winner is named in the original numbering, so '2' in the swapped order is the response presented first.
    #expect(try await verdicts(judge, on: Self.numbered) == [[1, 1], [nil, 1]])
    let rater = try models(
      "e.jsonl",
      #"{"subset": "Natural", "evaluator": "J/Rating", "score_1": ["7", ""], "score_2": ["7", "3"]}"# + "\n",
      on: Self.numbered)[0]
    #expect(try await rewards(rater, on: Self.numbered) == [["1": 7, "2": 7], ["2": 3]])
  }

  @Test func judgesOfPandaLM() async throws {
    let examples = (0..<4).map { index in
      Example(
        id: "\(index)", subset: "", prompt: Prompt("n \(index)"),
        candidates: [Candidate("1", "one"), Candidate("2", "two")], gold: .tie(0, 1))
    }
    let gpt = try models(
      "g.json",
      #"[{"idx": 0, "gpt_result": "1"}, {"idx": 1, "gpt_result": "2"}, {"idx": 2, "gpt_result": "Tie"}, {"idx": 3, "gpt_result": "garbage"}]"#,
      on: examples)[0]
    #expect(try await verdicts(gpt, on: examples) == [[1, nil], [-1, nil], [0, nil], [0, nil]])
    let panda = try models(
      "p.json",
      #"[{"idx": 3, "pandalm_result": 0}, {"idx": 2, "pandalm_result": 2}, {"idx": 1, "pandalm_result": 1}, {"idx": 0, "pandalm_result": 1}]"#,
      on: examples)[0]
    #expect(try await verdicts(panda, on: examples) == [[1, nil], [1, nil], [-1, nil], [0, nil]])
    #expect(
      sentence { _ = try models("p.json", "[\n{\"idx\": 0, \"pandalm_result\": 5}]", on: examples) }
        .hasSuffix("p.json:2: 'pandalm_result' is '5', but must be '0' or '1' or '2'. Correct it."))
  }

  private static let rewardBench = [
    Example(
      id: "hep-go/5", subset: "hep-go", prompt: Prompt("c"),
      candidates: [Candidate("chosen", "x"), Candidate("rejected", "y")], gold: .prefers(0, over: 1)),
    Example(
      id: "shp/5", subset: "shp", prompt: Prompt("d"),
      candidates: [Candidate("chosen", "x"), Candidate("rejected", "y")], gold: .prefers(0, over: 1)),
  ]

  @Test(arguments: [
    (
      "c.json",
      #"{"id": [5, 5], "subset": ["shp", "hep-go"], "scores_chosen": [3, [1.0]], "scores_rejected": [4, [2]], "results": [0, 0], "model": "org/rm"}"#
    ),
    (
      "c.jsonl",
      #"{"id": 5, "subset": "shp", "scores_chosen": 3, "scores_rejected": 4, "model": "org/rm"}"# + "\n"
        + #"{"id": 5, "subset": "hep-go", "scores_chosen": 1, "scores_rejected": 2, "model": "org/rm"}"#
        + "\n"
    ),
  ]) func scoresOfRewardBench1(_ name: String, _ text: String) async throws {
    let model = try models(name, text, on: Self.rewardBench)[0]
    #expect(model.card.name == "org/rm")
    #expect(
      try await rewards(model, on: Self.rewardBench) == [
        ["chosen": 1, "rejected": 2], ["chosen": 3, "rejected": 4],
      ])
  }

  @Test func resultsAloneAreVerdicts() async throws {
    let model = try models(
      "r.json",
      #"{"id": [5, 5], "subset": ["hep-go", "shp"], "results": [1, 0.5], "scores_chosen": [null, null], "scores_rejected": [null, null]}"#,
      on: Self.rewardBench)[0]
    #expect(try await verdicts(model, on: Self.rewardBench) == [[1, nil], [0, nil]])
    #expect(model.card.kind == .judge)
  }

  @Test func scoresOfRewardBench2AndRMBench() async throws {
    let names = ["chosen_1", "rejected_1", "rejected_2"]
    let examples = [("Math/1", "Math"), ("tied:1", "Ties")].map { id, subset in
      Example(
        id: id, subset: subset, prompt: Prompt(id), candidates: names.map { Candidate($0, $0) },
        gold: .groups(better: [0], worse: [1, 2]))
    }
    let model = try models(
      "s.json",
      #"{"id": ["1", "tied:1"], "subset": ["Math", "Ties"], "num_correct": [1, 1], "scores": [[1, 2, 3], [[4], [5], [6]]]}"#,
      on: examples)[0]
    #expect(
      try await rewards(model, on: examples) == [
        ["chosen_1": 1, "rejected_1": 2, "rejected_2": 3], ["chosen_1": 4, "rejected_1": 5, "rejected_2": 6],
      ])
    // RM-Bench's results name no domain; the one item that ends in the id is meant.
    let styles = [
      Example(
        id: "code/8", subset: "code", prompt: Prompt("8"), candidates: names.map { Candidate($0, $0) },
        gold: .groups(better: [0], worse: [1, 2]))
    ]
    let rm = try models(
      "rm.json", #"[{"id": 8, "score_chosen": [1], "score_rejected": [2, 3]}]"#, on: styles)[0]
    #expect(try await rewards(rm, on: styles) == [["chosen_1": 1, "rejected_1": 2, "rejected_2": 3]])
    let named = try models(
      "rm.json", #"[{"id": 8, "domain": "code", "score_chosen": [1], "score_rejected": [2, 3]}]"#, on: styles)
    #expect(named.count == 1)
  }

  @Test func picksBeatEveryOther() async throws {
    let examples = [
      Example(
        id: "0", subset: "", prompt: Prompt([]), candidates: (0..<3).map { Candidate("\($0)", "\($0)") },
        gold: .ratings([0, 1, 2]))
    ]
    let models = try models(
      "p.csv", "prompt_index,pick:org/rm,len_0,len_1,len_2,pref_of_x\n0,1,5,6,7,1.5\n", select: "#*",
      on: examples)
    #expect(models.map(\.card.name) == ["org/rm", "len"])
    let tournament = try await models[0].judge(examples.map(\.slate))[0]
    let places = examples[0].key.candidates
    #expect(tournament.margin(places[1], places[0]) == 1)
    #expect(tournament.margin(places[1], places[2]) == 1)
    #expect(tournament.margin(places[0], places[2]) == nil)
    #expect(try await rewards(models[1], on: examples) == [["0": 5, "1": 6, "2": 7]])
  }

  @Test func emptyRewardsAndAllowedGapsAreAbstentions() async throws {
    let model = try models(
      "l.csv", "item,response,reward\na,A,\na,B,2\nb,A,1\n", allowsMissing: true)[0]
    let tournaments = try await model.judge(Self.examples.map(\.slate))
    #expect(try await rewards(model) == [["B": 2], ["A": 1]])
    let reasons = zip(Self.examples, tournaments).map { example, tournament in
      tournament.absence(example.key.candidates[0], example.key.candidates[1])?.reason
    }
    #expect(reasons == ["the recording gives no reward", "the recording has no row"])
    let judge = try models("v.csv", "item,first,second,verdict\na,A,B,first\n", allowsMissing: true)[0]
    let silent = try await judge.judge([Self.examples[1].slate])[0]
    let key = Self.examples[1].key
    #expect(silent.absence(key.candidates[0], key.candidates[1])?.kind == .abstention)
  }

  @Test func fingerprintCoversBytesAndModel() throws {
    let scratch = try Scratch()
    func fingerprint(_ text: String, _ select: String) throws -> Digest {
      let path = try scratch.write("f.csv", text)
      return try #require(recorded(path + select, on: Self.examples, allowsMissing: true).first).card
        .fingerprint
    }
    let text = "item,m:score_A,n:score_A\na,1,1\n"
    let first = try fingerprint(text, "#m")
    #expect(first == (try fingerprint(text, "#m")))
    #expect(first != (try fingerprint(text, "#n")))
    #expect(first != (try fingerprint(text + "b,1,1\n", "#m")))
  }
}
