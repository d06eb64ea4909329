public import Hustings
import HustingsData
import HustingsMetrics

/// LLMBar: pairs in which one output follows the instruction and the other, often better looking, does not.
///
/// Zeng et al. 2023, "Evaluating Large Language Models at Evaluating Instruction Following",
/// github.com/princeton-nlp/LLMBar, MIT. 419 pairs: one natural subset and four adversarial ones. Items are named by
/// subset and position in the subset's file, `Natural/0`, for the files give no names.
///
/// Rules. Judges are asked in both orders and an item earns the mean of the two; a tie, which only ratings and rewards
/// can give, earns half a point and an unreadable verdict none. The headline is the plain mean of the five subsets. The
/// kappa that the authors print comes from a faulty mapping of labels and is not computed.
public enum LLMBar {
  private static let subsets = ["Natural", "Neighbor", "GPTInst", "GPTOut", "Manual"]

  /// `llmbar`.
  public static let plugin = BenchmarkPlugin(name: "llmbar", summary: card.summary, folder: "llmbar") {
    _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      for subset in subsets {
        let rows = try JSONNode.read(context.folder("llmbar").file("pairs/\(subset).json")).elements()
        for (index, row) in rows.enumerated() {
          try sink.put(example(row, subset: subset, index: index), at: row.place)
        }
      }
    }
  }

  private static let card = BenchmarkCard(
    name: "llmbar", version: "llmbar/1", summary: "following the instruction against looking good",
    source: "Zeng et al. 2023, github.com/princeton-nlp/LLMBar", licence: "MIT", ties: .half, failures: .loss,
    aggregation: "the mean of the five subsets' accuracies, each the mean over both orders")

  private static let metrics: [any Metric] = {
    let rule = PairCredit(ties: .half, failures: .loss, orders: .averaged)
    let orders: [(String, OrderCredit)] = [
      ("original order", OrderCredit(.original)), ("swapped order", OrderCredit(.swapped)),
      ("both orders", OrderCredit(.both)), ("same in both orders", OrderCredit(.agreement)),
    ]
    return [Accuracy("overall", rule: rule, subsets: .equally(subsets))]
      + subsets.map { Accuracy($0, rule: rule, subsets: .pooled([$0])) }
      + [
        Accuracy("adversarial", rule: rule, subsets: .equally(Array(subsets.dropFirst()))),
        Accuracy("items", rule: rule, subsets: .all),
      ]
      + subsets.flatMap { subset in
        orders.map { Accuracy("\(subset), \($0)", rule: $1, subsets: .pooled([subset])) }
      }
  }()

  private static func example(_ row: JSONNode, subset: String, index: Int) throws -> Example {
    Example(
      id: "\(subset)/\(index)", subset: subset, prompt: Prompt(try row.string("input")),
      candidates: [
        Candidate("1", try row.string("output_1")), Candidate("2", try row.string("output_2")),
      ],
      gold: try row.label("label", ["1": .prefers(0, over: 1), "2": .prefers(1, over: 0)]))
  }
}
