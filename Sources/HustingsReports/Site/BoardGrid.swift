import Hustings
import HustingsStore

/// A board as a page shows it: the printed table with links, badges and intervals drawn on one axis.
enum BoardGrid {
  static func grid(_ chapter: Chapter, _ certificates: [Digest: Certificate]) -> Grid {
    let board = chapter.board
    let table = board.table(width: nil)
    let plot = IntervalPlot(board.rows.map(row), unit: chapter.unit)
    var rows: [Grid.Row] = []
    var tier: Int?
    for (row, cells) in zip(board.rows, table.rows) {
      var html = cells.map { HTML.text($0.text) }
      html[2] = .group([
        .link(row.card.path, row.card.name), .text(" "),
        chapter.badge(of: row.card.fingerprint)?.html ?? .empty,
        Badge.html(certificates[row.card.fingerprint]),
      ])
      let emphasis: Grid.Emphasis =
        row.tier == nil ? .faint : row.tier != tier && tier != nil ? .first : .usual
      tier = row.tier ?? tier
      rows.append(Grid.Row(html, emphasis: emphasis))
    }
    let grid = Grid(
      caption: "Board of \(chapter.card.name)",
      columns: table.columns.map { Grid.Column($0.heading, isNumeric: $0.isNumeric) }, rows: rows,
      notes: table.notes, headed: 2, isLive: true)
    guard !board.columns.isEmpty else { return grid }
    return grid.inserting(
      Grid.Column(drawing: plot.axis), at: 3, cells: board.rows.map { plot.drawing(BoardGrid.row($0)) })
  }

  private static func row(_ row: Board.Row) -> IntervalPlot.Row {
    IntervalPlot.Row(value: row.estimates.first??.value, interval: row.estimates.first??.interval)
  }

  /// What the board says, in a sentence or two.
  static func summary(_ chapter: Chapter) -> String {
    let purpose = chapter.card.summary
    return "\(purpose.prefix(1).uppercased())\(purpose.dropFirst()). \(standing(chapter))"
  }

  private static func standing(_ chapter: Chapter) -> String {
    let board = chapter.board
    let competing = board.rows.filter { $0.tier != nil }
    guard let best = competing.first, let estimate = best.estimates.first ?? nil else {
      return "No model has been measured on it yet."
    }
    let unit = chapter.unit == .share ? " %" : ""
    let value = Board.cell(estimate.value, chapter.unit).text + unit
    let level = competing.count { $0.tier == 1 } - 1
    var text = "\(best.card.name) leads with \(value)"
    if competing.count > 1 {
      text +=
        level == 0
        ? ", and paired tests tell it from all others."
        : level == competing.count - 1
          ? "; paired tests tell no other model from it."
          : "; \(Format.grouped(level)) more in its tier cannot be told from it."
    } else {
      text += "."
    }
    if let bestNull = board.bestNull, let row = board.rows.first(where: { $0.card.name == bestNull }),
      let null = row.estimates.first ?? nil
    {
      text += " The best null rule, \(bestNull), gets \(Board.cell(null.value, chapter.unit).text)\(unit)."
    }
    return text
  }
}
