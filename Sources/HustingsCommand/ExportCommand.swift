import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsStore

/// `hustings export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write stored margins as JSON lines or CSV, one row per matchup that was asked.",
    discussion: """
      Columns: run, benchmark, model, item, subset, cluster, first, second, log_odds, first_reward, second_reward, gold, absence,
      reason. `first` and `second` are the names the benchmark gives the candidates; `gold` is positive when the key prefers the
      first. An empty or null log_odds has an absence and its reason.
      """)

  enum Shape: String, ExpressibleByArgument, CaseIterable {
    case jsonl, csv
  }

  @Option(name: .long, help: "A benchmark; all in the store when none is given.")
  var benchmark: [String] = []

  @Option(name: .long, help: "A model; all when none is given.")
  var model: [String] = []

  @Option(
    name: .long,
    help: "Write the kept replies of endpoints to this file, for run --cassette, in place of margins.",
    completion: .file())
  var cassette: String?

  @Option(name: .long, help: "jsonl or csv.")
  var format: Shape = .jsonl

  @Option(name: .long, help: "The file to write.", completion: .file())
  var out: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let results = try StoredResults(store)
    if let cassette { return try Cassette.write(results.store, models: model, to: cassette) }
    let wanted = try model.map { try results.model($0).fingerprint }
    let runs = try results.benchmarks(named: benchmark).flatMap { record in
      try results.store.runs(benchmark: record.identity)
        .filter { (wanted.isEmpty || wanted.contains($0.model)) && $0.scored > 0 }
    }
    guard !runs.isEmpty else {
      throw InvalidRequest("The store \(results.store.path) holds no margins to export.")
    }
    try AtomicFile.write(to: out ?? "/dev/stdout") { file in
      if format == .csv { try file.write(ExportedRow.fields.joined(separator: ",") + "\n") }
      for run in runs {
        // The file cannot be handed into the closure that reads, so rows are taken in first, one run at a time.
        var lines: [String] = []
        try results.store.margins(of: run) { row in
          let exported = ExportedRow(row)
          lines.append(format == .csv ? exported.csv : exported.json)
        }
        for line in lines { try file.write(line + "\n") }
      }
    }
  }
}

/// One exported row: what a model said of one matchup, in the order of `fields`.
struct ExportedRow {
  static let fields = [
    "run", "benchmark", "model", "item", "subset", "cluster", "first", "second", "log_odds", "first_reward",
    "second_reward", "gold", "absence", "reason",
  ]

  private let values: [Table.Cell.Value]

  init(_ row: MarginRow) {
    func number(_ value: Double?) -> Table.Cell.Value { value.map { .number($0) } ?? .missing }
    func text(_ value: String?) -> Table.Cell.Value { value.map { .text($0) } ?? .missing }
    values = [
      .text(row.run.short), .text(row.benchmark), .text(row.model), .text(row.item), .text(row.subset),
      .text(row.cluster), text(row.firstName), text(row.secondName), number(row.logOdds),
      number(row.firstReward),
      number(row.secondReward), number(row.gold), text(row.absence?.kind.rawValue), text(row.absence?.reason),
    ]
  }

  var json: String {
    "{" + zip(ExportedRow.fields, values).map { "\"\($0)\": \($1.json)" }.joined(separator: ", ") + "}"
  }

  var csv: String { values.map { Table.quoted($0.plain) }.joined(separator: ",") }
}
