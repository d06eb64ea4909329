import Hustings

/// Everything about one benchmark: its rules, its board, and what its items are worth.
enum BenchmarkPage {
  static func body(_ site: Site, _ chapter: Chapter) -> [HTML] {
    let items = Items(chapter)
    let card = chapter.card
    var body: [HTML] = [
      .element("h1", [], [.name(card.name)]),
      .p([.text(BoardGrid.summary(chapter))]),
      .facts([
        ("items", .text(Format.grouped(chapter.keys.count))), ("version", .text(card.version)),
        ("identity", .code(chapter.board.identity.short)), ("licence", .text(card.licence)),
        ("source", .text(card.source)),
      ]),
      .section("Board", [BoardGrid.grid(chapter, site.certificates).html, Badge.legend]),
    ]
    if !items.lines.isEmpty {
      body.append(.section("Saturation", saturation(chapter, items)))
      body.append(.section("Hardest items", hardest(chapter, items)))
      if chapter.competing.count > 1 {
        body.append(.section("Disagreement between models", models(chapter, items)))
      }
    }
    if let key = key(chapter) { body.append(.section("What the key says of the candidates", key)) }
    if !items.lines.isEmpty { body.append(.section("Every item", [grid(chapter, items.lines).html])) }
    return body
  }

  private static func saturation(_ chapter: Chapter, _ items: Items) -> [HTML] {
    var parts: [HTML] = []
    if let solved = items.solved, let unsolved = items.unsolved, let oracle = items.oracle {
      let best = chapter.board.rows.first?.estimates.first??.value
      parts.append(
        .facts(
          [
            ("full marks for every model", .text("\(Format.percent(solved, 1)) % of items")),
            ("nothing for any model", .text("\(Format.percent(unsolved, 1)) % of items")),
            ("best answer of any model, item by item", .text("\(Format.percent(oracle, 1)) %")),
          ] + (best.map { [("best single model", .text("\(Format.percent($0, 1)) %"))] } ?? [])))
    }
    let top = items.lines.map(\.mean)
    if chapter.competing.count > 1, let figure = difficulty(top, models: chapter.competing.count) {
      parts.append(figure.html)
    } else {
      parts.append(.note("With a single model there is nothing to say of how hard items are for models."))
    }
    return parts
  }

  /// How many items are earned by how large a share of the models, in eleven groups around 0, 10, … 100 %.
  private static func difficulty(_ means: [Double], models: Int) -> Figure? {
    guard means.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      return Histogram(means)?.figure(
        title: "What items are worth.", summary: "The mean over models of what an item earned.",
        axis: "mean of the models")
    }
    var counts = [Int](repeating: 0, count: 11)
    for mean in means { counts[Int((mean * 10).rounded())] += 1 }
    return BarPlot(
      counts.enumerated().map { ("\($0 * 10)", Double($1)) }
    ).figure(
      title: "How many items how many models get.",
      summary:
        "Items at the right are worth little to tell good models apart, items at the left may have a wrong key.",
      across: "share of \(Format.grouped(models)) models that are right, %", up: "items")
  }

  private static func hardest(_ chapter: Chapter, _ items: Items) -> [HTML] {
    let lines = Array(items.hardestFirst.prefix(25))
    let isTold = lines.contains { !chapter.texts($0.ordinal, limit: 1).isEmpty }
    var columns = itemColumns
    if isTold { columns.append(.init("texts")) }
    return [
      .p([.text("Items that fewest models got. Look here first for wrong keys.")]),
      Grid(
        caption: "Hardest items", columns: columns,
        rows: lines.map { line in
          Grid.Row(cells(chapter, line) + (isTold ? [chapter.texts(line.ordinal, limit: 2000)] : []))
        }
      ).html,
    ]
  }

  private static func models(_ chapter: Chapter, _ items: Items) -> [HTML] {
    let names = chapter.competing.map { chapter.entries[$0].card.name }
    let contested = items.lines.sorted { a, b in
      a.spread == b.spread ? a.ordinal < b.ordinal : a.spread > b.spread
    }.prefix(25)
    return [
      MatrixPlot(names: names, values: items.agreement, tint: .sequential).html(
        caption: "On how many of their items two models earn the same, in percent"),
      MatrixPlot(names: names, values: items.wins, tint: .diverging).html(
        caption: "Of the items on which two models differ, how many the row wins, in percent"),
      .subsection(
        "Most contested items",
        [
          Grid(
            caption: "Most contested items", columns: itemColumns,
            rows: contested.map { Grid.Row(cells(chapter, $0)) }
          ).html
        ]),
    ]
  }

  private static func key(_ chapter: Chapter) -> [HTML]? {
    let trials = chapter.goldTrials
    guard chapter.isAmongSystems, let view = CycleReading.candidates(trials) else { return nil }
    var parts: [HTML] = [
      MatrixPlot(
        names: view.names, values: CycleReading.winRates(trials, names: view.names), tint: .diverging
      ).html(caption: "How often the key prefers the row to the column, in percent; ties count half")
    ]
    if let plot = PlanePlot(names: view.names, matrix: view.matrix) {
      let words =
        plot.cycleNames.map {
          "The strongest cycle, drawn by arrows: \(($0 + $0.prefix(1)).joined(separator: " > "))."
        } ?? "Nothing goes round in a circle: better ones lie to the right."
      parts.append(
        plot.figure(
          title: "The key as preference embeddings.",
          summary: "The plane holds \(Format.percent(plot.share, 1)) % of its squared margins. \(words)"
        ).html)
    }
    return parts
  }

  private static let itemColumns: [Grid.Column] = [
    .init("item"), .init("subset"), .init("mean credit, %", isNumeric: true),
    .init("spread", isNumeric: true),
    .init("mean margin", isNumeric: true), .init("models", isNumeric: true),
  ]

  private static func grid(_ chapter: Chapter, _ lines: [Items.Line]) -> Grid {
    Grid(
      caption: "Every item", columns: itemColumns, rows: lines.map { Grid.Row(cells(chapter, $0)) },
      notes: [
        "Mean credit: what the models earned on average. Spread: the variance of that, 0 when all earned the same and .25 when half "
          + "of them were right. Mean margin: how sure they were of what the key prefers, each in units of its own median margin."
      ], isLive: true)
  }

  private static func cells(_ chapter: Chapter, _ line: Items.Line) -> [HTML] {
    let key = chapter.keys[line.ordinal]
    return [
      .name(key.item), .name(key.subset),
      .text(chapter.unit == .share ? Format.percent(line.mean, 1) : Format.decimal(line.mean, 4)),
      .text(Format.decimal(line.spread, 3)), .text(line.confidence.map { Format.signed($0, 2) } ?? "–"),
      .text("\(line.counted)"),
    ]
  }
}
