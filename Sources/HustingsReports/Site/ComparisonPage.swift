import Hustings
import HustingsMetrics

/// Two models on one benchmark, pair by pair.
enum ComparisonPage {
  /// How many flips are listed; the rest is counted.
  static let flipLimit = 500
  /// How many flips have their texts beside them, where those are kept.
  static let textLimit = 50

  static func body(_ chapter: Chapter, baseline: Int, candidate: Int) -> [HTML] {
    let (one, other) = (chapter.entries[baseline], chapter.entries[candidate])
    var body: [HTML] = [
      .element(
        "h1", [], [.name(other.card.name), .text(" against "), .name(one.card.name)])
    ]
    guard
      let comparison = Comparison(
        chapter.definition, card: chapter.card, identity: chapter.board.identity, baseline: one,
        candidate: other, resampling: nil)
    else {
      body.append(.note("The two share no answered item of \(chapter.card.name)."))
      return body
    }
    body.append(
      .p([
        .text("On "), .link(chapter.path, chapter.card.name), .text(", item by item. "),
        .link(other.card.path, other.card.name), .text(" is the candidate, "),
        .link(one.card.path, one.card.name), .text(" the baseline."),
      ]))
    body.append(.section("Difference", [difference(comparison)]))
    body.append(.section("Flips", flips(comparison, chapter)))
    return body
  }

  private static func difference(_ comparison: Comparison) -> HTML {
    let lines = [comparison.headline] + comparison.subsets
    let rows = lines.map {
      IntervalPlot.Row(value: $0.paired?.difference.value, interval: $0.paired?.difference.interval)
    }
    let plot = IntervalPlot(rows, unit: comparison.unit, reference: 0)
    let table = comparison.table
    let grid = Grid(
      caption: "Candidate minus baseline",
      columns: table.columns.map { Grid.Column($0.heading, isNumeric: $0.isNumeric) },
      rows: zip(table.rows, lines.indices).map { cells, place in
        Grid.Row(cells.map { .text($0.text) }, emphasis: place == 0 ? .strong : .usual)
      }, notes: Array(table.notes.dropFirst()))
    return .group([
      .element("p", [.style("lead")], [.text(table.notes.first ?? "")]),
      grid.inserting(Grid.Column(drawing: plot.axis), at: 1, cells: rows.map(plot.drawing)).html,
      .note(
        "Right of the line at 0 the candidate is better. Subsets carry Holm's correction in the last column."),
    ])
  }

  private static func flips(_ comparison: Comparison, _ chapter: Chapter) -> [HTML] {
    let flips = comparison.flips
    guard !flips.isEmpty else { return [.note("No item earned anything else than before.")] }
    let worse = flips.count { $0.candidate < $0.baseline }
    let shown = flips.prefix(flipLimit)
    let ordinals = chapter.ordinals
    let texts = shown.prefix(textLimit).map { flip in
      ordinals[flip.item].map { chapter.texts($0, limit: 1500) } ?? .empty
    }
    let isTold = texts.contains { !$0.isEmpty }
    var columns: [Grid.Column] = [
      .init("item"), .init("subset"), .init("baseline", isNumeric: true), .init("candidate", isNumeric: true),
      .init("baseline margin", isNumeric: true), .init("candidate margin", isNumeric: true),
    ]
    if isTold { columns.append(.init("texts")) }
    let rows = zip(shown, comparison.worklist(limit: flipLimit).rows).enumerated().map { place, pair in
      var cells = pair.1.map { HTML.text($0.text) }
      if isTold { cells.append(place < texts.count ? texts[place] : .empty) }
      return Grid.Row(cells)
    }
    let fewer =
      flips.count > flipLimit ? " The first \(Format.grouped(flipLimit)) are listed." : ""
    return [
      .p([
        .text(
          "\(Format.grouped(flips.count)) items earned something else: \(Format.grouped(worse)) less, "
            + "\(Format.grouped(flips.count - worse)) more. A worklist: what got worse stands first, the largest change of margin on top."
            + fewer)
      ]),
      Grid(caption: "Items that flipped", columns: columns, rows: rows, isLive: true).html,
    ]
  }
}
