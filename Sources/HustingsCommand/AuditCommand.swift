import ArgumentParser
import Hustings
import HustingsMetrics
import HustingsReports
import HustingsStore

/// `hustings audit`
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract:
      "Look at what boards assume: that preferences do not go in circles, and that more picking is better.",
    subcommands: [TransitivityCommand.self, BestOfCommand.self])
}

/// `hustings audit transitivity`
struct TransitivityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transitivity",
    abstract: "Count preferences that go in circles, beside the count that noise alone would give.",
    discussion: "The noise of a model is what it shows when it is asked the same pair in both orders.")

  @Option(name: .long, help: "A benchmark; every one in the store when none is given.")
  var benchmark: [String] = []

  @Option(name: .long, help: "How many times the noise is simulated.")
  var simulations = 200

  @Option(name: .long, help: "What the simulation is a function of.")
  var seed: UInt64 = 0

  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard simulations >= 1 else { throw ValidationError("--simulations takes a number from 1 on.") }
  }

  func run() throws {
    let results = try StoredResults(store)
    var rows: [[Table.Cell]] = []
    for record in try results.benchmarks(named: benchmark) {
      for entry in try results.entries(of: record).sorted(by: { $0.card.name < $1.card.name }) {
        guard let audit = TransitivityAudit(entry.trials, simulations: simulations, seed: seed) else {
          continue
        }
        rows.append([
          .text(record.card.name), .text(entry.card.name), .integer(audit.items), .integer(audit.triples),
          .integer(audit.cyclic),
          Table.Cell(
            Format.percent(Double(audit.cyclic) / Double(audit.triples)),
            .number(Double(audit.cyclic) / Double(audit.triples))),
          .number(audit.expected, decimals: 1), .number(audit.noise, decimals: 3),
          Table.Cell(Format.probability(audit.pValue), .number(audit.pValue)),
          .number(audit.cyclicity, decimals: 4),
        ])
      }
    }
    guard !rows.isEmpty else {
      throw InvalidRequest(
        "No run in \(store.store) compares three responses of one item. Run a benchmark such as rm-bench or cycles."
      )
    }
    let table = Table(
      title: "transitivity",
      columns: [
        .init("benchmark"), .init("model"), .init("items", isNumeric: true),
        .init("triples", isNumeric: true),
        .init("cyclic", isNumeric: true), .init("share", isNumeric: true),
        .init("by noise", isNumeric: true), .init("noise", isNumeric: true), .init("p", isNumeric: true),
        .init("cyclicity", isNumeric: true),
      ], rows: rows,
      notes: [
        "By noise: cyclic triples that the model's own disagreement between orders would make of scalar preferences. Cyclicity: "
          + "the share of squared margin that no scalar explains."
      ])
    Terminal.write(table.rendered(as: format.format))
  }
}

/// `hustings audit best-of`
struct BestOfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best-of",
    abstract:
      "What picking the best of N by a model is worth, for every N, and where more picking stops paying.")

  @Option(name: .long, help: "A benchmark with several rated responses per item, such as best-of-16.")
  var benchmark: [String]

  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let results = try StoredResults(store)
    var parts: [String] = []
    for record in try results.benchmarks(named: benchmark) {
      let curves = try results.entries(of: record).sorted { $0.card.name < $1.card.name }.compactMap {
        entry in
        BestOfCurve(entry.trials).map { (entry.card.name, $0) }
      }
      guard !curves.isEmpty else {
        throw InvalidRequest(
          "\(record.card.name) has no ratings of several responses. Choose best-of-16 or rankings:FILE.")
      }
      let rows = curves.flatMap { name, curve in
        curve.points.map { point -> [Table.Cell] in
          [
            .text(name), .integer(point.draws), .number(point.value.value, decimals: 4),
            Board.cell(interval: point.value.interval, .number), .number(point.oracle, decimals: 4),
            .number(point.oracle - point.value.value, decimals: 4),
            .text(point.draws == curve.knee ? "knee" : ""),
          ]
        }
      }
      let table = Table(
        title: "\(record.card.name) · best of N",
        columns: [
          .init("model"), .init("N", field: "draws", isNumeric: true), .init("gold", isNumeric: true),
          .init("95 %", field: "interval", isNumeric: true), .init("oracle", isNumeric: true),
          .init("regret", isNumeric: true), .init("knee"),
        ], rows: rows,
        notes: [
          "Exact over all subsets of N responses; bands over clusters. The knee is the N with the highest gold rating."
        ])
      parts.append(table.rendered(as: format.format))
    }
    Terminal.write(Output.join(parts, format.format))
  }
}
