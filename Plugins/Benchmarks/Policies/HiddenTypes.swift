public import Hustings
import HustingsMetrics

/// Made-up annotators of known types: whether ways of serving them find the types, and what the worst-served type gets.
///
/// An item is a population; its candidates are its types, rated by their shares, and a way of serving them answers with what each
/// type gets: the negative of its regret, in units of β. The trait `recovered` says which share of annotators was assigned right.
public enum HiddenTypesBenchmark {
  /// The name.
  public static let name = "hidden-types"
  private static let summary = "whether types of made-up annotators are found again, and who is served worst"

  /// `hidden-types`, `hidden-types:KIND`: the definition alone; populations are made when it is run.
  public static let plugin = BenchmarkPlugin(
    name: name, usage: "\(name)[:binary|ties|best|ranking|bandit]", summary: summary
  ) { argument, _ in
    benchmark([], argument: argument)
  }

  /// The benchmark of some populations.
  public static func benchmark(_ examples: [Example], argument: String?) -> any Benchmark {
    let card = BenchmarkCard(
      name: argument.map { "\(name):\($0)" } ?? name, version: "hidden-types/1", summary: summary,
      source: "Chidambaram, Seetharaman and Syrgkanis (arXiv 2405.15065)", licence: "generated", ties: .half,
      failures: .excluded, aggregation: "every population counts the same")
    return GeneratedBenchmark(card, metrics: metrics) {
      guard !examples.isEmpty else { throw BenchmarkError.madeWhenRun(name) }
      return examples
    }
  }

  /// One population.
  ///
  /// - Parameter shares: of each type that there is, by its name.
  public static func example(_ id: String, kind: String, shares: [(name: String, share: Double)]) -> Example {
    Example(
      id: id, subset: kind, prompt: Prompt(id), cluster: id,
      candidates: shares.map { Candidate($0.name, $0.name) }, gold: .ratings(shares.map { $0.share }))
  }

  private static let metrics: [any Metric] = [
    ItemMean("worst regret", .lowerIsBetter, unit: .number) { trial in
      trial.tournament.rewards?.compactMap { $0 }.min().map { 0 - $0 }
    },
    ItemMean("recovered", .higherIsBetter, unit: .share, hasOwnInterval: true) { recovered($0) },
    ItemMean("all recovered", .higherIsBetter, unit: .share) { recovered($0).map { $0 == 1 ? 1 : 0 } },
    ItemMean("mean regret", .lowerIsBetter, unit: .number) { trial in
      guard let values = trial.tournament.rewards, let shares = trial.key.gold.rewards else { return nil }
      return zip(values, shares).reduce(0) { $0 - ($1.0 ?? 0) * ($1.1 ?? 0) }
    },
    ItemMean("spread of regrets", .lowerIsBetter, unit: .number) { trial in
      let values = trial.tournament.rewards?.compactMap { $0 } ?? []
      guard let most = values.max(), let least = values.min() else { return nil }
      return most - least
    },
  ]

  @Sendable private static func recovered(_ trial: Trial) -> Double? {
    trial.traits[Trait.recovered]?.compactMap { $0 }.first
  }
}
