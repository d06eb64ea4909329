import Foundation
import Hustings
import HustingsNumerics
import HustingsReports
import HustingsStatistics

extension Study {
  /// The promises of `hustings gate`, kept or not: simulated candidates of which the truth is known.
  static let gate = Study(
    name: "gate", summary: "how often a gate is wrong, and how often it decides, on simulated candidates"
  ) { settings in
    GateStudy(settings: settings).report()
  }
}

struct GateStudy {
  let settings: StudySettings
  /// Simulated gates per seed and question.
  var gatesPerSeed = 4_000
  private let alpha = 0.05

  private var simulation: GateSimulation {
    GateSimulation(
      seed: settings.seeds[0], count: gatesPerSeed * settings.seeds.count, workers: settings.workers)
  }

  func report() -> StudyReport {
    var report = StudyReport(tables: [])
    for part in [boundary, clusters, power, gaps, peeking, tries] {
      let found = part()
      report.tables += found.tables
      report.claims += found.claims
    }
    return report
  }

  private func pass(_ score: TangoScore, margin: Double, alpha: Double) -> Bool {
    NonInferiority(score, margin: margin, level: 1 - alpha).verdict == .passed
  }

  private static func cell(_ share: Proportion) -> Table.Cell {
    Table.Cell(Format.percent(share.value), .number(share.value))
  }

  private static func points(_ share: Double) -> Table.Cell {
    Table.Cell(Format.decimal(100 * share, 1), .number(share))
  }

  private static func percent(_ share: Double) -> Table.Cell {
    Table.Cell(Format.percent(share, 0), .number(share))
  }

  private static func range(_ shares: [Proportion]) -> String {
    let values = shares.map(\.value)
    return "\(Format.percent(values.min() ?? 0)) to \(Format.percent(values.max() ?? 0)) %"
  }

  // MARK: The level

  private func boundary() -> StudyReport {
    settings.progress("candidates worse by exactly the margin")
    let settings = [
      (200, 0.04, 0.02), (500, 0.05, 0.02), (1_000, 0.10, 0.03), (1_865, 0.06, 0.02), (2_985, 0.05, 0.01),
      (2_985, 0.20, 0.02),
    ]
    var tango: [Proportion] = []
    var alarms: [Proportion] = []
    let rows = settings.map { items, discordance, margin -> [Table.Cell] in
      let worse = Rivalry(items: items, discordance: discordance, difference: -margin)
      let same = Rivalry(items: items, discordance: discordance, difference: 0)
      let name = "boundary \(items) \(discordance) \(margin)"
      let passes = simulation.share(name) { pass(worse.answers(&$0), margin: margin, alpha: alpha) }
      let wald = simulation.share(name) { GateStudy.waldLimit(worse.answers(&$0), alpha) > -margin }
      let alarm = simulation.share(name) { same.answers(&$0).pValue(atLeast: 0) <= alpha }
      tango.append(passes)
      alarms.append(alarm)
      return [
        .integer(items), GateStudy.percent(discordance), GateStudy.points(margin), GateStudy.cell(passes),
        GateStudy.cell(wald), GateStudy.cell(alarm),
      ]
    }
    return StudyReport(
      tables: [
        Table(
          title: "Wrong verdicts at a level of 5 %: right or wrong answers",
          columns: [
            .init("items", isNumeric: true), .init("differ, %", field: "discordance", isNumeric: true),
            .init("margin, points", field: "margin", isNumeric: true),
            .init("false passes, %", field: "false_passes", isNumeric: true),
            .init("by d̄ ± z·SE, %", field: "false_passes_wald", isNumeric: true),
            .init("false drops, %", field: "false_drops", isNumeric: true),
          ], rows: rows,
          notes: [
            "False passes: PASS for a candidate that is worse by exactly the margin, by Tango's limit as the gate has it, and by the usual error "
              + "bar. False drops: a candidate of the same quality shown to be worse, which a strict clause fails.",
            "\(Format.grouped(simulation.count)) gates in every cell.",
          ])
      ],
      claims: [
        Claim(
          "at the boundary the gate passes 5 % of candidates, give or take one point",
          tango.allSatisfy { abs($0.value - alpha) <= 0.01 }, GateStudy.range(tango)),
        Claim(
          "a strict clause fails at most 6 % of candidates of the same quality",
          alarms.allSatisfy { $0.value <= 0.06 }, GateStudy.range(alarms)),
      ])
  }

  /// The lower limit of a normal approximation with the standard error of the observed differences.
  private static func waldLimit(_ score: TangoScore, _ alpha: Double) -> Double {
    let n = Double(score.items)
    let squares = Double(score.candidateOnly + score.baselineOnly) / n
    let variance = (squares - score.difference * score.difference) / (n - 1)
    return score.difference - Normal.quantile(1 - alpha) * max(0, variance).squareRoot()
  }

