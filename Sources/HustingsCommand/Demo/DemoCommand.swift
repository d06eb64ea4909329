import ArgumentParser
import Foundation

/// `hustings demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run the whole chain on data the project makes itself: record, rank, compare.",
    discussion: "Writes pairs, scores, a store and a leaderboard to a folder, and prints what to try next.")

  @Option(name: .long, help: "The folder to write to.", completion: .directory)
  var out = "results/demo"

  @Option(name: .long, help: "What the data are a function of.")
  var seed: UInt64 = 1

  func run() async throws {
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    try DemoData(seed: seed, prompts: 300).write(to: out)
    let store = "\(out)/demo.sqlite"
    let benchmark = "pairs:\(out)/pairs.jsonl"
    try await step([
      "run", "--benchmark", benchmark, "--model", "recorded:\(out)/scores.csv#*", "--store", store,
    ])
    try await step(["leaderboard", "--store", store])
    try await step([
      "leaderboard", "--store", store, "--format", "markdown", "--out", "\(out)/leaderboard.md",
    ])
    try await step(["compare", "steady-rm", "careful-rm", "--store", store])
    Terminal.write(
      """

      The leaderboard lies in \(out)/leaderboard.md, every margin in \(store).
      Next: hustings compare wordy-rm careful-rm --flips 10 --store \(store)

      """)
  }

  /// Runs another command as a user would type it, and shows what was typed.
  private func step(_ arguments: [String]) async throws {
    let typed = arguments.map { $0.contains("#") ? "'\($0)'" : $0 }.joined(separator: " ")
    Terminal.write("\n$ hustings \(typed)\n\n")
    var command = try HustingsCommand.parseAsRoot(arguments)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }
}
