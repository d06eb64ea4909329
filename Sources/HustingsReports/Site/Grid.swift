/// A table on a page: cells of markup, which readers may sort and filter where there is a script to do it.
struct Grid: Sendable {
  struct Column: Sendable {
    let heading: HTML
    let isNumeric: Bool
    /// Whether the cells are drawings, by which nothing can be sorted.
    let isDrawing: Bool

    init(_ heading: String, isNumeric: Bool = false) {
      self.heading = .text(heading)
      self.isNumeric = isNumeric
      isDrawing = false
    }

    /// A column of drawings under their axis.
    init(drawing heading: HTML) {
      self.heading = heading
      isNumeric = false
      isDrawing = true
    }
  }

  /// How a row stands out.
  enum Emphasis: Sendable { case usual, first, faint, strong }

  struct Row: Sendable {
    let cells: [HTML]
    let emphasis: Emphasis

    init(_ cells: [HTML], emphasis: Emphasis = .usual) {
      self.cells = cells
      self.emphasis = emphasis
    }
  }

  let caption: String?
  let columns: [Column]
  let rows: [Row]
  let notes: [String]
  /// Whether the first column names the row.
  let headed: Int?
  /// Whether readers may sort and filter.
  let isLive: Bool

  init(
    caption: String? = nil, columns: [Column], rows: [Row], notes: [String] = [], headed: Int? = 0,
    isLive: Bool = false
  ) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.notes = notes
    self.headed = headed
    self.isLive = isLive
  }

  /// A printed table as it is.
  init(_ table: Table, isLive: Bool = false) {
    self.init(
      caption: nil, columns: table.columns.map { Column($0.heading, isNumeric: $0.isNumeric) },
      rows: table.rows.map { Row($0.map { .text($0.text) }) }, notes: table.notes, isLive: isLive)
  }

  /// The same with a column put in before another.
  func inserting(_ column: Column, at place: Int, cells: [HTML]) -> Grid {
    precondition(cells.count == rows.count, "\(cells.count) cells, \(rows.count) rows")
    var columns = columns
    columns.insert(column, at: place)
    let rows = zip(rows, cells).map { row, cell in
      var cells = row.cells
      cells.insert(cell, at: place)
      return Row(cells, emphasis: row.emphasis)
    }
    return Grid(
      caption: caption, columns: columns, rows: rows, notes: notes, headed: headed, isLive: isLive)
  }

  /// The table in a frame that scrolls sideways by itself, so that the page never does.
  var html: HTML {
    var parts: [HTML] = []
    if let caption { parts.append(.element("caption", [], [.text(caption)])) }
    parts.append(.element("thead", [], [.element("tr", [], columns.map(Grid.heading))]))
    parts.append(.element("tbody", [], rows.map(html(of:))))
    let table = HTML.element("table", [.style(isLive ? "grid live" : "grid")], parts)
    return .group(
      [
        .element(
          "div",
          [
            .style("frame"), Attribute("tabindex", "0"), Attribute("role", "region"),
            Attribute("aria-label", caption ?? "Table"),
          ], [table])
      ] + notes.prefix(3).map { .note($0) } + folded)
  }

  /// The notes beyond the first three.
  private var folded: [HTML] {
    notes.count > 3
      ? [.details("\(notes.count - 3) more notes", notes.dropFirst(3).map { .note($0) })] : []
  }

  private static func heading(_ column: Column) -> HTML {
    let style: StaticString = column.isDrawing ? "draw" : column.isNumeric ? "n" : "t"
    return .element("th", [Attribute("scope", "col"), .style(style)], [column.heading])
  }

  private func html(of row: Row) -> HTML {
    let cells = row.cells.enumerated().map { place, cell -> HTML in
      if place == headed {
        return .element(
          "th",
          columns[place].isNumeric ? [Attribute("scope", "row"), .style("n")] : [Attribute("scope", "row")],
          [cell])
      }
      let column = columns[place]
      return .element(
        "td", column.isDrawing ? [.style("draw")] : column.isNumeric ? [.style("n")] : [], [cell])
    }
    switch row.emphasis {
    case .usual: return .element("tr", [], cells)
    case .first: return .element("tr", [.style("first")], cells)
    case .faint: return .element("tr", [.style("faint")], cells)
    case .strong: return .element("tr", [.style("strong")], cells)
    }
  }
}
