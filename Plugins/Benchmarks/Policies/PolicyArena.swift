public import Hustings
import HustingsMetrics

/// Policies that choose among the same candidates, judged by a preference model.
///
/// An item is a prompt with its candidates; its key holds the judge's log-odds of every two of them and the log-probabilities of
/// the reference policy, so that policies judged later by the same judge against the same reference come to the same board.
public enum PolicyArenaBenchmark {
  /// The name.
  public static let name = "policy-arena"
  /// The rater of the key that is the reference policy.
  public static let reference = "reference"
  private static let summary = "policies against each other under any judge"

  /// `policy-arena`: the definition alone; its items come with the policies that are named.
  public static let plugin = BenchmarkPlugin(
    name: name, usage: "\(name) with --policy FOLDER --judge MODEL", summary: summary
  ) { _, _ in
    GeneratedBenchmark(card, metrics: metrics) { throw BenchmarkError.needsPolicies(name) }
  }

  /// The benchmark of some prompts before a judge.
  public static func benchmark(_ examples: [Example], judge: ModelCard) -> any Benchmark {
    GeneratedBenchmark(card.judged(by: judge), metrics: metrics) { examples }
  }

  /// One prompt.
  ///
  /// - Parameters:
  ///   - margins: the judge's log-odds of candidate i over j.
  ///   - reference: the reference's log-probability of each candidate; nil for what it never answers.
  public static func example(
    _ number: Int, prompt: Prompt, candidates: [Response], margins: [[Double]], reference: [Double?]
  ) -> Example {
    var gold: [Matchup: Double] = [:]
    for matchup in Matchup.all(among: candidates.count) {
      gold[matchup] = margins[matchup.first][matchup.second]
    }
    return Example(
      id: "prompt \(number)", subset: "all", prompt: prompt, cluster: "prompt \(number)",
      candidates: candidates.enumerated().map { Candidate("\($0)", $1) }, gold: .margins(gold),
      raters: [Self.reference: .ratings(reference)])
  }

  private static let card = BenchmarkCard(
    name: name, version: "policy-arena/1", summary: summary,
    source: "Zhang et al. 2024, section 5 (arXiv 2410.02197)", licence: "as the prompts'", ties: .half,
    failures: .excluded,
    aggregation: "exact expectation over what a policy and the reference answer, mean over prompts")

  private static let metrics: [any Metric] = [
    ItemMean("wins over the reference", .higherIsBetter, unit: .share) { trial in
      guard let choice = ResponseChoice(trial), let others = trial.key.shares(of: reference) else {
        return nil
      }
      return choice.wins(over: others, in: trial.key.gold)
    },
    ItemMean("KL from the reference", .neutral, unit: .number, hasOwnInterval: true) { trial in
      guard let choice = ResponseChoice(trial), let others = trial.key.shares(of: reference) else {
        return nil
      }
      let divergence = choice.divergence(from: others)
      return divergence.isFinite ? divergence : nil
    },
  ]
}
