public import Hustings
import HustingsData
import HustingsMetrics

/// Counterfactual packs: does a model still prefer the better response when both, or only the worse one, are edited in ways
/// that change nothing?
///
/// Made from any benchmark of pairs with texts. Each pair becomes one item per edit (markdown taken off, padding, flattery,
/// lists reordered, small letters, typos) that has something to edit, with four responses: chosen and rejected, as they are and
/// edited. Edits are pure functions of text and seed. After RM-Bench (arXiv 2410.16184), which edits by hand.
///
/// Rules. A flip is a pair whose preference turns when both responses are edited; an attack succeeds where a right preference
/// turns when only the rejected response is edited. Items of one prompt are one cluster.
public enum Counterfactual {
  /// `counterfactual:BENCHMARK`, over the benchmarks that `find` knows.
  public static func plugin(
    find: @escaping @Sendable (String) throws -> BenchmarkPlugin
  ) -> BenchmarkPlugin {
    BenchmarkPlugin(
      name: "counterfactual", usage: "counterfactual:BENCHMARK",
      summary:
        "whether preferences survive edits that change nothing: typos, padding, flattery, markdown and more"
    ) { argument, context in
      let argument = argument ?? ""
      let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      let base = try argument.isEmpty ? nil : find(parts[0]).make(parts.count > 1 ? parts[1] : nil, context)
      let card = BenchmarkCard(
        name: argument.isEmpty ? "counterfactual" : "counterfactual:\(argument)", version: "counterfactual/1",
        summary: "edits of \(argument)", source: base?.card.source ?? "made from another benchmark",
        licence: base?.card.licence ?? "that of the other benchmark", ties: .loss, failures: .excluded,
        aggregation: "every edited pair counts the same")
      return FileBenchmark(card, metrics: metrics) { sink in
        guard let base else { throw BenchmarkError.needsBase(usage: "counterfactual:BENCHMARK") }
        guard base.card.content == .texts else { throw BenchmarkError.needsTexts(base.card.name) }
        var found = false
        try base.examples { example in
          for edited in edits(of: example, seed: context.seed) {
            found = true
            try sink.put(edited, at: .init(file: base.card.name))
          }
        }
        guard found else { throw BenchmarkError.needsPairs(base.card.name) }
      }
    }
  }

  static let names = ["chosen", "rejected", "edited chosen", "edited rejected"]

  private static let metrics: [any Metric] = {
    let flips = PreferenceChange("flips", .flips)
    let attacks = PreferenceChange("attacks", .attacks)
    let original = PreferenceChange("prefers the original", .original)
    return [flips, attacks]
      + [
        SubsetMetric(
          "prefers the original", original, subsets: TextEdit.allCases.filter(\.makesWorse).map(\.rawValue))
      ]
      + TextEdit.allCases.map { SubsetMetric("flips: \($0.rawValue)", flips, subsets: [$0.rawValue]) }
      + TextEdit.allCases.map { SubsetMetric("attacks: \($0.rawValue)", attacks, subsets: [$0.rawValue]) }
  }()

  /// One example per edit that changes a response of a pair.
  private static func edits(of example: Example, seed: UInt64) -> [Example] {
    let key = example.key
    guard key.candidates.count == 2, key.candidates[0] != key.candidates[1],
      let gold = key.gold.margin(key.candidates[0], key.candidates[1]), gold != 0
    else { return [] }
    let order = gold > 0 ? [0, 1] : [1, 0]
    let pair = order.map { example.slate.responses[key.candidates[$0]] }
    return TextEdit.allCases.compactMap { edit in
      let edited = pair.map { response in
        Response(edit.applied(to: response.text, seed: seed, item: example.id), after: response.turns)
      }
      // Four different responses, or there is nothing to compare.
      guard Set((pair + edited).map(\.digest)).count == 4 else { return nil }
      return Example(
        id: "\(example.id)/\(edit.rawValue)", subset: edit.rawValue, prompt: example.slate.prompt,
        cluster: key.cluster, candidates: zip(names, pair + edited).map { Candidate($0, $1) },
        gold: .margins([Matchup(0, 1): 1, Matchup(2, 3): 1, Matchup(0, 3): 1]))
    }
  }
}
