import Foundation
import Hustings
import HustingsMetrics
import HustingsRunner
import HustingsStore

/// A benchmark made of examples in memory.
struct MemoryBenchmark: Benchmark {
  var name = "memory"
  var version = "memory/1"
  var ties = TieRule.loss
  var content = Content.texts
  var items: [Example]

  var card: BenchmarkCard {
    BenchmarkCard(
      name: name, version: version, summary: "made up", source: "a test", licence: "none", content: content,
      ties: ties, failures: .excluded, aggregation: "every pair counts the same")
  }
  var metrics: [any Metric] {
    [Accuracy("accuracy", rule: PairCredit(ties: ties, failures: .excluded, orders: .netted), subsets: .all)]
  }
  func examples(_ body: (Example) throws -> Void) throws { for item in items { try body(item) } }

  /// `count` pairs whose better answer is the longer one.
  static func pairs(_ count: Int, prefix: String = "") -> MemoryBenchmark {
    MemoryBenchmark(
      items: (0..<count).map { number in
        Example(
          id: "\(number)", subset: number.isMultiple(of: 2) ? "even" : "odd",
          prompt: Prompt("\(prefix)\(number)?"),
          candidates: [
            Candidate("good", "\(prefix)a long answer to \(number)"), Candidate("bad", "no \(number)"),
          ], gold: .prefers(0, over: 1))
      })
  }
}

/// A reward model that counts how often it is asked, and fails when told to.
final class CountingModel: RewardModel, @unchecked Sendable {
  let card: ModelCard
  private let lock = NSLock()
  private var asked: [String: Int] = [:]
  private let fault: @Sendable (Slate) -> Fault?

  enum Fault: Error {
    case crash
    case unanswered
  }

  init(_ name: String = "counting", fault: @escaping @Sendable (Slate) -> Fault? = { _ in nil }) {
    card = ModelCard(name: name, kind: .reward, revision: "1", fingerprint: SHA256.digest("counting \(name)"))
    self.fault = fault
  }

  var total: Int { lock.withLock { asked.values.reduce(0, +) } }
  var most: Int { lock.withLock { asked.values.max() ?? 0 } }

  func rewards(for slates: [Slate]) async throws -> [[Double?]] { [] }

  func judge(_ slates: [Slate]) async throws -> [Tournament] {
    try slates.map { slate in
      switch fault(slate) {
      case .crash: throw Fault.crash
      case .unanswered:
        let reasons = Dictionary(
          uniqueKeysWithValues: slate.responses.indices.map { ($0, Absence(.error, "the server was away")) })
        return Tournament(rewards: slate.responses.map { _ in nil }, absences: reasons)
      case nil:
        lock.withLock { asked[slate.id, default: 0] += 1 }
        return Tournament(rewards: slate.responses.map { Double($0.text.count) })
      }
    }
  }
}

/// Runs models on a benchmark in a store, as the command does.
func run(
  _ benchmark: any Benchmark, _ models: [any PreferenceModel], in store: Store, limit: Int? = nil,
  shard: Shard? = nil, batchSize: Int = 7
) async throws -> [RunResult] {
  let runner = Runner(
    store: store, options: Runner.Options(seed: 0, shard: shard, batchSize: batchSize),
    now: { Date(timeIntervalSince1970: 0) }, progress: { _ in })
  return try await runner.run(benchmark, survey: Survey(of: benchmark, limit: limit), models: models)
}
