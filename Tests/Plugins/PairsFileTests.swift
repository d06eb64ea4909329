import Foundation
import Hustings
import HustingsTesting
import Testing

@Suite struct PairsFileTests {
  private func pairs(_ name: String, _ text: String) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    let path = try scratch.write(name, text)
    return (Kept(try benchmark("pairs", root: "/nowhere", argument: path), in: scratch), scratch)
  }

  private static let expected = [
    Example(
      id: "a", subset: "s", prompt: Prompt("p, with comma"),
      candidates: [Candidate("chosen", "good"), Candidate("rejected", "bad\nline")],
      gold: .prefers(0, over: 1)),
    Example(
      id: "b", subset: "all", prompt: Prompt("q"),
      candidates: [Candidate("chosen", "x"), Candidate("rejected", "y")], gold: .prefers(0, over: 1)),
  ]

  @Test(arguments: [
    (
      "t.csv",
      """
      id,subset,prompt,chosen,rejected
      a,s,"p, with comma",good,"bad
      line"
      b,,q,x,y

      """
    ),
    (
      "t.json",
      """
      [{"id": "a", "subset": "s", "prompt": "p, with comma", "chosen": "good", "rejected": "bad\\nline"},
       {"id": "b", "prompt": "q", "chosen": "x", "rejected": "y", "note": 3}]
      """
    ),
    (
      "t.jsonl",
      """
      {"id": "a", "subset": "s", "prompt": "p, with comma", "chosen": "good", "rejected": "bad\\nline"}
      {"id": "b", "prompt": [{"role": "user", "content": "q"}], "chosen": [{"role": "assistant", "content": "x"}], "rejected": "y"}

      """
    ),
  ]) func threeSpellingsOfTheSamePairs(_ name: String, _ text: String) throws {
    let (pairs, _) = try pairs(name, text)
    #expect(try pairs.allExamples() == Self.expected)
    #expect(try BenchmarkLaws.violations(of: pairs) == [])
  }

  private func only(_ row: String) throws -> Example {
    let (pairs, _) = try pairs("t.jsonl", row + "\n")
    return try #require(try pairs.allExamples().first)
  }

  @Test func repeatedPromptsAreDropped() throws {
    let example = try only(
      """
      {"prompt": "q", "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}], \
      "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "y"}]}
      """)
    #expect(example.slate.prompt == Prompt("q"))
    #expect(Set(example.slate.responses) == [Response("x"), Response("y")])
  }

  @Test func sharedTurnsAreThePromptWhenNoneIsGiven() throws {
    let example = try only(
      """
      {"chosen": [{"from": "system", "value": "s"}, {"from": "human", "value": "q"}, {"from": "gpt", "value": "x"}], \
      "rejected": [{"from": "system", "value": "s"}, {"from": "human", "value": "r"}, {"from": "gpt", "value": "x"}]}
      """)
    #expect(example.slate.prompt == Prompt([Message(.system, "s")]))
    #expect(
      Set(example.slate.responses)
        == [Response("x", after: [Message(.user, "q")]), Response("x", after: [Message(.user, "r")])])
  }

  /// When one conversation is the beginning of the other, its last turn is still its reply.
  @Test func theShorterConversationKeepsItsReply() throws {
    let example = try only(
      """
      {"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}], \
      "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "x"}, \
      {"role": "user", "content": "and?"}, {"role": "assistant", "content": "y"}]}
      """)
    #expect(example.slate.prompt == Prompt("q"))
    #expect(
      Set(example.slate.responses)
        == [Response("x"), Response("y", after: [Message(.assistant, "x"), Message(.user, "and?")])])
  }

  @Test func identicalResponsesLeaveNoPreference() throws {
    let example = try only(#"{"prompt": "q", "chosen": "x", "rejected": "x"}"#)
    #expect(example.slate.responses == [Response("x")])
    #expect(example.key.candidates == [0, 0])
    #expect(example.key.gold.matchups.isEmpty)
  }

  @Test(arguments: [
    (#"{"prompt": "q", "rejected": "y"}"#, "t.jsonl:1: 'chosen' is missing."),
    (
      #"{"prompt": "q", "chosen": 3, "rejected": "y"}"#,
      "t.jsonl:1: 'chosen' must be a text or a list of messages, but is a number."
    ),
    (
      #"{"chosen": "x", "rejected": "y"}"#,
      "t.jsonl:1: 'chosen' is a text without a prompt, but must be a list of messages, or stand beside a 'prompt'."
    ),
    (
      #"{"prompt": "q", "chosen": [{"role": "user", "content": "x"}], "rejected": "y"}"#,
      "t.jsonl:1: 'chosen' is a conversation that ends with a turn by 'user', but must be one that ends with a turn by 'assistant'."
    ),
    (
      #"{"prompt": "q", "chosen": [], "rejected": "y"}"#,
      "t.jsonl:1: 'chosen' is a conversation without a reply,"
    ),
    (
      #"{"prompt": "q", "chosen": [{"role": "assistant"}], "rejected": "y"}"#,
      "t.jsonl:1: 'chosen[0].content' is missing."
    ),
    (#"["q", "x", "y"]"#, "t.jsonl:1: the value must be an object, but is an array."),
  ]) func badRowsSayWhatIsWrong(_ row: String, _ beginning: String) throws {
    let (pairs, scratch) = try pairs("t.jsonl", row + "\n")
    let complaint = sentence { try pairs.examples { _ in } }.replacingOccurrences(
      of: scratch.path + "/", with: "")
    #expect(complaint.hasPrefix(beginning), "\(complaint)")
  }

  @Test func tablesWithoutAColumnSayWhichOne() throws {
    let (pairs, scratch) = try pairs("t.csv", "prompt,choosen,rejected\nq,x,y\n")
    let complaint = sentence { try pairs.examples { _ in } }.replacingOccurrences(
      of: scratch.path + "/", with: "")
    #expect(complaint == "t.csv:1: there is no column 'chosen'. Did you mean 'choosen'? Check the header.")
  }

  @Test func filesOfOnesOwnMustBeNamed() {
    for name in ["pairs", "rankings"] {
      #expect(
        sentence { try benchmark(name, root: "/nowhere").examples { _ in } }
          == "The benchmark '\(name):FILE' needs a file. Write its path after the colon.")
    }
  }
}
