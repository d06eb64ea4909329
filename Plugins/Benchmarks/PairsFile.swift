public import Hustings
import HustingsData
import HustingsMetrics

/// Pairs from a file of one's own: prompt, chosen and rejected, and perhaps id, subset and cluster.
///
/// CSV, JSON (a list of rows) or JSON lines, each plain or gzip. Prompt and responses are texts or, in JSON, lists of
/// messages; without a prompt the responses are whole conversations, as lists of messages or in HH-RLHF's spelling, and
/// what they share in front is the prompt. Rows without an id are named by their position, from 0.
///
/// Rules. A tie is no win, and an abstention is left out and shown as missing coverage.
public enum PairsFile {
  /// `pairs:FILE`.
  public static let plugin = BenchmarkPlugin(
    name: "pairs", usage: "pairs:FILE", summary: "pairs of your own: prompt, chosen, rejected"
  ) { argument, context in
    let argument = argument ?? ""
    let card = BenchmarkCard(
      name: argument.isEmpty ? "pairs" : "pairs:\(argument)", version: "pairs/1",
      summary: "pairs from \(argument)", source: argument,
      licence: "the file's own", ties: .loss, failures: .excluded, aggregation: "every pair counts the same")
    let accuracy = Accuracy(
      "accuracy", rule: PairCredit(ties: .loss, failures: .excluded, orders: .netted), subsets: .all)
    return FileBenchmark(card, metrics: [accuracy]) { sink in
      guard !argument.isEmpty else { throw BenchmarkError.needsFile(usage: "pairs:FILE") }
      let path = context.path(argument)
      var index = 0
      if RowFile.isTable(path) {
        let table = try CSVTable.read(path)
        for row in table.rows {
          try sink.put(PairRow(row, of: table, index: index, subset: "all").example(), at: row.place)
          index += 1
        }
        return
      }
      try RowFile.rows(path) { row in
        try sink.put(PairRow(row, index: index, subset: "all").example(), at: row.place)
        index += 1
      }
    }
  }
}
