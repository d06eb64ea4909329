public import ArgumentParser
import Foundation
import Hustings
import HustingsData
public import HustingsReports
import HustingsStore

/// `hustings gate`
struct GateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Check a candidate against a baseline by the margins of a contract.",
    discussion: """
      Exit codes: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 3 INVALID. --plan prints what the margins can certify before anything is run.
      --sequential runs a candidate in draws and stops as soon as every clause has passed.

        hustings gate --contract hustings.yaml --baseline results/baselines/main.json --candidate my-model
        hustings gate --contract hustings.yaml --baseline results/baselines/main.json --plan
        hustings gate --contract hustings.yaml --baseline results/baselines/main.json --sequential --model checkpoint:models/new
      """)

  @Option(name: .long, help: "The contract.", completion: .file(extensions: ["yaml", "yml"]))
  var contract = "hustings.yaml"

  @Option(
    name: .long, help: "The file that `hustings baseline` wrote.", completion: .file(extensions: ["json"]))
  var baseline: String

  @Option(
    name: .long,
    help: """
      The candidate, as boards name it, by the first digits of its fingerprint, or as checkpoint:FOLDER; it has been run.
      """)
  var candidate: String?

  @Option(name: .long, help: "The candidate, as one string, to be run first.")
  var model: String?

  @Flag(name: .long, help: "Print the power of each margin and stop.")
  var plan = false

  @Flag(
    name: .long, help: "Look while the candidate is being run, and stop as soon as every clause has passed.")
  var sequential = false

  @Option(name: .long, help: "How many draws of items a sequential check takes.")
  var draws = 10

  @Option(name: .long, help: "What the order of items and every random choice of the run is a function of.")
  var seed: UInt64 = 0

  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Write the look to the store and to the baseline's file, so that a re-run cannot replace it.")
  var ledger = true

  @Option(name: .long, help: "table, markdown, json, junit or github.")
  var format: GateFormat = .table

  @Option(name: .long, help: "Write to a file instead of the terminal.", completion: .file())
  var out: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard plan || (candidate == nil) != (model == nil) else {
      throw ValidationError(
        "Name the candidate: --candidate for one that has been run, --model for one to run.")
    }
    guard !sequential || model != nil else {
      throw ValidationError("--sequential runs the candidate itself: name it with --model.")
    }
    guard draws >= 1 else { throw ValidationError("--draws takes a number from 1 on.") }
  }

  func run() async throws {
    let contract = try Contract.read(contract)
    let baseline = try Baseline.read(self.baseline)
    let workplace = try Workplace(data: data, seed: seed)
    if plan { return try show(plan: contract, baseline) }
    let desk = GateDesk(contract: contract, baseline: baseline, workplace: workplace, path: store.store)
    let gate: Gate
    if let model {
      let trial = GateTrial(desk: desk, seed: seed, draws: sequential ? draws : 1, isSequential: sequential)
      gate = try await trial.run(model)
    } else {
      let results = try StoredResults(store)
      gate = try desk.gate(try results.model(candidate ?? ""), in: results, sequential: nil)
    }
    if ledger, gate.verdict != .invalid { try desk.book(gate, in: self.baseline) }
    try Output.write(gate.rendered(as: format), to: out)
    if out != nil { Terminal.note("gate \(gate.verdict.rawValue)") }
    switch gate.verdict {
    case .pass: return
    case .fail: throw ExitStatus.regressed
    case .inconclusive: throw ExitStatus.inconclusive
    case .invalid: throw ExitStatus.invalid
    }
  }

  private func show(plan contract: Contract, _ baseline: Baseline) throws {
    let keys = try? StoredResults(store).store
    let table = GatePlan.table(contract, baseline: baseline) { clause in
      guard let part = baseline.parts.first(where: { $0.name == clause.benchmark }) else { return nil }
      guard let stratum = clause.stratum else { return part.answers.count }
      return (try? keys?.keys(of: part.identity))?.count { $0.subset == stratum }
    }
    guard let tabular = TableFormat(rawValue: format.rawValue) else {
      throw UsageError("A plan has no \(format.rawValue) format. Choose table, markdown or json.")
    }
    try Output.write(table.rendered(as: tabular), to: out)
  }
}

extension GateFormat: ExpressibleByArgument {}
