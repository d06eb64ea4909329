import ArgumentParser
import Catalog
import Foundation
import Hustings
import HustingsReports
import HustingsStore

/// `hustings list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List models, benchmarks, encoders, metrics and stored runs.")

  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case models, benchmarks, encoders, metrics, runs
  }

  @Argument(help: "What to list: \(Subject.allCases.map(\.rawValue).joined(separator: ", ")).")
  var subject: Subject

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let table =
      switch subject {
      case .models: Self.models
      case .benchmarks: Self.benchmarks
      case .encoders: Self.encoders
      case .metrics: try Self.metrics(Workplace(data: data, seed: 0))
      case .runs: try Self.runs(StoredResults(store))
      }
    Terminal.write(table.rendered(as: format.format))
  }

  private static var models: Table {
    Table(
      columns: [.init("model"), .init("what it is")],
      rows: Catalog.models.map { [.text($0.usage), .text($0.summary)] })
  }

  private static var benchmarks: Table {
    Table(
      columns: [.init("benchmark"), .init("what it measures")],
      rows: Catalog.benchmarks.map { [.text($0.usage), .text($0.summary)] },
      notes: Catalog.benchmarks.flatMap { plugin in
        plugin.settings.map { "\(plugin.name)?\($0.key)=…: \($0.value)." }
      })
  }

  private static var encoders: Table {
    Table(
      columns: [.init("encoder"), .init("what it makes of texts")],
      rows: Catalog.encoders.map { [.text($0.usage), .text($0.summary)] })
  }

  private static func metrics(_ workplace: Workplace) throws -> Table {
    let rows = try Catalog.benchmarks.flatMap { plugin -> [[Table.Cell]] in
      try workplace.definition(named: plugin.name).metrics.map { metric in
        [.text(plugin.name), .text(metric.name), .text(metric.unit.rawValue), .text(metric.direction.words)]
      }
    }
    return Table(
      columns: [.init("benchmark"), .init("metric"), .init("unit"), .init("direction")], rows: rows)
  }

  private static func runs(_ results: StoredResults) throws -> Table {
    let cards = try results.store.models()
    let rows = try results.benchmarks(named: []).flatMap { record in
      try results.store.runs(benchmark: record.identity).map { run -> [Table.Cell] in
        let model = cards.first { $0.fingerprint == run.model }?.name ?? run.model.short
        return [
          .text(run.identity.short), .text(record.card.name), .text(record.identity.short), .text(model),
          .integer(Int(run.seed)), .integer(run.scored), .integer(run.itemCount),
          .text(run.startedAt.formatted(.iso8601)), .text(run.isFinished ? "finished" : "open"),
        ]
      }
    }
    return Table(
      columns: [
        .init("run"), .init("benchmark"), .init("identity"), .init("model"), .init("seed", isNumeric: true),
        .init("answered", isNumeric: true), .init("items", isNumeric: true), .init("started"), .init("state"),
      ], rows: rows)
  }
}

extension Direction {
  fileprivate var words: String {
    switch self {
    case .higherIsBetter: "higher is better"
    case .lowerIsBetter: "lower is better"
    case .neutral: "neither"
    }
  }
}
