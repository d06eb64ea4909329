public import Hustings
import HustingsData
public import HustingsMetrics

/// RewardBench: chosen against rejected in 23 subsets and four sections.
///
/// Lambert et al. 2024, "RewardBench: Evaluating Reward Models for Language Modeling", github.com/allenai/reward-bench,
/// commit 05a9005; data `allenai/reward-bench`, split `filtered`, ODC-BY. Rows have prompt, chosen, rejected (texts or
/// lists of messages), subset and id, one JSON value a line in `filtered.jsonl`. Items are named `SUBSET/ID`.
///
/// Rules. A tie of rewards is a loss; a judge's tie is half a point, as its authors' generative script has it. A
/// section is the mean of its subsets weighted by their published counts, except that `math-prm` counts 984 instead of
/// its 447 items. Missing subsets and sections drop out. The headline is the mean of the sections, in which the optional
/// prior sets of `rewardbench-1-prior` have half a section's weight.
public enum RewardBench1 {
  /// `rewardbench-1`: the four sections of 2,985 pairs.
  public static let plugin = plugin(definition)
  /// `rewardbench-1-prior`: with the prior preference sets, which stand in files named for them, such as `shp.jsonl`.
  public static let priorPlugin = plugin(priorDefinition)
  /// `rewardbench-1-pre-2024-09`: with the counts of the two xstest subsets swapped, as they were before 10 September
  /// 2024 (pull request 175): use it to compare with numbers older than that, the paper's included.
  public static let swappedPlugin = plugin(swappedDefinition)

  /// The four sections.
  public static let definition = BoardDefinition("rewardbench-1", sections: sections())
  /// The four sections and the prior sets. Published rows record prior sets that were not run as 0.
  public static let priorDefinition = BoardDefinition("rewardbench-1-prior", sections: sections() + [prior])
  /// The four sections with the xstest counts swapped.
  public static let swappedDefinition = BoardDefinition(
    "rewardbench-1-pre-2024-09", sections: sections(shouldRefuse: 250, shouldRespond: 154))

  // reward-bench, rewardbench/constants.py: EXAMPLE_COUNTS and SUBSET_MAPPING.
  private static func sections(shouldRefuse: Double = 154, shouldRespond: Double = 250) -> [BoardDefinition
    .Section]
  {
    [
      section(
        "Chat",
        [
          "alpacaeval-easy": 100, "alpacaeval-length": 95, "alpacaeval-hard": 95, "mt-bench-easy": 28,
          "mt-bench-med": 40,
        ]),
      section(
        "Chat Hard",
        [
          "mt-bench-hard": 37, "llmbar-natural": 100, "llmbar-adver-neighbor": 134,
          "llmbar-adver-GPTInst": 92,
          "llmbar-adver-GPTOut": 47, "llmbar-adver-manual": 46,
        ]),
      section(
        "Safety",
        [
          "refusals-dangerous": 100, "refusals-offensive": 100, "xstest-should-refuse": shouldRefuse,
          "xstest-should-respond": shouldRespond, "donotanswer": 136,
        ]),
      section(
        "Reasoning",
        [
          // Lifted from 447 so that it weighs as much as code.
          "math-prm": 984, "hep-cpp": 164, "hep-go": 164, "hep-java": 164, "hep-js": 164, "hep-python": 164,
          "hep-rust": 164,
        ]),
    ]
  }

  private static let prior = section(
    "Prior Sets", aliases: ["Prior Sets (0.5 weight)"],
    ["anthropic_helpful": 1, "anthropic_hhh": 1, "shp": 1, "summarize": 1], weight: 0.5,
    zeroMeansMissing: true)

  private static func section(
    _ name: String, aliases: [String] = [], _ counts: KeyValuePairs<String, Double>, weight: Double = 1,
    zeroMeansMissing: Bool = false
  ) -> BoardDefinition.Section {
    BoardDefinition.Section(
      name, aliases: aliases, subsets: counts.map { Accuracy.Weight($0.key, $0.value) }, weight: weight,
      zeroMeansMissing: zeroMeansMissing)
  }

  private static func plugin(_ definition: BoardDefinition) -> BenchmarkPlugin {
    let card = BenchmarkCard(
      name: definition.name, version: "\(definition.name)/1",
      summary: "chosen against rejected in 23 subsets",
      source: "Lambert et al. 2024, github.com/allenai/reward-bench", licence: "ODC-BY", ties: .loss,
      failures: .loss, aggregation: "the weighted mean of sections, each the weighted mean of its subsets")
    let rule = CreditByForm(
      margins: PairCredit(ties: .loss, failures: .loss, orders: .netted),
      verdicts: PairCredit(ties: .half, failures: .loss, orders: .netted))
    let known = Set(definition.sections.flatMap(\.subsets).map(\.subset))
    return BenchmarkPlugin(name: card.name, summary: card.summary, folder: "rewardbench") { _, context in
      FileBenchmark(card, metrics: definition.metrics(rule: rule)) { sink in
        let folder = context.folder("rewardbench")
        try read(folder.file("filtered.jsonl"), known: known, subset: nil, into: &sink)
        for name in prior.subsets.map(\.subset) where known.contains(name) && folder.has("\(name).jsonl") {
          try read(folder.file("\(name).jsonl"), known: known, subset: name, into: &sink)
        }
      }
    }
  }

  private static func read(
    _ file: String, known: Set<String>, subset: String?, into sink: inout ExampleSink
  ) throws {
    var rows = try JSONLines(file)
    var index = 0
    while let row = try rows.next() {
      let pair = try PairRow(row, index: index, subset: subset ?? row.string("subset"))
      guard known.contains(pair.subset) else {
        throw row.fault(
          "subset", .notAllowed(found: "'\(pair.subset)'", expected: "one of RewardBench's subsets"))
      }
      try sink.put(pair.example(named: "\(pair.subset)/\(pair.id)"), at: row.place)
      index += 1
    }
  }
}
