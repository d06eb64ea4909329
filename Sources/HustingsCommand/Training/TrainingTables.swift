import Foundation
import Hustings
import HustingsMetrics
import HustingsReports
import HustingsStatistics
import HustingsTraining
import Recipes

/// What a training prints when it is done.
enum TrainingTables {
  private static let columns: [Table.Column] = [
    .init("pairs held out", isNumeric: true), .init("prompts", isNumeric: true),
    .init("accuracy", isNumeric: true), .init("95 %", field: "interval", isNumeric: true),
    .init("log loss", isNumeric: true),
  ]

  /// Columns that only some models have.
  private static func more(_ reports: [HeldOutReport]) -> [Table.Column] {
    var columns: [Table.Column] = []
    if reports.contains(where: { $0.swap != nil }) {
      columns += [.init("swap error", isNumeric: true), .init("flips", field: "flip_rate", isNumeric: true)]
    }
    if reports.contains(where: { $0.cyclicShare != nil }) {
      columns.append(.init("cyclic", field: "cyclic_share", isNumeric: true))
    }
    return columns
  }

  private static func cells(_ report: HeldOutReport, swap: Bool, cyclic: Bool) -> [Table.Cell] {
    var cells: [Table.Cell] = [
      .integer(report.pairs), .integer(report.prompts), Board.cell(report.accuracy, .share),
      Board.cell(interval: report.interval, .share), .number(report.logLoss, decimals: 4),
    ]
    if swap {
      cells.append(report.swap.map { .number($0.error, decimals: 4) } ?? .missing)
      cells.append(Board.cell(report.swap?.flipRate, .share))
    }
    if cyclic { cells.append(report.cyclicShare.map { Board.cell($0, .share) } ?? .missing) }
    return cells
  }

  /// The table of one held-out part.
  static func heldOut(_ report: HeldOutReport, title: String, split: String) -> Table {
    Table(
      title: title, columns: [.init("split")] + columns + more([report]),
      rows: [
        [.text(split)] + cells(report, swap: report.swap != nil, cyclic: report.cyclicShare != nil)
      ], notes: notes([report]))
  }

  /// The table of a cross-validation.
  static func folds(_ report: FoldedReport, title: String) -> Table {
    let all = report.folds + [report.overall]
    let swap = all.contains { $0.swap != nil }
    let cyclic = all.contains { $0.cyclicShare != nil }
    var rows = report.folds.enumerated().map { index, fold in
      [Table.Cell.text("\(index + 1)")] + cells(fold, swap: swap, cyclic: cyclic)
    }
    rows.append([.text("all")] + cells(report.overall, swap: swap, cyclic: cyclic))
    let means = report.folds.compactMap(\.accuracy)
    var notes = notes(all)
    if let mean = Descriptive.mean(means), means.count == report.folds.count, means.count > 1 {
      let spread =
        (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1)).squareRoot()
      notes.append(
        "Mean accuracy over folds \(Format.percent(mean)) ± \(Format.percent(spread)) (standard deviation).")
    }
    return Table(title: title, columns: [.init("fold")] + columns + more(all), rows: rows, notes: notes)
  }

  /// The table of a sweep, and the choice in words.
  static func sweep(_ table: SweepTable, title: String) -> Table {
    let rows: [[Table.Cell]] = table.rows.enumerated().map { index, row in
      let excess = table.excess(index)
      let mark =
        index == table.best
        ? "best" : table.rivals.contains(index) ? "as good" : row.fault == nil ? "" : "diverged"
      return [
        .text(row.candidate.name), row.result.map { .number($0.loss, decimals: 4) } ?? .missing,
        excess.map { .number($0.mean, decimals: 4) } ?? .missing,
        excess.map { .number($0.standardError, decimals: 4) } ?? .missing,
        Board.cell(row.result?.accuracy, .share), .text(mark),
      ]
    }
    return Table(
      title: title,
      columns: [
        .init("settings"), .init("held-out loss", isNumeric: true), .init("over best", isNumeric: true),
        .init("s.e.", field: "standard_error", isNumeric: true), .init("accuracy", isNumeric: true),
        .init("verdict"),
      ], rows: rows, notes: [table.explanation])
  }

  private static func notes(_ reports: [HeldOutReport]) -> [String] {
    var notes: [String] = []
    if let interval = reports.last?.interval {
      notes.append(
        interval.method == "wilson"
          ? "Intervals are Wilson's; every pair has a prompt of its own."
          : "Intervals are by clusters: pairs of one prompt count together.")
    }
    if reports.contains(where: { $0.cyclicShare != nil }) {
      notes.append("cyclic: the share of squared margin between held-out responses that no reward explains.")
    }
    return notes
  }
}
