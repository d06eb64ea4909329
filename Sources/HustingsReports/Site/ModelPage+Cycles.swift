import Hustings
import HustingsStatistics

extension ModelChapter {
  /// Where the model's preferences go round in circles.
  var cycles: HTML {
    let trials = chapter.entries[place].trials
    if trials.contains(where: { $0.tournament.rewards != nil }) {
      guard trials.contains(where: { $0.tournament.count > 2 }) else { return .empty }
      return .subsection(
        "Cyclicity",
        [.note("0 by construction: differences of rewards cannot go round in a circle.")])
    }
    guard let reading = CycleReading(trials) else { return .empty }
    var parts: [HTML] = [
      .facts([
        ("items with three responses or more", .text(Format.grouped(reading.items))),
        ("cyclicity", .text("\(Format.percent(reading.cyclicity, 2)) %")),
        (
          "cyclic triples",
          .text("\(Format.grouped(reading.cyclicTriples)) of \(Format.grouped(reading.triples))")
        ),
      ]),
      .note(
        "Cyclicity is the share of squared margin that no scalar reward explains. Of triples decided by fair coins a quarter is cyclic."
      ),
    ]
    if let worst = reading.worst, let plot = PlanePlot(names: worst.names, matrix: worst.matrix) {
      parts.append(
        plot.figure(
          title: "The least scalar item, \(worst.title).", summary: Self.words(plot)
        ).html)
    }
    return .subsection("Cyclicity", parts)
  }

  /// The candidates of the benchmark against each other, where they are the same in every item.
  var candidates: HTML {
    let trials = chapter.entries[place].trials
    guard let view = CycleReading.candidates(trials), chapter.isAmongSystems else { return .empty }
    var parts: [HTML] = [
      MatrixPlot(
        names: view.names, values: CycleReading.winRates(trials, names: view.names), tint: .diverging
      ).html(caption: "How often it prefers the row to the column, in percent; ties count half")
    ]
    if let plot = PlanePlot(names: view.names, matrix: view.matrix) {
      parts.append(
        plot.figure(title: "The candidates as preference embeddings.", summary: Self.words(plot)).html)
    }
    return .subsection("Candidates against each other", parts)
  }

  private static func words(_ plot: PlanePlot) -> String {
    let held = "The plane holds \(Format.percent(plot.share, 1)) % of the squared margins."
    guard let cycle = plot.cycleNames else {
      return "\(held) Nothing goes round in a circle: better ones lie to the right."
    }
    let ring = (cycle + cycle.prefix(1)).joined(separator: " > ")
    return "\(held) The strongest cycle, drawn by arrows: \(ring)."
  }
}

/// The calibration curve and what it comes to.
enum CalibrationFigure {
  static func figure(_ calibration: MarginReading.Calibration) -> Figure {
    let points = calibration.bins.bins.map { bin -> CurvePlot.Point in
      let limits = Proportion(
        successes: min(Double(bin.count), bin.hitRate * Double(bin.count)), trials: bin.count
      )
      .map { $0.wilson(level: 0.95) }
      return CurvePlot.Point(x: bin.confidence, y: bin.hitRate, limits: limits.map { $0.low...$0.high })
    }
    let error = calibration.bins.expectedError.map { Format.percent($0, 1) } ?? "–"
    return CurvePlot([.init("model", points)], shares: true).figure(
      title: "How sure it is against how often it is right.",
      summary:
        "On the dashed line both are the same; below it the model is too sure. The mean gap is \(error) points.",
      across: "confidence, %", up: "right, %")
  }

  static func words(_ calibration: MarginReading.Calibration) -> HTML {
    var facts: [(String, HTML)] = [
      ("temperature, cross-fitted", .text(Format.decimal(calibration.temperature, 3)))
    ]
    if let error = calibration.bins.expectedError {
      facts.append(("expected calibration error", .text("\(Format.percent(error, 2)) %")))
    }
    if let squared = calibration.bins.correctedSquaredError {
      facts.append(("squared error, corrected for chance", .text(Format.decimal(squared, 5))))
    }
    if let line = calibration.line {
      facts.append(
        (
          "slope",
          .text("\(Format.decimal(line.slope, 2)) ± \(Format.decimal(line.slopeError, 2)) (1 is honest)")
        ))
    }
    return .group([
      .facts(facts),
      .note(
        "Margins are divided by a temperature that was fitted to other prompts, then folded: confidence in the side taken against "
          + "whether it was right. Bars are Wilson's 95 % intervals of ten groups of equal size."),
    ])
  }
}
