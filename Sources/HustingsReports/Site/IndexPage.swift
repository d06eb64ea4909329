import Hustings

/// The site's first page: every board.
enum IndexPage {
  static func body(_ site: Site) -> [HTML] {
    let models = Set(site.chapters.flatMap { $0.competing.map { _ in 0 } }).isEmpty ? [] : site.cards
    let answers = site.chapters.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.trials.count } }
    var body: [HTML] = [
      .element("h1", [], [.text("Boards")]),
      .p([
        .text(
          "Each board holds the models that ran on one benchmark: the same items, the same rules. Models of one tier cannot be "
            + "told apart by paired tests, whatever their order.")
      ]),
      .facts([
        ("models", .text(Format.grouped(models.count { !$0.isNull }))),
        ("benchmarks", .text(Format.grouped(site.chapters.count))),
        ("items", .text(Format.grouped(site.chapters.reduce(0) { $0 + $1.keys.count }))),
        ("answers", .text(Format.grouped(answers))),
      ]),
    ]
    if site.chapters.count > 1 {
      body.append(
        .element(
          "nav", [.style("jump"), Attribute("aria-label", "Boards")],
          site.chapters.map { .link(SitePath.boards.at(anchor($0)), $0.card.name) }))
    }
    for chapter in site.chapters {
      body.append(
        .section(
          chapter.card.name, id: anchor(chapter),
          [
            .p([.text(BoardGrid.summary(chapter))]),
            BoardGrid.grid(chapter, site.certificates).html,
            .p([.link(chapter.path, "Items, disagreement and saturation of \(chapter.card.name)")]),
          ]))
    }
    body.append(Badge.legend)
    return body
  }

  /// Two benchmarks may have one name.
  static func anchor(_ chapter: Chapter) -> String { "\(chapter.card.name)-\(chapter.board.identity.short)" }
}

/// Every model with its headline on every benchmark.
enum ModelsPage {
  static func body(_ site: Site) -> [HTML] {
    var columns = [Grid.Column("model"), Grid.Column("kind")]
    columns += site.chapters.map { Grid.Column($0.card.name, isNumeric: true) }
    let rows = site.cards.map { card -> Grid.Row in
      var cells: [HTML] = [
        .group([
          .link(card.path, card.name), .text(" "), site.badge(of: card).html,
          Badge.html(site.certificates[card.fingerprint]),
        ]), .text(card.kind.rawValue),
      ]
      for chapter in site.chapters {
        let row = chapter.board.rows.first { $0.card.fingerprint == card.fingerprint }
        cells.append(.text(Board.cell(row?.estimates.first??.value, chapter.unit).text))
      }
      return Grid.Row(cells, emphasis: card.isNull ? .faint : .usual)
    }
    return [
      .element("h1", [], [.text("Models")]),
      .p([.text("The headline of every model on every benchmark it ran on. Shares are in percent.")]),
      Grid(caption: "Models across benchmarks", columns: columns, rows: rows, isLive: true).html,
      Badge.legend,
    ]
  }
}

/// Every benchmark with what can be said of it in a line.
enum BenchmarksPage {
  static func body(_ site: Site) -> [HTML] {
    let rows = site.chapters.map { chapter -> Grid.Row in
      let best = chapter.board.rows.first { $0.tier != nil }
      return Grid.Row([
        .link(chapter.path, chapter.card.name), .text(chapter.card.summary),
        .text(Format.grouped(chapter.keys.count)),
        .text(Format.grouped(chapter.competing.count)), .text(best?.card.name ?? "–"),
        .text(Board.cell(best?.estimates.first??.value, chapter.unit).text),
        .code(chapter.board.identity.short),
      ])
    }
    return [
      .element("h1", [], [.text("Benchmarks")]),
      Grid(
        caption: "Benchmarks",
        columns: [
          .init("benchmark"), .init("what it measures"), .init("items", isNumeric: true),
          .init("models", isNumeric: true), .init("best model"), .init("its value", isNumeric: true),
          .init("identity"),
        ], rows: rows, isLive: true
      ).html,
    ]
  }
}

/// Every comparison that has a page.
enum ComparisonsPage {
  static func body(_ site: Site) -> [HTML] {
    var body: [HTML] = [
      .element("h1", [], [.text("Comparisons")]),
      .p([
        .text(
          "Two models on the same items, pair by pair. Boards of more than a dozen models have each compared with the best, with the "
            + "best null rule and with its neighbour; `hustings compare` compares any two.")
      ]),
    ]
    for chapter in site.chapters where !chapter.pairs.isEmpty {
      let rows = chapter.pairs.map { pair -> Grid.Row in
        let (baseline, candidate) = (
          chapter.entries[pair.baseline].card, chapter.entries[pair.candidate].card
        )
        let values = [pair.candidate, pair.baseline].map {
          chapter.board.rows[$0].estimates.first??.value
        }
        let gap = values[0].flatMap { one in values[1].map { one - $0 } }
        return Grid.Row([
          .element(
            "a", [.href(chapter.path(baseline: baseline, candidate: candidate))],
            [
              .name(candidate.name), .text(" against "), .name(baseline.name),
            ]),
          .text(Board.cell(values[0], chapter.unit).text), .text(Board.cell(values[1], chapter.unit).text),
          .text(Board.cell(signed: gap, chapter.unit).text),
        ])
      }
      body.append(
        .section(
          chapter.card.name, id: IndexPage.anchor(chapter),
          [
            Grid(
              caption: "Comparisons on \(chapter.card.name)",
              columns: [
                .init("comparison"), .init("candidate", isNumeric: true), .init("baseline", isNumeric: true),
                .init("difference", isNumeric: true),
              ], rows: rows, isLive: true
            ).html
          ]))
    }
    return body
  }
}
