import ArgumentParser
import Foundation

/// The `hustings` command.
@main
struct HustingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hustings",
    abstract: "Compare reward models head to head, regenerate leaderboards, gate metric regressions.",
    discussion: """
      A model is one string: null:length, recorded:scores.csv#column, and others that `hustings list models` shows.
      Exit codes: 0 pass, 1 regression, 2 inconclusive, 3 invalid or nothing measured, 64 usage, 70 internal failure.
      """,
    version: "0.1.0",
    subcommands: [
      DemoCommand.self,
      ListCommand.self,
      DataCommand.self,
      TrainCommand.self,
      SynthesizeCommand.self,
      RunCommand.self,
      StudyCommand.self,
      LeaderboardCommand.self,
      CompareCommand.self,
      GateCommand.self,
      BaselineCommand.self,
      CertifyCommand.self,
      ExplainRankCommand.self,
      AuditCommand.self,
      JudgesCommand.self,
      ArenaCommand.self,
      IdentifyCommand.self,
      ReportCommand.self,
      ServeCommand.self,
      ShowCommand.self,
      ExportCommand.self,
      MergeCommand.self,
      ReproduceCommand.self,
    ])

  static func main() async {
    // Whatever the parent blocked, the user can end the command.
    var none = sigset_t()
    sigemptyset(&none)
    sigprocmask(SIG_SETMASK, &none, nil)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      ExitStatus.exit(with: error)
    }
  }
}
