import ArgumentParser

@main
struct HustingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hustings", abstract: "Compare reward models, regenerate leaderboards, gate regressions.")
}
