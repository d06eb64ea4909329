import Foundation
import Hustings
import Testing

/// Every way in which a recording can be wrong has a sentence of its own.
@Suite struct RecordedErrorTests {
  private func complaint(
    _ name: String, _ text: String, select: String = "", on examples: [Example] = RecordedFormatTests.examples
  ) throws -> String {
    let scratch = try Scratch()
    let path = try scratch.write(name, text)
    return sentence { _ = try recorded(path + select, on: examples) }
      .replacingOccurrences(of: scratch.path + "/", with: "")
  }

  private static let rows = "item,response,reward\na,A,1\na,B,2\nb,A,3\nb,B,4\n"

  @Test(arguments: [
    (rows + "a,B,5\n", "r.csv:6: the item 'a' has a row of 'r' for 'B' already. Remove one of them."),
    (
      rows + "z,B,5\n",
      "r.csv:6: the benchmark has no item 'z'. Check that the recording is of this benchmark and version."
    ),
    (
      rows + "a,C,5\n",
      "r.csv:6: the item 'a' has no candidate 'C'; it has 'A', 'B'. Name one of them, or give the SHA-256 of a response."
    ),
    (
      "item,response,reward\na,A,1\nb,A,3\nb,B,4\n",
      "r.csv lacks 1 row of 'r' that the benchmark needs, first for 'B' of the item 'a'. "
        + "Export it again, or pass --allow-missing to count them as abstentions."
    ),
    (
      "item,response,reward\nb,B,4\n",
      "r.csv lacks 3 rows of 'r' that the benchmark needs, first for 'A' of the item 'a'. "
        + "Export it again, or pass --allow-missing to count them as abstentions."
    ),
    (
      "item,response,reward\na,A,high\n",
      "r.csv:2: the column 'reward' holds 'high', which is no number. Correct it."
    ),
    (
      "item,response,reward\na,A,nan\n",
      "r.csv:2: the column 'reward' holds 'nan', which is not a finite number. Leave the field empty if it is missing."
    ),
    (
      "item,response,reward\na,A,-inf\n",
      "r.csv:2: the column 'reward' holds '-inf', which is not a finite number. Leave the field empty if it is missing."
    ),
    (
      "item,response,reward\n,A,1\n",
      "r.csv:2: the column 'item' is empty in this row. Fill it in or remove the row."
    ),
    ("item,response,reward\n", "r.csv holds no recorded rows. Export it again."),
    (
      "a,b,c\n1,2,3\n",
      "r.csv is in no format of recordings: it has 'a', 'b', 'c'. Write the columns item, response and reward, or see docs/recordings.md."
    ),
    (
      "item,first,second,verdict\na,A,B,A\n",
      "r.csv:2: 'verdict' is 'A', but must be 'first' or 'second' or 'tie'. Correct it."
    ),
    (
      "item,first,second,verdict\na,A,A,tie\n",
      "r.csv:2: the item 'a' compares 'A' with itself. Name two candidates."
    ),
    (
      "item,first,second,verdict\na,A,B,tie\na,A,B,tie\n",
      "r.csv:3: the item 'a' has a row of 'r' for 'A before B' already. Remove one of them."
    ),
    (
      "item,first,second,verdict\na,A,B,tie\n",
      "r.csv lacks 1 row of 'r' that the benchmark needs, first for 'A against B' of the item 'b'. "
        + "Export it again, or pass --allow-missing to count them as abstentions."
    ),
    (
      "pair_id,decision_original_order,decision_swapped_order\na,A>B,C\n",
      "r.csv:2: 'decision_swapped_order' is 'C', but must be 'A>B' or 'B>A' or 'A=B' or ''. Correct it."
    ),
    ("item,A,B\na,1,x\n", "r.csv:2: the column 'B' holds 'x', which is no number. Correct it."),
    (
      "item,A,C\na,1,2\n",
      "r.csv:2: the item 'a' has no candidate 'C'; it has 'A', 'B'. Name one of them, or give the SHA-256 of a response."
    ),
  ]) func tables(_ text: String, _ expected: String) throws {
    #expect(try complaint("r.csv", text) == expected)
  }