  private func clusters() -> StudyReport {
    settings.progress("items that belong to the same prompt")
    let (prompts, size, margin) = (400, 5, 0.03)
    let worse = Rivalry(items: prompts, discordance: 0.12, difference: -margin)
    let clustering = Clustering(numbered: (0..<prompts * size).map { $0 / size }, count: prompts)
    @Sendable func differences(_ random: inout CounterGenerator) -> [Double] {
      (0..<prompts).flatMap { _ in [Double](repeating: Double(worse.next(&random)), count: size) }
    }
    let times = simulation.count
    @Sendable func passes(_ random: inout CounterGenerator, _ clusters: Clustering) -> Bool {
      let mean = ClusteredMean(differences(&random), clusters: clusters)
      let decision = mean.flatMap { NonInferiority($0, margin: margin, level: 1 - alpha) }
      return decision?.verdict == .passed
    }
    let clustered = simulation.share("clusters", of: times) { passes(&$0, clustering) }
    let single = simulation.share("clusters", of: times) { passes(&$0, .singletons(prompts * size)) }
    return StudyReport(
      tables: [
        Table(
          title:
            "Wrong verdicts at a level of 5 %: \(prompts) prompts, \(size) items each that change together",
          columns: [.init("clusters"), .init("false passes, %", field: "false_passes", isNumeric: true)],
          rows: [
            [.text("by prompt, as the gate has it"), GateStudy.cell(clustered)],
            [.text("items taken as independent"), GateStudy.cell(single)],
          ], notes: ["\(Format.grouped(times)) gates in every cell."])
      ],
      claims: [
        Claim(
          "with clusters the gate passes 5 % of candidates at the boundary, give or take one point",
          abs(clustered.value - alpha) <= 0.01, GateStudy.range([clustered]))
      ])
  }

  // MARK: Power

  private func power() -> StudyReport {
    settings.progress("candidates of the same quality")
    let margins = [0.005, 0.01, 0.02, 0.03]
    let plan = PowerPlan(alpha: alpha, power: 0.8, sides: .one)
    let times = max(1, simulation.count / 10)
    var settled: [Proportion] = []
    let rows = [0.02, 0.04, 0.06, 0.1, 0.2].map { discordance -> [Table.Cell] in
      [GateStudy.percent(discordance)]
        + margins.map { margin in
          let items = plan.nonInferiorityItems(
            margin: margin, trueDifference: 0, standardDeviation: discordance.squareRoot(), designEffect: 1)
          let same = Rivalry(items: items, discordance: discordance, difference: 0)
          let share = simulation.share("power \(discordance) \(margin)", of: times) {
            pass(same.answers(&$0), margin: margin, alpha: alpha)
          }
          // The normal approximation is one of many discordant items.
          if Double(items) * discordance >= 20 { settled.append(share) }
          return Table.Cell(
            "\(Format.grouped(items)): \(Format.percent(share.value, 1))",
            .list([.integer(items), .number(share.value)]))
        }
    }
    return StudyReport(
      tables: [
        Table(
          title:
            "Items planned for a power of 80 %, and the share of candidates of the same quality that pass, %",
          columns: [.init("differ, %", field: "discordance", isNumeric: true)]
            + margins.map {
              .init(
                "margin \(Format.decimal(100 * $0, 1))", field: "margin_\(Format.decimal(100 * $0, 1))",
                isNumeric: true)
            }, rows: rows,
          notes: ["Items: (z.95 + z.80)² · p_d / margin². \(Format.grouped(times)) gates in every cell."])
      ],
      claims: [
        Claim(
          "the power is 80 % as planned, give or take four points, where 20 items or more are expected to differ",
          settled.allSatisfy { abs($0.value - 0.8) <= 0.04 }, GateStudy.range(settled))
      ])
  }

  private func gaps() -> StudyReport {
    settings.progress("candidates that are worse")
    let plan = PowerPlan(alpha: alpha, power: 0.8, sides: .one)
    let shares = [0.05, 0.1, 0.2]
    let times = max(1, simulation.count / 10)
    var found: [Proportion] = []
    let rows = [358, 740, 1_865, 2_985].map { items -> [Table.Cell] in
      [.integer(items)]
        + shares.map { discordance in
          guard let gap = plan.mcNemarDetectableDifference(discordance: discordance, items: items) else {
            return .missing
          }
          let worse = Rivalry(items: items, discordance: discordance, difference: -gap)
          let share = simulation.share("gap \(items) \(discordance)", of: times) {
            worse.answers(&$0).pValue(atLeast: 0) <= alpha
          }
          found.append(share)
          return Table.Cell(
            "\(Format.decimal(100 * gap, 1)): \(Format.percent(share.value, 1))",
            .list([.number(gap), .number(share.value)]))
        }
    }
    return StudyReport(
      tables: [
        Table(
          title: "The drop, in points, that should be seen with a power of 80 %, and the share that is, %",
          columns: [.init("items", isNumeric: true)]
            + shares.map {
              .init(
                "\(Format.percent($0, 0)) % differ", field: "discordance_\(Format.percent($0, 0))",
                isNumeric: true)
            }, rows: rows,
          notes: ["One-sided tests at 5 %. \(Format.grouped(times)) gates in every cell."])
      ],
      claims: [
        Claim(
          "a drop as large as the plan says is seen in 80 % of gates, give or take four points",
          found.allSatisfy { abs($0.value - 0.8) <= 0.04 }, GateStudy.range(found))
      ])
  }

