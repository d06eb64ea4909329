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

  @Option(name: .long, help: "jsonl or csv.")
  var format: Shape = .jsonl

  @Option(name: .long, help: "The file to write.", completion: .file())
  var out: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let results = try StoredResults(store)
    let wanted = try model.map { try results.model($0).fingerprint }
    let cards = Dictionary(
      try results.store.models().map { ($0.fingerprint, $0.name) }, uniquingKeysWith: { first, _ in first })
    var lines = format == .csv ? [MarginRow.header] : []
    for record in try results.benchmarks(named: benchmark) {
      let keys = try results.store.keys(of: record.identity)
      for run in try results.store.runs(benchmark: record.identity)
      where wanted.isEmpty || wanted.contains(run.model) {
        for trial in try results.store.trials(of: run, keys: keys) {
          lines += MarginRow.rows(
            of: trial, run: run, benchmark: record.card.name, model: cards[run.model] ?? run.model.hex
          ).map { format == .csv ? $0.csv : $0.json }
        }
      }
    }
    guard lines.count > (format == .csv ? 1 : 0) else {
      throw InvalidRequest("The store \(results.store.path) holds no margins to export.")
    }
    try Output.write(lines.joined(separator: "\n") + "\n", to: out)
  }
}

/// One exported row: what a model said of one matchup.
struct MarginRow {
  static let fields = [
    "run", "benchmark", "model", "item", "subset", "cluster", "first", "second", "log_odds", "first_reward",
    "second_reward", "gold", "absence", "reason",
  ]
  static let header = fields.joined(separator: ",")

  let values: [Table.Cell.Value]

  static func rows(of trial: Trial, run: Run, benchmark: String, model: String) -> [MarginRow] {
    let key = trial.key
    let names = Dictionary(zip(key.candidates, key.names), uniquingKeysWith: { first, _ in first })
    return trial.tournament.matchups.map { matchup in
      let judgment = trial.tournament.judgment(matchup)
      let rewards = trial.tournament.rewards
      func number(_ value: Double?) -> Table.Cell.Value { value.map { .number($0) } ?? .missing }
      func text(_ value: String?) -> Table.Cell.Value { value.map { .text($0) } ?? .missing }
      return MarginRow(values: [
        .text(run.identity.short), .text(benchmark), .text(model), .text(key.item), .text(key.subset),
        .text(key.cluster), text(names[matchup.first]), text(names[matchup.second]),
        number(judgment?.logOdds),
        number(rewards?[matchup.first]), number(rewards?[matchup.second]),
        number(key.gold.margin(matchup.first, matchup.second)), text(judgment?.absence?.kind.rawValue),
        text(judgment?.absence?.reason),
      ])
    }
  }

  var json: String {
    "{"
      + zip(MarginRow.fields, values).map { "\"\($0)\": \($1.json)" }.joined(separator: ", ") + "}"
  }

  var csv: String {
    values.map { value in
      let text = value.plain
      return text.contains { ",\"\n\r".contains($0) }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }.joined(separator: ",")
  }
}
