import Hustings
import HustingsMetrics
import HustingsStore

/// Everything about one model.
enum ModelPage {
  static func body(_ site: Site, _ card: ModelCard) -> [HTML] {
    var body: [HTML] = [
      .element(
        "h1", [],
        [
          .name(card.name), .text(" "), site.badge(of: card).html,
          Badge.html(site.certificates[card.fingerprint]),
        ]),
      .facts(
        [
          ("kind", .text(card.kind.rawValue)), ("revision", .name(card.revision)),
          ("fingerprint", .code(card.fingerprint.short)),
        ] + card.settings.sorted { $0.key < $1.key }.map { ($0.key, .name($0.value)) }),
    ]
    for chapter in site.chapters {
      guard let place = chapter.place(of: card.fingerprint) else { continue }
      body.append(
        .section(
          chapter.card.name, id: IndexPage.anchor(chapter), ModelChapter(chapter: chapter, place: place).parts
        ))
    }
    if let certificate = site.certificates[card.fingerprint] {
      body.append(CertificatePart.html(certificate))
    }
    let curves = site.curves.filter { $0.checkpoint == card.fingerprint }
    if !curves.isEmpty { body.append(.section("Training", TrainingPage.figures(curves))) }
    return body
  }
}

/// One model on one benchmark.
struct ModelChapter {
  let chapter: Chapter
  let place: Int
  private let reading: MarginReading

  init(chapter: Chapter, place: Int) {
    self.chapter = chapter
    self.place = place
    reading = MarginReading(chapter.entries[place].trials)
  }

  private var entry: Board.Entry { chapter.entries[place] }
  private var row: Board.Row { chapter.board.rows[place] }

  var parts: [HTML] {
    [standing, metrics, subsets, margins, calibration, position, length, cycles, candidates].filter {
      !$0.isEmpty
    }
  }

  private var standing: HTML {
    let headline = row.estimates.first ?? nil
    let unit = chapter.unit == .share ? " %" : ""
    var facts: [(String, HTML)] = [
      (
        chapter.board.columns.first?.name ?? "headline",
        .group([
          .strong(Board.cell(headline?.value, chapter.unit).text + (headline == nil ? "" : unit)),
          .text(" \(Board.cell(interval: headline?.interval, chapter.unit).text)"),
        ])
      )
    ]
    if let tier = row.tier { facts.append(("tier", .text("\(tier)"))) }
    if let ranks = row.ranks {
      facts.append(
        (
          "rank",
          .text(
            ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound)–\(ranks.upperBound)")
        ))
    }
    if let excess = row.excess?.difference {
      facts.append(
        (
          "above best null",
          .text(
            "\(Board.cell(signed: excess.value, chapter.unit).text) "
              + Board.cell(interval: excess.interval, chapter.unit, signed: true).text)
        ))
    }
    facts.append(
      (
        "answered", .text("\(Format.grouped(row.reach.answered)) of \(Format.grouped(row.reach.total)) items")
      ))
    facts.append((entry.card.readsTexts ? "queries" : "recorded answers", .text(Format.grouped(row.queries))))
    if let cost = row.cost { facts.append(("cost", .text("$\(Format.decimal(cost, 2))"))) }
    if let progress = chapter.progress(of: entry.card), progress.finishedAt == nil {
      facts.append(
        (
          "still running",
          .text("\(Format.grouped(progress.scored)) of \(Format.grouped(chapter.keys.count)) items")
        ))
    }
    return .group([
      .facts(facts),
      .p([
        .link(chapter.path, "The benchmark"), .text(" · "),
        .link(SitePath.boards.at(IndexPage.anchor(chapter)), "Its board"),
        comparisons.isEmpty || comparisons.count > 11
          ? .empty : .group([.text(" · compared with ")] + comparisons),
      ]),
      comparisons.count > 11
        ? .details("Compared with \(comparisons.count / 2 + 1) others", [.p(comparisons)]) : .empty,
    ])
  }

  private var comparisons: [HTML] {
    var links: [HTML] = []
    for pair in chapter.pairs where pair.baseline == place || pair.candidate == place {
      let other = chapter.entries[pair.baseline == place ? pair.candidate : pair.baseline].card
      if !links.isEmpty { links.append(.text(", ")) }
      links.append(
        .link(
          chapter.path(
            baseline: chapter.entries[pair.baseline].card, candidate: chapter.entries[pair.candidate].card),
          other.name))
    }
    return links
  }

  private var metrics: HTML {
    let columns: [Grid.Column] = [
      .init("metric"), .init("value", isNumeric: true), .init("95 %", isNumeric: true),
      .init("items", isNumeric: true), .init("method"),
    ]
    let rows = zip(chapter.board.columns, row.estimates).compactMap { column, estimate -> Grid.Row? in
      guard let estimate else { return nil }
      return Grid.Row([
        .text(column.name), .text(Board.cell(estimate.value, column.unit).text),
        .text(Board.cell(interval: estimate.interval, column.unit).text),
        .text(Format.grouped(estimate.count)),
        .text(estimate.interval?.method ?? "–"),
      ])
    }
    return .details(
      "Every metric, with its method", [Grid(caption: "Metrics", columns: columns, rows: rows).html])
  }

