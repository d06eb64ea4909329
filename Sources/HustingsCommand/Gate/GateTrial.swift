import Foundation
import Hustings
import HustingsReports
import HustingsRunner
import HustingsStore

/// Runs a candidate for a gate, all at once or in draws.
struct GateTrial {
  let desk: GateDesk
  let seed: UInt64
  let draws: Int
  let isSequential: Bool

  /// Runs the model on the contract's benchmarks, draw by draw while a clause has not passed.
  func run(_ specification: String) async throws -> Gate {
    let models = try await desk.workplace.models(specification)
    guard models.count == 1, let model = models.first else {
      throw UsageError("'\(specification)' names \(models.count) models, and a gate judges one.")
    }
    let surveys = try desk.contract.benchmarkNames.map { name in
      let benchmark = try desk.workplace.benchmark(name)
      return (benchmark, try Survey(of: benchmark, limit: nil))
    }
    let check = isSequential ? SequentialCheck(draws: draws, seed: seed) : nil
    for draw in 1...draws {
      let store = try Store(at: URL(fileURLWithPath: desk.path), mode: .create)
      let runner = Runner(
        store: store,
        options: Runner.Options(seed: seed, shard: draws == 1 ? nil : try Shard(draw, of: draws)),
        now: { Date() }, progress: { _ in })
      for (benchmark, survey) in surveys {
        let results = try await runner.run(benchmark, survey: survey, models: [model])
        if let failure = results.first?.failure {
          throw InvalidRequest("\(model.card.name) failed on \(benchmark.card.name): \(failure)")
        }
      }
      let gate = try desk.gate(model.card, in: StoredResults(path: desk.path), sequential: check)
      if draw == draws || gate.verdict == .pass || gate.verdict == .invalid {
        if isSequential { Terminal.note("sequential: draw \(draw) of \(draws)") }
        return gate
      }
    }
    throw InvalidRequest("The contract has no draw to take.")
  }
}