  // MARK: Many looks

  private func peeking() -> StudyReport {
    settings.progress("a look after every item")
    let times = max(1, simulation.count / 4)
    var betting: [Proportion] = []
    var naive: [Proportion] = []
    var rows: [[Table.Cell]] = []
    for (items, discordance, margin) in [(1_000, 0.05, 0.03), (2_000, 0.05, 0.02), (3_000, 0.10, 0.02)] {
      let worse = Peeking(
        rivalry: Rivalry(items: items, discordance: discordance, difference: -margin), margin: margin,
        alpha: alpha)
      let same = Peeking(
        rivalry: Rivalry(items: items, discordance: discordance, difference: 0), margin: margin, alpha: alpha)
      let name = "peeking \(items) \(discordance) \(margin)"
      let byBetting = simulation.share(name, of: times) { worse.passByBetting(&$0) != nil }
      let byPeeking = simulation.share(name, of: times) { worse.passByPeeking(&$0) != nil }
      let stops = simulation.values("\(name), same", times) {
        Double(same.passByBetting(&$0) ?? .max)
      }.sorted()
      let passed = stops.count { $0 <= Double(items) }
      betting.append(byBetting)
      naive.append(byPeeking)
      let median = stops[(stops.count - 1) / 2]
      rows.append([
        .integer(items), GateStudy.percent(discordance), GateStudy.points(margin), GateStudy.cell(byBetting),
        GateStudy.cell(byPeeking), GateStudy.points(Double(passed) / Double(times)),
        median <= Double(items) ? .integer(Int(median)) : .missing,
      ])
    }
    return StudyReport(
      tables: [
        Table(
          title: "A look after every item, at a level of 5 %",
          columns: [
            .init("items", isNumeric: true), .init("differ, %", field: "discordance", isNumeric: true),
            .init("margin, points", field: "margin", isNumeric: true),
            .init("false passes by bets, %", field: "false_passes", isNumeric: true),
            .init("by naive peeking, %", field: "false_passes_naive", isNumeric: true),
            .init("bets pass if the same, %", field: "power", isNumeric: true),
            .init("after items, median", field: "median_items", isNumeric: true),
          ], rows: rows,
          notes: [
            "False passes: of candidates worse by exactly the margin. Naive peeking: Tango's limit after every item from the 30th on.",
            "\(Format.grouped(times)) gates in every cell.",
          ])
      ],
      claims: [
        Claim(
          "bets pass no more than 5 % of candidates at the boundary, within the error of simulation, however often one looks",
          betting.allSatisfy { $0.wilson(level: 0.99).low <= alpha }, GateStudy.range(betting)),
        Claim(
          "naive peeking passes more than 10 %", naive.allSatisfy { $0.value > 0.1 }, GateStudy.range(naive)),
      ])
  }

  private func tries() -> StudyReport {
    settings.progress("runs until one is green")
    let margin = 0.02
    let worse = Rivalry(items: 1_000, discordance: 0.08, difference: -margin)
    var rows: [[Table.Cell]] = []
    var kept: [Proportion] = []
    for looks in [1, 3, 10] {
      @Sendable func anyPasses(_ random: inout CounterGenerator, _ alpha: Double) -> Bool {
        (0..<looks).contains { _ in pass(worse.answers(&random), margin: margin, alpha: alpha) }
      }
      let naive = simulation.share("tries \(looks)") { anyPasses(&$0, alpha) }
      let planned = simulation.share("tries \(looks)") { anyPasses(&$0, alpha / Double(looks)) }
      kept.append(planned)
      rows.append([.integer(looks), GateStudy.cell(naive), GateStudy.cell(planned)])
    }
    return StudyReport(
      tables: [
        Table(
          title: "Pressing re-run until one run passes, at a level of 5 %",
          columns: [
            .init("tries", isNumeric: true), .init("false passes, %", field: "naive", isNumeric: true),
            .init("with looks planned, %", field: "planned", isNumeric: true),
          ], rows: rows,
          notes: [
            "Candidates worse by exactly the margin, 1,000 new items in every try; planned looks share the level among them. "
              + "\(Format.grouped(simulation.count)) gates in every cell."
          ])
      ],
      claims: [
        Claim(
          "with planned looks at most 6 % pass in the end", kept.allSatisfy { $0.value <= 0.06 },
          GateStudy.range(kept))
      ])
  }
}
