import BenchmarkPlugins
import Foundation
import Hustings
import HustingsData
import HustingsTesting
import ModelPlugins
import Testing

/// A model that prefers whatever text comes first in this list; texts that are not on it have no reward.
struct Favourites: RewardModel {
  let card = ModelCard(
    name: "favourites", kind: .reward, revision: "1", fingerprint: SHA256.digest("favourites"))
  let rewards: [String: Double]

  func rewards(for slates: [Slate]) async throws -> [[Double?]] {
    slates.map { $0.responses.map { rewards[$0.text] } }
  }
}

/// A judge whose verdict on an ordered pair of texts is looked up under "first|second".
struct Verdicts: PairwiseJudge {
  let card = ModelCard(name: "verdicts", kind: .judge, revision: "1", fingerprint: SHA256.digest("verdicts"))
  let said: [String: Verdict]

  func verdicts(for queries: [PairQuery]) async throws -> [Verdict] {
    queries.map { said["\($0.first.text)|\($0.second.text)"] ?? .unreadable("") }
  }
}

@Suite struct JudgeBenchTests {
  private func row(
    _ id: String, _ source: String, _ label: String, a: String = "left", b: String = "right"
  ) -> String {
    #"{"pair_id":"\#(id)","source":"\#(source)","question":"q \#(id)","response_A":"\#(a)","response_B":"\#(b)","label":"\#(label)"}"#
  }

  private func judgeBench(_ rows: [String]) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    try scratch.write("judgebench/pairs_gpt4o.jsonl", rows.joined(separator: "\n") + "\n")
    return (Kept(try benchmark("judgebench", root: scratch.path), in: scratch), scratch)
  }

  @Test func categoriesComeFromThePrefixOfTheSource() throws {
    let (judgeBench, _) = try judgeBench([
      row("1", "mmlu-pro-law", "A>B"), row("2", "livebench-reasoning", "B>A"),
      row("3", "livebench-math", "A>B"),
      row("4", "livecodebench", "B>A"),
    ])
    let examples = try judgeBench.allExamples()
    #expect(examples.map(\.key.subset) == ["Knowledge", "Reasoning", "Math", "Coding"])
    #expect(examples.map(\.id) == ["1", "2", "3", "4"])
    #expect(examples[0].key.names == ["A", "B"])
    #expect(try BenchmarkLaws.violations(of: judgeBench) == [])
  }

  /// A tie is the verdict B>A: right in item 2, wrong in item 1. Three Knowledge items and one of Math, 2 of 4 right;
  /// the macro mean is over the two categories present, (1/3 + 1) / 2.
  @Test func tieIsTheVerdictForB() async throws {
    let (judgeBench, _) = try judgeBench([
      row("1", "mmlu-pro-law", "A>B"), row("2", "mmlu-pro-law", "B>A"),
      row("3", "mmlu-pro-law", "A>B", a: "low", b: "high"),
      row("4", "livebench-math", "A>B", a: "high", b: "low"),
    ])
    let model = Favourites(rewards: ["left": 1, "right": 1, "high": 2, "low": 0])
    let trials = try await trials(model, on: judgeBench.allExamples())
    try expectEqual(judgeBench.value("overall", trials), 0.5)
    try expectEqual(judgeBench.value("Knowledge", trials), 1.0 / 3)
    try expectEqual(judgeBench.value("Math", trials), 1)
    #expect(try judgeBench.value("Coding", trials) == nil)
    try expectEqual(judgeBench.value("macro", trials), (1.0 / 3 + 1) / 2)
  }

  /// Verdicts in (A, B) and in (B, A): right and right; right and a tie; right and wrong, which cancel; nothing at all.
  @Test func ordersAreVotes() async throws {
    let (judgeBench, _) = try judgeBench([
      row("1", "mmlu-pro-law", "A>B", a: "a1", b: "b1"), row("2", "mmlu-pro-law", "A>B", a: "a2", b: "b2"),
      row("3", "mmlu-pro-law", "A>B", a: "a3", b: "b3"), row("4", "mmlu-pro-law", "A>B", a: "a4", b: "b4"),
    ])
    let judge = Verdicts(said: [
      "a1|b1": .first, "b1|a1": .second, "a2|b2": .tie, "b2|a2": .second, "a3|b3": .first, "b3|a3": .first,
    ])
    let trials = try await trials(judge, on: judgeBench.allExamples())
    try expectEqual(judgeBench.value("overall", trials), 0.5)
    try expectEqual(judgeBench.value("first order", trials), 0.5)
    // Two unreadable verdicts are the same, as the authors count them.
    try expectEqual(judgeBench.value("same in both orders", trials), 0.5)
  }

  @Test func badRowsAreNamedWithFileAndLine() throws {
    func complaint(_ rows: [String]) throws -> String {
      let (judgeBench, scratch) = try judgeBench(rows)
      return sentence { try judgeBench.examples { _ in } }.replacingOccurrences(
        of: scratch.path, with: "DATA")
    }
    let good = row("1", "mmlu-pro-law", "A>B")
    #expect(
      try complaint([good, row("2", "mmlu-pro-law", "A")])
        == "DATA/judgebench/pairs_gpt4o.jsonl:2: 'label' is 'A', but must be 'A>B' or 'B>A'. Correct it.")
    #expect(
      try complaint([row("1", "trivia", "A>B")]).hasPrefix(
        "DATA/judgebench/pairs_gpt4o.jsonl:1: 'source' is 'trivia', but must be 'mmlu-pro…' or"))
    #expect(
      try complaint([good, good])
        == "DATA/judgebench/pairs_gpt4o.jsonl:2: the item '1' stands in the data already. "
        + "Give every item an id of its own.")
    #expect(
      try complaint([good.replacingOccurrences(of: "response_B", with: "response_b")]).hasPrefix(
        "DATA/judgebench/pairs_gpt4o.jsonl:1: 'response_B' is missing."))
    #expect(
      try complaint([good.replacingOccurrences(of: #""right""#, with: "7")]).hasPrefix(
        "DATA/judgebench/pairs_gpt4o.jsonl:1: 'response_B' must be a string, but is a number."))
    #expect(try complaint([good, #"{"pair_id": "2", "sou"#]).contains("pairs_gpt4o.jsonl:2"))
  }
}

