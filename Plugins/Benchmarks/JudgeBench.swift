public import Hustings
import HustingsData
import HustingsMetrics

/// JudgeBench: pairs of answers by one model to hard questions, one right and one wrong.
///
/// Tan et al. 2024, "JudgeBench: A Benchmark for Evaluating LLM-based Judges", github.com/ScalerLab/JudgeBench. 350 pairs
/// by GPT-4o and 270 by Claude 3.5 Sonnet, in four categories named by the prefix of `source`. The licence is on the
/// data set's card; the questions come from MMLU-Pro (MIT), LiveBench (Apache-2.0) and LiveCodeBench (MIT, CC).
///
/// Rules. A reward model answers A when A's reward is greater and B otherwise, so a tie is right when the label is B. A
/// judge is asked in both orders; each verdict gives +1 when right and -1 when it is the opposite, and the pair is right
/// when the sum is positive. The headline counts every item the same; the mean of the four categories is `macro`.
public enum JudgeBench {
  /// `judgebench`: the pairs by GPT-4o.
  public static let plugin = plugin("judgebench", "pairs_gpt4o.jsonl", by: "GPT-4o")
  /// `judgebench-claude`: the pairs by Claude 3.5 Sonnet.
  public static let claudePlugin = plugin("judgebench-claude", "pairs_claude.jsonl", by: "Claude 3.5 Sonnet")

  private static let categories: KeyValuePairs = [
    "mmlu-pro": "Knowledge", "livebench-reasoning": "Reasoning", "livebench-math": "Math",
    "livecodebench": "Coding",
  ]

  private static func plugin(_ name: String, _ file: String, by author: String) -> BenchmarkPlugin {
    let card = BenchmarkCard(
      name: name, version: "\(name)/1", summary: "right against wrong answers of \(author) to hard questions",
      source: "Tan et al. 2024, github.com/ScalerLab/JudgeBench", licence: "MIT", ties: .secondWins,
      failures: .loss, aggregation: "every pair counts the same")
    return BenchmarkPlugin(name: name, summary: card.summary, folder: "judgebench") { _, context in
      FileBenchmark(card, metrics: metrics) { sink in
        var rows = try JSONLines(context.folder("judgebench").file(file))
        while let row = try rows.next() { try sink.put(example(row), at: row.place) }
      }
    }
  }

  private static let metrics: [any Metric] = {
    let rule = PairCredit(ties: .secondWins, failures: .loss, orders: .voted)
    let names = categories.map(\.value)
    return [Accuracy("overall", rule: rule, subsets: .all)]
      + names.map { Accuracy($0, rule: rule, subsets: .pooled([$0])) }
      + [
        Accuracy("macro", rule: rule, subsets: .equally(names)),
        Accuracy("first order", rule: OrderCredit(.original), subsets: .all),
        Accuracy("same in both orders", rule: OrderCredit(.agreement), subsets: .all),
      ]
  }()

  private static func example(_ row: JSONNode) throws -> Example {
    let source = try row.string("source")
    guard let category = categories.first(where: { source.hasPrefix($0.key) })?.value else {
      let known = categories.map { "'\($0.key)…'" }.joined(separator: " or ")
      throw row.fault("source", .notAllowed(found: "'\(source)'", expected: known))
    }
    return Example(
      id: try row.string("pair_id"), subset: category, prompt: Prompt(try row.string("question")),
      candidates: [
        Candidate("A", try row.string("response_A")), Candidate("B", try row.string("response_B")),
      ],
      gold: try row.label("label", ["A>B": .prefers(0, over: 1), "B>A": .prefers(1, over: 0)]))
  }
}
