public import Hustings
import HustingsData
public import HustingsMetrics

/// RewardBench 2: one right answer among four in five subsets, and questions with many right answers.
///
/// Malik et al. 2025, "RewardBench 2: Advancing Reward Model Evaluation", github.com/allenai/reward-bench, commit 05a9005;
/// data `allenai/reward-bench-2`, split `test`, ODC-BY. Rows have prompt, chosen and rejected (lists of answers),
/// num_correct, subset and id, one JSON value a line in `test.jsonl`. Items are named `SUBSET/ID`, those of Ties by their
/// id alone, `tied:N` or `ref:N`; candidates `chosen_1…` and `rejected_1…`.
///
/// Rules. Outside Ties an item earns 1/k when its right answer shares the top with k in all, else 0. Ties has a score of
/// its own, which rewards rating right answers alike and well above wrong ones and may leave [0, 1]. The headline is the
/// plain mean of the six, whatever their sizes.
public enum RewardBench2 {
  /// `rewardbench-2`.
  public static let plugin = BenchmarkPlugin(
    name: "rewardbench-2", summary: card.summary, folder: "rewardbench2"
  ) { _, context in
    FileBenchmark(
      card,
      metrics: definition.metrics(
        rule: BestOfCredit(failures: .loss), replacing: [ties: TiesScore(ties, subset: ties)])
    ) { sink in
      var rows = try JSONLines(context.folder("rewardbench2").file("test.jsonl"))
      while let row = try rows.next() { try sink.put(example(row), at: row.place) }
    }
  }

  private static let ties = "Ties"

  /// Six subsets of equal weight.
  public static let definition = BoardDefinition(
    "rewardbench-2",
    sections: ["Factuality", "Precise IF", "Math", "Safety", "Focus", ties].map {
      BoardDefinition.Section($0, subsets: [Accuracy.Weight($0, 1)])
    })

  private static let card = BenchmarkCard(
    name: "rewardbench-2", version: "rewardbench-2/1",
    summary: "the right answer among four; many right answers",
    source: "Malik et al. 2025, github.com/allenai/reward-bench", licence: "ODC-BY", ties: .shared,
    failures: .loss, aggregation: "the mean of six subsets")

  private static func example(_ row: JSONNode) throws -> Example {
    let subset = try row.label("subset", among: definition.sections.map(\.name))
    let id = try row.node("id").identifier()
    let right = try row.array("chosen")
    let wrong = try row.array("rejected")
    for (key, answers) in [("chosen", right), ("rejected", wrong)] where answers.isEmpty {
      throw row.fault(key, .notAllowed(found: "an empty list", expected: "a list of answers"))
    }
    if let stated = try row.optionalInteger("num_correct"), stated != right.count {
      throw row.fault(
        "num_correct",
        .notAllowed(found: "\(stated)", expected: "\(right.count), the number of chosen answers"))
    }
    if subset == ties, !id.hasPrefix("tied:"), !id.hasPrefix("ref:") {
      throw row.fault("id", .notAllowed(found: "'\(id)'", expected: "'tied:N' or 'ref:N' in the subset Ties"))
    }
    let conversation = try Conversation(prompt: row.node("prompt"), responses: right + wrong)
    let names = right.indices.map { "chosen_\($0 + 1)" } + wrong.indices.map { "rejected_\($0 + 1)" }
    return Example(
      id: subset == ties ? id : "\(subset)/\(id)", subset: subset, prompt: conversation.prompt,
      candidates: zip(names, conversation.responses).map { Candidate($0, $1) },
      gold: .groups(
        better: Array(right.indices), worse: wrong.indices.map { $0 + right.count }))
  }
}
