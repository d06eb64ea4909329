import ArgumentParser
import Foundation
import Hustings
import HustingsData
import HustingsReports
import HustingsStore

/// `hustings baseline`
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Write a model's answers to a small file that a gate compares later models with.",
    discussion: """
      The file is JSON, sorted, one item a line, to be committed. With --contract it holds the contract's benchmarks and notes the
      contract's version, so that neither changes without the other.

        hustings baseline --model main --contract hustings.yaml --out results/baselines/main.json
      """)

  @Option(
    name: .long,
    help: "The model, as boards name it, by the first digits of its fingerprint, or as checkpoint:FOLDER.")
  var model: String

  @Option(name: .long, help: "A benchmark; every one the model has finished when none is given.")
  var benchmark: [String] = []

  @Option(name: .long, help: "The contract to make it for.", completion: .file(extensions: ["yaml", "yml"]))
  var contract: String?

  @Option(name: .long, help: "The file to write.", completion: .file(extensions: ["json"]))
  var out: String

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions

  /// The board of a benchmark as it is now, without the null models.
  private func standings(of record: BenchmarkRecord, in results: StoredResults) throws -> [Baseline.Standing]
  {
    let definition = try Workplace(data: data, seed: 0).definition(of: record.card)
    let board = Board(
      definition, card: record.card, identity: record.identity, itemCount: record.itemCount,
      entries: try results.entries(of: record), alpha: 0.05)
    return board.rows.compactMap { row in
      guard !row.card.isNull, let value = row.estimates.first??.value else { return nil }
      return Baseline.Standing(model: row.card.name, fingerprint: row.card.fingerprint, value: value)
    }
  }

  func run() throws {
    let results = try StoredResults(store)
    let contract = try contract.map(Contract.read)
    let card = try results.model(model)
    let wanted = benchmark.isEmpty ? contract?.benchmarkNames ?? [] : benchmark
    var parts: [Baseline.Part] = []
    for record in try results.benchmarks(named: wanted) {
      guard let run = try results.latestRuns(of: record).first(where: { $0.model == card.fingerprint }) else {
        guard wanted.isEmpty else {
          throw InvalidRequest("\(card.name) has no run on \(record.card.name). Run it there first.")
        }
        continue
      }
      guard run.isFinished else {
        throw InvalidRequest(
          "\(card.name) has answered \(run.scored) of \(run.itemCount) items of \(record.card.name). Finish that run first."
        )
      }
      let trials = try results.store.trials(of: run, keys: try results.store.keys(of: record.identity))
      let answers = trials.map { ($0.key.item, $0.tournament) }
      if parts.contains(where: { $0.name == record.card.name }) {
        throw InvalidRequest(
          "\(card.name) has runs on two identities of \(record.card.name). Name one, as in --benchmark "
            + "\(record.card.name)@\(record.identity.short).")
      }
      parts.append(
        Baseline.Part(
          name: record.card.name, version: record.card.version, identity: record.identity, run: run.identity,
          seed: run.seed, itemCount: run.itemCount,
          answers: Dictionary(answers, uniquingKeysWith: { first, _ in first }),
          standings: try standings(of: record, in: results)))
    }
    guard !parts.isEmpty else { throw InvalidRequest("\(card.name) has no finished run in \(store.store).") }
    let mark = contract.map { Baseline.ContractMark(version: $0.version, digest: $0.digest) }
    let baseline = Baseline(model: card, contract: mark, parts: parts)
    try AtomicFile.write(try baseline.encoded(), to: out)
    let items = parts.reduce(0) { $0 + $1.answers.count }
    Terminal.write(
      "\(out): \(card.name), \(Format.grouped(items)) items of \(parts.map(\.name).joined(separator: ", "))\n"
    )
  }
}

extension Contract {
  /// The contract in a file.
  static func read(_ path: String) throws -> Contract {
    try Contract(yaml: String(decoding: try FileBytes(text: path).bytes, as: UTF8.self), file: path)
  }

  /// The benchmarks of its clauses, each once.
  var benchmarkNames: [String] { Set(clauses.map(\.benchmark)).sorted() }
}
