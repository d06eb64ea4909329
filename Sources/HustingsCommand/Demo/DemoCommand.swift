import ArgumentParser
import Foundation

/// `hustings demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract:
      "Train four models on data the project makes itself, and show where they differ.",
    discussion: """
      Bradley–Terry, Bradley–Terry with a margin of votes, a model that reads pairs, and a general preference model learn from the same
      pairs, and meet preferences that go round in circles and questions of taste. Pairs, checkpoints, a store and boards are written
      to a folder, and every step is shown as you would type it.
      """)

  @Option(name: .long, help: "The folder to write to.", completion: .directory)
  var out = "results/demo"

  @Option(name: .long, help: "What the data and the models are a function of.")
  var seed: UInt64 = 1

  @Option(name: .long, help: "The most iterations of each solve; fewer are faster and learn less.")
  var iterations = 300

  func validate() throws {
    guard iterations >= 1 else { throw ValidationError("--iterations takes a number from 1 on.") }
  }

  func run() async throws {
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    let store = "\(out)/demo.sqlite"
    let chosen = ["--seed", String(seed)]
    let (cycles, votes) = ("\(out)/cycles.jsonl", "\(out)/votes.jsonl")
    try await step(["data", "make", "cycles", "--out", cycles] + chosen)
    try await step(["data", "make", "subjectivity:pairs=2000,judges=10", "--out", votes] + chosen)
    for model in DemoCommand.models {
      var arguments = ["train"]
      arguments += model.arguments
      arguments += length(of: model.name)
      arguments += ["--data", cycles, "--data", votes, "--held-out", "0"]
      arguments += ["--out", "\(out)/\(model.name)", "--store", store, "--fresh"]
      try await step(arguments + chosen)
    }
    for benchmark in DemoCommand.benchmarks {
      try await step(
        ["run", "--benchmark", benchmark]
          + DemoCommand.models.flatMap { ["--model", "checkpoint:\(out)/\($0.name)"] }
          + ["--store", store] + chosen)
    }
    for benchmark in DemoCommand.benchmarks {
      try await step(["leaderboard", "--benchmark", benchmark, "--store", store])
    }
    try await step([
      "leaderboard", "--store", store, "--format", "markdown", "--out", "\(out)/leaderboard.md",
    ])
    try await step(["compare", "bt", "gpm", "--benchmark", "cycles", "--store", store])
    Terminal.write(
      """

      The boards lie in \(out)/leaderboard.md, every margin in \(store), and each model in a folder of its own.
      Next: hustings show gpm --benchmark cycles --store \(store)

      """)
  }

  /// How long a model is trained: solves in iterations, steps in epochs.
  private func length(of model: String) -> [String] {
    model == "pairpm" ? ["--epochs", String(min(6, iterations))] : ["--iterations", String(iterations)]
  }

  private static let benchmarks = ["cycles", "subjectivity"]

  /// One model per loss and head, with settings that learn the demo's data in seconds.
  private static let models: [(name: String, arguments: [String])] = [
    ("bt", ["bt", "--encoder", "hashed?words=1&characters=no&bits=14"]),
    ("bt-margin", ["bt", "--encoder", "hashed?words=1&characters=no&bits=14", "--margin", "votes"]),
    (
      "pairpm",
      ["pairpm", "--encoder", "hashed?words=1&characters=no&bits=12", "--head", "mlp:32", "--rate", "0.003"]
    ),
    (
      "gpm",
      [
        "gpm", "--dim", "6", "--encoder", "hashed?words=1&characters=no&bits=14", "--ridge", "0.00001",
        "--penalty", "0.1",
      ]
    ),
  ]

  /// Runs another command as a user would type it, and shows what was typed.
  private func step(_ arguments: [String]) async throws {
    let typed = arguments.map { $0.contains { "#?*".contains($0) } ? "'\($0)'" : $0 }.joined(separator: " ")
    Terminal.write("\n$ hustings \(typed)\n\n")
    var command = try HustingsCommand.parseAsRoot(arguments)
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }
}
