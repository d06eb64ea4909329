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
/// with the mean person, with the least served tenth, and with the better and the worse served of two types of person.
public enum AnnotatorTypes {
  private static let parts: [(name: String, plugin: BenchmarkPlugin)] = [
    ("dices350", DICES350.plugin), ("pandalm", PandaLM.plugin), ("wmt23_sxs_ende", WMT23.plugin),
    ("squality", SQuALITY.plugin),
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
      name: name, version: "annotator-types/1", summary: "people who do not agree, and types of them",
      source: "DICES-350, PandaLM, WMT23 side by side and SQuALITY", licence: "CC BY 4.0, Apache-2.0",
      ties: .half, failures: .loss, aggregation: "every strict preference of the common keys counts the same")
    var metrics: [any Metric] = [PreferencePairs("accuracy", ties: .half, failures: .loss)]
    metrics += TypedAgreement.all
    if chosen.count > 1 {
      for part in chosen {
        metrics.append(
          SubsetMetric(
            "\(part.name): accuracy", PreferencePairs("accuracy", ties: .half, failures: .loss),
            subsets: [part.name]))
        metrics += TypedAgreement.all.map { PartMetric("\(part.name): \($0.name)", $0, of: part.name) }
      }
    }
    let benchmarks = try chosen.map { (name: $0.name, benchmark: try $0.plugin.make(nil, context)) }
    return FileBenchmark(card, metrics: metrics) { sink in
      for part in benchmarks {
        try part.benchmark.examples { example in
          try sink.put(
            example.with(subset: part.name, id: "\(part.name)/\(example.id)"), at: Place(file: part.name))
        }
      }
    }
  }
}

/// A number about people over the items of one subset.
private struct PartMetric: Metric {
  let name: String
  private let metric: any Metric
  private let subset: String

  init(_ name: String, _ metric: any Metric, of subset: String) {
    self.name = name
    self.metric = metric
    self.subset = subset
  }

  var direction: Direction { metric.direction }
  var unit: MetricUnit { metric.unit }

  func estimate(_ trials: [Trial]) -> Estimate? {
    metric.estimate(trials.filter { $0.key.subset == subset })
  }
}
