public import Hustings
import HustingsData
import HustingsMetrics

/// HH-RLHF harmless: pairs of replies of an assistant under provocation, with one human vote each.
///
/// Bai et al. 2022, "Training a Helpful and Harmless Assistant with RLHF", github.com/anthropics/hh-rlhf, MIT; the test
/// set of `harmless-base`. It contains offensive text. Items are named by their row, from 0.
///
/// Rules. The prompt is what both dialogues share in front and the responses are the last replies. A few pairs differ
/// earlier: their own turns stay with each response. A tie is no win.
public enum HHHarmless {
  /// `hh-harmless`.
  public static let plugin = BenchmarkPlugin(
    name: "hh-harmless", summary: card.summary, folder: "hh_harmless_test"
  ) { _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      var rows = try JSONLines(context.folder("hh_harmless_test").file("test.jsonl.gz"))
      var index = 0
      while let row = try rows.next() {
        try sink.put(PairRow(row, index: index, subset: "harmless-base").example(), at: row.place)
        index += 1
      }
    }
  }

  private static let card = BenchmarkCard(
    name: "hh-harmless", version: "hh-harmless/1",
    summary: "the less harmful of two replies, one human vote each",
    source: "Bai et al. 2022, github.com/anthropics/hh-rlhf", licence: "MIT", ties: .loss, failures: .loss,
    aggregation: "every pair counts the same")

  private static let metrics: [any Metric] = [
    Accuracy("accuracy", rule: PairCredit(ties: .loss, failures: .loss, orders: .netted), subsets: .all),
    Accuracy(
      "accuracy, ties half", rule: PairCredit(ties: .half, failures: .loss, orders: .netted), subsets: .all),
  ]
}
