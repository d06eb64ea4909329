import ArgumentParser
import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// `hustings show`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Show everything the store knows of a model: its card, its runs with every metric, and how it was learned."
  )

  @Argument(
    help: "A model, as boards name it, by the first digits of its fingerprint, or as checkpoint:FOLDER.")
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
    let curve = try results.store.learningCurves(of: card.fingerprint)
    if !curve.isEmpty { parts.append(Showing.table(of: curve, card).rendered(as: format.format)) }
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

  /// A learning curve, one row per step that was measured; of long ones the first, the last and some between.
  static func table(of points: [CurvePoint], _ card: ModelCard, most: Int = 20) -> Table {
    var metrics: [String] = []
    var values: [Int: [String: Double]] = [:]
    for point in points {
      if !metrics.contains(point.metric) { metrics.append(point.metric) }
      values[point.step, default: [:]][point.metric] = point.value
    }
    let order = ["training loss", "held-out loss", "held-out accuracy"]
    metrics.sort {
      (order.firstIndex(of: $0) ?? order.count, $0) < (order.firstIndex(of: $1) ?? order.count, $1)
    }
    let steps = values.keys.sorted()
    let shown =
      steps.count <= most
      ? steps : (0..<most).map { steps[$0 * (steps.count - 1) / (most - 1)] }
    return Table(
      title: "\(card.name) · learning curve",
      columns: [.init("step", isNumeric: true)] + metrics.map { .init($0, isNumeric: true) },
      rows: shown.map { step in
        [.integer(step)]
          + metrics.map { metric in
            Board.cell(values[step]?[metric], metric.contains("accuracy") ? .share : .number)
          }
      },
      notes: shown.count < steps.count
        ? ["\(shown.count) of \(steps.count) points; `hustings report` draws all."] : [])
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