@Suite struct LLMBarTests {
  private static let subsets = ["Natural", "Neighbor", "GPTInst", "GPTOut", "Manual"]

  private func llmBar(label: String = "1") throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    for subset in Self.subsets {
      try scratch.write(
        "llmbar/pairs/\(subset).json",
        """
        [
         {"input": "\(subset) a", "output_1": "\(subset) good", "output_2": "\(subset) bad", "label": \(label)},
         {"input": "\(subset) b", "output_1": "\(subset) ugly", "output_2": "\(subset) fine", "label": 2}
        ]
        """)
    }
    return (Kept(try benchmark("llmbar", root: scratch.path), in: scratch), scratch)
  }

  @Test func itemsAreNamedBySubsetAndPosition() throws {
    let (llmBar, _) = try llmBar()
    let examples = try llmBar.allExamples()
    #expect(examples.prefix(3).map(\.id) == ["Natural/0", "Natural/1", "Neighbor/0"])
    #expect(examples.count == 10)
    #expect(try BenchmarkLaws.violations(of: llmBar) == [])
  }

  /// In Natural: item 0 is right in one order and a tie in the other, (1 + ½) / 2; item 1 right once and unreadable once,
  /// ½. Elsewhere nothing is readable.
  @Test func ordersAreAveragedAndUnreadableIsWrong() async throws {
    let (llmBar, _) = try llmBar()
    let judge = Verdicts(said: [
      "Natural good|Natural bad": .first, "Natural bad|Natural good": .tie,
      "Natural ugly|Natural fine": .second,
    ])
    let trials = try await trials(judge, on: llmBar.allExamples())
    try expectEqual(llmBar.value("Natural", trials), (0.75 + 0.5) / 2)
    try expectEqual(llmBar.value("overall", trials), 0.625 / 5)
    try expectEqual(llmBar.value("adversarial", trials), 0)
    try expectEqual(llmBar.value("Natural, original order", trials), 1)
    try expectEqual(llmBar.value("Natural, swapped order", trials), 0)
    try expectEqual(llmBar.value("Natural, both orders", trials), 0)
    try expectEqual(llmBar.value("Natural, same in both orders", trials), 0)
    try expectEqual(llmBar.value("Manual, same in both orders", trials), 1)
  }

  @Test func equalRewardsAreHalf() async throws {
    let (llmBar, _) = try llmBar()
    let trials = try await trials(
      Favourites(rewards: ["Natural good": 1, "Natural bad": 1, "Natural fine": 2, "Natural ugly": 1]),
      on: llmBar.allExamples().prefix(2).map { $0 })
    try expectEqual(llmBar.value("Natural", trials), 0.75)
    #expect(try llmBar.value("Natural, original order", trials) == nil)
  }

  @Test func labelsOutsideTheirSetAreRefused() throws {
    let (llmBar, scratch) = try llmBar(label: "3")
    #expect(
      sentence { try llmBar.examples { _ in } }
        == "\(scratch.path)/llmbar/pairs/Natural.json:2: '[0].label' is '3', but must be '1' or '2'. Correct it."
    )
  }
}

