import ArgumentParser
import Foundation
import Hustings
import HustingsNumerics
import HustingsTraining
import Recipes

/// `hustings train`
struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train preference models on pairs, or policies and types of annotator on votes.",
    discussion: """
      A preference model is measured on prompts it never saw, and its folder is a model string everywhere: checkpoint:FOLDER.

        hustings train bt  --data pairs.jsonl --out models/bt
        hustings train gpm --data pairs.jsonl --dim 6 --gate softmax --l2 --tau 0.1 --out models/gpm
        hustings train bt  --data pairs.jsonl --folds 5
        hustings train bt  --data votes.jsonl --margin votes --out models/bt-margin
        hustings train distributional --kind gaussian --data votes.jsonl --soft-labels --out models/spread

      Ctrl-C keeps the run; the same command with --resume goes on, and the result is the same to the bit.
      """,
    subcommands: recipes + PopulationTraining.subcommands)

  private static let recipes: [any ParsableCommand.Type] = [
    BradleyTerryTraining.self, GeneralTraining.self, PairwiseTraining.self, DecomposedTraining.self,
    DistributionalTraining.self,
  ]
}

/// `hustings train bt`
struct BradleyTerryTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bt", abstract: "Bradley–Terry: one reward per response, margins are differences.")

  @OptionGroup var options: TrainingOptions

  func run() async throws {
    try await TrainingSession(options, head: .bradleyTerry, hidden: [], tau: 1).run()
  }
}

/// `hustings train gpm`
struct GeneralTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gpm",
    abstract:
      "General preference model: one vector of even length per response, compared by a skew-symmetric form.",
    discussion: "Zhang et al. 2024 (arXiv 2410.02197). It can represent preferences that go in cycles.")

  @Option(name: .long, help: "Length of the vectors: even, two numbers per plane.")
  var dim = 4

  @Option(
    name: .long,
    help: "How planes begin: bradley-terry, random or published. Default: bradley-terry, for --dim 2 random.")
  var start: PlaneStart?

  @Option(
    name: .long,
    help: """
      What the mean square of the skew part's log-odds, which is all but the first plane's reward, is multiplied by and added \
      to the loss. Default: 0.5 where that plane starts as Bradley–Terry and there is no --l2; 0 is as published.
      """)
  var penalty: Double?

  @OptionGroup(title: "Planes") var planes: PlaneOptions
  @OptionGroup var options: TrainingOptions

  func run() async throws {
    let start = start ?? (dim == 2 ? .random : .bradleyTerry)
    let contains = start == .bradleyTerry && !planes.l2
    if !contains, let penalty, penalty != 0 {
      throw UsageError(
        "--penalty needs a plane that is Bradley–Terry: --dim 4 or more, --start bradley-terry, and no --l2.")
    }
    let settings = GeneralSettings(
      dimension: dim, normalises: planes.l2, gate: planes.parsedGate, start: start,
      penalty: contains ? penalty ?? Recipe.penalty : nil)
    try await TrainingSession(
      options, head: .general(settings), hidden: [], tau: planes.l2 ? 0.1 : 1
    ).run()
  }
}

/// `hustings train decomposed`
struct DecomposedTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decomposed",
    abstract: "A reward and a skew part side by side, the skew part held down by a penalty.",
    discussion:
      "Contains Bradley–Terry and general preference models, and says how much of its margin goes in cycles.")

  @Option(name: .long, help: "Length of the vectors of the skew part: even, two numbers per plane.")
  var dim = 4

  @Option(
    name: .long,
    help: "What the mean square of the skew part's log-odds is multiplied by and added to the loss.")
  var penalty = 2.0

  @OptionGroup(title: "Planes") var planes: PlaneOptions
  @OptionGroup var options: TrainingOptions

  func run() async throws {
    let settings = DecomposedSettings(
      dimension: dim, normalises: planes.l2, gate: planes.parsedGate, penalty: penalty)
    try await TrainingSession(options, head: .decomposed(settings), hidden: [], tau: 1).run()
  }
}

/// `hustings train pairpm`
struct PairwiseTraining: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairpm", abstract: "PairPM: both responses read together, in an order that may matter.",
    discussion: "Ends with how far both orders of presentation are from agreeing.")

  @Option(name: .long, help: "In which order training presents a pair: both, or one drawn per epoch (drawn).")
  var order: PairwiseSettings.Order = .both

  @OptionGroup var options: TrainingOptions

  func run() async throws {
    try await TrainingSession(
      options, head: .pairwise(PairwiseSettings(order: order)), hidden: [64], tau: 1
    ).run()
  }
}
