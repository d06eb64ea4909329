public import Hustings
import HustingsData
import HustingsMetrics

/// RM-Bench: right and wrong answers, each in three styles, so that substance can be told from style.
///
/// Liu et al. 2024, "RM-Bench: Benchmarking Reward Models of Language Models with Subtlety and Style",
/// github.com/THU-KEG/RM-Bench; the data card says ODC-BY. Reads whichever of the five `DOMAIN_filtered.json` are in the
/// folder, or `total_dataset.json`, which has a `domain` field, instead. Items are named `DOMAIN/ID`, candidates
/// `chosen_1…3` and `rejected_1…3`: concise, detailed, detailed with markdown.
///
/// Rules. Cell (i, j) is the share of items whose right answer in style i strictly beats the wrong one in style j. Easy is
/// the mean of the cells below the diagonal, normal of the diagonal, hard of those above it. A domain's number is the
/// mean of all nine; the two safety files are pooled item by item. The headline is the plain mean of the domains present,
/// and so are easy, normal and hard.
public enum RMBench {
  private static let files = ["chat", "math", "code", "safety-refuse", "safety-response"]
  private static let domains: KeyValuePairs = [
    "Chat": ["chat"], "Math": ["math"], "Code": ["code"], "Safety": ["safety-refuse", "safety-response"],
  ]

  /// `rm-bench`.
  public static let plugin = BenchmarkPlugin(name: "rm-bench", summary: card.summary, folder: "rmbench") {
    _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      let folder = context.folder("rmbench")
      if folder.has("total_dataset.json") {
        let rows = try JSONNode.read(folder.file("total_dataset.json")).elements()
        for row in rows {
          try sink.put(example(row, subset: row.label("domain", among: files)), at: row.place)
        }
        return
      }
      let present = files.filter { folder.has("\($0)_filtered.json") }
      for subset in present.isEmpty ? [files[0]] : present {
        for row in try JSONNode.read(folder.file("\(subset)_filtered.json")).elements() {
          try sink.put(example(row, subset: subset), at: row.place)
        }
      }
    }
  }

  private static let card = BenchmarkCard(
    name: "rm-bench", version: "rm-bench/1",
    summary: "substance against style: a 3 by 3 matrix of styles an item",
    source: "Liu et al. 2024, github.com/THU-KEG/RM-Bench", licence: "ODC-BY", ties: .loss, failures: .loss,
    aggregation: "the mean of the domains present, each the mean of nine style cells over items")

  private static let metrics: [any Metric] = {
    func mean(_ name: String, _ rule: MatrixCredit) -> Composite {
      Composite(name, meanOf: domains.map { Accuracy($0.key, rule: rule, subsets: .pooled($0.value)) })
    }
    let all = MatrixCredit(.all, failures: .loss)
    let groups = [MatrixCredit.Cells.easy, .normal, .hard].map {
      ($0.rawValue, MatrixCredit($0, failures: .loss))
    }
    let cells = (0..<3).flatMap { row in
      (0..<3).map { column in
        ("cell \(row + 1),\(column + 1)", MatrixCredit(row: row, column: column, failures: .loss))
      }
    }
    return [mean("overall", all)] + domains.map { Accuracy($0.key, rule: all, subsets: .pooled($0.value)) }
      + (groups + cells).map { mean($0, $1) }
      + files.flatMap { file in
        (groups + cells).map { Accuracy("\(file), \($0)", rule: $1, subsets: .pooled([file])) }
      }
  }()

  private static func example(_ row: JSONNode, subset: String) throws -> Example {
    let sides = try ["chosen", "rejected"].map { side in
      let texts = try row.strings(side)
      guard texts.count == 3 else {
        throw row.fault(side, .notAllowed(found: "a list of \(texts.count)", expected: "a list of 3 texts"))
      }
      return texts.enumerated().map { Candidate("\(side)_\($0 + 1)", $1) }
    }
    return Example(
      id: "\(subset)/\(try row.node("id").identifier())", subset: subset,
      prompt: Prompt(try row.string("prompt")),
      candidates: sides[0] + sides[1], gold: .groups(better: [0, 1, 2], worse: [3, 4, 5]))
  }
}
