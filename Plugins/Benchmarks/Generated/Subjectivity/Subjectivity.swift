import Foundation
public import Hustings
import HustingsMetrics

/// Whether rewards tell how many people prefer a response, where tastes differ.
///
/// After Padmakumar et al. 2024 (arXiv 2412.03822): the correlation of a model's margins with aggregate preference, by
/// whether a prompt has one right answer or many and by whether its responses are distinct or near-paraphrases, in and out
/// of distribution. Populations are made from the seed, with the share of users who prefer each response known exactly;
/// `subjectivity:pandalm`, `subjectivity:wmt23-sxs` and `subjectivity:squality` make the same report of people's real
/// votes, cut into near-paraphrases and distinct responses by the words they share.
///
/// Subsets are `one-distinct-in`, `many-paraphrase-out` and so on. Training pairs are in distribution, and their settings
/// are `pairs`, `labels` (people per pair), `judges` and `noise` (of the judges, in log-odds):
/// `subjectivity:pairs=2000,labels=1,judges=10,noise=0`. `test` is the number of items per subset and `seed` what all of it is a
/// function of, the run's seed when it is not given.
///
/// Rules. The headline is Pearson's correlation of margins with shares over all items. Accuracy is agreement with the
/// majority, and a tie is half.
public enum Subjectivity {
  /// `subjectivity`, `subjectivity:pandalm`.
  public static let plugin = BenchmarkPlugin(
    name: "subjectivity",
    usage: "subjectivity, subjectivity:SETTINGS or subjectivity:pandalm, :wmt23-sxs, :squality",
    summary: summary
  ) { argument, context in
    if let real = RealVotes.sources.first(where: { $0.name == argument || $0.folder == argument }) {
      return RealVotes(base: try real.make(nil, context))
    }
    var options = try GeneratedOptions(argument, of: "subjectivity")
    _ = try OpinionPoll(&options)
    let count = try options.integer("test", in: 1...100_000) ?? 150
    let seed = try options.seed(context)
    try options.finish()
    let world = OpinionWorld(seed: seed)
    return GeneratedBenchmark(card(argument), metrics: metrics) { examples(world, count) }
  }

  /// The training pairs of `subjectivity`.
  public static let training = TrainingPlugin(
    name: "subjectivity", usage: "subjectivity:pairs=2000,labels=1,judges=10,noise=0",
    summary: "one person's choice a pair, with judges' votes and the true share of users"
  ) { argument, context in
    var options = try GeneratedOptions(argument, of: "subjectivity")
    let poll = try OpinionPoll(&options)
    _ = try options.integer("test", in: 1...100_000)
    let seed = try options.seed(context)
    try options.finish()
    return poll.pairs(OpinionWorld(seed: seed), seed: seed)
  }

  private static func examples(_ world: OpinionWorld, _ count: Int) -> [Example] {
    OpinionWorld.Domain.allCases.flatMap { domain in
      OpinionWorld.Cell.allCases.flatMap { cell in
        (0..<count).map { index in
          let item = world.item(cell, domain, "test", index)
          let share = min(1 - 1e-12, max(1e-12, item.share))
          return Example(
            id: item.id, subset: "\(cell.rawValue)-\(domain.rawValue)", prompt: item.prompt, cluster: item.id,
            candidates: [Candidate("first", item.first), Candidate("second", item.second)],
            gold: .margins([Matchup(0, 1): log(share / (1 - share))]))
        }
      }
    }
  }

  private static let summary = "whether rewards tell how many people prefer a response, where tastes differ"

  private static func card(_ argument: String?) -> BenchmarkCard {
    BenchmarkCard(
      name: argument.map { "subjectivity:\($0)" } ?? "subjectivity", version: "subjectivity/1",
      summary: summary, source: "made from the seed, after Padmakumar et al. 2024, arXiv 2412.03822",
      licence: "Apache-2.0", ties: .half, failures: .excluded, aggregation: "one correlation over all items")
  }

  private static let metrics: [any Metric] = {
    let cells = OpinionWorld.Cell.allCases.map(\.rawValue)
    let domains = OpinionWorld.Domain.allCases.map(\.rawValue)
    let halves = domains.map { domain in (domain, cells.map { "\($0)-\(domain)" }) }
    let single = halves.flatMap { $0.1.map { ($0, [$0]) } }
    return correlations(of: [(nil, nil)] + (halves + single).map { ($0.0, $0.1) })
      + [
        PreferencePairs("accuracy", ties: .half, failures: .excluded),
        PairLogLoss("log loss", against: .probability),
      ]
  }()

  /// Every correlation of every group of subsets, the first group's first.
  static func correlations(of groups: [(name: String?, subsets: [String]?)]) -> [any Metric] {
    groups.flatMap { group -> [any Metric] in
      func name(_ measure: String) -> String { group.name.map { "\(measure), \($0)" } ?? measure }
      return [
        AggregateCorrelation(name("Pearson"), .pearson, of: .margin, subsets: group.subsets),
        AggregateCorrelation(
          name("Pearson of probability"), .pearson, of: .probability, subsets: group.subsets),
        // Ranks of a probability are those of its margin.
        AggregateCorrelation(name("Spearman"), .spearman, of: .margin, subsets: group.subsets),
        AggregateCorrelation(name("Kendall"), .kendall, of: .margin, subsets: group.subsets),
      ]
    }
  }
}
