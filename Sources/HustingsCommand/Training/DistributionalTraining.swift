import ArgumentParser
import Foundation
import HustingsTraining
import Recipes

/// `hustings train distributional`
struct DistributionalTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distributional",
    abstract: "A distribution of rewards per response, for annotators who do not agree.",
    discussion: """
      Siththaranjan et al. 2024 (arXiv 2312.08358): a mean and a spread, or shares of ordered levels. A preference is the chance \
      that one reward is above the other, so that a response people disagree about says less.

        hustings train distributional --kind gaussian --data votes.jsonl --out models/spread
        hustings train distributional --kind categorical --levels 10 --data votes.jsonl --out models/levels
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable { case gaussian, categorical }

  @Option(name: .long, help: "gaussian, a mean and a spread; or categorical, shares of levels.")
  var kind: Kind = .gaussian

  @Option(name: .long, help: "For categorical: how many levels of reward there are.")
  var levels = 10

  @Option(
    name: .long,
    help: "For categorical: what the negative entropy of a batch's mean distribution is multiplied by.")
  var evenness = 0.1

  @OptionGroup var options: TrainingOptions

  func run() async throws {
    let settings: DistributionSettings =
      switch kind {
      case .gaussian: DistributionSettings(.gaussian)
      case .categorical: DistributionSettings(.categorical(levels: levels, evenness: evenness))
      }
    try await TrainingSession(options, head: .distributional(settings), hidden: [], tau: 1).run()
  }
}