@Suite struct PandaLMTests {
  private func pandaLM(_ votes: [[Int]]) throws -> (any Benchmark, Scratch) {
    let scratch = try Scratch()
    let rows = votes.enumerated().map { index, votes in
      """
      {"idx": \(index), "cmp_key": "x_y", "instruction": "do", "input": "\(index % 2 == 0 ? "" : "it")",
       "response1": \(index == 0 ? "true" : "\"one \(index)\""), "response2": "two \(index)",
       "annotator1": \(votes[0]), "annotator2": \(votes[1]), "annotator3": \(votes[2])}
      """
    }
    try scratch.write("pandalm/testset-v1.json", "[\(rows.joined(separator: ",\n"))]")
    return (Kept(try benchmark("pandalm", root: scratch.path), in: scratch), scratch)
  }

  @Test func keyIsTheMajorityAndThreeVotesAreATie() throws {
    let (pandaLM, _) = try pandaLM([[1, 1, 2], [2, 0, 2], [0, 0, 1], [0, 1, 2]])
    let examples = try pandaLM.allExamples()
    let gold = examples.map { $0.key.gold.margin($0.key.candidates[0], $0.key.candidates[1]) }
    #expect(gold == [1, -1, 0, 0])
    #expect(examples[0].slate.responses.contains(Response("True")))
    #expect(examples[0].slate.prompt.text == "do")
    #expect(examples[1].slate.prompt.text == "do\n\nit")
    // Items of one prompt are one cluster.
    #expect(examples[0].key.cluster == examples[2].key.cluster)
    #expect(examples[0].key.cluster != examples[1].key.cluster)
    let votes = examples[1].key.raters.mapValues {
      $0.margin(examples[1].key.candidates[0], examples[1].key.candidates[1])
    }
    #expect(votes == ["annotator1": -1, "annotator2": 0, "annotator3": -1])
  }

  /// Key 1, 2, 0, 0; verdicts 1, 1, tie, 2. Right: items 0 and 2.
  /// Class 1: precision 1/2, recall 1. Class 2: precision 0, recall 0. Ties: precision 1, recall 1/2.
  @Test func accuracyIsOverThreeClasses() async throws {
    let (pandaLM, _) = try pandaLM([[1, 1, 2], [2, 0, 2], [0, 0, 1], [0, 1, 2]])
    let judge = Verdicts(said: [
      "True|two 0": .first, "one 1|two 1": .first, "one 2|two 2": .tie, "one 3|two 3": .second,
    ])
    let trials = try await trials(judge, on: pandaLM.allExamples())
    try expectEqual(pandaLM.value("accuracy", trials), 0.5)
    try expectEqual(pandaLM.value("macro precision", trials), 0.5)
    try expectEqual(pandaLM.value("macro recall", trials), 0.5)
    try expectEqual(pandaLM.value("macro f1", trials), (2.0 / 3 + 0 + 2.0 / 3) / 3)
    try expectEqual(pandaLM.value("agreement with annotator2", trials), 0.5)
  }

  @Test func votesOutsideTheirSetAreRefused() throws {
    let (pandaLM, _) = try pandaLM([[1, 1, 3]])
    #expect(sentence { try pandaLM.examples { _ in } }.contains("'3', but must be '0' or '1' or '2'"))
  }
}

@Suite struct HHHarmlessTests {
  @Test func repliesAreSplitWhereTheDialoguesPart() throws {
    let scratch = try Scratch()
    let rows = [
      #"{"chosen":"\n\nHuman: hi\n\nAssistant: yes?\n\nHuman: q\n\nAssistant: no","rejected":"\n\nHuman: hi\n\nAssistant: yes?\n\nHuman: q\n\nAssistant:"}"#,
      #"{"chosen":"\n\nHuman: hi\n\nAssistant: one\n\nAssistant: more","rejected":"\n\nHuman: hi\n\nAssistant: two"}"#,
    ]
    let file = try scratch.write("hh_harmless_test/test.jsonl", rows.joined(separator: "\n") + "\n")
    let packed = Gzip.compress(try FileBytes(binary: file).bytes)
    try scratch.write("hh_harmless_test/test.jsonl.gz", Data(packed))
    let examples = try benchmark("hh-harmless", root: scratch.path).allExamples()
    // The space after the colon is part of the turn.
    #expect(
      examples[0].slate.prompt
        == Prompt([Message(.user, " hi"), Message(.assistant, " yes?"), Message(.user, " q")]))
    #expect(Set(examples[0].slate.responses) == [Response(" no"), Response("")])
    let chosen = Response(" more", after: [Message(.assistant, " one")])
    #expect(examples[1].slate.prompt == Prompt(" hi"))
    #expect(Set(examples[1].slate.responses) == [chosen, Response(" two")])
    #expect(examples[1].key.index(named: "chosen") == examples[1].slate.index(of: chosen.digest))
    #expect(examples.map(\.id) == ["0", "1"])
  }
}