  private var subsets: HTML {
    guard let headline = chapter.headline else { return .empty }
    let own = Dictionary(grouping: entry.trials, by: \.key.subset)
    guard own.count > 1 else { return .empty }
    let lines = own.keys.sorted().compactMap { name -> (String, Estimate, [Double])? in
      guard let trials = own[name], let estimate = headline.estimate(trials) else { return nil }
      return (name, estimate, others(on: name, headline))
    }
    guard lines.count > 1 else { return .empty }
    let rows = lines.map { IntervalPlot.Row(value: $0.1.value, interval: $0.1.interval, others: $0.2) }
    let plot = IntervalPlot(rows, unit: chapter.unit)
    let grid = Grid(
      caption: "By subset",
      columns: [
        .init("subset"), .init(drawing: plot.axis), .init("value", isNumeric: true),
        .init("95 %", isNumeric: true), .init("best other", isNumeric: true), .init("items", isNumeric: true),
      ],
      rows: zip(lines, rows).map { line, row in
        Grid.Row([
          .name(line.0), plot.drawing(row), .text(Board.cell(line.1.value, chapter.unit).text),
          .text(Board.cell(interval: line.1.interval, chapter.unit).text),
          .text(Board.cell(line.2.first, chapter.unit).text), .text(Format.grouped(line.1.count)),
        ])
      }, isLive: true)
    return .subsection(
      "By subset",
      [
        .p([.text("A dot with its 95 % interval; the open diamond is the best other model on that subset.")]),
        grid.html,
      ])
  }

  /// The best other competing model's value on a subset: the mean of what its items earned.
  private func others(on subset: String, _ headline: any ItemMetric) -> [Double] {
    let ordinals = chapter.ordinals(of: subset)
    let values = chapter.competing.filter { $0 != place }.compactMap { other -> Double? in
      let credits = ordinals.compactMap { chapter.credits[other][$0] }
      return credits.isEmpty ? nil : credits.reduce(0, +) / Double(credits.count)
    }
    guard let best = chapter.board.columns[0].direction == .lowerIsBetter ? values.min() : values.max() else {
      return []
    }
    return [best]
  }

  private var margins: HTML {
    guard !reading.margins.isEmpty else { return .empty }
    if reading.areVerdicts {
      let (right, tied, wrong) = (
        reading.margins.count { $0 > 0 }, reading.margins.count { $0 == 0 }, reading.margins.count { $0 < 0 }
      )
      return .subsection(
        "Verdicts",
        [
          .facts([
            ("right", .text(Format.grouped(right))), ("tied or split", .text(Format.grouped(tied))),
            ("wrong", .text(Format.grouped(wrong))),
          ]),
          .note("It names winners without a size, so there is no margin to draw and nothing to calibrate."),
        ])
    }
    guard let histogram = Histogram(reading.margins) else { return .empty }
    let right = Double(reading.margins.count { $0 > 0 }) / Double(reading.margins.count)
    return .subsection(
      "Margins",
      [
        histogram.figure(
          title: "Margin of what the key prefers.",
          summary:
            "\(Format.percent(right, 1)) % of \(Format.grouped(reading.margins.count)) preferences lie above 0, "
            + "where the model agrees with the key.",
          axis: "margin, preferred minus other"
        ).html
      ])
  }

  private var calibration: HTML {
    guard !reading.areVerdicts, !reading.margins.isEmpty else { return .empty }
    guard let calibration = reading.calibration else {
      return .subsection(
        "Calibration",
        [
          .note(
            "No temperature makes its margins fit: they are too few, point the wrong way on average, or all point the right way."
          )
        ])
    }
    return .subsection(
      "Calibration", [CalibrationFigure.figure(calibration).html, CalibrationFigure.words(calibration)])
  }

  private var position: HTML {
    guard let shares = BiasReading.position(entry.trials), !shares.isEmpty else { return .empty }
    return .subsection(
      "Position bias",
      [
        .p([.text("A model without it prefers what stands first half of the time.")]),
        Self.table(shares, reference: 0.5),
      ])
  }

  private var length: HTML {
    guard entry.card.name != "null:length",
      let rule = chapter.entries.first(where: { $0.card.isNull && $0.card.name == "null:length" })
    else { return .empty }
    let shares = BiasReading.length(entry.trials, lengths: rule.trials)
    guard !shares.isEmpty else { return .empty }
    return .subsection(
      "Length bias",
      [
        .p([
          .text("A model that looks at length alone is right on one of the first two and wrong on the other.")
        ]),
        Self.table(shares, reference: 0.5),
      ])
  }

  private static func table(_ shares: [Share], reference: Double) -> HTML {
    let rows = shares.map { IntervalPlot.Row(value: $0.value, interval: $0.interval) }
    let plot = IntervalPlot(rows, unit: .share, reference: reference)
    return Grid(
      columns: [
        .init(""), .init(drawing: plot.axis), .init("share", isNumeric: true), .init("95 %", isNumeric: true),
        .init("answers", isNumeric: true),
      ],
      rows: zip(shares, rows).map { share, row in
        Grid.Row([
          .text(share.name), plot.drawing(row), .text(Format.percent(share.value)),
          .text(Board.cell(interval: share.interval, .share).text), .text(Format.grouped(share.count)),
        ])
      }
    ).html
  }
}
