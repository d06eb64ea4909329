public import Hustings
import HustingsData
import HustingsMetrics

/// PandaLM's test set: pairs of responses by small models, each judged by three people, ties allowed.
///
/// Wang et al. 2023, "PandaLM: An Automatic Evaluation Benchmark for LLM Instruction Tuning Optimization",
/// github.com/WeOpenML/PandaLM, Apache-2.0. 999 pairs on 170 prompts; subsets are the pairs of models compared.
///
/// Rules. The key is the majority of the three annotators, and three different votes are a tie. Accuracy is over three
/// classes: a tie is right where the key is a tie, and wrong elsewhere. Macro precision, recall and F1 are over the same
/// classes. Items of one prompt are dependent and stay together when uncertainty is estimated.
public enum PandaLM {
  private static let raters = ["annotator1", "annotator2", "annotator3"]

  /// `pandalm`.
  public static let plugin = BenchmarkPlugin(name: "pandalm", summary: card.summary, folder: "pandalm") {
    _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      for row in try JSONNode.read(context.folder("pandalm").file("testset-v1.json")).elements() {
        try sink.put(example(row), at: row.place)
      }
    }
  }

  private static let card = BenchmarkCard(
    name: "pandalm", version: "pandalm/1",
    summary: "the majority of three people on responses of small models, with ties",
    source: "Wang et al. 2023, github.com/WeOpenML/PandaLM", licence: "Apache-2.0", ties: .loss,
    failures: .loss,
    aggregation: "every pair counts the same")

  private static let metrics: [any Metric] = {
    let accuracy = Accuracy(
      "accuracy", rule: PairCredit(ties: .loss, failures: .loss, orders: .netted), subsets: .all)
    return [accuracy] + VerdictTable.Measure.allCases.map { VerdictTable("macro \($0.rawValue)", $0) }
      + raters.map { RaterMetric("agreement with \($0)", accuracy, keyOf: $0) }
  }()

  private static func example(_ row: JSONNode) throws -> Example {
    let votes = try raters.map { try row.label($0, ["0": 0, "1": 1, "2": 2]) }
    let majority = (1...2).first { choice in votes.count { $0 == choice } >= 2 } ?? 0
    let instruction = try row.string("instruction")
    let input = try row.string("input")
    return Example(
      id: try row.node("idx").identifier(), subset: try row.string("cmp_key"),
      prompt: Prompt(input.isEmpty ? instruction : instruction + "\n\n" + input),
      candidates: [
        Candidate("1", try response(row, "response1")), Candidate("2", try response(row, "response2")),
      ],
      gold: answer(majority), raters: Dictionary(uniqueKeysWithValues: zip(raters, votes.map(answer))))
  }

  /// A response of one word, True, stands in the release as a JSON boolean.
  private static func response(_ row: JSONNode, _ key: String) throws -> String {
    let node = try row.node(key)
    if case .bool(let flag) = node.value { return flag ? "True" : "False" }
    return try node.string()
  }

  private static func answer(_ vote: Int) -> Answer {
    vote == 0 ? .tie(0, 1) : vote == 1 ? .prefers(0, over: 1) : .prefers(1, over: 0)
  }
}
