import ArgumentParser

/// `hustings train`
struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train policies and types of annotator, and write them to a folder.",
    subcommands: PopulationTraining.subcommands)
}
