/// A plot with what it says in words and the numbers behind it; there is no plot without its table.
public struct Figure: Sendable {
  /// What is drawn.
  public let title: String
  /// What it shows, in a sentence, for those who read it and those who hear it.
  public let summary: String
  /// The numbers.
  public let table: Table
  let drawing: HTML

  init(title: String, summary: String, table: Table, drawing: HTML) {
    self.title = title
    self.summary = summary
    self.table = table
    self.drawing = drawing
  }

  /// The plot, its words and, on request, its numbers.
  public var html: HTML {
    .element(
      "figure", [],
      [
        .element("figcaption", [], [.strong(title), .text(" "), .text(summary)]), drawing,
        .details("Numbers behind the plot", [Grid(table).html]),
      ])
  }
}
