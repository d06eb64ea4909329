public import Hustings
import HustingsData
import HustingsMetrics

/// People who do not agree: four data sets that say what each person said, and how a model serves them all.
///
/// DICES-350 (safety of conversations), PandaLM (responses of small models), WMT23 side by side (translations) and SQuALITY
/// (answers about stories), each with its own items and key, as subsets of those names; people are told apart by data set.
/// `annotator-types:NAME` takes one of the four.
///
/// Rules. The headline is the share of strict preferences of the common key that a model orders alike. Beside it stand its agreement
/// with the mean person, with the least served tenth, and with the better and the worse served of two types of person. DICES-350
/// and WMT23 give names in place of texts: they have columns of their own, which recordings of them fill and nobody else, and
/// take no part in the headline of all four.
public enum AnnotatorTypes {
  private static let parts: [(name: String, plugin: BenchmarkPlugin, hasTexts: Bool)] = [
    ("dices350", DICES350.plugin, false), ("pandalm", PandaLM.plugin, true),
    ("wmt23_sxs_ende", WMT23.plugin, false), ("squality", SQuALITY.plugin, true),
  ]

  /// `annotator-types`, or `annotator-types:NAME`.
  public static let plugin = BenchmarkPlugin(
    name: "annotator-types", usage: "annotator-types[:NAME]",
    summary: "people who do not agree, and types of them"
  ) { argument, context in
    let chosen = parts.filter { argument == nil || argument == "" || $0.name == argument }
    guard !chosen.isEmpty else {
      throw BenchmarkError.unknownPart(argument ?? "", of: "annotator-types", known: parts.map(\.name))
    }
    let name = chosen.count == parts.count ? "annotator-types" : "annotator-types:\(chosen[0].name)"
    let card = BenchmarkCard(
      name: name, version: "annotator-types/2", summary: "people who do not agree, and types of them",
      source: "DICES-350, PandaLM, WMT23 side by side and SQuALITY", licence: "CC BY 4.0, Apache-2.0",
      content: chosen.count > 1 ? .mixed : chosen[0].hasTexts ? .texts : .names, ties: .half, failures: .loss,
      aggregation: "every strict preference of the common keys counts the same"
        + (chosen.count > 1 ? ", of data that has texts" : ""))
    let accuracy = PreferencePairs("accuracy", ties: .half, failures: .loss)
    var metrics: [any Metric] = [accuracy]
    metrics += TypedAgreement.all
    if chosen.count > 1 {
      let read = chosen.filter(\.hasTexts).map(\.name)
      metrics = [SubsetMetric("accuracy", accuracy, subsets: read)]
      metrics += TypedAgreement.all.map { PartMetric($0.name, $0, of: read) }
      for part in chosen.filter(\.hasTexts) + chosen.filter({ !$0.hasTexts }) {
        let own: [any Metric] = [accuracy] + TypedAgreement.all
        metrics += own.map { PartMetric("\(part.name): \($0.name)", $0, of: [part.name]) }
      }
    }
    let benchmarks = try chosen.map {
      (name: $0.name, hasTexts: $0.hasTexts, benchmark: try $0.plugin.make(nil, context))
    }
    return FileBenchmark(card, metrics: metrics) { sink in
      for part in benchmarks {
        try part.benchmark.examples { example in
          // Answers about stories that are not there have texts and no prompt, which an empty one stands for.
          let isBare = part.hasTexts && example.slate.prompt.messages.isEmpty
          try sink.put(
            example.with(
              subset: part.name, id: "\(part.name)/\(example.id)", prompt: isBare ? Prompt("") : nil),
            at: Place(file: part.name))
        }
      }
    }
  }
}

/// A number over the items of some subsets; nil where a model answered none of them.
private struct PartMetric: Metric {
  let name: String
  private let metric: any Metric
  private let subsets: Set<String>

  init(_ name: String, _ metric: any Metric, of subsets: [String]) {
    self.name = name
    self.metric = metric
    self.subsets = Set(subsets)
  }

  var direction: Direction { metric.direction }
  var unit: MetricUnit { metric.unit }

  func estimate(_ trials: [Trial]) -> Estimate? {
    let own = trials.filter { subsets.contains($0.key.subset) }
    let isAnswered = own.contains { trial in
      Matchup.all(among: trial.tournament.count).contains {
        trial.tournament.margin($0.first, $0.second) != nil
      }
    }
    return isAnswered ? metric.estimate(own) : nil
  }
}
