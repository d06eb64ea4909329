import BenchmarkPlugins
import Foundation
import Hustings
import HustingsReports
import HustingsRunner
import HustingsStore

/// A benchmark whose entrants are made here and not named as models: policies, and ways of serving people.
struct PolicyWork {
  let benchmark: any Benchmark
  let models: [any PreferenceModel]
  /// What is printed; nil for every metric of every entrant.
  var tables: [Table]?
  var notes: [String] = []
  /// Whether `--limit` means items, and not populations.
  var takesLimit = true

  /// The work of a benchmark of that name; nil for other benchmarks.
  init?(
    _ name: String, policies: [String], judge: String?, limit: Int?, _ workplace: Workplace
  ) async throws {
    if name == PolicyArena.name {
      let arena = try await PolicyArena(policies: policies, judge: judge, workplace)
      (benchmark, models, tables) = (arena.benchmark, arena.models, arena.tables)
    } else if !policies.isEmpty {
      return nil
    } else if HiddenTypesReport.isNamed(name) {
      let report = try HiddenTypesReport(name, seeds: limit ?? 5, seed: workplace.seed)
      (benchmark, models, tables) = (report.benchmark, report.models, [report.table])
      takesLimit = false
    } else if AnswerChoice.isNamed(name) {
      let choice = try await AnswerChoice(name, workplace)
      (benchmark, models, notes) = (choice.benchmark, choice.models, AnswerChoice.notes)
    } else {
      return nil
    }
  }

  /// Every metric of every entrant, in the order in which they were made.
  static func table(
    _ card: BenchmarkCard, _ survey: Survey, _ results: [RunResult], notes: [String]
  ) -> Table {
    let metrics = results.first?.estimates ?? []
    let wide = metrics.map { metric in
      results.contains { result in
        result.estimates.contains { $0.metric == metric.metric && $0.estimate?.interval != nil }
      }
    }
    var columns: [Table.Column] = [.init("entrant")]
    for (metric, hasInterval) in zip(metrics, wide) {
      columns.append(.init(metric.metric, isNumeric: true))
      if hasInterval {
        columns.append(
          .init("95 %", field: "\(metric.metric) interval".replacing(" ", with: "_"), isNumeric: true))
      }
    }
    return Table(
      title: card.title(items: survey.keys.count, identity: survey.identity), columns: columns,
      rows: results.map { result in
        var cells: [Table.Cell] = [.text(result.card.name)]
        for (metric, hasInterval) in zip(metrics, wide) {
          let found = result.estimates.first { $0.metric == metric.metric }
          cells.append(Board.cell(found?.estimate?.value, metric.unit))
          if hasInterval { cells.append(Board.cell(interval: found?.estimate?.interval, metric.unit)) }
        }
        return cells
      }, notes: notes)
  }
}
