import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsStore

/// `hustings explain-rank`
struct ExplainRankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain-rank",
    abstract: "Say why a model's place on a board changed since a baseline was written.",
    discussion: """
      Splits the change into rules and items that are gone, the model's own version, items that are new, the other models, models
      that came or went, and what noise allows.

        hustings explain-rank my-model --from results/baselines/main.json
      """)

  @Argument(help: "The model, as boards name it.")
  var model: String

  @Option(name: .long, help: "The baseline of that model.", completion: .file(extensions: ["json"]))
  var from: String

  @Option(name: .long, help: "A benchmark; every one in the baseline when none is given.")
  var benchmark: [String] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let baseline = try Baseline.read(from)
    let results = try StoredResults(store)
    let card = try results.model(model)
    guard baseline.model.name == card.name else {
      throw InvalidRequest(
        "\(from) holds the answers of \(baseline.model.name), not of \(card.name). Name that model, or another file."
      )
    }
    let workplace = try Workplace(data: data, seed: 0)
    var parts: [String] = []
    for part in baseline.parts where benchmark.isEmpty || benchmark.contains(part.name) {
      let records = try results.benchmarks(named: [part.name])
      // The identity that the model ran on last is the board of now.
      let run = try records.flatMap { record in
        try results.latestRuns(of: record).filter { $0.model == card.fingerprint }.map { (record, $0) }
      }.max { $0.1.startedAt < $1.1.startedAt }
      guard let (record, run) = run else { continue }
      let definition = try workplace.definition(of: record.card)
      let keys = try results.store.keys(of: record.identity)
      let board = Board(
        definition, card: record.card, identity: record.identity, itemCount: record.itemCount,
        entries: try results.entries(of: record), alpha: 0.05)
      let standings = board.rows.compactMap { row -> RankChange.Standing? in
        guard !row.card.isNull, let value = row.estimates.first??.value else { return nil }
        return RankChange.Standing(card: row.card, value: value, ranks: row.ranks)
      }
      let change = RankChange(
        of: card, since: part, definition, version: record.card.version, keys: keys,
        trials: try results.store.trials(of: run, keys: keys), board: standings)
      guard let change else {
        throw InvalidRequest(
          "\(card.name) is missing from the board of \(part.name), then or now. Write the baseline anew with this build."
        )
      }
      parts.append(change.table(unit: board.columns.first?.unit ?? .number).rendered(as: format.format))
    }
    guard !parts.isEmpty else {
      throw InvalidRequest("\(card.name) has no run on a benchmark of \(from). Run it on one first.")
    }
    try Output.write(Output.join(parts, format.format), to: nil)
  }
}
