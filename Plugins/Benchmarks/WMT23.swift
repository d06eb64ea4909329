public import Hustings
import HustingsData
import HustingsMetrics

/// WMT23 English–German side by side: ten translations of a segment, each marked for errors by three professionals.
///
/// Riley et al. 2024, "Finding Replicable Human Evaluations via Stable Ranking Probability",
/// github.com/google/wmt-mqm-human-evaluation, Apache-2.0. Numbers only: candidates are the ten systems by name.
///
/// Rules. A rating is the negative MQM penalty (major 5, minor 1, minor punctuation 0.1, non-translation 25), and the key
/// is the mean over raters. The headline is the share of pairs with different means that a model orders as the raters
/// do; a tie is half. Segments of one document are dependent and stay together when uncertainty is estimated.
public enum WMT23 {
  /// `wmt23-sxs`.
  public static let plugin = BenchmarkPlugin(
    name: "wmt23-sxs", summary: card.summary, folder: "wmt23_sxs_ende"
  ) { _, context in
    FileBenchmark(card, metrics: metrics) { sink in
      let table = try CSVTable.read(context.folder("wmt23_sxs_ende").file("mqm.csv"))
      var order: [String] = []
      var segments: [String: [CSVRow]] = [:]
      for row in table.rows {
        let segment = try row.string("segment")
        if segments[segment] == nil { order.append(segment) }
        segments[segment, default: []].append(row)
      }
      for segment in order {
        let rows = segments[segment] ?? []
        try sink.put(example(segment, rows), at: rows[0].place)
      }
    }
  }

  private static let card = BenchmarkCard(
    name: "wmt23-sxs", version: "wmt23-sxs/1",
    summary: "ten translations a segment, three professional raters each",
    source: "Riley et al. 2024, github.com/google/wmt-mqm-human-evaluation", licence: "Apache-2.0",
    content: .names, ties: .half, failures: .loss,
    aggregation: "every pair of translations with different mean penalties counts the same")

  private static let metrics: [any Metric] = [
    PreferencePairs("accuracy", ties: .half, failures: .loss),
    RankAgreement("Kendall tau-b", .kendall), RankAgreement("Spearman rho", .spearman),
    BestOfValue("rating of the best of 10", ties: .averaged, unit: .number),
    BestOfValue("rating of one at random", draws: 1, ties: .averaged, unit: .number),
  ]

  private static func example(_ segment: String, _ rows: [CSVRow]) throws -> Example {
    var systems: [String] = []
    var ratings: [String: [String: Double]] = [:]
    for row in rows {
      let system = try row.string("system")
      let rater = try row.string("rater")
      if !systems.contains(system) { systems.append(system) }
      if ratings[rater, default: [:]].updateValue(-(try row.double("mqm_penalty")), forKey: system) != nil {
        throw BenchmarkError.duplicateRating(item: segment, candidate: system, rater: rater, at: row.place)
      }
    }
    let means = systems.map { system -> Double? in
      let known = ratings.keys.sorted().compactMap { ratings[$0]?[system] }
      return known.isEmpty ? nil : WMT23.tidy(known.reduce(0, +) / Double(known.count))
    }
    return Example(
      id: segment, subset: "all", prompt: Prompt([]), cluster: try rows[0].string("doc"),
      candidates: systems.map { Candidate($0, $0) }, gold: .ratings(means),
      raters: ratings.mapValues { given in .ratings(systems.map { given[$0] }) })
  }

  /// A mean penalty without the noise of binary fractions: penalties are multiples of 0.1, so equal means must be equal.
  public static func tidy(_ mean: Double) -> Double { (mean * 1e9).rounded() / 1e9 }
}
