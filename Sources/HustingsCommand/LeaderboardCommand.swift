import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// `hustings leaderboard`
struct LeaderboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Print leaderboards from the store alone: the same rows give the same bytes.",
    discussion: """
      Tiers and ranks say no more than paired tests allow. Terminals get the headline and the first columns; csv and json get
      every metric.
      """)

  @Option(name: .long, help: "A benchmark; all in the store when none is given.")
  var benchmark: [String] = []

  @Option(name: .long, help: "How many metrics to print; 0 for all.")
  var columns: Int?

  @Option(name: .long, help: "The family-wise error rate of tiers and ranks.")
  var alpha = 0.05

  @Option(name: .long, help: "Write to a file instead of the terminal.", completion: .file())
  var out: String?

  @Option(
    name: .long, help: "Recompute a published leaderboard (CSV) instead.",
    completion: .file(extensions: ["csv"]))
  var published: String?

  @Option(
    name: .long,
    help:
      "How a published board adds up: rewardbench-1, rewardbench-2, or alpaca-eval-2 for a table of length-controlled fits."
  )
  var definition: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard alpha > 0, alpha < 1 else { throw ValidationError("--alpha lies between 0 and 1.") }
  }

  func run() throws {
    if let published {
      let workplace = try Workplace(data: data, seed: 0)
      let table = try PublishedBoard.table(
        file: workplace.resolved(published), definition: definition, dataRoot: workplace.dataRoot)
      return try Output.write(table.rendered(as: format.format), to: out)
    }
    let results = try StoredResults(store)
    let workplace = try Workplace(data: data, seed: 0)
    var parts: [String] = []
    for record in try results.benchmarks(named: benchmark) {
      let entries = try results.entries(of: record)
      guard !entries.isEmpty else { continue }
      let board = Board(
        try workplace.definition(of: record.card, named: benchmark), card: record.card,
        identity: record.identity,
        itemCount: record.itemCount,
        entries: entries, alpha: alpha)
      parts.append(board.table(width: width).rendered(as: format.format))
    }
    guard !parts.isEmpty else {
      throw InvalidRequest(
        "The store \(results.store.path) holds no run. Run something first: hustings run --benchmark … --model …"
      )
    }
    try Output.write(Output.join(parts, format.format), to: out)
  }

  /// How many metrics the format has room for.
  private var width: Int? {
    if let columns { return columns == 0 ? nil : columns }
    return format.format == .csv || format.format == .json ? nil : 6
  }
}
