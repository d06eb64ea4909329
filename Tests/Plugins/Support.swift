import BenchmarkPlugins
import Catalog
import Foundation
import Hustings
import HustingsFixtures
import ModelPlugins
import Testing

/// A folder that is there for one test, with files written by it.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/hustings-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, making the folders above it, and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let url = URL(fileURLWithPath: path).appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
    return url.path
  }
}

/// The benchmark of the catalog with this name, reading below `root`.
func benchmark(_ name: String, root: String, argument: String? = nil) throws -> any Benchmark {
  let plugin = try #require(Catalog.benchmarks.first { $0.name == name }, "no benchmark '\(name)'")
  return try plugin.make(argument, BenchmarkContext(dataRoot: root, seed: 0, path: { $0 }))
}

/// The folder of real data; only for tests that are enabled by it.
func realRoot() throws -> String { try #require(DataRoot.url).path }

/// Every example with the model's tournament.
func trials(_ model: any PreferenceModel, on examples: [Example]) async throws -> [Trial] {
  let tournaments = try await model.judge(examples.map(\.slate))
  return zip(examples, tournaments).map { Trial(key: $0.key, tournament: $1) }
}

extension Benchmark {
  /// The value of one metric over some trials; nil when it does not apply.
  func value(_ metric: String, _ trials: [Trial]) throws -> Double? {
    try #require(metrics.first { $0.name == metric }, "no metric '\(metric)'").estimate(trials)?.value
  }
}

/// What a thrown error says.
func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch {
    return String(describing: error)
  }
}

/// Expects two numbers to agree to 1e-12, which leaves room for sums in another order.
func expectEqual(
  _ value: Double?, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let value = try #require(value, sourceLocation: sourceLocation)
  #expect(abs(value - expected) <= 1e-12, "\(value), expected \(expected)", sourceLocation: sourceLocation)
}

/// The models of a `recorded:` specification, matched to examples.
func recorded(
  _ specification: String, on examples: [Example], root: String = "", allowsMissing: Bool = false
) throws -> [any PreferenceModel] {
  let specification = try #require(ModelSpecification("recorded:" + specification))
  let context = ModelContext(seed: 0) { root.isEmpty ? $0 : "\(root)/\($0)" }
  return try RecordedModel.models(specification, context).map { model in
    let recording = try #require(model as? any Recording)
    return try recording.matched(to: examples.map(\.key), allowsMissing: allowsMissing)
  }
}

/// A benchmark that keeps the folder it reads from being removed.
struct Kept: Benchmark {
  let base: any Benchmark
  let scratch: Scratch

  init(_ base: any Benchmark, in scratch: Scratch) {
    self.base = base
    self.scratch = scratch
  }

  var card: BenchmarkCard { base.card }
  var metrics: [any Metric] { base.metrics }
  func examples(_ body: (Example) throws -> Void) throws { try base.examples(body) }
}