  @Test(arguments: [
    (
      #"{"item": "a", "response": "A", "reward": "1"}"#,
      "r.jsonl:1: 'reward' must be a number, but is a string. Correct it or export the file again."
    ),
    (
      #"{"item": "a", "response": "A", "reward": NaN}"#,
      "r.jsonl:1: 'reward' is NaN, which is not a number. Write null for a missing value, or correct what produced it."
    ),
    (
      #"{"item": "a", "response": "A"}"#,
      "r.jsonl is in no format of recordings: it has 'item', 'response'. Write the columns item, response and reward, or see docs/recordings.md."
    ),
    (
      #"{"item": "a", "response": "A", "reward": 1, "rew"#,
      "r.jsonl:1 is truncated: the last line ends in the middle of a record. Fetch or export the file again."
    ),
    (
      #"{"subset": "s", "evaluator": "e", "winner_original": ["1"], "winner_swapped": []}"#,
      "r.jsonl:1: 'winner_original' has 1 entries and 'winner_swapped' has 0, but they belong together. Export it again."
    ),
    (
      #"{"subset": "s", "evaluator": "e", "winner_original": ["3"], "winner_swapped": ["1"]}"#,
      "r.jsonl:1: 'winner_original[0]' is '3', but must be '1' or '2' or null. Correct it."
    ),
    (
      #"{"id": 1, "scores_chosen": 2}"#,
      "r.jsonl:1: 'scores_rejected' is missing. Check that this is the right file and version."
    ),
    (#"{"id": 1, "results": 0.7}"#, "r.jsonl:1: 'results' is 0.7, but must be 1, 0.5 or 0. Correct it."),
  ]) func lines(_ text: String, _ expected: String) throws {
    #expect(try complaint("r.jsonl", text) == expected)
  }

  @Test func documents() throws {
    #expect(
      try complaint(
        "r.json",
        "[{\"item\": \"a\", \"response\": \"A\", \"reward\": 1},\n {\"item\": \"q\", \"response\": \"A\", \"reward\": 1}]"
      )
        == "r.json:2: the benchmark has no item 'q'. Check that the recording is of this benchmark and version."
    )
    #expect(
      try complaint("r.json", #"{"id": ["a"], "scores_chosen": [1, 2], "scores_rejected": [0]}"#)
        == "r.json:1: 'id' has 1 entries and 'scores_chosen' has 2, but they belong together. Export it again."
    )
    #expect(
      try complaint("r.json", #"{"a": 1}"#).hasPrefix("r.json is in no format of recordings: it has 'a'."))
    #expect(try complaint("r.json", "[]") == "r.json holds no recorded rows. Export it again.")
    #expect(try complaint("r.json", "") == "r.json is empty. Fetch or export it again.")
  }

  @Test func selections() throws {
    let text = "pair_id,internlm2:score_A,internlm2:score_B,GRM:score_A,GRM:score_B\na,1,2,3,4\nb,1,2,3,4\n"
    #expect(
      try complaint("r.csv", text)
        == "r.csv holds several models: 'internlm2', 'GRM'. Select one with #NAME, or all with '#*'.")
    #expect(
      try complaint("r.csv", text, select: "#internlm")
        == "r.csv holds no model 'internlm'. Did you mean 'internlm2'? It holds 'internlm2', 'GRM'.")
    #expect(
      try complaint("r.csv", text, select: "#xyzzy")
        == "r.csv holds no model 'xyzzy'. It holds 'internlm2', 'GRM'.")
    #expect(try complaint("r.csv", text, select: "#*") == "nothing was thrown")
  }

  @Test func filesThatAreNotThere() throws {
    #expect(
      sentence { _ = try recorded("/nowhere/r.csv", on: []) }
        == "/nowhere/r.csv cannot be read: No such file or directory. Check the path and its permissions.")
  }

  @Test func shortNamesMustBeUnambiguous() throws {
    let examples = ["x/1", "y/1", "y/2"].map { id in
      Example(
        id: id, subset: "", prompt: Prompt(id), candidates: [Candidate("A", "a"), Candidate("B", "b")],
        gold: .prefers(0, over: 1))
    }
    #expect(
      try complaint("r.csv", "item,A,B\ny/1,1,2\nx/1,1,2\n2,1,2\n", on: examples) == "nothing was thrown")
    #expect(
      try complaint("r.csv", "item,A,B\n1,1,2\n", on: examples).hasPrefix(
        "r.csv:2: the benchmark has no item '1'."))
  }

  @Test func aRecordingIsMatchedBeforeItJudges() async throws {
    let scratch = try Scratch()
    let path = try scratch.write("r.csv", Self.rows)
    let matched = try #require(recorded(path, on: RecordedFormatTests.examples).first)
    let stranger = Slate(id: "z", prompt: Prompt("z"), responses: [Response("1"), Response("2")])
    let error = await #expect(throws: (any Error).self) { try await matched.judge([stranger]) }
    #expect(
      String(describing: try #require(error))
        == "The recording 'r' was not matched to a benchmark with the item 'z'. Judge the examples it was matched to."
    )
  }
}
