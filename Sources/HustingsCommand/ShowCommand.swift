import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// `hustings show`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show everything the store knows of a model: its card, its runs, and every metric of each.")

  @Argument(help: "A model, as boards name it or by the first digits of its fingerprint.")
  var model: String

  @Option(name: .long, help: "A benchmark; all that the model ran on when none is given.")
  var benchmark: [String] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let results = try StoredResults(store)
    let workplace = try Workplace(data: data, seed: 0)
    let card = try results.model(model)
    var parts = [Showing.table(of: card).rendered(as: format.format)]
    for record in try results.benchmarks(named: benchmark) {
      let runs = try results.store.runs(benchmark: record.identity, model: card.fingerprint)
      guard !runs.isEmpty else { continue }
      let keys = try results.store.keys(of: record.identity)
      let definition = try workplace.definition(of: record.card, named: benchmark)
      for run in runs {
        let trials = try results.store.trials(of: run, keys: keys)
        parts.append(Showing.table(of: run, record, definition, trials).rendered(as: format.format))
      }
    }
    guard parts.count > 1 else {
      throw InvalidRequest(
        "\(card.name) has no run on \(benchmark.joined(separator: " or ")) in \(store.store).")
    }
    Terminal.write(Output.join(parts, format.format))
  }
}

/// The tables of `hustings show`.
enum Showing {
  static func table(of card: ModelCard) -> Table {
    var rows: [(String, String)] = [
      ("kind", card.kind.rawValue), ("revision", card.revision), ("fingerprint", card.fingerprint.hex),
    ]
    rows += card.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return Table(
      title: card.name, columns: [.init("field"), .init("value")],
      rows: rows.map { [.text($0.0), .text($0.1)] })
  }

  static func table(
    of run: Run, _ record: BenchmarkRecord, _ definition: any Benchmark, _ trials: [Trial]
  ) -> Table {
    let rows = definition.metrics.map { metric -> [Table.Cell] in
      let estimate = metric.estimate(trials)
      return [
        .text(metric.name), Board.cell(estimate?.value, metric.unit),
        Board.cell(interval: estimate?.interval, metric.unit),
        estimate?.interval.map { .text($0.method) } ?? .missing,
        estimate.map { .integer($0.count) } ?? .missing,
      ]
    }
    let state = run.isFinished ? "finished" : "\(Format.grouped(run.scored)) of its items answered"
    return Table(
      title:
        record.card.title(items: record.itemCount, identity: record.identity)
        + " · seed \(run.seed) · \(state)",
      columns: [
        .init("metric"), .init("value", isNumeric: true), .init("95 %", field: "interval", isNumeric: true),
        .init("method"), .init("items", isNumeric: true),
      ], rows: rows)
  }
}
